#!/usr/bin/env python3
"""torch_training_step.py WIDTH HEIGHT ITERATIONS THREADS: the step of training_step.cpp in PyTorch.

Prints the seconds of each step, then the peak memory.
"""
import resource
import sys
import time

import torch
import torch.nn as nn

CHANNELS = (32, 64, 128, 128, 128)
CONVOLUTIONS = (2, 2, 4, 4, 1)
CLASSES = 480


def network():
    layers, inputs = [], 3
    for channels, count in zip(CHANNELS, CONVOLUTIONS):
        for _ in range(count):
            layers += [nn.Conv2d(inputs, channels, 3, padding=1, bias=False),
                       nn.BatchNorm2d(channels), nn.ReLU(inplace=True)]
            inputs = channels
        layers.append(nn.AvgPool2d(2))
    return nn.Sequential(*layers[:-1], nn.AdaptiveAvgPool2d(1), nn.Flatten(),
                         nn.Linear(inputs, CLASSES))


def main():
    side, height, steps, threads = map(int, sys.argv[1:])
    torch.set_num_threads(threads)
    torch.manual_seed(19)
    classifier = network()
    crops = torch.rand(height // side, 3, side, side) * 255 - 115
    labels = torch.arange(height // side)
    cross_entropy = nn.CrossEntropyLoss(label_smoothing=0.05)
    optimizer = torch.optim.AdamW(classifier.parameters(), lr=2e-3)
    for _ in range(steps):
        start = time.perf_counter()
        optimizer.zero_grad()
        cross_entropy(classifier(crops), labels).backward()
        optimizer.step()
        print("seconds", time.perf_counter() - start, flush=True)
    print("peak_kilobytes", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


main()
