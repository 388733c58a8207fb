#!/usr/bin/python3
"""Compares the double build with a live PyTorch, on a VGG-19 with learned weights.

    live_torch.py GOLDEN_DUMP SHARED

SHARED/weights/vgg19-distilled-16x.mat holds the weights; SciPy reads it here, the library there.
This script draws the images; if SHARED/images has the course's images, it compares those too. Every
layer's output, the costs and the pixel gradient must agree, with average and with max pooling.
Exits with 77, "skipped", without PyTorch, SciPy or the weights.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

import referee
from make_golden import draw_image, mix_start
from referee import POOLINGS, TUTORIAL, Network, Objective

WEIGHTS = "weights/vgg19-distilled-16x.mat"
COURSE_IMAGES = ("images/louvre_small.jpg", "images/monet.jpg")

SEED = 7
CONTENT_SIZE = (117, 151)
STYLE_SIZE = (94, 133)

# In units of the largest value: both sides compute in double, with sums in a different order.
TOLERANCE = 1e-12


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(referee.SKIPPED)


def read_network(file):
    """The weights and the mean of a .mat file, read by SciPy."""
    try:
        from scipy.io import loadmat
    except ImportError as error:
        skip(f"SciPy is not there for {sys.executable} ({error}); "
             "on Debian it is the package python3-scipy")
    mat = loadmat(file, struct_as_record=False, squeeze_me=True)
    weights = {layer.name: tuple(layer.weights) for layer in mat["layers"]
               if layer.type == "conv"}
    mean = mat["meta"].normalization.averageImage
    return Network(weights, mean), mat["layers"][-1].name


def drawn_images():
    random = np.random.RandomState(SEED)
    return draw_image(CONTENT_SIZE, 37, random), draw_image(STYLE_SIZE, 11, random)


def course_images(shared):
    """The two images, or None when they or a library to read them are missing."""
    try:
        from PIL import Image
        return tuple(np.array(Image.open(shared / name).convert("RGB"))
                     for name in COURSE_IMAGES)
    except (ImportError, FileNotFoundError) as error:
        print(f"without the course's images: {error}")
        return None


def dump(program, weights, images, pooling):
    """The library's results, by name."""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for name, image in zip(("content", "style", "start"), images):
            files.append(Path(folder) / f"{name}.npy")
            np.save(files[-1], image)
        results = Path(folder) / "results"
        results.mkdir()
        subprocess.run([program, weights, *files, pooling, results], check=True)
        return {file.stem: np.load(file) for file in results.glob("*.npy")}


def compute(network, last_layer, images, pooling):
    """The same from PyTorch."""
    content, style, start = images
    x = network.input_of(start)
    outputs = network.forward(x, pooling, last_layer)
    results = {name: referee.to_hwc(y) for name, y in outputs.items()}
    objective = Objective(network, content, style, TUTORIAL, pooling)
    results["costs"], results["gradient"] = objective.evaluate(x)
    return results


def compare(title, ours, theirs):
    """Prints the worst errors of one case; returns whether all are small enough."""
    if set(ours) != set(theirs):
        print(f"{title}: the library wrote {sorted(ours)}, PyTorch {sorted(theirs)}")
        return False
    # Each cost is compared separately.
    errors = {"costs": float(np.abs(ours["costs"] / theirs["costs"] - 1).max())}
    errors.update({name: referee.error(ours[name], theirs[name])
                   for name in theirs if name != "costs"})
    layers = {name: value for name, value in errors.items() if name not in ("costs", "gradient")}
    worst = max(layers, key=layers.get)
    print(f"{title}: worst of {len(layers)} layers {worst} {layers[worst]:.2g}, "
          f"costs {errors['costs']:.2g}, gradient {errors['gradient']:.2g}, "
          f"allowed {TOLERANCE:.2g}; total cost {theirs['costs'][0]:.9g}")
    return all(value <= TOLERANCE for value in errors.values())


def main():
    if len(sys.argv) != 3:
        print(__doc__)
        return 2
    program, shared = sys.argv[1], Path(sys.argv[2])
    weights = shared / WEIGHTS
    if not weights.is_file():
        skip(f"there is no {weights}")
    network, last_layer = read_network(weights)
    cases = {"drawn images": drawn_images(), "the course's images": course_images(shared)}
    good = True
    for title, pair in cases.items():
        if pair is None:
            continue
        images = (*pair, mix_start(pair[0], np.random.RandomState(SEED)))
        for pooling in POOLINGS:
            good = compare(f"{title}, {pooling} pooling",
                           dump(program, weights, images, pooling),
                           compute(network, last_layer, images, pooling)) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
