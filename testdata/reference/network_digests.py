"""Records what whole networks and many convolutions give in the reference, as SHA-256 digests.

    python3 network_digests.py [FILE]      # default: ../digests/networks.txt; "-" is standard output

For what is too large to be kept number by number: a test reproduces the digests without Python. The environment that
makes numpy's bits reproducible is set by the script itself, which starts Python again if need be.

Inputs are drawn from RandomState(231), anew for each network and each convolution: first scale * randn for each
weight W in the order of the layers, then 0.3 * rand is added to each other parameter, in that order too (these start
as gamma and runningVariance 1, others 0); then x = randn; then labels = randint(0, classes, batch), or where there is
no loss, the gradient of the scores = randn.

Lines. "network name batch tensor digest": scores, loss, dx, each gradient and updated statistic under its parameter's
name. "conv2d channels height width filters kernel stride padding bias batch digest": one digest of scores, dx, and
the gradients of W and b, one after another. "layer name mode digest" and "loss name digest": the same of a layer, with
updated statistics, and of a loss behind a dense layer of 6 units: scores, loss, dx and gradients. A layer that needs
chance draws from RandomState(231). Values of targets are drawn where labels would be: rand, for hinge losses labels.
Results are hashed as little-endian float64 in C order.
"""
import hashlib
import itertools
import os
import sys

import environment

environment.enter("strict")

import numpy as np

import graph
from layer_cases import described, layer, random_parameters
from layers import LAYERS
from losses import LOSSES
from samples import SEED

LARGE = (3, 32, 32)


def conv(name, filters, kernel, padding, **settings):
    return layer("conv2d", name, filters=filters, kernel=[kernel, kernel], padding=[padding, padding], **settings)


def convnet(filters, kernel, hidden, classes):
    return [conv("conv1", filters, kernel, kernel // 2), layer("relu", "relu1"),
            layer("maxPool2d", "pool1", size=[2, 2]), layer("dense", "fc1", units=hidden), layer("relu", "relu2"),
            layer("dense", "fc2", units=classes)]


def block(name, filters):
    return layer("residual", name, layers=[
        conv("conv1", filters, 3, 1, bias=False), layer("batchNorm", "norm1"), layer("relu", "relu1"),
        conv("conv2", filters, 3, 1, bias=False), layer("batchNorm", "norm2")])


def residual_net():
    return [conv("conv1", 8, 3, 1), layer("batchNorm", "norm1"), layer("relu", "relu1"), block("block1", 8),
            layer("relu", "relu2"), conv("conv2", 16, 3, 1, stride=[2, 2]), block("block2", 16), layer("relu", "relu3"),
            layer("averagePool2d", "pool1", size=[16, 16]), layer("dense", "fc1", units=10)]


# name, batch, sample, layers, L2 strength, scale of the weights
NETWORKS = [
    ("convnet_3x32x32-c32k7-p2-100-10", 50, LARGE, convnet(32, 7, 100, 10), 1e-3, 0.03),
    ("convnet_3x32x32-c32k7-p2-100-10", 1, LARGE, convnet(32, 7, 100, 10), 0.0, 0.03),
    ("convnet_3x32x32-c32k7-p2-100-10", 3, LARGE, convnet(32, 7, 100, 10), 0.0, 0.03),
    ("convnet_3x31x29-c33k5-p2-7-3", 5, (3, 31, 29), convnet(33, 5, 7, 3), 0.0, 0.1),
    ("resnet_3x32x32-c8-c16-10", 6, LARGE, residual_net(), 1e-2, 0.1),
]

# channels, height, width, filters, kernel, stride, padding, bias, batch
CONVOLUTIONS = [
    (3, 32, 32, 32, (7, 7), (1, 1), (3, 3), True, 4),
    (3, 32, 32, 32, (7, 7), (1, 1), (0, 0), True, 3),
    (3, 32, 32, 31, (7, 7), (1, 1), (3, 3), True, 3),
    (3, 33, 31, 9, (5, 3), (1, 1), (2, 1), False, 2),
    (3, 33, 31, 8, (5, 3), (2, 1), (3, 2), True, 5),
    (3, 33, 31, 8, (5, 3), (1, 2), (3, 2), True, 5),
    (3, 33, 31, 7, (2, 4), (3, 3), (0, 3), True, 5),
    (1, 28, 28, 6, (5, 5), (1, 1), (0, 0), True, 7),
    (1, 28, 28, 1, (5, 5), (1, 1), (0, 0), True, 7),
    (1, 5, 5, 2, (5, 5), (1, 1), (0, 0), True, 1),
    (1, 5, 5, 3, (5, 5), (1, 1), (0, 0), True, 2),
    (1, 9, 9, 3, (1, 1), (1, 1), (0, 0), True, 2),
    (1, 1, 1, 1, (1, 1), (1, 1), (0, 0), True, 1),
    (1, 1, 300, 4, (1, 9), (1, 1), (0, 4), True, 3),
    (1, 300, 1, 4, (9, 1), (1, 1), (4, 0), True, 3),
    (64, 8, 8, 64, (3, 3), (1, 1), (1, 1), True, 3),
    (64, 7, 7, 40, (3, 3), (2, 2), (1, 1), False, 3),
    (30, 6, 6, 17, (3, 3), (1, 1), (1, 1), True, 9),
    (29, 6, 6, 16, (3, 3), (1, 1), (1, 1), True, 3),
    (57, 4, 4, 10, (3, 3), (1, 1), (1, 1), True, 3),
    (12, 14, 14, 20, (1, 1), (1, 1), (0, 0), True, 2),
    (12, 14, 14, 21, (1, 1), (2, 2), (0, 0), True, 3),
    (2, 4, 4, 5, (3, 3), (1, 1), (3, 3), True, 2),
    (2, 3, 3, 4, (8, 8), (1, 1), (4, 4), True, 2),
    (2, 40, 40, 3, (11, 11), (4, 4), (2, 2), True, 3),
    (1, 8, 3, 300, (3, 3), (1, 1), (1, 1), True, 2),
]

# name, sample, layers; behind the single layers, as they are recorded
CHAINS = [
    ("reshape", (4, 6), [layer("reshape", "layer", shape=[3, 8]), layer("flatten", "flat"), layer("tanh", "tanh")]),
    ("residual", (6,), [layer("residual", "layer", layers=[
        layer("dense", "fc1", units=6), layer("relu", "relu1"), layer("dense", "fc2", units=6)])]),
    ("conv2d-relu", (3, 7, 8), [conv("layer", 4, 3, 1), layer("relu", "relu1")]),
    ("conv2d-relu-maxPool2d", (3, 7, 8), [conv("layer", 4, 3, 1), layer("relu", "relu1"),
                                          layer("maxPool2d", "pool1", size=[2, 2])]),
    ("conv2d-plain-relu-maxPool2d", (2, 16, 32), [conv("layer", 4, 3, 1, bias=False), layer("relu", "relu1"),
                                                  layer("maxPool2d", "pool1", size=[2, 2])]),
    ("conv2d-groups-relu-maxPool2d", (4, 16, 32), [conv("layer", 4, 3, 1, groups=2), layer("relu", "relu1"),
                                                   layer("maxPool2d", "pool1", size=[2, 2])]),
    ("conv2d-same-relu-maxPool2d", (2, 16, 32), [
        layer("conv2d", "layer", filters=4, kernel=[2, 3], dilation=[1, 2], same=True), layer("relu", "relu1"),
        layer("maxPool2d", "pool1", size=[2, 2])]),
    ("conv2d-reflect-relu", (2, 7, 8), [conv("layer", 4, 3, 1, paddingMode="reflect"), layer("relu", "relu1")]),
]


def single_layers():
    """Of each digest sample of each layer: name, sample, layers."""
    for kind, entry in LAYERS.items():
        for name, sample in entry["digests"].items():
            yield (kind + "-" + name if name else kind), sample["sample"], [layer(kind, "layer", **sample["settings"])]


def draw(description, scale, batch):
    random = np.random.RandomState(SEED)
    parameters = random_parameters(description, random, scale)
    return random, parameters, random.randn(batch, *description["input"])


def digest(*arrays):
    result = hashlib.sha256()
    for array in arrays:
        result.update(np.ascontiguousarray(array).astype("<f8").tobytes())
    return result.hexdigest()


def lines():
    for name, batch, sample, layers, l2, scale in NETWORKS:
        description = {"input": list(sample), "layers": layers, "loss": {"type": "softmax"}, "l2": l2}
        random, parameters, x = draw(description, scale, batch)
        labels = random.randint(0, layers[-1]["units"], batch)
        results, _ = graph.evaluate(description, parameters, x, labels)
        for tensor, value in results.items():
            if tensor != "accuracy":
                yield "network %s %d %s %s" % (name, batch, tensor, digest(value))
    for name, sample, layers in itertools.chain(single_layers(), CHAINS):
        for mode in ("training", "inference"):
            description = described(layers, sample)
            random, parameters, x = draw(description, 0.5, 5)
            upstream = random.randn(5, *graph.output_shape(description))
            results, _ = graph.evaluate(
                description, parameters, x, upstream=upstream, mode=mode, random=np.random.RandomState(SEED))
            yield "layer %s %s %s" % (name, mode, digest(*results.values()))
    for kind, entry in LOSSES.items():
        for name, sample in entry["digests"].items():
            description = {"input": [5], "layers": [layer("dense", "layer", units=6)],
                           "loss": dict({"type": kind}, **sample["settings"]), "l2": sample["l2"]}
            random, parameters, x = draw(description, 0.5, 7)
            targets = random.randint(0, 6, 7) if sample["targets"] == "labels" else random.rand(7, 6)
            results, _ = graph.evaluate(description, parameters, x, targets)
            results.pop("accuracy", None)
            yield "loss %s %s" % (name, digest(*results.values()))
    for channels, height, width, filters, kernel, stride, padding, bias, batch in CONVOLUTIONS:
        step = layer("conv2d", "conv1", filters=filters, kernel=kernel, stride=stride, padding=padding, bias=bias)
        description = {"input": [channels, height, width], "layers": [step]}
        random, parameters, x = draw(description, 0.5, batch)
        upstream = random.randn(batch, *graph.output_shape(description))
        results, _ = graph.evaluate(description, parameters, x, upstream=upstream)
        yield "conv2d %d %d %d %d %dx%d %dx%d %dx%d %s %d %s" % (
            (channels, height, width, filters) + kernel + stride + padding
            + ("bias" if bias else "plain", batch, digest(*results.values())))


def main():
    environment.recorded("strict", "network_digests.py", SEED)
    default = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "digests", "networks.txt")
    target = sys.argv[1] if len(sys.argv) > 1 else default
    header = "# SHA-256 digests of the reference's networks; how they are made: testdata/reference/network_digests.py"
    text = "\n".join([header] + list(lines())) + "\n"
    if target == "-":
        sys.stdout.write(text)
        return
    with open(target, "w", encoding="ascii", newline="\n") as file:
        file.write(text)


if __name__ == "__main__":
    main()
