"""Forty PyTorch models, right and each with a planted fault, to measure how far a verdict can be trusted.

Usage: python3 model_zoo.py FOLDER, with a python3 that has torch. Writes FOLDER/right/NAME, what PyTorch computed, and
FOLDER/wrong/NAME-FAULT, the same recording beside a network, weights or inputs in which one thing is wrong. Java has to
find every right case right and every wrong one wrong, with the match that from_torch gives to its users.

Ten of the models are trained on the digits to more than 95 %: their gradients are small sums of large terms.
"""
import json
import os
import shutil
import sys

import numpy as np
import torch
from torch import nn

from allclose_record import from_torch

HERE = os.path.dirname(os.path.abspath(__file__))
ACCURACY = 0.95


# The models


class Model:
    """A model, a batch and what is asked of it."""

    def __init__(self, layers, sample, batch, classes=10, mode="training", loss="softmax", trained=False, l2=0.0,
                 scale=1.0):
        self.layers, self.sample, self.batch, self.classes = layers, sample, batch, classes
        self.mode, self.loss, self.trained, self.l2, self.scale = mode, loss, trained, l2, scale


def perceptron(*widths, activation=nn.ReLU, between=(), dropout=0.0, last=()):
    """Linear layers of the given widths, an activation and what else behind each but the last."""
    def make():
        layers = []
        for index, (inputs, units) in enumerate(zip(widths, widths[1:])):
            layers.append(nn.Linear(inputs, units))
            if index < len(widths) - 2:
                layers += [kind(units) for kind in between] + [activation()]
                layers += [nn.Dropout(dropout)] if dropout else []
        return layers + [kind() for kind in last]
    return make


def convnet(channels, side, *filters, classes=10, activation=nn.ReLU, norm=None, pool=nn.MaxPool2d, dropout=0.0,
            bias=True, last=()):
    """Convolutions of three by three, each followed by a pool of two by two, and a linear layer."""
    def make():
        layers, before, size = [], channels, side
        for count in filters:
            layers.append(nn.Conv2d(before, count, 3, padding=1, bias=bias))
            layers += [norm(count)] if norm else []
            layers += [activation(), pool(2)]
            before, size = count, size // 2
        layers += [nn.Flatten()] + ([nn.Dropout(dropout)] if dropout else [])
        return layers + [nn.Linear(before * size * size, classes)] + [kind() for kind in last]
    return make


def softmax():
    return nn.Softmax(dim=1)


def groups(channels):
    return nn.GroupNorm(2, channels)


FLAT, IMAGE = (64,), (1, 8, 8)
MODELS = {
    "digits_relu": Model(perceptron(64, 32, 10), FLAT, 8, trained=True),
    "digits_tanh": Model(perceptron(64, 100, 10, activation=nn.Tanh), FLAT, 128, mode="inference", trained=True),
    "digits_deep": Model(perceptron(64, 64, 64, 64, 10), FLAT, 1000, trained=True),
    "digits_norm": Model(perceptron(64, 64, 48, 10, between=[nn.BatchNorm1d]), FLAT, 128, trained=True),
    "digits_norm_inference": Model(perceptron(64, 64, 48, 10, between=[nn.BatchNorm1d]), FLAT, 1000, mode="inference",
                                   trained=True),
    "digits_dropout": Model(perceptron(64, 100, 50, 10, dropout=0.3), FLAT, 128, mode="inference", trained=True),
    "digits_gelu": Model(perceptron(64, 64, 10, activation=nn.GELU, between=[nn.LayerNorm]), FLAT, 1000, trained=True),
    "digits_convnet": Model(convnet(1, 8, 8, 16), IMAGE, 128, trained=True),
    "digits_convnet_norm": Model(convnet(1, 8, 8, 16, norm=nn.BatchNorm2d, bias=False), IMAGE, 128, trained=True),
    "digits_convnet_dropout": Model(convnet(1, 8, 8, 16, norm=nn.BatchNorm2d, dropout=0.4), IMAGE, 8, mode="inference",
                                    trained=True),
    "wide": Model(perceptron(784, 512, 256, 10), (784,), 128),
    "one_sample": Model(perceptron(784, 128, 10), (784,), 1),
    "long_sum": Model(perceptron(3072, 100, 10), (3072,), 100),
    "twenty_layers": Model(perceptron(*[24] * 20, 5), (24,), 8, classes=5),
    "twenty_tanh": Model(perceptron(*[24] * 20, 5, activation=nn.Tanh), (24,), 8, classes=5),
    "bias_before_norm": Model(perceptron(12, 16, 16, 3, between=[nn.BatchNorm1d]), (12,), 8, classes=3),
    "bias_before_norm_large": Model(perceptron(12, 16, 16, 3, between=[nn.BatchNorm1d]), (12,), 1000, classes=3),
    "softmax_head": Model(perceptron(12, 16, 5, last=[softmax]), (12,), 8, classes=5, loss=None),
    "softmax_head_large": Model(perceptron(12, 32, 32, 10, last=[softmax]), (12,), 1000, loss=None),
    "softmax_head_convnet": Model(convnet(3, 8, 6, last=[softmax]), (3, 8, 8), 8, loss=None),
    "sigmoid": Model(perceptron(20, 30, 30, 4, activation=nn.Sigmoid), (20,), 128, classes=4),
    "elu": Model(perceptron(20, 30, 4, activation=nn.ELU), (20,), 128, classes=4),
    "leaky": Model(perceptron(20, 30, 4, activation=lambda: nn.LeakyReLU(0.1)), (20,), 8, classes=4),
    "softplus": Model(perceptron(20, 30, 4, activation=nn.Softplus), (20,), 8, classes=4),
    "gelu": Model(perceptron(20, 30, 4, activation=nn.GELU), (20,), 128, classes=4),
    "gelu_tanh": Model(perceptron(20, 30, 4, activation=lambda: nn.GELU("tanh")), (20,), 128, classes=4),
    "layer_norm": Model(perceptron(20, 30, 30, 4, between=[nn.LayerNorm]), (20,), 8, classes=4),
    "two_samples_norm": Model(perceptron(6, 8, 3, between=[nn.BatchNorm1d]), (6,), 2, classes=3),
    "regression": Model(perceptron(10, 20, 2, activation=nn.Tanh), (10,), 128, classes=2, loss="meanSquaredError"),
    "regression_l2": Model(perceptron(10, 20, 2), (10,), 8, classes=2, loss="meanSquaredError", l2=0.01),
    "binary": Model(perceptron(10, 20, 3), (10,), 128, classes=3, loss="binaryCrossEntropy"),
    "penalized": Model(perceptron(30, 20, 6), (30,), 8, classes=6, l2=0.1),
    "large_inputs": Model(perceptron(30, 20, 6), (30,), 8, classes=6, scale=1e3),
    "small_inputs": Model(perceptron(30, 20, 6), (30,), 8, classes=6, scale=1e-6),
    "convnet": Model(convnet(3, 16, 8, 12), (3, 16, 16), 8),
    "convnet_inference": Model(convnet(3, 16, 8, 12, norm=nn.BatchNorm2d), (3, 16, 16), 8, mode="inference"),
    "convnet_norm": Model(convnet(3, 16, 8, 12, norm=nn.BatchNorm2d), (3, 16, 16), 128),
    "convnet_groups": Model(convnet(3, 8, 8, norm=groups), (3, 8, 8), 8),
    "convnet_means": Model(convnet(3, 8, 6, pool=nn.AvgPool2d), (3, 8, 8), 128),
    "convnet_elu": Model(convnet(3, 8, 6, activation=nn.ELU), (3, 8, 8), 8, l2=1e-3),
}


def digits(sample):
    archive = np.load(os.path.join(HERE, "..", "datasets", "digits.npz"))
    return archive["images"].reshape(-1, *sample) / 16.0, archive["labels"]


def train(module, x, labels):
    """Trains until the digits are known; returns the accuracy in the mode of inference."""
    x, labels = torch.tensor(x), torch.tensor(labels)
    optimizer = torch.optim.Adam(module.parameters(), 3e-3)
    for _ in range(60):
        module.train()
        for rows in torch.randperm(len(x)).split(100):
            optimizer.zero_grad()
            nn.functional.cross_entropy(module(x[rows]), labels[rows]).backward()
            optimizer.step()
    module.eval()
    return float((module(x).argmax(1) == labels).double().mean())


def record(name, model, folder, seed):
    torch.manual_seed(seed)
    random = np.random.RandomState(seed)
    module = nn.Sequential(*model.layers()).double()
    if model.trained:
        x, labels = digits(model.sample)
        accuracy = train(module, x, labels)
        if accuracy <= ACCURACY:
            raise SystemExit("%s: expected an accuracy above %s but got %s" % (name, ACCURACY, accuracy))
        rows = random.choice(len(x), model.batch, replace=False)
        x, labels = x[rows], labels[rows]
    else:
        x = model.scale * random.randn(model.batch, *model.sample)
        labels = random.randint(model.classes, size=model.batch)
        module.train()
        with torch.no_grad():
            module(torch.tensor(random.randn(50, *model.sample)))  # running statistics that have seen something
    given = {"labels": labels} if model.loss == "softmax" else {}
    if model.loss == "meanSquaredError":
        given = {"targets": random.randn(model.batch, model.classes)}
    elif model.loss == "binaryCrossEntropy":
        given = {"targets": random.rand(model.batch, model.classes)}
    module.train(model.mode == "training")
    from_torch(module, name, folder, x, loss=model.loss, l2=model.l2, **given)


# The faults: each changes a network file, weights or inputs, or returns False where it has nothing to change


class Case:
    """A recorded case whose network, weights and inputs can be changed."""

    def __init__(self, folder):
        self.folder = folder
        with open(os.path.join(folder, "case.json"), encoding="utf-8") as source:
            self.case = json.load(source)
        with open(os.path.join(folder, "network.json"), encoding="utf-8") as source:
            self.network = json.load(source)
        with np.load(os.path.join(folder, "weights.npz")) as archive:
            self.weights = {key: archive[key] for key in archive.files}
        self.inputs = {key: np.load(os.path.join(folder, file)) for key, file in self.case["inputs"].items()}

    def write(self):
        for name, content in (("case.json", self.case), ("network.json", self.network)):
            with open(os.path.join(self.folder, name), "w", encoding="utf-8") as out:
                json.dump(content, out, indent=1)
        np.savez(os.path.join(self.folder, "weights.npz"), **self.weights)
        for key, file in self.case["inputs"].items():
            np.save(os.path.join(self.folder, file), self.inputs[key])

    def layers(self, *kinds):
        return [layer for layer in self.network["layers"] if layer["type"] in kinds]

    def keys(self, ending):
        return [key for key in self.weights if key.endswith("/" + ending)]


def one_weight(relative):
    """One weight, the median of its layer's by magnitude, changed by a part of itself."""
    def fault(case):
        w = case.weights[case.keys("W")[-1]]
        index = np.argsort(np.abs(w), axis=None)[w.size // 2]
        w.flat[index] *= 1 + relative
    return fault


def setting(kind, key, value):
    def fault(case):
        layers = case.layers(kind)
        for layer in layers[:1]:
            layer[key] = value(layer[key]) if callable(value) else value
        return bool(layers)
    return fault


def other_type(kind, other, **settings):
    def fault(case):
        layers = case.layers(kind)
        for layer in layers[:1]:
            name = layer["name"]
            layer.clear()
            layer.update(type=other, name=name, **settings)
        return bool(layers)
    return fault


def each(ending, change):
    """Every parameter of a name changed."""
    def fault(case):
        keys = case.keys(ending)
        for key in keys:
            case.weights[key] = np.ascontiguousarray(change(case.weights[key]))
        return bool(keys)
    return fault


def first(ending, change, rank=None):
    """The first parameter of a name, and of a number of axes, changed."""
    def fault(case):
        keys = [key for key in case.keys(ending) if rank in (None, case.weights[key].ndim)]
        for key in keys[:1]:
            case.weights[key] = np.ascontiguousarray(change(case.weights[key]))
        return bool(keys)
    return fault


def exchanged(one, other):
    def fault(case):
        keys = case.keys(one)
        for key in keys:
            partner = key[:-len(one)] + other
            case.weights[key], case.weights[partner] = case.weights[partner], case.weights[key]
        return bool(keys)
    return fault


def equal_shapes(case):
    """Two weights of the same shape exchanged."""
    keys = case.keys("W")
    for index, one in enumerate(keys):
        for other in keys[index + 1:]:
            if case.weights[one].shape == case.weights[other].shape:
                case.weights[one], case.weights[other] = case.weights[other], case.weights[one]
                return True
    return False


def never_loaded(case):
    for key in case.keys("runningMean"):
        case.weights[key][:] = 0
    for key in case.keys("runningVariance"):
        case.weights[key][:] = 1
    return bool(case.keys("runningMean")) and case.case["mode"] == "inference"


def other_mode(case):
    case.case["mode"] = "training" if case.case["mode"] == "inference" else "inference"
    return bool(case.layers("batchNorm"))


def penalty(change):
    def fault(case):
        if "l2" not in case.network:
            return False
        case.network["l2"] = change(case.network["l2"])
    return fault


def flattened(case):
    """The rows behind a flattened image in the order (height, width, channel)."""
    kinds = [layer["type"] for layer in case.network["layers"]]
    if "flatten" not in kinds:
        return False
    filters = case.layers("conv2d")[-1]["filters"]
    key = case.keys("W")[-1]
    w = case.weights[key]
    side = int(round((w.shape[0] / filters) ** 0.5))
    case.weights[key] = np.ascontiguousarray(
        w.reshape(filters, side, side, -1).transpose(1, 2, 0, 3).reshape(w.shape))


def given(key, change):
    def fault(case):
        if key not in case.inputs:
            return False
        case.inputs[key] = np.ascontiguousarray(change(case.inputs[key]))
    return fault


def softmax_twice(case):
    case.network["layers"].append({"type": "softmax", "name": "again"})


def swapped(w):
    """The first two columns, or values, exchanged."""
    order = [1, 0] + list(range(2, w.shape[-1]))
    return w[..., order]


FAULTS = {
    "weight_1e-6": one_weight(1e-6),
    "weight_1e-8": one_weight(1e-8),
    "weight_1e-10": one_weight(1e-10),
    "float32": each("W", lambda w: w.astype(np.float32).astype(np.float64)),
    "float16": first("W", lambda w: w.astype(np.float16).astype(np.float64)),
    "bias_lost": first("b", np.zeros_like),
    "bias_other_sign": first("b", np.negative),
    "classes_exchanged": each("W", lambda w: swapped(w) if w.ndim == 2 else w),
    "weights_exchanged": equal_shapes,
    "columns_reversed": first("W", lambda w: w[:, ::-1], rank=2),
    "rows_reversed": first("W", lambda w: w[::-1], rank=2),
    "kernel_turned": first("W", lambda w: w[:, :, ::-1, ::-1], rank=4),
    "channels_reversed": first("W", lambda w: w[::-1], rank=4),
    "flattened_channels_last": flattened,
    "relu_for_leaky": other_type("leakyRelu", "relu"),
    "leaky_for_relu": other_type("relu", "leakyRelu", alpha=0.01),
    "elu_for_relu": other_type("relu", "elu", alpha=1.0),
    "sigmoid_for_tanh": other_type("tanh", "sigmoid"),
    "gelu_tanh_for_gelu": other_type("gelu", "geluTanh"),
    "gelu_for_gelu_tanh": other_type("geluTanh", "gelu"),
    "relu_for_softplus": other_type("softplus", "relu"),
    "leaky_slope": setting("leakyRelu", "alpha", 0.3),
    "elu_slope": setting("elu", "alpha", 0.9),
    "batch_norm_epsilon": setting("batchNorm", "epsilon", 1e-3),
    "batch_norm_epsilon_little": setting("batchNorm", "epsilon", lambda epsilon: epsilon * 1.001),
    "layer_norm_epsilon": setting("layerNorm", "epsilon", 1e-6),
    "groups": setting("groupNorm", "groups", 4),
    "statistics_never_loaded": never_loaded,
    "gamma_scaled": first("gamma", lambda gamma: 1.01 * gamma),
    "beta_and_mean_exchanged": exchanged("beta", "runningMean"),
    "other_mode": other_mode,
    "l2_twice": penalty(lambda value: 2 * value),
    "l2_lost": penalty(lambda value: 0.0),
    "means_for_maxima": other_type("maxPool2d", "averagePool2d", size=[2, 2], stride=[2, 2]),
    "maxima_for_means": other_type("averagePool2d", "maxPool2d", size=[2, 2], stride=[2, 2]),
    "labels_moved": given("labels", lambda labels: np.roll(labels, 1)),
    "inputs_scaled": given("x", lambda x: x / 255),
    "inputs_shifted": given("x", lambda x: x - 1e-7),
    "upstream_changed": given("upstream", lambda upstream: upstream + np.arange(upstream.shape[-1])),
    "softmax_twice": softmax_twice,
}


def plant(folder, target, name, offset):
    """Writes the case once more with the next fault that can be planted in it; returns the fault's name."""
    names = list(FAULTS)
    for step in range(len(names)):
        fault = names[(offset + step) % len(names)]
        case = Case(os.path.join(folder, name))
        if FAULTS[fault](case) is False:
            continue
        case.folder = os.path.join(target, "%s-%s" % (name, fault))
        shutil.copytree(os.path.join(folder, name), case.folder)
        case.case["name"] = os.path.basename(case.folder)
        case.write()
        return fault
    raise SystemExit("%s: expected a fault that can be planted" % name)


def main():
    folder = sys.argv[1]
    right, wrong = os.path.join(folder, "right"), os.path.join(folder, "wrong")
    os.makedirs(right)
    planted = set()
    for index, (name, model) in enumerate(MODELS.items()):
        record(name, model, right, index)
    # First each model with one fault, another one for each as far as they fit; then each fault that was not planted yet.
    for name in MODELS:
        planted.add(plant(right, wrong, name, next((i for i, fault in enumerate(FAULTS) if fault not in planted), 0)))
    for offset, fault in enumerate(FAULTS):
        for name in MODELS if fault not in planted else ():
            case = Case(os.path.join(right, name))
            if FAULTS[fault](case) is not False:
                plant(right, wrong, name, offset)
                planted.add(fault)
                break
    print("%d models, %d faults" % (len(MODELS), len(planted)))


if __name__ == "__main__":
    main()
