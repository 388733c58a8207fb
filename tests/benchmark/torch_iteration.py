#!/usr/bin/env python3
"""torch_iteration.py WIDTH HEIGHT ITERATIONS THREADS: the iteration of iteration.cpp in PyTorch.

Only the image requires a gradient. Prints the seconds of each iteration, then the peak memory.
"""
import resource
import sys
import time

import torch
import torch.nn.functional as F

CHANNELS = (64, 128, 256, 512, 512)
CONVOLUTIONS = (2, 2, 4, 4, 1)


def network():
    torch.manual_seed(19)
    layers, inputs = [], 3
    for block, (channels, count) in enumerate(zip(CHANNELS, CONVOLUTIONS), 1):
        for c in range(1, count + 1):
            weight = torch.randn(channels, inputs, 3, 3) * (2 / (9 * inputs)) ** 0.5
            layers.append((f"relu{block}_{c}", weight, torch.zeros(channels)))
            inputs = channels
        layers.append((f"pool{block}", None, None))
    return layers[:-1]


def features(layers, x):
    taps = {}
    for name, weight, bias in layers:
        if weight is None:
            x = F.avg_pool2d(x, 2, 2, ceil_mode=True, count_include_pad=False)
        else:
            x = F.relu(F.conv2d(x, weight, bias, padding=1))
        if name.endswith("_1") or name == "relu4_2":
            taps[name] = x
    return taps


def gram(a):
    unrolled = a.reshape(a.shape[1], -1)
    return unrolled @ unrolled.t()


def main():
    width, height, iterations, threads = map(int, sys.argv[1:])
    torch.set_num_threads(threads)
    layers = network()
    style_layers = [f"relu{block}_1" for block in range(1, 6)]
    content = torch.rand(1, 3, height, width) * 255 - 115
    with torch.no_grad():
        target = features(layers, content)["relu4_2"].clone()
        style = features(layers, torch.rand(1, 3, height, width) * 255 - 115)
        grams = {name: gram(style[name]) for name in style_layers}
        del style
    x = content.clone().requires_grad_(True)
    optimizer = torch.optim.Adam([x], lr=2.0)
    for _ in range(iterations):
        start = time.perf_counter()
        optimizer.zero_grad()
        taps = features(layers, x)
        a = taps["relu4_2"]
        total = 10 * ((a - target) ** 2).sum() / (4 * a.numel())
        for name in style_layers:
            difference = gram(taps[name]) - grams[name]
            total = total + 40 * 0.2 * (difference ** 2).sum() / (4 * taps[name].numel() ** 2)
        total.backward()
        optimizer.step()
        del taps, a, total
        print("seconds", time.perf_counter() - start, flush=True)
    print("peak_kilobytes", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


main()
