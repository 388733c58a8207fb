#!/usr/bin/python3
"""Writes data/: PyTorch's results, in double, for a thin VGG-19 with fixed weights.

    make_golden.py           makes images, weights and results anew and writes them to data/
    make_golden.py --check   computes the results from the committed images and weights and
                             compares them with the committed ones; 1 when any differs

README.md lists the files.
"""

import sys
from pathlib import Path

import numpy as np
import torch

import referee
from referee import (MAX, POOLINGS, REFLECT, REPLICATE, Adam, Network, Objective, Options,
                     TorchAdam)

DATA = Path(__file__).resolve().parent / "data"

SEED = 346  # one that passes require_good_case
CHANNELS = (4, 5, 6, 7, 8)  # of the five blocks
CONTENT_SIZE = (75, 101)  # 75, 38, 19, 10, 5 by 101, 51, 26, 13, 7: odd and even at every step
STYLE_SIZE = (58, 83)
MEAN = (123.68, 116.779, 103.939)
STD_DEV = 2.0  # standard deviation of the pre-activations; balances the terms of the total cost

ITERATIONS = 50
SNAPSHOTS = (1, 5, 10, 20, 35)  # the images kept besides the last, by number of steps taken
ADAM_STEPS = 10

COMPLETE_UP_TO = 1000  # values; what is larger is sampled, see digest
SAMPLE_STRIDE = 11  # prime, so that a sample meets every channel and every column

# Weights that differ, so that exchanging two of them is noticed.
OPTIONS = Options("relu4_2", [("relu1_1", 0.25), ("relu2_1", 0.3), ("relu3_1", 0.2),
                              ("relu4_1", 0.15), ("relu5_1", 0.1)])
# Captured layers of every kind: before ReLU, after pooling, content and style at one layer.
OTHER_OPTIONS = Options("conv4_2", [("conv1_1", 0.1), ("relu2_2", 0.3), ("pool3", 0.25),
                                    ("conv4_2", 0.15), ("conv5_1", 0.2)])
TV_WEIGHT = 5e-6  # makes the total variation about as large as the other costs together
TV_OPTIONS = Options(OPTIONS.content_layer, OPTIONS.style_layers, tv_weight=TV_WEIGHT)

# The minimum distance of the start image from a kink, in units of the layer's largest value: single
# precision must take the same side of every ReLU and pick the same pixel in every max pooling.
LEAST_MARGIN = 5e-6

# How far gradient noise of single-precision magnitude may move the image, in units of the image's
# distance from the start. The effect grows when a value near a kink changes sides.
GRADIENT_NOISE = 1e-6  # of the largest value
MOST_ASTRAY = 0.03

# Training: two crops, a head on two layers, the gradients of all layers. The images are scaled.
CROP_SIDE = 24  # 24, 12, 6, 3, 2
INPUT_SCALE = 1 / 64
HEADS = ("relu3_1", "relu5_1")
LABELS = (2, 0)
CLASSES = 3
SMOOTHING = 0.1
ADAMW_RATE, ADAMW_DECAY = 0.1, 0.05

# L-BFGS: the sum of log(1 + exp(a.x + b)) over some a and b, and a quadratic term that keeps x
# bounded.
LOGISTIC_SIZE = (20, 6)
BOWL = 0.1

ADAM_AGREEMENT = 1e-13  # two forms of one formula, in units of the largest value

# Tolerances of --check. A different machine recomputes the results with sums in a different order.
CHECK_TOLERANCE = 1e-11  # of an array's largest value; rounding of double through 37 layers
TRAJECTORY_TOLERANCE = 1e-8  # the same after up to 50 steps, each of which amplifies differences
INPUT_TOLERANCE = 1e-6  # weights are rounded to single precision and may round differently


def digest(values):
    """The stored digest of an array (H, W, C): the whole array or, when it is large, every 11th
    value in row-major order, then the mean over each row (H, C), then the mean over each column
    (W, C)."""
    if values.size <= COMPLETE_UP_TO:
        return values
    return np.concatenate([values.reshape(-1)[::SAMPLE_STRIDE],
                           values.mean(axis=1).reshape(-1), values.mean(axis=0).reshape(-1)])


def draw_image(size, wave, random):
    """An image of waves and grain, in whole grey levels well inside 0..255."""
    rows, columns = np.mgrid[0:size[0], 0:size[1]]
    image = np.empty((*size, 3))
    for channel in range(3):
        phase = 2 * np.pi * (rows * (1 + channel) + columns * (2 - channel)) / wave
        image[:, :, channel] = 128 + 60 * np.sin(phase + random.uniform(0, 6))
    return np.round(image + random.uniform(-40, 40, image.shape)).astype(np.uint8)


def mix_start(content, random):
    """The tutorial's start image, 0.6 noise + 0.4 content minus the mean, in whole grey levels."""
    noise = random.uniform(-20, 20, content.shape)
    return np.round(MEAN + 0.6 * noise + 0.4 * (content - MEAN)).astype(np.uint8)


def make_weights(images, pooling, random):
    """Normal filters, scaled layer by layer to pre-activations of equal standard deviation.

    The mean of the pre-activations is about one standard deviation above 0: ReLU cuts off a sixth
    of the values, and few are so close to 0 that rounding, amplified over 50 steps, changes their
    sign. Each kind of pooling has its own weights: with weights for average pooling, activations
    would grow without bound through max pooling.
    """
    network = Network({}, MEAN)
    inputs = [network.input_of(image) for image in images]
    channels = 3
    for name in referee.layer_names():
        if name.startswith("conv"):
            outputs = CHANNELS[int(name[4]) - 1]
            filters = random.normal(size=(3, 3, channels, outputs))
            made = [referee.convolution(x, filters, np.zeros(outputs)) for x in inputs]
            values = np.concatenate([referee.to_hwc(y).reshape(-1, outputs) for y in made])
            scale = STD_DEV / values.std(axis=0)
            offset = STD_DEV * (1 + 0.3 * random.normal(size=outputs))
            single = [np.float32(filters * scale), np.float32(offset - scale * values.mean(axis=0))]
            network.weights[name] = tuple(np.float64(part) for part in single)
            inputs = [referee.convolution(x, *network.weights[name]) for x in inputs]
            channels = outputs
        elif name.startswith("relu"):
            inputs = [referee.torch.relu(x) for x in inputs]
        else:
            inputs = [referee.pool(x, pooling) for x in inputs]
    return network


def make_inputs():
    """Images and weights, by file name."""
    random = np.random.RandomState(SEED)  # NumPy guarantees that its stream never changes
    content = draw_image(CONTENT_SIZE, 37, random)
    style = draw_image(STYLE_SIZE, 11, random)
    inputs = {"content": content, "style": style, "start": mix_start(content, random)}
    for pooling in POOLINGS:
        network = make_weights([content, style], pooling, random)
        for name, (filters, bias) in network.weights.items():
            inputs[f"{pooling}/weights/{name}"] = filters
            inputs[f"{pooling}/weights/{name}_bias"] = bias
    return inputs


def network_of(inputs, pooling, padding=referee.ZERO):
    names = [name for name in referee.layer_names() if name.startswith("conv")]
    folder = f"{pooling}/weights"
    return Network({name: (inputs[f"{folder}/{name}"], inputs[f"{folder}/{name}_bias"])
                    for name in names}, MEAN, padding)


def make_activations(network, start, pooling):
    outputs = network.forward(network.input_of(start), pooling)
    return {f"{pooling}/{name}": digest(referee.to_hwc(y)) for name, y in outputs.items()}


def walk(objective, x, noise=0.0):
    """Yields image, costs and gradient at the start and after each of the 50 steps. Adds noise to
    the gradients, in units of their largest value."""
    adam, second_opinion = Adam(), TorchAdam(x)
    random = np.random.RandomState(SEED)
    for step in range(ITERATIONS + 1):
        costs, gradient = objective.evaluate(referee.from_hwc(x))
        yield x, costs, gradient
        if noise:
            gradient = gradient + noise * np.abs(gradient).max() * random.normal(size=x.shape)
        x = adam.step(x, gradient)
        require(referee.error(x, second_opinion.step(gradient)) < ADAM_AGREEMENT,
                f"Adam and torch.optim.Adam part at step {step + 1}")


def golden_objective(network, inputs, pooling, options=OPTIONS):
    return Objective(network, inputs["content"], inputs["style"], options, pooling)


def make_trajectory(network, inputs, pooling):
    """The gradient at the start, the costs of all images, and some of the images minus the mean."""
    objective = golden_objective(network, inputs, pooling)
    start = referee.to_hwc(network.input_of(inputs["start"]))
    images, costs, gradients = zip(*walk(objective, start))
    made = {f"{pooling}/picture_{step}": digest(images[step]) for step in SNAPSHOTS}
    made[f"{pooling}/picture_{ITERATIONS}"] = images[ITERATIONS]
    made[f"{pooling}/gradient"] = gradients[0]
    made[f"{pooling}/costs"] = np.array(costs)
    return made


def make_other_taps(network, inputs, pooling):
    objective = golden_objective(network, inputs, pooling, OTHER_OPTIONS)
    costs, gradient = objective.evaluate(network.input_of(inputs["start"]))
    return {f"{pooling}/other_taps_costs": costs,
            f"{pooling}/other_taps_gradient": digest(gradient)}


def make_smooth(network, inputs, pooling):
    """Costs and gradient with total variation, and the total variation itself."""
    start = network.input_of(inputs["start"])
    costs, gradient = golden_objective(network, inputs, pooling, TV_OPTIONS).evaluate(start)
    variation = referee.total_variation(start).numpy().reshape(1)
    return {f"{pooling}/tv_costs": np.concatenate([costs, variation]),
            f"{pooling}/tv_gradient": digest(gradient)}


def make_padded_convolution(inputs, padding):
    """conv1_1 of the start image, and the gradient of half the sum of its squares."""
    network = network_of(inputs, referee.AVERAGE, padding)
    x = network.input_of(inputs["start"]).requires_grad_()
    y = network.forward(x, referee.AVERAGE, "conv1_1")["conv1_1"]
    (y.square().sum() / 2).backward()
    return {f"padding/{padding}_conv1_1": digest(referee.to_hwc(y)),
            f"padding/{padding}_d_input": digest(referee.to_hwc(x.grad))}


def make_padded_objective(inputs, pooling, padding):
    network = network_of(inputs, pooling, padding)
    objective = golden_objective(network, inputs, pooling)
    costs, gradient = objective.evaluate(network.input_of(inputs["start"]))
    return {f"{pooling}/{padding}_costs": costs, f"{pooling}/{padding}_gradient": digest(gradient)}


def make_padded(inputs):
    results = {}
    for padding in (REFLECT, REPLICATE):
        results.update(make_padded_convolution(inputs, padding))
        for pooling in POOLINGS:
            results.update(make_padded_objective(inputs, pooling, padding))
    return results


def make_adam():
    """Adam alone, on gradients of 1e-12 to 1e3: below 1e-7, the position of epsilon matters."""
    random = np.random.RandomState(SEED)
    size = 10.0 ** np.arange(-12, 4).reshape(4, 2, 2)
    gradients = size * random.normal(size=(ADAM_STEPS, *size.shape))
    x = random.uniform(-1, 1, size.shape)
    adam, second_opinion = Adam(), TorchAdam(x)
    positions = [x]
    for gradient in gradients:
        positions.append(adam.step(positions[-1], gradient))
        require(referee.error(positions[-1], second_opinion.step(gradient)) < ADAM_AGREEMENT,
                "Adam and torch.optim.Adam part on small gradients")
    return {"adam/gradients": gradients, "adam/positions": np.array(positions)}


def make_adamw():
    """PyTorch's AdamW, on the gradients of adam/."""
    gradients = make_adam()["adam/gradients"]
    random = np.random.RandomState(SEED)
    x = torch.tensor(random.uniform(-1, 1, gradients.shape[1:]), requires_grad=True)
    optimizer = torch.optim.AdamW([x], lr=ADAMW_RATE, weight_decay=ADAMW_DECAY)
    positions = [x.detach().numpy().copy()]
    for gradient in gradients:
        x.grad = torch.tensor(gradient)
        optimizer.step()
        positions.append(x.detach().numpy().copy())
    return {"training/adamw_positions": np.array(positions)}


def make_lbfgs():
    """The minimum of a convex cost that PyTorch's L-BFGS finds from 0, and the cost at 0."""
    random = np.random.RandomState(SEED)
    slopes, offsets = 3 * random.normal(size=LOGISTIC_SIZE), random.normal(size=LOGISTIC_SIZE[0])
    x = torch.zeros(LOGISTIC_SIZE[1], dtype=torch.double, requires_grad=True)
    optimizer = torch.optim.LBFGS([x], max_iter=200, tolerance_grad=1e-10, tolerance_change=0,
                                  line_search_fn="strong_wolfe")

    def cost():
        optimizer.zero_grad()
        margins = torch.tensor(slopes) @ x + torch.tensor(offsets)
        value = torch.nn.functional.softplus(margins, threshold=100).sum() + BOWL * (x * x).sum()
        value.backward()
        return value

    costs = [cost().item()]
    optimizer.step(cost)
    costs.append(cost().item())
    require(x.grad.abs().max() < 1e-6, "L-BFGS has not reached the minimum")
    return {"lbfgs/slopes": slopes, "lbfgs/offsets": offsets, "lbfgs/costs": np.array(costs)}


def make_training(inputs):
    """Loss and gradients of a classifier, normalised over the batch: heads on the means of two layers."""
    network = network_of(inputs, "average")
    weights = {name: [torch.tensor(values.transpose(3, 2, 0, 1).copy() if values.ndim == 4
                                   else values, requires_grad=True) for values in pair]
               for name, pair in network.weights.items()}
    random = np.random.RandomState(SEED)
    heads = {name: torch.tensor(random.normal(size=(CHANNELS[int(name[4]) - 1], CLASSES)),
                                requires_grad=True) for name in HEADS}
    crops = [inputs[name][:CROP_SIDE, :CROP_SIDE] for name in ("content", "style")]
    x = torch.cat([network.input_of(crop) for crop in crops]) * INPUT_SCALE
    loss = 0
    for name in referee.layer_names()[:referee.layer_names().index("relu5_1") + 1]:
        if name.startswith("conv"):
            filters, bias = weights[name]
            scale = 1 / INPUT_SCALE if name == "conv1_1" else 1
            x = torch.nn.functional.conv2d(x, scale * filters, padding=1)
            x = torch.nn.functional.batch_norm(x, None, None, bias=bias, training=True)
        else:
            x = torch.relu(x) if name.startswith("relu") else referee.pool(x, "average")
        if name in HEADS:
            loss = loss + torch.nn.functional.cross_entropy(
                x.mean((2, 3)) @ heads[name], torch.tensor(LABELS),
                label_smoothing=SMOOTHING) / len(HEADS)
    loss.backward()
    made = {"training/loss": loss.detach().numpy().reshape(1)}
    for name in HEADS:
        made[f"training/head_{name}"] = heads[name].detach().numpy()
        made[f"training/d_head_{name}"] = heads[name].grad.numpy()
    for name, (filters, bias) in weights.items():
        if bias.grad is None:
            continue  # after the last head
        scale = INPUT_SCALE if name == "conv1_1" else 1  # with respect to the scaled filters
        made[f"training/d_{name}"] = scale * filters.grad.numpy().transpose(2, 3, 1, 0)
        made[f"training/d_{name}_bias"] = bias.grad.numpy()
    return made


def make_results(inputs):
    """All results computed from images and weights, by file name."""
    results = {**make_adam(), **make_adamw(), **make_lbfgs(), **make_training(inputs),
               **make_padded(inputs)}
    for pooling in POOLINGS:
        network = network_of(inputs, pooling)
        results.update(make_activations(network, inputs["start"], pooling))
        results.update(make_trajectory(network, inputs, pooling))
        results.update(make_other_taps(network, inputs, pooling))
        results.update(make_smooth(network, inputs, pooling))
    return results


def require(condition, message):
    if not condition:
        raise SystemExit(f"make_golden: {message}")


def kink_margins(network, start, pooling):
    """For each layer, the smallest distance to a kink, in units of the layer's largest value."""
    outputs = network.forward(network.input_of(start), pooling)
    margins = {}
    previous = None
    for name, y in outputs.items():
        if name.startswith("conv"):
            margins[name] = float(y.abs().min() / y.abs().max())
        elif name.startswith("pool") and pooling == MAX:
            margins[name] = pooling_margin(referee.to_hwc(previous))
        previous = y
    return margins


def pooling_margin(values):
    """The smallest gap between the largest and the second largest value of a 2x2 window. A window
    of zeros does not count: the ReLU before it blocks the gradient."""
    height, width, channels = values.shape
    padded = np.full((height + height % 2, width + width % 2, channels), -np.inf)
    padded[:height, :width] = values
    windows = padded.reshape(padded.shape[0] // 2, 2, padded.shape[1] // 2, 2, channels)
    ordered = np.sort(windows.transpose(0, 2, 4, 1, 3).reshape(-1, 4), axis=1)
    gaps = (ordered[:, 3] - ordered[:, 2])[ordered[:, 3] > 0]
    return float(gaps.min() / values.max())


def require_clear_of_kinks(network, inputs, pooling):
    for layer, margin in kink_margins(network, inputs["start"], pooling).items():
        require(margin > LEAST_MARGIN, f"{pooling}/{layer} is {margin:.2g} from a kink")


def require_scale(results, pooling):
    for name in referee.layer_names():
        largest = np.abs(results[f"{pooling}/{name}"]).max()
        require(1 < largest < 100, f"the largest value of {pooling}/{name} is {largest:.3g}")


def require_balance(costs, pooling):
    """Requires that no term dominates the total cost, and that the cost falls."""
    weights = [OPTIONS.style_weight * weight for _, weight in OPTIONS.style_layers]
    terms = np.array([OPTIONS.content_weight, *weights]) * costs[0, [1, 3, 4, 5, 6, 7]]
    shares = terms / costs[0, 0]
    print(f"{pooling}: total cost {costs[0, 0]:.6g} -> {costs[-1, 0]:.6g}; shares of content and "
          "style layers at the start " + " ".join(f"{share:.3f}" for share in shares))
    require(0.04 < shares.min() and shares.max() < 0.5, "one term hides the others")
    require((np.diff(costs[:, 0]) < 0).all(), "the cost must fall at every step")


def require_steady(network, inputs, pooling):
    objective = golden_objective(network, inputs, pooling)
    start = referee.to_hwc(network.input_of(inputs["start"]))
    pairs = zip(walk(objective, start), walk(objective, start, GRADIENT_NOISE))
    astray = [np.linalg.norm(noisy - x) / np.linalg.norm(x - start)
              for (x, _, _), (noisy, _, _) in list(pairs)[1:]]
    print(f"{pooling}: noise of {GRADIENT_NOISE} leads the image astray by {max(astray):.2g} "
          "of its way")
    require(max(astray) < MOST_ASTRAY, "the trajectory is chaotic")


def require_good_case(inputs, results):
    """Requires a case that is worth comparing with; otherwise choose a different seed."""
    for pooling in POOLINGS:
        network = network_of(inputs, pooling)
        require_clear_of_kinks(network, inputs, pooling)
        require_scale(results, pooling)
        require_balance(results[f"{pooling}/costs"], pooling)
        require_steady(network, inputs, pooling)


def write_all(arrays):
    for name, values in arrays.items():
        file = DATA / f"{name}.npy"
        file.parent.mkdir(parents=True, exist_ok=True)
        np.save(file, np.ascontiguousarray(values))


def is_along_trajectory(name):
    return "picture" in name or name.endswith("/costs")


def check():
    """Compares the committed files with the results of this machine's PyTorch; prints the worst."""
    fresh = make_inputs()
    inputs = {name: np.load(DATA / f"{name}.npy") for name in fresh}
    kinds = {"inputs": (fresh, inputs, INPUT_TOLERANCE)}
    results = make_results(inputs)
    for kind, tolerance, moving in (("results", CHECK_TOLERANCE, False),
                                    ("trajectories", TRAJECTORY_TOLERANCE, True)):
        chosen = {n: v for n, v in results.items() if is_along_trajectory(n) == moving}
        kinds[kind] = (chosen, {n: np.load(DATA / f"{n}.npy") for n in chosen}, tolerance)
    good = True
    for kind, (made, committed, tolerance) in kinds.items():
        errors = {name: referee.error(made[name], committed[name]) for name in made}
        worst = max(errors, key=errors.get)
        good = good and errors[worst] <= tolerance
        print(f"{kind}: {len(errors)} files, worst {worst}: {errors[worst]:.2g} of the largest "
              f"value, allowed {tolerance:.2g}")
    return 0 if good else 1


def main():
    if sys.argv[1:] == ["--check"]:
        return check()
    require(not sys.argv[1:], "the only option is --check")
    inputs = make_inputs()
    results = make_results(inputs)
    require_good_case(inputs, results)
    write_all(inputs)
    write_all(results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
