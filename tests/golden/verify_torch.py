#!/usr/bin/python3
"""Compares `nst verify --table` with a table of costs from a live PyTorch.

    verify_torch.py NST SHARED

The tutorial's run, from its own noise, on SHARED/weights/vgg19-distilled-16x.mat and images that
live_torch.py draws. The command must accept the table of PyTorch's costs, and reject it (exit code
1) when one cost is off. Exits with 77, "skipped", without PyTorch, SciPy, Pillow or the weights.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from live_torch import WEIGHTS, drawn_images, read_network, skip
from referee import TUTORIAL, Adam, Objective, from_hwc, to_hwc

ITERATIONS = 61
EVERY = 20
# The command computes in float: rounding accumulates over the iterations, as in the course's own
# copies.
TOLERANCES = {0: 1e-5, 20: 5e-5, 40: 1e-4, 60: 2e-4}


def start_of(x):
    """The tutorial's start image: seed 3, the two normal draws of the cost cell, 0.6 noise."""
    random = np.random.RandomState(3)
    random.randn(2)
    noise = random.uniform(-20, 20, x.shape).astype(np.float32)
    return 0.6 * noise + 0.4 * x


def costs_of_run(network, content, style):
    """(iteration, total, content, style) from PyTorch in double."""
    objective = Objective(network, content, style, TUTORIAL, "average")
    adam = Adam()
    x = start_of(to_hwc(network.input_of(content)))
    rows = []
    for iteration in range(ITERATIONS):
        _, gradient = objective.evaluate(from_hwc(x))
        x = adam.step(x, gradient)
        if iteration % EVERY == 0:
            rows.append((iteration, *objective.costs(from_hwc(x))[:3].tolist()))
    return rows


def verify(program, weights, images, rows):
    """Runs the command on a table; returns its exit code and output."""
    from PIL import Image
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for name, image in zip(("content", "style"), images):
            files.append(Path(folder) / f"{name}.png")
            Image.fromarray(image).save(files[-1])
        table = Path(folder) / "costs.txt"
        table.write_text("".join(f"{row[0]} {row[1]:.17g} {row[2]:.17g} {row[3]:.17g} "
                                 f"{TOLERANCES[row[0]]}\n" for row in rows))
        result = subprocess.run([program, "verify", *files, "--weights", weights, "--table", table],
                                stdout=subprocess.PIPE, text=True, check=False)
    return result.returncode, result.stdout


def main():
    if len(sys.argv) != 3:
        print(__doc__)
        return 2
    program, weights = sys.argv[1], Path(sys.argv[2]) / WEIGHTS
    if not weights.is_file():
        skip(f"there is no {weights}")
    try:
        import PIL.Image
    except ImportError as error:
        skip(f"Pillow is not there ({error}); on Debian it is the package python3-pil")
    network, _ = read_network(weights)
    images = drawn_images()
    rows = costs_of_run(network, *images)
    code, printed = verify(program, weights, images, rows)
    print(printed)
    if code != 0:
        return 1
    # One cost is off by twice the tolerance.
    iteration, total, content, style = rows[1]
    rows[1] = (iteration, total, content * (1 + 2 * TOLERANCES[iteration]), style)
    code, printed = verify(program, weights, images, rows)
    if code != 1 or printed.count("OUTSIDE") != 1:
        print(f"a wrong cost must be found, got exit code {code} and\n{printed}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
