#!/usr/bin/env python3
"""compare_peers.py BUILD_FOLDER [--size WxH] [--rounds N] [--threads N]

One iteration of style transfer (forward, losses, backward, Adam; VGG-19 at its real widths) by this
project and by PyTorch, in turn, each round a process of its own. Prints the median time of an
iteration after the first, the peak memory, and the ratios round by round. PyTorch is Debian's
python3-torch, which belongs to /usr/bin/python3.
"""
import argparse
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
SYSTEM_PYTHON = "/usr/bin/python3"
ITERATIONS = 4  # of which the first, that takes memory and warms up, does not count


def measure(command):
    """Median seconds of an iteration, and peak bytes."""
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    words = [line.split() for line in printed.splitlines()]
    seconds = [float(value) for key, value in words if key == "seconds"]
    peak = [1024 * int(value) for key, value in words if key == "peak_kilobytes"]
    return statistics.median(seconds[1:]), peak[0]


def commands(build, size, threads):
    """What runs an iteration of this project, and of PyTorch."""
    words = [*size.split("x"), str(ITERATIONS), str(threads)]
    return [build / "bin" / "iteration", *words], [SYSTEM_PYTHON, HERE / "torch_iteration.py", *words]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[1])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--size", default="400x300")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()

    if subprocess.run([SYSTEM_PYTHON, "-c", "import torch"], capture_output=True).returncode != 0:
        sys.exit("compare_peers: PyTorch is not there; apt-get install python3-torch")
    subprocess.run(["cmake", "--build", arguments.build, "--target", "iteration"], check=True,
                   stdout=subprocess.DEVNULL)
    ours, peers = commands(arguments.build, arguments.size, arguments.threads)

    print(f"{arguments.size}, {arguments.threads} threads")
    print("round   nst s   MB   PyTorch s   MB   PyTorch/nst: time  memory")
    rounds = []
    for number in range(1, arguments.rounds + 1):
        (a, a_peak), (b, b_peak) = measure(ours), measure(peers)
        rounds.append((a, a_peak, b, b_peak, b / a, b_peak / a_peak))
        print(f"{number:5} {a:7.3f} {a_peak / 1e6:4.0f} {b:11.3f} {b_peak / 1e6:4.0f} "
              f"{b / a:18.2f} {b_peak / a_peak:7.2f}", flush=True)
    a, a_peak, b, b_peak, time, memory = (statistics.median(column) for column in zip(*rounds))
    print(f"median {a:6.3f} {a_peak / 1e6:4.0f} {b:11.3f} {b_peak / 1e6:4.0f} {time:18.2f} "
          f"{memory:7.2f}")


if __name__ == "__main__":
    main()
