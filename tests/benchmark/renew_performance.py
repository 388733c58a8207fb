#!/usr/bin/env python3
"""renew_performance.py BUILD_FOLDER

Measures performance and updates the tables between the marks in docs/performance.md and the plots
in docs/figures: every convolution of VGG-19 in GFLOP/s beside the machine's own sgemm; an iteration
of this project and of PyTorch, in turn, from 100x75 to 3840x2160, on one thread and on two; and the
other peers of compare_peers.py. Takes half an hour, during which nothing else should run. Needs
Debian's libbenchmark-dev, libdnnl-dev, libopencv-dnn-dev, python3-torch and python3-matplotlib; the
Python packages belong to /usr/bin/python3.
"""
import json
import os
import pathlib
import re
import subprocess
import sys

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt

import compare_peers
from compare_peers import pixels

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "performance.md"
FIGURES = ROOT / "docs" / "figures"
SIZES = ["100x75", "200x150", "400x300", "800x600", "1600x1200", "3840x2160"]
ROUNDS = 3
TORCH_BYTES_PER_PIXEL = 7200  # measured at 400x300; a size that would not fit is left out
OPERATIONS = ["conv2d", "winograd_conv2d", "conv2d_backward", "winograd_conv2d_backward"]
TIMES = {"conv3_2": 3, "conv4_2": 3}  # convolutions of this shape up to conv5_1; others 1
OURS, THEIRS = "#20639b", "#c0392b"


def available_bytes():
    return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def measure_sizes(build):
    """{(size, threads): {"nst": (seconds, bytes), "PyTorch": the same, if it fits}}"""
    results = {}
    for size in SIZES:
        for threads in (1, 2):
            fits = pixels(size) * TORCH_BYTES_PER_PIXEL < available_bytes()
            patient = threads == 2 or pixels(size) < 1e6  # a large iteration takes minutes
            names = ["nst", "PyTorch"] if fits and patient else ["nst"]
            commands = compare_peers.commands(build, size, threads)
            print(f"{size}, {threads} threads")
            results[size, threads] = compare_peers.in_turn(
                {name: commands[name] for name in names}, ROUNDS if pixels(size) < 1e6 else 1)
    return results


def measure_peers(build):
    """{name: (seconds, bytes)} of everything installed, at 400x300 on two threads."""
    print("400x300, 2 threads, all peers")
    return compare_peers.in_turn(compare_peers.commands(build, "400x300", 2), 5)


def measure_layers(build):
    """{(operation, layer): (GFLOP/s of direct work, ratio to sgemm, seconds)} on all threads"""
    printed = subprocess.run([build / "bin" / "operations_benchmark", "--benchmark_format=json",
                              "--benchmark_filter=conv2d"], check=True, capture_output=True,
                             text=True).stdout
    results = {}
    for run in json.loads(printed)["benchmarks"]:
        operation, layer = run["name"].split("/")[:2]
        results[operation, layer] = run["GFLOP/s"], run["of sgemm"], run["real_time"] / 1000
    return results


def sizes_table(results):
    lines = ["| picture | threads | nst, s | PyTorch, s | PyTorch / nst | nst, MB | PyTorch, MB | "
             "PyTorch / nst |", "|---|---|---|---|---|---|---|---|"]
    for (size, threads), runs in results.items():
        seconds, peak = runs["nst"]
        if "PyTorch" in runs:
            torch_seconds, torch_peak = runs["PyTorch"]
            lines.append(f"| {size} | {threads} | {seconds:.3f} | {torch_seconds:.3f} | "
                         f"{torch_seconds / seconds:.2f} | {peak / 1e6:.0f} | "
                         f"{torch_peak / 1e6:.0f} | {torch_peak / peak:.1f} |")
        else:
            lines.append(f"| {size} | {threads} | {seconds:.3f} | | | "
                         f"{peak / 1e6:.0f} | | |")
    return "\n".join(lines)


def peers_table(results):
    seconds, peak = results["nst"]
    lines = ["| | seconds | times nst | MB | times nst |", "|---|---|---|---|---|"]
    for name, (peer_seconds, peer_peak) in results.items():
        lines.append(f"| {name} | {peer_seconds:.3f} | {peer_seconds / seconds:.2f} | "
                     f"{peer_peak / 1e6:.0f} | {peer_peak / peak:.2f} |")
    return "\n".join(lines)


def layers_table(results):
    layers = list(dict.fromkeys(layer for _, layer in results))
    lines = ["| layer | im2col, GFLOP/s | Winograd | times sgemm | im2col back | Winograd back | "
             "times sgemm |", "|---|---|---|---|---|---|---|"]
    for layer in layers:
        cells = []
        for operation in OPERATIONS:
            rate, share, _ = results[operation, layer]
            cells.append(f"{rate:.0f} | {share:.2f}" if "winograd" in operation else f"{rate:.0f}")
        lines.append(f"| {layer} | " + " | ".join(cells) + " |")
    cells = [f"{rate:.0f} | {share:.2f}" if "winograd" in operation else f"{rate:.0f}"
             for operation in OPERATIONS for rate, share in [total(results, operation)]]
    lines.append("| all | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def total(results, operation):
    """GFLOP/s and ratio to sgemm over all layers."""
    work = seconds = by_sgemm = 0
    for (name, layer), (rate, share, time) in results.items():
        if name == operation:
            times = TIMES.get(layer, 1)
            work += times * rate * time
            seconds += times * time
            by_sgemm += times * share * time  # seconds that sgemm would take
    return work / seconds, by_sgemm / seconds


def plot_sizes(results):
    figure, (time, memory) = plt.subplots(1, 2, figsize=(9, 3.6))
    for axes, index, scale, label in ((time, 0, 1, "seconds per iteration"),
                                      (memory, 1, 1e-6, "peak memory, MB")):
        for name, colour in (("nst", OURS), ("PyTorch", THEIRS)):
            for threads, style in ((1, ":"), (2, "-")):
                points = [(pixels(size), runs[name][index] * scale)
                          for (size, count), runs in results.items()
                          if count == threads and name in runs]
                axes.loglog(*zip(*points), style, marker="o", markersize=3, color=colour,
                            label=f"{name}, {threads} thread{'s' if threads > 1 else ''}")
        axes.set_xticks([pixels(size) for size in SIZES], SIZES, rotation=45, ha="right",
                        fontsize=8)
        axes.minorticks_off()
        axes.set_ylabel(label)
        axes.grid(alpha=0.3)
    time.legend(fontsize=8)
    save(figure, "time_and_memory.svg")


def plot_layers(results):
    layers = list(dict.fromkeys(layer for _, layer in results))
    figure, axes = plt.subplots(figsize=(9, 3.4))
    labels = ["im2col", "Winograd", "im2col, backward", "Winograd, backward"]
    colours = ["#a9c4dd", OURS, "#e6b0aa", THEIRS]
    for k, (operation, label, colour) in enumerate(zip(OPERATIONS, labels, colours)):
        axes.bar([n + (k - 1.5) * 0.2 for n in range(len(layers))],
                 [results[operation, layer][1] for layer in layers], 0.2, color=colour, label=label)
    axes.axhline(1, color="black", linewidth=0.8)
    axes.set_xticks(range(len(layers)), layers)
    axes.set_ylabel("times the machine's sgemm")
    axes.legend(fontsize=8, ncol=2)
    save(figure, "speed_by_layer.svg")


def save(figure, name):
    figure.tight_layout()
    figure.savefig(FIGURES / name, metadata={"Date": None})


def renew(text, mark, table):
    pattern = re.compile(f"(<!-- {mark} -->\n).*?(\n<!-- end -->)", re.DOTALL)
    text, count = pattern.subn(lambda match: match[1] + table + match[2], text)
    if count != 1:
        sys.exit(f"renew_performance: {PAGE} has {count} places for the table of {mark}")
    return text


def main():
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    build = pathlib.Path(sys.argv[1])
    compare_peers.build_peers(build)
    subprocess.run(["cmake", "--build", build, "--target", "operations_benchmark"], check=True,
                   stdout=subprocess.DEVNULL)
    layers = measure_layers(build)
    peers = measure_peers(build)
    sizes = measure_sizes(build)
    text = renew(PAGE.read_text(), "sizes", sizes_table(sizes))
    text = renew(text, "peers", peers_table(peers))
    PAGE.write_text(renew(text, "layers", layers_table(layers)))
    plot_sizes(sizes)
    plot_layers(layers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
