"""The cases of single layers and of networks of many kinds of layers, run as network files."""
import numpy as np

import sequential

SEED = 231
EXACT = {"match": "exact"}
SPECIAL = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 5e-324, -5e-324, 1e-310, 1e308, -1e308, 1.0, -1.0, 0.5, -0.5,
                    3.0, -3.0, 20.0, -20.0, 40.0, -40.0, 710.0, -710.0, 750.0, -750.0])


def network_case(layers, sample, batch, x=None, loss=None, targets=None, mode="training", l2=0.0, scale=0.5,
                 expectation=EXACT):
    """Random parameters and inputs; without a loss the backward pass starts from a random gradient."""
    random = np.random.RandomState(SEED)
    description = {"format": "allclose-network/1", "input": list(sample), "layers": layers}
    if loss is not None:
        description["loss"] = loss
        if l2:
            description["l2"] = l2
    parameters = sequential.initial_parameters(description, random, scale)
    for name in parameters:
        if not name.endswith("/W"):
            parameters[name] = parameters[name] + 0.3 * random.rand(*parameters[name].shape)
    if x is None:
        x = random.randn(batch, *sample)
    inputs = {"x": x}
    if targets is not None:
        inputs["labels" if targets.ndim == 1 else "targets"] = targets
        upstream = None
    else:
        output = tuple(sample)
        for step in layers:
            output = sequential.output_shape(step, output)
        upstream = inputs["upstream"] = random.randn(len(x), *output)
    with np.errstate(all="ignore"):
        results, outputs = sequential.evaluate(description, parameters, x, targets, upstream, mode,
                                               np.random.RandomState(SEED))
    return {"network": description, "parameters": parameters, "run": {"mode": mode, "seed": SEED}, "arrays": {
        "inputs": inputs,
        "expected": {name: (value, expectation) for name, value in results.items()},
        "outputs": {name: (value, expectation) for name, value in outputs.items()}}}


def layer(kind, **settings):
    return dict({"type": kind, "name": kind}, **settings)


def one(kind, sample, batch=3, x=None, mode="training", **settings):
    """The case of one layer."""
    return lambda: network_case([layer(kind, **settings)], sample, batch, x=x, mode=mode)


def special(kind, **settings):
    """An elementwise layer on special values."""
    return one(kind, (len(SPECIAL),), x=SPECIAL[np.newaxis, :].copy(), **settings)


def ties():
    """Images in which many values are equal, signed zeros among them."""
    return np.random.RandomState(SEED).choice([0.0, -0.0, 1.0, 2.0], size=(2, 3, 6, 7))


def special_image():
    random = np.random.RandomState(SEED)
    x = random.randn(2, 2, 6, 6)
    x.reshape(-1)[random.permutation(x.size)[:len(SPECIAL)]] = SPECIAL
    return x


def constant_features():
    x = np.random.RandomState(SEED).randn(6, 5)
    x[:, 1], x[:, 3] = 0.1, -1e5
    return x


def convnet():
    """cs231n's three-layer convnet: conv 7x7 - relu - pool - dense - relu - dense - softmax."""
    layers = [layer("conv2d", filters=8, kernel=[7, 7], padding=[3, 3]), layer("relu"),
              layer("maxPool2d", size=[2, 2]), dict(layer("dense", units=20), name="fc1"),
              dict(layer("relu"), name="relu2"), dict(layer("dense", units=10), name="fc2")]
    return network_case(layers, (3, 16, 16), 4, loss={"type": "softmax"}, targets=np.array([3, 0, 9, 3]), l2=0.01,
                        scale=0.1)


def big_convnet():
    """The convnet of the benchmarks, on two images."""
    layers = [layer("conv2d", filters=32, kernel=[7, 7], padding=[3, 3]), layer("relu"),
              layer("maxPool2d", size=[2, 2]), dict(layer("dense", units=10), name="fc1")]
    return network_case(layers, (3, 32, 32), 2, loss={"type": "softmax"}, targets=np.array([3, 0]), scale=0.05)


def seeded_dropout():
    """Two layers with the seed of cs231n's tests, so with the same mask, and one that goes on behind them."""
    drop = [dict(layer("dropout", keep=0.75, seed=123), name="drop1"), layer("tanh"),
            dict(layer("dropout", keep=0.75, seed=123), name="drop2"), dict(layer("dropout", keep=0.9), name="drop3")]
    return network_case(drop, (7, 4), 6)


def residual_net():
    """A small residual network with batch norm."""
    block = [layer("conv2d", filters=4, kernel=[3, 3], padding=[1, 1], bias=False), layer("batchNorm"), layer("relu"),
             dict(layer("conv2d", filters=4, kernel=[3, 3], padding=[1, 1], bias=False), name="conv2d2"),
             dict(layer("batchNorm"), name="batchNorm2")]
    layers = [layer("conv2d", filters=4, kernel=[3, 3], padding=[1, 1]), layer("residual", layers=block),
              layer("relu"), layer("averagePool2d", size=[4, 4]), layer("dense", units=5)]
    return network_case(layers, (3, 8, 8), 5, loss={"type": "softmax"}, targets=np.array([0, 4, 2, 2, 1]), l2=0.01)


def loss_case(kind, targets, x=None, **settings):
    """A loss behind a dense layer."""
    return lambda: network_case([layer("dense", units=6)], (5,), len(targets), x=x, targets=targets,
                                loss=dict({"type": kind}, **settings))


def loss_cases():
    random = np.random.RandomState(SEED)
    labels = np.array([0, 3, 1, 5, 5, 2, 0])
    values = random.randn(7, 6)
    probabilities = random.rand(7, 6)
    probabilities = probabilities / probabilities.sum(axis=1, keepdims=True)
    return {
        "loss_hinge": loss_case("hinge", labels),
        "loss_hinge_margin": loss_case("hinge", labels, margin=2.5),
        "loss_mean_squared_error": loss_case("meanSquaredError", values),
        "loss_binary_cross_entropy": loss_case("binaryCrossEntropy", probabilities),
        "loss_binary_cross_entropy_far": loss_case("binaryCrossEntropy", probabilities, x=300 * random.randn(7, 5)),
        "loss_softmax_probabilities": loss_case("softmax", probabilities),
    }


IMAGE = (3, 9, 8)

CASES = {
    "conv2d_ordinary": one("conv2d", IMAGE, filters=4, kernel=[3, 3], padding=[1, 1]),
    "conv2d_minimal": one("conv2d", (1, 1, 1), batch=1, filters=1, kernel=[1, 1]),
    "conv2d_1x1": one("conv2d", IMAGE, filters=5, kernel=[1, 1]),
    "conv2d_whole_image": one("conv2d", (3, 4, 5), filters=3, kernel=[4, 5]),
    "conv2d_one_filter": one("conv2d", IMAGE, filters=1, kernel=[3, 2]),
    "conv2d_odd_filters": one("conv2d", IMAGE, filters=3, kernel=[5, 3], padding=[2, 1]),
    "conv2d_no_bias": one("conv2d", IMAGE, filters=4, kernel=[3, 3], bias=False),
    "conv2d_stride_2": one("conv2d", IMAGE, filters=4, kernel=[5, 3], stride=[2, 2], padding=[2, 3]),
    "conv2d_stride_3": one("conv2d", IMAGE, filters=4, kernel=[2, 3], stride=[3, 2], padding=[3, 0]),
    "conv2d_gaps": one("conv2d", IMAGE, filters=2, kernel=[1, 2], stride=[3, 3]),
    "conv2d_many_channels": one("conv2d", (40, 5, 5), batch=2, filters=6, kernel=[3, 3], padding=[1, 1]),
    "conv2d_many_places": one("conv2d", (2, 20, 19), batch=2, filters=4, kernel=[3, 3]),
    "conv2d_special": one("conv2d", (2, 6, 6), x=special_image(), filters=2, kernel=[2, 2], padding=[1, 1]),
    "maxPool2d_ordinary": one("maxPool2d", (3, 8, 6), size=[2, 2]),
    "maxPool2d_minimal": one("maxPool2d", (1, 1, 1), batch=1, size=[1, 1]),
    "maxPool2d_overlapping": one("maxPool2d", IMAGE, size=[3, 3], stride=[2, 1]),
    "maxPool2d_gaps": one("maxPool2d", IMAGE, size=[1, 2], stride=[3, 3]),
    "maxPool2d_rest": one("maxPool2d", IMAGE, size=[2, 3]),
    "maxPool2d_ties": one("maxPool2d", (3, 6, 7), x=ties(), size=[3, 2], stride=[1, 1]),
    "maxPool2d_special": one("maxPool2d", (2, 6, 6), x=special_image(), size=[2, 2], stride=[1, 2]),
    "averagePool2d_ordinary": one("averagePool2d", (3, 8, 6), size=[2, 2]),
    "averagePool2d_overlapping": one("averagePool2d", IMAGE, size=[3, 3], stride=[2, 1]),
    "averagePool2d_gaps": one("averagePool2d", IMAGE, size=[2, 2], stride=[3, 3]),
    "averagePool2d_special": one("averagePool2d", (2, 6, 6), x=special_image(), size=[3, 2]),
    "batchNorm_features": one("batchNorm", (7,), batch=9),
    "batchNorm_images": one("batchNorm", IMAGE, batch=4),
    "batchNorm_large_images": one("batchNorm", (2, 13, 14), batch=3, momentum=0.99, epsilon=1e-3),
    "batchNorm_inference": one("batchNorm", IMAGE, mode="inference"),
    "batchNorm_constant": one("batchNorm", (5,), x=constant_features()),
    "batchNorm_one_sample": one("batchNorm", (4,), batch=1),
    "layerNorm_features": one("layerNorm", (20,), batch=5),
    "layerNorm_images": one("layerNorm", IMAGE),
    "layerNorm_one_feature": one("layerNorm", (1,)),
    "layerNorm_constant": one("layerNorm", (6,), x=np.full((3, 6), 0.1)),
    "groupNorm_two": one("groupNorm", (4, 5, 3), groups=2),
    "groupNorm_one": one("groupNorm", IMAGE, groups=1),
    "groupNorm_each": one("groupNorm", IMAGE, groups=3, epsilon=1e-2),
    "dropout_training": one("dropout", (5, 8), batch=6, keep=0.7),
    "dropout_inference": one("dropout", (5,), keep=0.3, mode="inference"),
    "dropout_special": special("dropout", keep=0.5),
    "dropout_seed": seeded_dropout,
    "reshape": lambda: network_case([layer("reshape", shape=[4, 54]), layer("flatten"), layer("tanh")], IMAGE, 2),
    "convnet": convnet,
    "convnet_32": big_convnet,
    "residual": residual_net,
}
CASES.update(loss_cases())
for _kind in ("leakyRelu", "elu", "sigmoid", "tanh", "softplus", "gelu", "geluTanh"):
    CASES[_kind + "_ordinary"] = one(_kind, (3, 40), batch=4)
    CASES[_kind + "_special"] = special(_kind)
CASES["leakyRelu_alpha"] = one("leakyRelu", (9,), alpha=0.3)
CASES["elu_alpha"] = one("elu", (9,), alpha=1.7)
CASES["softmax_head"] = one("softmax", (10,), batch=4)
