"""Records networks in which Python makes a known mistake, for Java to find: python3 allclose_record.py record_faults.py.

Each network file and its weights are right; what is recorded is what a wrong program gives.
"""
import os

import numpy as np

import activations as act
import convolution as conv
import functions
import graph
import pooling
from allclose_record import Recording

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
    values = graph.initial_parameters(description, random, 0.4)
    for name in values:
        values[name] = values[name] + 0.3 * random.rand(*values[name].shape)
    return values


def record(name, right, wrong=None, change=None, results=None, mode="training", given=None, spread=1.0):
    """Records what the wrong network, or the right one with changed parameters or another input, gives."""
    random = np.random.RandomState(231)
    weights = parameters(right, random)
    x = spread * random.randn(len(LABELS), *right["input"])
    wrong = wrong or right
    used = dict(weights)
    if change:
        used.update(change(weights, random))
    inputs = {"x": x}
    if "loss" in right:
        inputs["labels"] = LABELS
    else:
        inputs["upstream"] = random.randn(len(LABELS), *graph.output_shape(wrong))
    expected, outputs = graph.evaluate(wrong, used, given(x) if given else x, inputs.get("labels"), inputs.get("upstream"), mode,
                                            np.random.RandomState(7))
    if results:
        expected, outputs = results(expected, outputs, weights, x)
    expected = {key: value for key, value in expected.items() if key in weights or "/" not in key}
    if "upstream" in inputs:
        # Of the shape of what the wrong program gives, which record_network would refuse.
        inputs["upstream"] = np.resize(inputs["upstream"], np.shape(expected["scores"]))
    write(name, right, weights, inputs, expected, outputs, mode)


def write(name, right, weights, inputs, expected, outputs, mode, input_gradients=None):
    recording = Recording(name)
    recording.network, recording.weights, recording.run = right, weights, {"mode": mode, "seed": 7}
    recording.input(**inputs)
    for kind, arrays in (("expected", expected), ("outputs", outputs), ("inputGradients", input_gradients)):
        for key, value in (arrays or {}).items():
            recording._put(kind, key, value, {"ulps": 64}, "shows a mistake, not rounding")
    recording.write(FOLDER)


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


def forward(expected, outputs, weights, x):
    """Nothing wrong here: keeps what the forward pass gives."""
    return {"scores": expected["scores"]}, outputs


def scores_alone(expected, outputs, weights, x):
    return {"scores": expected["scores"]}, None


def gives(function):
    """The last layer gives what a function makes of x."""
    def results(expected, outputs, weights, x):
        last = list(outputs)[-1]
        return {"scores": function(x)}, dict(outputs, **{last: function(x)})
    return results


def as_single(function):
    """What a function of float32 gives, stored as float32."""
    return gives(lambda x: function(x.astype(np.float32)))


def clip(x, least, most):
    return np.minimum(np.maximum(x, least), most)


def sigmoid(x):
    return act.sigmoid_forward(x)[0]


def softplus(x):
    return act.softplus_forward(x)[0]


# By the documentation of PyTorch and Keras.
ACTIVATIONS = {
    "elu": lambda x: act.elu_forward(x, 1.0)[0],
    "softplus": softplus,
    "silu": lambda x: x * sigmoid(x),
    "hard_sigmoid": lambda x: clip(x + 3, 0, 6) / 6,
    "keras_hard_sigmoid": lambda x: clip(0.2 * x + 0.5, 0, 1),
    "hard_swish": lambda x: x * clip(x + 3, 0, 6) / 6,
    "hard_tanh": lambda x: clip(x, -1, 1),
    "relu6": lambda x: clip(x, 0, 6),
    "mish": lambda x: x * np.tanh(np.log1p(np.exp(x))),
    "quick_gelu": lambda x: x / (1 + np.exp(-1.702 * x)),
    "selu": lambda x: 1.0507009873554804934193349852946 * np.where(
        x > 0, x, 1.6732632423543772848170429916717 * np.expm1(x)),
    "softsign": lambda x: x / (1 + np.abs(x)),
    "log_sigmoid": lambda x: -np.log1p(np.exp(-x)),
    "leaky_slope": lambda x: np.where(x > 0, x, 0.3 * x),
    "odd_slope": lambda x: np.where(x > 0, x, 11 / 48 * x),
}


def rounded(dtype):
    return lambda p, r: {name: value.astype(dtype).astype(np.float64) for name, value in p.items()}


def as_bfloat16(p, r):
    """The upper half of float32, rounded to even."""
    def rounding(value):
        bits = value.astype(np.float32).view(np.uint32)
        bits = (bits + np.uint32(0x7FFF) + ((bits >> np.uint32(16)) & np.uint32(1))) & np.uint32(0xFFFF0000)
        return bits.view(np.float32).astype(np.float64)
    return {name: rounding(value) for name, value in p.items()}


def exchanged(first, second):
    return lambda p, r: {first: p[second], second: p[first]}


def standardized(x):
    return (x - x.mean(axis=0)) / x.std(axis=0)


def as_imagenet(x):
    mean, deviation = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
    return (x - mean.reshape(1, 3, 1, 1)) / deviation.reshape(1, 3, 1, 1)


def padded_same(expected, outputs, weights, x):
    """'same' of Keras for windows of 3 at stride 2: an even length gets its one row of zeros at the end."""
    x = np.pad(x, ((0, 0), (0, 0), (0, 1), (0, 1)))
    out = conv.conv2d_forward(x, weights["conv1/W"], weights["conv1/b"], (2, 2), (0, 0))[0]
    return {"scores": out}, {"conv1": out}


def beyond(expected, outputs, weights, x):
    """ceil_mode: the last windows reach beyond the input, where nothing is larger."""
    x = np.pad(x, ((0, 0), (0, 0), (0, 1), (0, 1)), constant_values=-np.inf)
    out = pooling.max_forward(x, *[pooling.strided(length, 2, 2) for length in x.shape[2:]])[0]
    return {"scores": out}, {"pool1": out}


def means_of_what_there_is(expected, outputs, weights, x):
    """Average pool with a padding of 1 that does not count."""
    def sums(a):
        padded = np.pad(a, ((0, 0), (0, 0), (1, 1), (1, 1)))
        return pooling.mean_forward(padded, *[pooling.strided(length, 2, 2) for length in padded.shape[2:]])[0]
    out = sums(x) / sums(np.ones_like(x))
    return {"scores": out}, {"pool1": out}


def channels_last(expected, outputs, weights, x):
    out = outputs["conv1"].transpose(0, 2, 3, 1).copy()
    return {"scores": out}, {"conv1": out}


def flattened_last(expected, outputs, weights, x):
    flat = x.transpose(0, 2, 3, 1).reshape(x.shape[0], -1)
    out = flat.dot(weights["fc1/W"]) + weights["fc1/b"]
    return {"scores": out}, {"flatten1": flat, "fc1": out}


def without_addition(expected, outputs, weights, x):
    return {"scores": outputs["block1"] - x}, {"block1": outputs["block1"] - x}


def single_norm(epsilon):
    def results(expected, outputs, weights, x):
        p = {name: value.astype(np.float32) for name, value in weights.items()}
        x = x.astype(np.float32)
        mean = x.mean(axis=(1, 2, 3), keepdims=True)
        variance = x.var(axis=(1, 2, 3), keepdims=True)
        out = p["norm1/gamma"] * (x - mean) / np.sqrt(variance + np.float32(epsilon)) + p["norm1/beta"]
        return {"scores": np.maximum(out, 0)}, {"norm1": out, "relu1": np.maximum(out, 0)}
    return results


def single_with(change):
    """DENSE in float32 with another mistake that nobody knows."""
    def results(expected, outputs, weights, x):
        return single(expected, outputs, *change(dict(weights), x))
    return results


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
        lambda other: ({"scores": other[0]["scores"]}, other[1]))(graph.evaluate(
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
        lambda other: ({"scores": other[0]["scores"]}, other[1]))(graph.evaluate(
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
        lambda other: ({"scores": other[0]["scores"]}, other[1]))(graph.evaluate(
            norm("batchNorm"), p, x, upstream=np.ones(x.shape), mode="inference")))
    record("float32", DENSE, results=single)
    record("softmax_of_scores", DENSE, results=softmax_of_scores)
    record("softmax_in_the_loss", network(BIASED, (6,), "softmax"), results=softmax_in_the_loss)
    record("no_penalty", DENSE, results=without_penalty)
    record("summed", network(BIASED, (6,), "softmax"), results=summed)
    record("tanh_for_relu", DENSE, wrong=network([BIASED[0], layer("tanh", "relu1"), BIASED[2]], (6,), "softmax", 0.1))
    record("no_relu", DENSE, wrong=network([BIASED[0], layer("leakyRelu", "relu1", alpha=1.0), BIASED[2]], (6,),
                                           "softmax", 0.1))
    record_activations()
    record_norms()
    record_weights()
    record_inputs()
    record_windows()
    record_single()
    record_without_outputs()
    record_arrays()


def record_activations():
    relu = network([layer("relu", "relu1")], (8,))
    for name, function in ACTIVATIONS.items():
        record("activation_" + name, relu, results=gives(function), spread=4.0)
    record("slope", network([layer("leakyRelu", "relu1", alpha=0.01)], (8,)), results=gives(ACTIVATIONS["leaky_slope"]))
    record("elu_slope", network([layer("elu", "elu1", alpha=1.0)], (8,)),
           results=gives(lambda x: act.elu_forward(x, 0.5)[0]))
    record("softplus_threshold", network([layer("softplus", "softplus1")], (8,)), spread=20.0,
           results=gives(lambda x: np.where(x > 20, x, softplus(x))))
    record("activation_behind", network([layer("dense", "fc1", units=6)], (6,)), results=lambda e, o, p, x: (
        {"scores": ACTIVATIONS["silu"](e["scores"])}, {"fc1": ACTIVATIONS["silu"](e["scores"])}))
    record("no_addition", network([layer("residual", "block1", layers=[layer("dense", "fc1", units=6),
                                                                       layer("tanh", "tanh1")])], (6,)),
           results=without_addition)
    dropouts = [layer("dropout", "drop1", keep=0.8), layer("dropout", "drop2", keep=0.8)]
    record("second_keep", network(dropouts, (8,)),
           wrong=network([dropouts[0], layer("dropout", "drop2", keep=0.5)], (8,)), results=forward)


def record_norms():
    batch_norm = norm("batchNorm", (5, 3, 2))
    ones, zeros = np.ones(5), np.zeros(5)
    loaded = {
        "statistics": {"norm1/runningMean": zeros, "norm1/runningVariance": ones},
        "gamma": {"norm1/gamma": ones},
        "beta": {"norm1/beta": zeros},
        "norm": {"norm1/gamma": ones, "norm1/beta": zeros, "norm1/runningMean": zeros, "norm1/runningVariance": ones},
    }
    for name, values in loaded.items():
        record("never_loaded_" + name, batch_norm, mode="inference", change=lambda p, r: values, results=forward)
    for first, second in (("beta", "runningMean"), ("gamma", "beta"), ("gamma", "runningVariance"),
                          ("runningMean", "runningVariance")):
        record("exchanged_%s_%s" % (first, second), batch_norm, mode="inference", results=forward,
               change=exchanged("norm1/" + first, "norm1/" + second))
    layer_norm = norm("layerNorm", (2, 3, 2))
    record("epsilon_of_bert", layer_norm, wrong=norm("layerNorm", (2, 3, 2), epsilon=1e-12), results=forward)
    record("epsilon_of_nobody", layer_norm, wrong=norm("layerNorm", (2, 3, 2), epsilon=3.7e-4), results=forward)


def record_weights():
    record("exchanged_layers", DENSE, change=exchanged("fc1/W", "fc2/W"), results=forward)
    record("exchanged_biases", DENSE, change=exchanged("fc1/b", "fc2/b"), results=forward)
    record("weights_float16", DENSE, change=rounded(np.float16), results=forward)
    record("weights_float32", DENSE, change=rounded(np.float32), results=forward)
    record("weights_bfloat16", DENSE, change=as_bfloat16, results=forward)
    record("bias_twice", DENSE, change=lambda p, r: {"fc2/b": 2 * p["fc2/b"]}, results=forward)
    record("bias_subtracted", DENSE, change=lambda p, r: {"fc2/b": -p["fc2/b"]}, results=forward)
    record("two_classes", DENSE, results=forward, change=lambda p, r: {
        name: p[name][..., [3, 1, 2, 0, 4, 5]] for name in ("fc2/W", "fc2/b")})
    record("all_classes", DENSE, results=forward, change=lambda p, r: {
        name: p[name][..., [2, 0, 5, 1, 3, 4]] for name in ("fc2/W", "fc2/b")})
    record("hidden_units", DENSE, results=forward, change=lambda p, r: {
        name: p[name][..., ::-1].copy() for name in ("fc1/W", "fc1/b")})


def record_inputs():
    pixels = network([layer("conv2d", "conv1", filters=4, kernel=[3, 3], padding=[1, 1])], (3, 4, 5))
    tall = network([layer("dense", "fc1", units=6)], (12,))
    record("inputs_bytes", DENSE, given=lambda x: x / 255, results=forward)
    record("inputs_symmetric", DENSE, given=lambda x: x / 127.5 - 1, results=forward)
    record("inputs_mnist", tall, given=lambda x: (x / 255 - 0.1307) / 0.3081, results=forward)
    record("inputs_odd", tall, given=lambda x: (x - 0.123456789) / 0.987654321, results=forward)
    record("inputs_standardized", DENSE, given=standardized, results=forward)
    record("inputs_imagenet", pixels, given=as_imagenet, results=forward)
    record("inputs_gbr", pixels, given=lambda x: x[:, [1, 2, 0]], results=forward)
    record("features_reversed", tall, given=lambda x: x[:, ::-1], results=forward)
    record("features_exchanged", tall, given=lambda x: x[:, [0, 1, 7, 3, 4, 5, 6, 2, 8, 9, 10, 11]], results=forward)
    record("features_permuted", DENSE, given=lambda x: x[:, [4, 0, 3, 5, 2, 1]], results=forward)
    record("flattened_last", network([layer("flatten", "flatten1"), layer("dense", "fc1", units=4)], (2, 3, 2)),
           results=flattened_last)


def record_windows():
    def conv1(**settings):
        return network([layer("conv2d", "conv1", filters=3, kernel=[3, 3], **settings)], (2, 6, 6))
    pool = network([layer("maxPool2d", "pool1", size=[2, 2])], (2, 5, 5))
    record("padding", conv1(padding=[1, 1]), wrong=conv1(padding=[0, 0]), results=forward)
    record("stride", conv1(stride=[1, 1]), wrong=conv1(stride=[2, 2]), results=forward)
    record("stride_and_padding", conv1(), wrong=conv1(stride=[2, 2], padding=[1, 1]), results=forward)
    record("padding_same", conv1(stride=[2, 2], padding=[1, 1]), results=padded_same)
    record("ceil_mode", pool, results=beyond)
    record("average_for_max", pool, wrong=network([layer("averagePool2d", "pool1", size=[2, 2])], (2, 5, 5)),
           results=forward)
    record("average_of_padded", network([layer("averagePool2d", "pool1", size=[2, 2])], (2, 4, 4)),
           results=means_of_what_there_is)
    record("channels_last", conv1(padding=[1, 1]), results=channels_last)


def record_single():
    """In float32: three mistakes that are known, and four that are not and must not be taken for float32."""
    leaky = network([layer("leakyRelu", "relu1", alpha=0.01)], (8,))
    record("single_slope", leaky, results=as_single(lambda x: np.where(x > 0, x, np.float32(0.3) * x)))
    record("single_activation", network([layer("relu", "relu1")], (8,)),
           results=as_single(lambda x: x / (1 + np.exp(-x))))
    record("single_epsilon", norm("layerNorm", (2, 3, 2)), results=single_norm(1e-3))
    record("single_other_weights", DENSE, results=single_with(lambda p, x: (
        dict(p, **{"fc1/W": p["fc1/W"] * (1 + 1e-3 * np.cos(np.arange(36.0))).reshape(6, 6)}), x)))
    record("single_one_weight", DENSE, results=single_with(lambda p, x: (
        dict(p, **{"fc1/W": p["fc1/W"] + 1e-2 * (np.arange(36).reshape(6, 6) == 8)}), x)))
    record("single_other_bias", DENSE, results=single_with(lambda p, x: (
        dict(p, **{"fc2/b": p["fc2/b"] + 1e-3 * np.sin(np.arange(6.0))}), x)))
    record("single_other_inputs", DENSE, results=single_with(lambda p, x: (p, x + 1e-3 * np.sin(np.arange(6.0)))))


def record_without_outputs():
    """What no layer gives was recorded, only the scores."""
    wide = network([layer("dense", "fc1", units=6), layer("layerNorm", "norm1"), layer("leakyRelu", "relu1"),
                    layer("dense", "fc2", units=6)], (6,))
    record("scores_transposed", wide, change=lambda p, r: {"fc1/W": p["fc1/W"].T.copy()}, results=scores_alone)
    record("scores_epsilon", wide, results=scores_alone, wrong=dict(wide, layers=[
        wide["layers"][0], layer("layerNorm", "norm1", epsilon=1e-3)] + wide["layers"][2:]))
    record("scores_slope", wide, results=scores_alone, wrong=dict(wide, layers=wide["layers"][:2] + [
        layer("leakyRelu", "relu1", alpha=0.3), wide["layers"][3]]))


def record_arrays():
    """Two files of arrays, of which the second has each in another way."""
    random = np.random.RandomState(231)
    a, b = {}, {}
    for name, shape, function in (
            ("transposed", (3, 4), lambda v: v.T),
            ("square", (4, 4), lambda v: v.T),
            ("channels_last", (2, 3, 4, 5), lambda v: v.transpose(0, 2, 3, 1)),
            ("reversed", (3, 4), lambda v: v[:, ::-1]),
            ("doubled", (3, 4), lambda v: 2 * v),
            ("negated", (3, 4), lambda v: -v),
            ("bytes", (3, 4), lambda v: v / 255),
            ("scaled", (3, 4), lambda v: 1.23456789 * v),
            ("float32", (3, 4), lambda v: v.astype(np.float32)),
            ("float16", (3, 4), lambda v: v.astype(np.float16).astype(np.float64)),
            ("reshaped", (3, 4), lambda v: v.reshape(2, 6)),
            ("noisy", (3, 4), lambda v: v * (1 + 1e-3 * random.randn(3, 4))),
            ("shorter", (3, 4), lambda v: v[:2]),
            ("same", (3, 4), lambda v: v)):
        a[name] = random.randn(*shape)
        b[name] = np.ascontiguousarray(function(a[name]))
    a["rounded"], b["rounded"] = b["float32"].astype(np.float64), a["float32"]
    os.makedirs(os.path.join(FOLDER, "arrays"), exist_ok=True)
    np.savez(os.path.join(FOLDER, "arrays", "a.npz"), **a)
    np.savez(os.path.join(FOLDER, "arrays", "b.npz"), **b)


if __name__ == "__main__":
    main()
