"""Records networks in which Python makes a known mistake, for Java to find: python3 allclose_record.py record_faults.py.

Each network file and its weights are right; what is recorded is what a wrong program gives.
"""
import os

import numpy as np

import functions
import sequential
from allclose_record import record_network

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "faults")
LABELS = np.array([1, 0, 3, 2, 5, 4])


def layer(kind, name, **settings):
    return dict({"type": kind, "name": name}, **settings)


def network(layers, sample, loss=None, l2=0.0):
    description = {"format": "allclose-network/1", "input": list(sample), "layers": layers}
    if loss:
        description["loss"] = {"type": loss}
        if l2:
            description["l2"] = l2
    return description


def parameters(description, random):
    values = sequential.initial_parameters(description, random, 0.4)
    for name in values:
        values[name] = values[name] + 0.3 * random.rand(*values[name].shape)
    return values


def record(name, right, wrong=None, change=None, results=None, mode="training"):
    """Records what the wrong network, or the right one with changed parameters, gives."""
    random = np.random.RandomState(231)
    weights = parameters(right, random)
    x = random.randn(len(LABELS), *right["input"])
    wrong = wrong or right
    used = dict(weights)
    if change:
        used.update(change(weights, random))
    inputs = {"x": x}
    if "loss" in right:
        inputs["labels"] = LABELS
    else:
        inputs["upstream"] = random.randn(len(LABELS), *shape_of(right))
    expected, outputs = sequential.evaluate(wrong, used, x, inputs.get("labels"), inputs.get("upstream"), mode,
                                            np.random.RandomState(7))
    if results:
        expected, outputs = results(expected, outputs, weights, x)
    expected = {key: value for key, value in expected.items() if key in weights or "/" not in key}
    record_network(name, FOLDER, right, weights, inputs, expected, outputs, mode=mode, seed=7, match={"ulps": 64},
                   reason="shows a mistake, not rounding")


def shape_of(description):
    sample = tuple(description["input"])
    for step in description["layers"]:
        sample = sequential.output_shape(step, sample)
    return sample


DENSE = network([layer("dense", "fc1", units=6), layer("relu", "relu1"), layer("dense", "fc2", units=6)], (6,),
                "softmax", 0.1)
BIASED = [layer("dense", "fc1", units=6), layer("relu", "relu1"), layer("dense", "fc2", units=6)]
UNBIASED = network([layer("dense", "fc1", units=6, bias=False)] + BIASED[1:], (6,), "softmax")
IMAGES = network([layer("conv2d", "conv1", filters=4, kernel=[3, 3], padding=[1, 1]), layer("relu", "relu1"),
                  layer("flatten", "flatten1"), layer("dense", "fc1", units=6)], (3, 4, 5), "softmax")


def swap_rows(w, to_channels_last):
    """The rows of a dense layer's W behind (4, 4, 5) images, as (height, width, channel) or back."""
    if to_channels_last:
        return w.reshape(4, 4, 5, -1).transpose(1, 2, 0, 3).reshape(w.shape)
    return w.reshape(4, 5, 4, -1).transpose(2, 0, 1, 3).reshape(w.shape)


def norm(kind, sample=(5, 4, 3), **settings):
    return network([layer(kind, "norm1", **settings), layer("relu", "relu1")], sample)


def unbiased_batch_norm(expected, outputs, weights, x):
    """Batch norm with ddof=1 where variances are taken."""
    axes = (0, 2, 3)
    mean, variance = x.mean(axis=axes, keepdims=True), x.var(axis=axes, ddof=1, keepdims=True)
    gamma, beta = (weights["norm1/" + name].reshape(1, -1, 1, 1) for name in ("gamma", "beta"))
    out = gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta
    return {"scores": np.maximum(out, 0)}, {"norm1": out, "relu1": np.maximum(out, 0)}


def unbiased_layer_norm(expected, outputs, weights, x):
    axes = (1, 2, 3)
    mean, variance = x.mean(axis=axes, keepdims=True), x.var(axis=axes, ddof=1, keepdims=True)
    out = weights["norm1/gamma"] * (x - mean) / np.sqrt(variance + 1e-5) + weights["norm1/beta"]
    return {"scores": np.maximum(out, 0)}, {"norm1": out, "relu1": np.maximum(out, 0)}


def torch_statistics(expected, outputs, weights, x):
    """The running variance as torch.nn.BatchNorm2d keeps it, by its documentation."""
    variance = x.var(axis=(0, 2, 3), ddof=1)
    return dict(expected, **{"norm1/runningVariance": 0.9 * weights["norm1/runningVariance"] + 0.1 * variance}), outputs


def confused_momentum(expected, outputs, weights, x):
    mean = x.mean(axis=(0, 2, 3))
    return dict(expected, **{"norm1/runningMean": 0.1 * weights["norm1/runningMean"] + 0.9 * mean}), outputs


def softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def softmax_of_scores(expected, outputs, weights, x):
    probabilities = softmax(expected["scores"])
    return {"scores": probabilities}, dict(outputs, fc2=probabilities)


def softmax_in_the_loss(expected, outputs, weights, x):
    loss, _ = functions.softmax_loss(softmax(expected["scores"]), LABELS)
    return {"scores": expected["scores"], "loss": loss}, outputs


def single(expected, outputs, weights, x):
    """The network of DENSE in float32."""
    p = {name: value.astype(np.float32) for name, value in weights.items()}
    fc1 = x.astype(np.float32) @ p["fc1/W"] + p["fc1/b"]
    relu1 = np.maximum(fc1, 0)
    fc2 = relu1 @ p["fc2/W"] + p["fc2/b"]
    return ({"scores": fc2.astype(np.float64)},
            {name: value.astype(np.float64) for name, value in (("fc1", fc1), ("relu1", relu1), ("fc2", fc2))})


def without_penalty(expected, outputs, weights, x):
    loss, _ = functions.softmax_loss(expected["scores"], LABELS)
    return dict({"scores": expected["scores"], "loss": loss},
                **{name: expected[name] - 0.1 * weights[name] for name in ("fc1/W", "fc2/W")}), outputs


def summed(expected, outputs, weights, x):
    """The loss summed over the samples, and so all gradients; of a network without L2."""
    n = len(LABELS)
    return {name: value if name == "scores" else n * value for name, value in expected.items()
            if name != "accuracy"}, outputs


def without_half(expected, outputs, weights, x):
    """L2 as l2 * sum(W * W)."""
    penalty = 0.1 * sum(np.sum(weights[name] ** 2) for name in ("fc1/W", "fc2/W"))
    return dict({"scores": expected["scores"], "loss": expected["loss"] + 0.5 * penalty},
                **{name: expected[name] + 0.1 * weights[name] for name in ("fc1/W", "fc2/W")}), outputs


def ascending(expected, outputs, weights, x):
    return dict({"scores": expected["scores"]}, **{name: -expected[name] for name in ("dx", "fc1/b")}), outputs


def transposed_gradient(expected, outputs, weights, x):
    return {"scores": expected["scores"], "head/W": expected["head/W"].T.copy(), "fc1/W": expected["fc1/W"].T.copy()}, outputs


def loss_of_scores(expected, outputs, weights, x):
    """The loss of what the softmax layer is given."""
    loss, _ = functions.softmax_loss(outputs["fc1"], LABELS)
    return {"scores": expected["scores"], "loss": loss}, outputs


def scaled_in_inference(expected, outputs, weights, x):
    """Dropout that is not inverted multiplies by keep in inference."""
    return {"scores": 0.8 * outputs["fc1"]}, {"fc1": outputs["fc1"], "drop1": 0.8 * outputs["fc1"]}


def main():
    record("transposed_dense", DENSE, change=lambda p, r: {"fc1/W": p["fc1/W"].T.copy()})
    record("transposed_kernel", IMAGES, change=lambda p, r: {"conv1/W": p["conv1/W"].transpose(0, 1, 3, 2).copy()})
    record("flipped_kernel", IMAGES, change=lambda p, r: {"conv1/W": p["conv1/W"][:, :, ::-1, ::-1].copy()})
    record("channels_last_rows", IMAGES, change=lambda p, r: {"fc1/W": swap_rows(p["fc1/W"], False)})
    record("channels_last_flatten", IMAGES, change=lambda p, r: {"fc1/W": swap_rows(p["fc1/W"], True)})
    record("bgr", IMAGES, change=lambda p, r: {"conv1/W": p["conv1/W"][:, ::-1].copy()})
    record("no_bias_recorded", DENSE, change=lambda p, r: {"fc1/b": np.zeros(6)})
    record("no_bias_in_network", UNBIASED, wrong=network(BIASED, (6,), "softmax"),
           change=lambda p, r: {"fc1/b": np.linspace(-1, 1, 6)})
    dropout = network([layer("dense", "fc1", units=6), layer("dropout", "drop1", keep=0.8)], (6,), "softmax")
    dropped = network([layer("dense", "fc1", units=6), layer("dropout", "drop1", keep=0.2)], (6,), "softmax")
    record("drop_for_keep", dropout, wrong=dropped)
    record("no_dropout", dropout, wrong=network([layer("dense", "fc1", units=6), layer("dropout", "drop1", keep=1.0)],
                                                (6,), "softmax"))
    record("other_keep", dropout, wrong=network([layer("dense", "fc1", units=6), layer("dropout", "drop1", keep=0.5)],
                                                (6,), "softmax"))
    record("other_mask", dropout, results=lambda e, o, p, x: (
        lambda other: ({"scores": other[0]["scores"]}, other[1]))(sequential.evaluate(
            dropout, p, x, LABELS, mode="training", random=np.random.RandomState(8))))
    record("dropout_in_inference", dropout, mode="inference", results=scaled_in_inference)
    record("l2_without_half", DENSE, results=without_half)
    record("ascending", DENSE, results=ascending)
    record("transposed_gradient", network([layer("dense", "fc1", units=6), layer("relu", "relu1"),
                                           layer("dense", "head", units=7)], (6,), "softmax"),
           results=transposed_gradient)
    record("softmax_in_network_and_loss", network([layer("dense", "fc1", units=6), layer("softmax", "softmax1")], (6,),
                                                  "softmax"), results=loss_of_scores)
    record("batch_statistics", norm("batchNorm"), mode="inference", results=lambda e, o, p, x: (
        lambda other: ({"scores": other[0]["scores"]}, other[1]))(sequential.evaluate(
            norm("batchNorm"), p, x, upstream=np.ones(x.shape), mode="training")))
    record("epsilon", norm("batchNorm", epsilon=1e-5), wrong=norm("batchNorm", epsilon=1e-3))
    record("epsilon_layer_norm", norm("layerNorm", epsilon=1e-5), wrong=norm("layerNorm", epsilon=1e-6))
    record("epsilon_group_norm", norm("groupNorm", (4, 4, 3), groups=2), wrong=norm("groupNorm", (4, 4, 3), groups=2,
                                                                                    epsilon=1e-3))
    record("variance", norm("batchNorm"), results=unbiased_batch_norm)
    record("variance_layer_norm", norm("layerNorm"), results=unbiased_layer_norm)
    record("running_variance", norm("batchNorm"), results=torch_statistics)
    record("momentum", norm("batchNorm"), results=confused_momentum)
    record("mode", norm("batchNorm"), results=lambda e, o, p, x: (
        lambda other: ({"scores": other[0]["scores"]}, other[1]))(sequential.evaluate(
            norm("batchNorm"), p, x, upstream=np.ones(x.shape), mode="inference")))
    record("float32", DENSE, results=single)
    record("softmax_of_scores", DENSE, results=softmax_of_scores)
    record("softmax_in_the_loss", network(BIASED, (6,), "softmax"), results=softmax_in_the_loss)
    record("no_penalty", DENSE, results=without_penalty)
    record("summed", network(BIASED, (6,), "softmax"), results=summed)
    record("tanh_for_relu", DENSE, wrong=network([BIASED[0], layer("tanh", "relu1"), BIASED[2]], (6,), "softmax", 0.1))
    record("no_relu", DENSE, wrong=network([BIASED[0], layer("leakyRelu", "relu1", alpha=1.0), BIASED[2]], (6,),
                                           "softmax", 0.1))


if __name__ == "__main__":
    main()
