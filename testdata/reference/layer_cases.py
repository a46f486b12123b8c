"""The cases of single layers and of networks of many kinds of layers, run as network files."""
import numpy as np

import graph
import losses
from layers import LAYERS
from samples import IMAGE, SEED

EXACT = {"match": "exact"}


def described(layers, sample):
    """A network file; sample: the shape of the input, or a dict of several by name, or a list, of inputs a, b, c ..."""
    entries = [LAYERS.get(layer["type"]) for layer in layers]
    second = any("inputs" in layer for layer in layers) or any(entry and entry["version"] > 1 for entry in entries)
    description = {"format": "allclose-network/%d" % (2 if second else 1)}
    named = sample if isinstance(sample, dict) else dict(zip("abcd", sample if isinstance(sample, list) else [sample]))
    tokens = graph.token_limits(layers, named)
    if isinstance(sample, (list, dict)) or tokens:
        description["inputs"] = [dict({"name": name, "shape": list(shape)}, **({"type": "tokens"} if name in tokens else {}))
                                 for name, shape in named.items()]
    else:
        description["input"] = list(sample)
    return dict(description, layers=layers)


def random_parameters(description, random, scale):
    """Random weights and whole numbers, and everything else off its start."""
    parameters, whole = graph.initial_parameters(description, random, scale), graph.whole_numbers(description)
    for name in parameters:
        if name in whole:
            parameters[name] = random.randint(0, whole[name], parameters[name].shape).astype(np.float64)
        elif not graph.is_weight(name):
            parameters[name] = parameters[name] + 0.3 * random.rand(*parameters[name].shape)
    return parameters


def random_inputs(description, random, batch, x=None):
    """The inputs by name, random where they are not given."""
    inputs = graph.Graph(description).inputs
    limits = graph.token_limits(description["layers"], inputs) if "inputs" in description else {}
    names = ["x"] if "input" in description else list(inputs)
    given = [None] * len(names) if x is None else x if isinstance(x, list) else [x]
    return {name: array if array is not None else
            random.randint(0, limits[name], (batch,) + shape) if name in limits else random.randn(batch, *shape)
            for name, shape, array in zip(names, inputs.values(), given)}


def network_case(layers, sample, batch, x=None, loss=None, targets=None, mode="training", l2=0.0, scale=0.5,
                 expectation=EXACT, **more):
    """Random parameters and inputs; without a loss the backward pass starts from a random gradient.

    more: what else the network file says, such as its outputs.
    """
    random = np.random.RandomState(SEED)
    description = dict(described(layers, sample), **more)
    if loss is not None:
        description["losses" if isinstance(loss, list) else "loss"] = loss
        if l2:
            description["l2"] = l2
    parameters = random_parameters(description, random, scale)
    inputs = random_inputs(description, random, batch, x)
    arrays = inputs["x"] if "input" in description else dict(inputs)
    upstream = None
    if targets is not None:
        for name, array in targets.items() if isinstance(targets, dict) else [(None, targets)]:
            inputs[("labels" if array.dtype.kind in "iu" else "targets") + ("/" + name if name else "")] = array
    else:
        upstream = inputs["upstream"] = random.randn(len(next(iter(inputs.values()))), *graph.output_shape(description))
    given = None if description["format"] == "allclose-network/1" else {}
    with np.errstate(all="ignore"):
        results, outputs = graph.evaluate(description, parameters, arrays, targets, upstream, mode,
                                          np.random.RandomState(SEED), given)
    kinds = {"expected": results, "outputs": outputs, "inputGradients": given or {}}
    return {"network": description, "parameters": parameters, "run": {"mode": mode, "seed": SEED}, "arrays": dict(
        {kind: {name: (value, expectation) for name, value in arrays.items()} for kind, arrays in kinds.items() if arrays},
        inputs=inputs)}


def layer(kind, name=None, inputs=None, **settings):
    return dict({"type": kind, "name": name or kind}, **({} if inputs is None else {"inputs": inputs}), **settings)


def sample_network(kind, sample):
    """One layer as a sample says; a layer of several inputs takes all there are, unless its settings say which. What one
    that takes nothing gives is added to the input."""
    settings = dict(sample["settings"])
    if settings.get("inputs") == []:
        return [layer(kind, **settings), layer("add", "sum", inputs=["input", kind])]
    if LAYERS[kind]["several"]:
        names = "abcd"[:len(sample["sample"])]
        settings = dict({"inputs": list(names)}, **settings)
    return [layer(kind, **settings)]


def one(kind, sample):
    """The case of one layer."""
    return lambda: network_case(sample_network(kind, sample), sample["sample"], sample["batch"],
                                x=sample["x"] and sample["x"](), mode=sample["mode"])


def loss_case(kind, sample):
    """A loss behind a dense layer."""
    targets = losses.drawn()[sample["targets"]]
    return lambda: network_case([layer("dense", units=6)] + sample["before"], (5,), len(targets), x=sample["x"] and sample["x"](),
                                targets=targets, loss=dict({"type": kind}, **sample["settings"]))


def convnet():
    """cs231n's three-layer convnet: conv 7x7 - relu - pool - dense - relu - dense - softmax."""
    layers = [layer("conv2d", filters=8, kernel=[7, 7], padding=[3, 3]), layer("relu"),
              layer("maxPool2d", size=[2, 2]), layer("dense", "fc1", units=20),
              layer("relu", "relu2"), layer("dense", "fc2", units=10)]
    return network_case(layers, (3, 16, 16), 4, loss={"type": "softmax"}, targets=np.array([3, 0, 9, 3]), l2=0.01,
                        scale=0.1)


def big_convnet():
    """The convnet of the benchmarks, on two images."""
    layers = [layer("conv2d", filters=32, kernel=[7, 7], padding=[3, 3]), layer("relu"),
              layer("maxPool2d", size=[2, 2]), layer("dense", "fc1", units=10)]
    return network_case(layers, (3, 32, 32), 2, loss={"type": "softmax"}, targets=np.array([3, 0]), scale=0.05)


def seeded_dropout():
    """Two layers with the seed of cs231n's tests, so with the same mask, and one that goes on behind them."""
    drop = [layer("dropout", "drop1", keep=0.75, seed=123), layer("tanh"),
            layer("dropout", "drop2", keep=0.75, seed=123), layer("dropout", "drop3", keep=0.9)]
    return network_case(drop, (7, 4), 6)


def residual_net():
    """A small residual network with batch norm."""
    block = [layer("conv2d", filters=4, kernel=[3, 3], padding=[1, 1], bias=False), layer("batchNorm"), layer("relu"),
             layer("conv2d", "conv2d2", filters=4, kernel=[3, 3], padding=[1, 1], bias=False),
             layer("batchNorm", "batchNorm2")]
    layers = [layer("conv2d", filters=4, kernel=[3, 3], padding=[1, 1]), layer("residual", layers=block),
              layer("relu"), layer("averagePool2d", size=[4, 4]), layer("dense", units=5)]
    return network_case(layers, (3, 8, 8), 5, loss={"type": "softmax"}, targets=np.array([0, 4, 2, 2, 1]), l2=0.01)


CASES = {kind + "_" + name: one(kind, sample) for kind, entry in LAYERS.items() for name, sample in entry["cases"].items()}
CASES.update((name, loss_case(kind, sample)) for kind, entry in losses.LOSSES.items()
             for name, sample in entry["cases"].items())
CASES.update({
    "dropout_seed": seeded_dropout,
    "reshape": lambda: network_case([layer("reshape", shape=[4, 54]), layer("flatten"), layer("tanh")], IMAGE, 2),
    "convnet": convnet,
    "convnet_32": big_convnet,
    "residual": residual_net,
})
