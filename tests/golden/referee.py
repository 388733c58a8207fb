"""VGG-19, its losses and TensorFlow 1's Adam in PyTorch, in double: the referee of the C++ code.

Nothing here is taken from the C++ side. Feature maps come in and go out as NumPy arrays (H, W, C);
inside, PyTorch has them as (1, C, H, W). Gradients are PyTorch's own.
"""

import sys

import numpy as np

SKIPPED = 77  # the exit code that CTest is told to read as "skipped"

try:
    import torch
except ImportError as error:
    print(f"skipped: PyTorch is not there for {sys.executable} ({error}); "
          "on Debian it is the package python3-torch")
    sys.exit(SKIPPED)

CONVOLUTIONS_IN_BLOCK = (2, 2, 4, 4, 4)
AVERAGE, MAX = "average", "max"
POOLINGS = (AVERAGE, MAX)
ZERO, REFLECT, REPLICATE = "zero", "reflect", "replicate"  # paddings, as PyTorch names them


def layer_names():
    """The names of the layers, conv1_1 to pool5, in order."""
    names = []
    for block, count in enumerate(CONVOLUTIONS_IN_BLOCK, start=1):
        for convolution in range(1, count + 1):
            names += [f"conv{block}_{convolution}", f"relu{block}_{convolution}"]
        names.append(f"pool{block}")
    return names


def from_hwc(values):
    """(H, W, C) to a (1, C, H, W) tensor."""
    return torch.tensor(np.asarray(values, np.float64).transpose(2, 0, 1)[None].copy())


def to_hwc(tensor):
    """(1, C, H, W) to a (H, W, C) array."""
    return tensor.detach().numpy()[0].transpose(1, 2, 0).copy()


def pool(x, pooling):
    """2x2, stride 2; odd sizes round up, and padding does not count in the divisor."""
    if pooling == AVERAGE:
        return torch.nn.functional.avg_pool2d(
            x, 2, stride=2, ceil_mode=True, count_include_pad=False)
    return torch.nn.functional.max_pool2d(x, 2, stride=2, ceil_mode=True)


def convolution(x, filters, bias, padding=ZERO):
    """`filters` is (kh, kw, C_in, C_out), 3x3."""
    w = torch.tensor(np.asarray(filters, np.float64).transpose(3, 2, 0, 1).copy())
    b = torch.tensor(np.asarray(bias, np.float64).reshape(-1))
    if padding == ZERO:
        return torch.nn.functional.conv2d(x, w, b, padding=1)
    return torch.nn.functional.conv2d(torch.nn.functional.pad(x, (1, 1, 1, 1), mode=padding), w, b)


class Network:
    """The weights of a VGG-19, the mean to subtract from the input, and the padding."""

    def __init__(self, weights, mean, padding=ZERO):
        """`weights` maps conv1_1 ... to (filters (3, 3, C_in, C_out), bias (C_out))."""
        self.weights = weights
        self.mean = np.asarray(mean, np.float64)
        self.padding = padding

    def input_of(self, image):
        """Converts an image (H, W, 3), 0 to 255, to the input of forward."""
        return from_hwc(np.asarray(image, np.float64) - self.mean)

    def forward(self, x, pooling, last_layer="pool5"):
        """The outputs of all layers up to last_layer, by name."""
        outputs = {}
        for name in layer_names():
            if name.startswith("conv"):
                x = convolution(x, *self.weights[name], self.padding)
            elif name.startswith("relu"):
                x = torch.relu(x)
            else:
                x = pool(x, pooling)
            outputs[name] = x
            if name == last_layer:
                break
        return outputs


class Options:
    """Which layers are compared, and the weight of each loss."""

    def __init__(self, content_layer, style_layers, content_weight=10.0, style_weight=40.0,
                 tv_weight=0.0):
        self.content_layer = content_layer
        self.style_layers = style_layers  # [(name, weight), ...]
        self.content_weight = content_weight
        self.style_weight = style_weight
        self.tv_weight = tv_weight

    def last_layer(self):
        tapped = [self.content_layer] + [name for name, _ in self.style_layers]
        return max(tapped, key=layer_names().index)


TUTORIAL = Options("relu4_2", [(f"relu{block}_1", 0.2) for block in range(1, 6)])


def gram_matrix(features):
    """(1, C, H, W) to (C, C), without a divisor."""
    rows = features[0].flatten(1)
    return rows @ rows.T


def total_variation(x):
    """The sum of squared differences to the right and the lower neighbour."""
    return x.diff(dim=3).square().sum() + x.diff(dim=2).square().sum()


def positions(features):
    return features.shape[2] * features.shape[3]


class Objective:
    """The total cost of an image, for a content and a style image of any two sizes."""

    def __init__(self, network, content, style, options, pooling):
        self.network, self.options, self.pooling = network, options, pooling
        with torch.no_grad():
            self.content = self._outputs(network.input_of(content))[options.content_layer]
            style_outputs = self._outputs(network.input_of(style))
            content_outputs = self._outputs(network.input_of(content))
            self.grams = {
                name: gram_matrix(style_outputs[name]) *
                (positions(content_outputs[name]) / positions(style_outputs[name]))
                for name, _ in options.style_layers}

    def _outputs(self, x):
        return self.network.forward(x, self.pooling, self.options.last_layer())

    def _style_loss(self, name, features):
        scale = 4.0 * features.shape[1] ** 2 * positions(features) ** 2
        return ((gram_matrix(features) - self.grams[name]) ** 2).sum() / scale

    def costs(self, x):
        """One tensor: total, content, style, then each style layer's loss."""
        outputs = self._outputs(x)
        features = outputs[self.options.content_layer]
        content = ((features - self.content) ** 2).sum() / (4.0 * features.numel())
        losses = [self._style_loss(name, outputs[name]) for name, _ in self.options.style_layers]
        style = sum(weight * loss for (_, weight), loss in zip(self.options.style_layers, losses))
        total = (self.options.content_weight * content + self.options.style_weight * style
                 + self.options.tv_weight * total_variation(x))
        return torch.stack([total, content, style, *losses])

    def evaluate(self, x):
        """The costs and the gradient of the total cost, (H, W, 3), both as arrays."""
        x = x.clone().requires_grad_(True)
        costs = self.costs(x)
        costs[0].backward()
        return costs.detach().numpy(), to_hwc(x.grad)


class Adam:
    """Adam as in TensorFlow 1: epsilon is added to sqrt(v) before any bias correction."""

    def __init__(self, rate=2.0, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.rate, self.beta1, self.beta2, self.epsilon = rate, beta1, beta2, epsilon
        self.steps, self.m, self.v = 0, 0.0, 0.0

    def step(self, x, gradient):
        """The array x after one more step."""
        self.steps += 1
        self.m = self.beta1 * self.m + (1 - self.beta1) * gradient
        self.v = self.beta2 * self.v + (1 - self.beta2) * gradient ** 2
        rate = self.rate * np.sqrt(1 - self.beta2 ** self.steps) / (1 - self.beta1 ** self.steps)
        return x - rate * self.m / (np.sqrt(self.v) + self.epsilon)


class TorchAdam:
    """The same steps by torch.optim.Adam, to cross-check Adam above.

    PyTorch adds its epsilon to sqrt(v / (1 - beta2^t)). With epsilon / sqrt(1 - beta2^t) in its
    place at step t, the two forms are equal.
    """

    def __init__(self, x, rate=2.0, beta2=0.999, epsilon=1e-8):
        self.x = torch.tensor(x, dtype=torch.float64, requires_grad=True)
        self.beta2, self.epsilon, self.steps = beta2, epsilon, 0
        self.optimizer = torch.optim.Adam([self.x], lr=rate, betas=(0.9, beta2))

    def step(self, gradient):
        """x after one more step."""
        self.steps += 1
        corrected = self.epsilon / np.sqrt(1 - self.beta2 ** self.steps)
        self.optimizer.param_groups[0]["eps"] = corrected
        self.x.grad = torch.tensor(gradient)
        self.optimizer.step()
        return self.x.detach().numpy().copy()


def error(ours, theirs):
    """The largest difference, in units of the largest value of `theirs`."""
    ours, theirs = np.asarray(ours, np.float64), np.asarray(theirs, np.float64)
    if ours.shape != theirs.shape:
        raise SystemExit(f"error: the shapes differ, {ours.shape} and {theirs.shape}")
    return float(np.abs(ours - theirs).max() / np.abs(theirs).max())
