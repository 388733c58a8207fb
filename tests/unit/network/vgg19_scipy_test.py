"""Reads files of save_vgg19 with SciPy, and writes files for load_vgg19 with SciPy.

vgg19_scipy_test.py SAVED.mat PLAIN.mat COMPRESSED.mat

Exit code 0 on success, 1 on a mismatch, 77 without SciPy.
"""

import sys

try:
    import numpy as np
    from scipy.io import loadmat, savemat
except ImportError:
    print("skipped: no SciPy")
    sys.exit(77)

CONV_FIELDS = ("name", "type", "weights", "size", "pad", "stride", "precious", "dilate", "opts")
RELU_FIELDS = ("name", "type", "leak", "weights", "precious")
POOL_FIELDS = ("name", "type", "method", "pool", "stride", "pad", "weights", "precious", "opts")
FIELDS = {"conv": CONV_FIELDS, "relu": RELU_FIELDS, "pool": POOL_FIELDS}
CHANNELS = {"conv1_1": (3, 4), "conv2_1": (4, 5)}
NAMES = ["conv1_1", "relu1_1", "pool1", "conv2_1", "relu2_1"]
MEAN = np.array([123.68, 116.779, 103.939], np.float32)

failures = 0


def expect(condition, what):
    global failures
    if not condition:
        failures += 1
        print("wrong:", what)


def made_up_filters(inputs, outputs):
    """The same numbers as on the C++ side: each encodes its own index."""
    h, w, c, o = np.indices((3, 3, inputs, outputs))
    return (1000 * h + 100 * w + 10 * c + o).astype(np.float32)


def check_layer(layer, name):
    kind = name.rstrip("0123456789_")
    expect(layer["name"][0] == name, f"name {layer['name']} for {name}")
    expect(layer["type"][0] == kind, f"type {layer['type']} of {name}")
    expect(layer.dtype.names == FIELDS[kind], f"fields {layer.dtype.names} of {name}")
    expect(not layer["precious"][0, 0], f"precious of {name}")
    if kind == "conv":
        check_conv(layer, name)
    elif kind == "relu":
        expect(layer["leak"].tolist() == [[0]], f"leak of {name}")
        expect(layer["weights"].shape == (0, 0), f"weights of {name}")
    else:
        expect(layer["method"][0] == "max", f"method of {name}")
        expect(layer["pool"].tolist() == [[2, 2]], f"pool of {name}")
        expect(layer["stride"].tolist() == [[2, 2]], f"stride of {name}")
        expect(layer["pad"].tolist() == [[0, 1, 0, 1]], f"pad of {name}")


def check_conv(layer, name):
    inputs, outputs = CHANNELS[name]
    filters, biases = layer["weights"][0, 0], layer["weights"][0, 1]
    expect(filters.dtype == np.float32, f"type {filters.dtype} of the filters of {name}")
    expect(filters.shape == (3, 3, inputs, outputs), f"shape {filters.shape} of {name}")
    expect(np.array_equal(filters, made_up_filters(inputs, outputs)), f"filters of {name}")
    expect(filters[2, 1, 0, 3] == 2103, f"orientation of {name}")
    expect(biases.shape == (outputs, 1), f"shape {biases.shape} of the biases of {name}")
    expect(biases.dtype == np.float32, f"type {biases.dtype} of the biases of {name}")
    expect(biases[:, 0].tolist() == [o + 0.5 for o in range(outputs)], f"biases of {name}")
    expect(layer["size"].tolist() == [[3, 3, inputs, outputs]], f"size of {name}")
    expect(layer["pad"].tolist() == [[1, 1, 1, 1]], f"pad of {name}")
    expect(layer["stride"].tolist() == [[1, 1]], f"stride of {name}")
    expect(layer["dilate"].tolist() == [[1]], f"dilate of {name}")
    expect(layer["opts"].size == 0, f"opts of {name}")


def check_saved(path):
    """Reads the file as the tutorial does: mat["layers"][0][i][0][0], the mean at index 2."""
    mat = loadmat(path)
    layers = mat["layers"]
    expect(layers.shape == (1, len(NAMES)), f"shape {layers.shape} of layers")
    for i, name in enumerate(NAMES):
        check_layer(layers[0][i][0][0], name)
    expect(layers[0][0][0][0][0][0] == "conv1_1", "the name at its place")
    expect(layers[0][0][0][0][2][0][0][2, 1, 0, 3] == 2103, "the filters at their place")
    meta = mat["meta"][0, 0]
    normalization = meta["normalization"][0, 0]
    expect(normalization.dtype.names[2] == "averageImage", "the mean's place")
    expect(np.array_equal(normalization["averageImage"].ravel(), MEAN), "the mean")
    expect(normalization["averageImage"].shape == (1, 1, 3), "the mean's shape")
    # SciPy must be told that 16-bit text, which MATLAB writes too, is UTF-16
    meta = loadmat(path, uint16_codec="utf-16")["meta"][0, 0]
    expect(meta["description"][0] == "made by a test, caf\u00e9", "the description")


def layer_of_beta16(name):
    """A layer as in the files of September 2015: five fields, biases as a row."""
    kind = name.rstrip("0123456789_")
    if kind == "relu":
        return {"type": kind, "name": name}
    if kind == "pool":
        return {"name": name, "stride": [2.0, 2.0], "pad": [0.0, 1.0, 0.0, 1.0], "type": kind,
                "method": "max", "pool": [2.0, 2.0]}
    inputs, outputs = CHANNELS[name]
    weights = np.empty((1, 2), dtype=object)
    weights[0, 0] = made_up_filters(inputs, outputs)
    weights[0, 1] = (np.arange(outputs, dtype=np.float32) + 0.5).reshape(1, outputs)
    return {"weights": weights, "pad": [1.0] * 4, "type": kind, "name": name, "stride": [1.0, 1.0]}


def write_beta16(path, compressed):
    layers = np.empty((1, len(NAMES)), dtype=object)
    for i, name in enumerate(NAMES):
        layers[0, i] = layer_of_beta16(name)
    mean_image = np.broadcast_to(MEAN, (224, 224, 3)).astype(np.float32)
    savemat(path, {"layers": layers,
                   "classes": {"name": np.array(["n01440764", "n01443537"], dtype=object)},
                   "normalization": {"averageImage": mean_image, "keepAspect": True}},
            do_compression=compressed)


check_saved(sys.argv[1])
write_beta16(sys.argv[2], False)
write_beta16(sys.argv[3], True)
sys.exit(1 if failures else 0)
