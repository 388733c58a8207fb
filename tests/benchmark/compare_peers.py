#!/usr/bin/env python3
"""compare_peers.py BUILD_FOLDER [--size WxH | --training] [--rounds N] [--threads N]

Measures one iteration of style transfer (forward, losses, backward, Adam; VGG-19 at its real
widths) in this project and in its peers from Debian: the same iteration in PyTorch, only the
convolutions, forward and backward, in oneDNN, and only the forward pass in OpenCV. The programs run
in turn, each in its own process; a peer that is not installed is named and left out. Prints the
median time of an iteration after the first, the peak memory, and both as multiples of this
project's.

With --training, measures a training step instead, in this project and in PyTorch: a batch of 48
crops of 64x64 pixels through the bundled network, forward and backward, and AdamW.
"""
import argparse
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
SYSTEM_PYTHON = "/usr/bin/python3"  # the interpreter of Debian's PyTorch
ITERATIONS = 4  # the first one allocates memory and warms up, so it does not count
LARGE_ITERATIONS = 2  # the same for images of a million pixels and more
PROGRAMS = {"nst": "iteration", "oneDNN, convolutions only": "onednn_convolutions",
            "OpenCV, forward only": "opencv_forward"}
BATCH = "64x3072"  # 48 crops of 64x64
TRAINING_STEPS = 11
PACKAGES = {"PyTorch": "python3-torch", "oneDNN, convolutions only": "libdnnl-dev",
            "OpenCV, forward only": "libopencv-dnn-dev"}


def pixels(size):
    width, height = map(int, size.split("x"))
    return width * height


def measure(command):
    """The median seconds of an iteration, and the peak bytes."""
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    words = [line.split() for line in printed.splitlines()]
    seconds = [float(value) for key, value in words if key == "seconds"]
    peak = [1024 * int(value) for key, value in words if key == "peak_kilobytes"]
    return statistics.median(seconds[1:]), peak[0]


def torch_is_there():
    return subprocess.run([SYSTEM_PYTHON, "-c", "import torch"],
                          capture_output=True).returncode == 0


def commands(build, size, threads):
    """{"nst" or the peer's name: its command}, for the installed ones."""
    iterations = ITERATIONS if pixels(size) < 1e6 else LARGE_ITERATIONS
    words = [*size.split("x"), str(iterations), str(threads)]
    found = {name: [build / "bin" / program, *words] for name, program in PROGRAMS.items()
             if (build / "bin" / program).exists()}
    if torch_is_there():
        found["PyTorch"] = [SYSTEM_PYTHON, HERE / "torch_iteration.py", *words]
    for name in PACKAGES.keys() - found.keys():
        print(f"Left out: {name}, which needs {PACKAGES[name]}.", file=sys.stderr)
    return found


def training_commands(build, threads):
    """The same for a training step on a batch of crops; PyTorch must be installed."""
    words = [*BATCH.split("x"), str(TRAINING_STEPS), str(threads)]
    return {"nst": [build / "bin" / "training_step", *words],
            "PyTorch": [SYSTEM_PYTHON, HERE / "torch_training_step.py", *words]}


def in_turn(runs, rounds):
    """{name: (seconds, bytes)}, the medians over the rounds; prints every round."""
    seen = {name: [] for name in runs}
    for number in range(1, rounds + 1):
        for name, command in runs.items():
            seen[name].append(measure(command))
            print_row(number, name, seen[name][-1], seen["nst"][-1])
    return {name: tuple(map(statistics.median, zip(*values))) for name, values in seen.items()}


def print_row(label, name, values, ours):
    print(f"{label:6} {name:26} {values[0]:8.3f} {values[1] / 1e6:6.0f} "
          f"{values[0] / ours[0]:10.2f} {values[1] / ours[1]:10.2f}", flush=True)


def build_peers(build):
    subprocess.run(["cmake", "--build", build, "--target", "peers"], check=True,
                   stdout=subprocess.DEVNULL)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[1])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--size", default="400x300")
    parser.add_argument("--training", action="store_true")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()

    build_peers(arguments.build)
    if arguments.training:
        runs = training_commands(arguments.build, arguments.threads)
    else:
        runs = commands(arguments.build, arguments.size, arguments.threads)
    what = f"training, {BATCH}" if arguments.training else arguments.size
    print(f"{what}, {arguments.threads} threads")
    print("round  what                       seconds     MB  times nst  times nst")
    medians = in_turn(runs, arguments.rounds)
    for name, values in medians.items():
        print_row("median", name, values, medians["nst"])


if __name__ == "__main__":
    main()
