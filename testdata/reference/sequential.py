"""Runs any network file: the layers one after another, forward and backward.

A layer type is an entry of LAYERS: the shapes of its parameters, its forward and its backward. Parameters are a dict
by name, such as 'conv1/W' and 'block1/fc1/W'; a sample's shape does not count the batch.
"""
import numpy as np

import activations as act
import convolution as conv
import functions
import losses
import normalization as norm

DEFAULT_EPSILON = 1e-5
DEFAULT_MOMENTUM = 0.9
DEFAULT_RUNNING_VARIANCE = 1.0
DEFAULT_LEAK = 0.01
DEFAULT_ELU = 1.0
STATISTICS = ("runningMean", "runningVariance")


class Context:
    """What layers need beside input and parameters: the mode, a random state, and where new statistics go."""

    def __init__(self, mode, random):
        self.training = mode == "training"
        self.random = random
        self.statistics = {}


def pair(value):
    return (value, value) if isinstance(value, int) else tuple(value)


def elementwise(forward, backward, *settings):
    """A layer without parameters; settings are (key, default) of what forward takes beside x."""
    def run(layer, x, p, context):
        return forward(x, *[layer.get(key, default) for key, default in settings])
    return {"shapes": lambda layer, sample: {}, "forward": run,
            "backward": lambda layer, dout, cache: (backward(dout, cache), {})}


def dense_shapes(layer, sample):
    shapes = {"W": (int(np.prod(sample)), layer["units"])}
    if layer.get("bias", True):
        shapes["b"] = (layer["units"],)
    return shapes


def dense_forward(layer, x, p, context):
    if "b" in p:
        return functions.fc_forward(x, p["W"], p["b"])
    return x.reshape(x.shape[0], -1).dot(p["W"]), (x, p["W"], None)


def dense_backward(layer, dout, cache):
    dx, dw, db = functions.fc_backward(dout, cache)
    return dx, {"W": dw, "b": db} if layer.get("bias", True) else {"W": dw}


def conv_shapes(layer, sample):
    shapes = {"W": (layer["filters"], sample[0]) + pair(layer["kernel"])}
    if layer.get("bias", True):
        shapes["b"] = (layer["filters"],)
    return shapes


def conv_forward(layer, x, p, context):
    return conv.conv2d_forward(x, p["W"], p.get("b"), pair(layer.get("stride", 1)), pair(layer.get("padding", 0)))


def conv_backward(layer, dout, cache):
    dx, dw, db = conv.conv2d_backward(dout, cache)
    return dx, {"W": dw, "b": db} if layer.get("bias", True) else {"W": dw}


def pool(forward, backward):
    def run(layer, x, p, context):
        size = pair(layer["size"])
        return forward(x, size, pair(layer.get("stride", size)))
    return {"shapes": lambda layer, sample: {}, "forward": run,
            "backward": lambda layer, dout, cache: (backward(dout, cache), {})}


def batch_norm_shapes(layer, sample):
    return {name: (sample[0],) for name in ("gamma", "beta") + STATISTICS}


def batch_norm_forward(layer, x, p, context):
    out, cache, mean, variance = norm.batch_norm_forward(
        x, p["gamma"], p["beta"], p["runningMean"], p["runningVariance"], context.training,
        layer.get("epsilon", DEFAULT_EPSILON), layer.get("momentum", DEFAULT_MOMENTUM))
    if context.training:
        context.statistics[layer["path"] + "/runningMean"] = mean
        context.statistics[layer["path"] + "/runningVariance"] = variance
    return out, cache


def norm_backward(backward):
    def run(layer, dout, cache):
        dx, dgamma, dbeta = backward(dout, cache)
        return dx, {"gamma": dgamma, "beta": dbeta}
    return run


def dropout_forward(layer, x, p, context):
    """As in cs231n, a seed goes to the random state of the network in inference too, where there is one."""
    seed = layer.get("seed")
    if context.training:
        return act.dropout_forward(x, layer["keep"], context.random, seed)
    if seed is not None and context.random is not None:
        context.random.seed(seed)
    return x, None


def dropout_backward(layer, dout, mask):
    return (dout if mask is None else act.dropout_backward(dout, mask)), {}


def reshape_forward(layer, x, p, context):
    shape = layer.get("shape", [-1])
    return x.reshape([x.shape[0]] + list(shape)), x.shape


def residual_shapes(layer, sample):
    shapes = {}
    for inner in layer["layers"]:
        for name, shape in LAYERS[inner["type"]]["shapes"](inner, sample).items():
            shapes[inner["name"] + "/" + name] = shape
        sample = output_shape(inner, sample)
    return shapes


def residual_forward(layer, x, p, context):
    inner = Sequential(layer["layers"], layer["path"])
    out, caches = inner.forward({layer["path"] + "/" + name: value for name, value in p.items()}, x, context)
    return x + out, (inner, caches)


def residual_backward(layer, dout, cache):
    inner, caches = cache
    dx, gradients = inner.backward(dout, caches)
    return dout + dx, {name[len(layer["path"]) + 1:]: value for name, value in gradients.items()}


LAYERS = {
    "dense": {"shapes": dense_shapes, "forward": dense_forward, "backward": dense_backward},
    "conv2d": {"shapes": conv_shapes, "forward": conv_forward, "backward": conv_backward},
    "maxPool2d": pool(conv.max_pool2d_forward, conv.max_pool2d_backward),
    "averagePool2d": pool(conv.average_pool2d_forward, conv.average_pool2d_backward),
    "batchNorm": {"shapes": batch_norm_shapes, "forward": batch_norm_forward,
                  "backward": norm_backward(norm.batch_norm_backward)},
    "layerNorm": {"shapes": lambda layer, sample: {"gamma": tuple(sample), "beta": tuple(sample)},
                  "forward": lambda layer, x, p, context: norm.layer_norm_forward(
                      x, p["gamma"], p["beta"], layer.get("epsilon", DEFAULT_EPSILON)),
                  "backward": norm_backward(norm.layer_norm_backward)},
    "groupNorm": {"shapes": lambda layer, sample: {"gamma": (sample[0],), "beta": (sample[0],)},
                  "forward": lambda layer, x, p, context: norm.group_norm_forward(
                      x, p["gamma"], p["beta"], layer["groups"], layer.get("epsilon", DEFAULT_EPSILON)),
                  "backward": norm_backward(norm.group_norm_backward)},
    "dropout": {"shapes": lambda layer, sample: {}, "forward": dropout_forward, "backward": dropout_backward},
    "flatten": {"shapes": lambda layer, sample: {}, "forward": reshape_forward,
                "backward": lambda layer, dout, shape: (dout.reshape(shape), {})},
    "reshape": {"shapes": lambda layer, sample: {}, "forward": reshape_forward,
                "backward": lambda layer, dout, shape: (dout.reshape(shape), {})},
    "residual": {"shapes": residual_shapes, "forward": residual_forward, "backward": residual_backward},
    "relu": elementwise(functions.relu_forward, functions.relu_backward),
    "leakyRelu": elementwise(act.leaky_relu_forward, act.leaky_relu_backward, ("alpha", DEFAULT_LEAK)),
    "elu": elementwise(act.elu_forward, act.elu_backward, ("alpha", DEFAULT_ELU)),
    "sigmoid": elementwise(act.sigmoid_forward, act.sigmoid_backward),
    "tanh": elementwise(act.tanh_forward, act.tanh_backward),
    "softplus": elementwise(act.softplus_forward, act.softplus_backward),
    "gelu": elementwise(act.gelu_forward, act.gelu_backward),
    "geluTanh": elementwise(act.gelu_tanh_forward, act.gelu_tanh_backward),
    "softmax": elementwise(act.softmax_forward, act.softmax_backward),
}


def output_shape(layer, sample):
    """The shape of a sample behind the layer."""
    p = {name: np.zeros(shape) for name, shape in LAYERS[layer["type"]]["shapes"](layer, sample).items()}
    layer = dict(layer, path=layer["name"])
    with np.errstate(all="ignore"):
        return LAYERS[layer["type"]]["forward"](layer, np.zeros((1,) + tuple(sample)), p,
                                                Context("inference", None))[0].shape[1:]


class Sequential:
    """Layers one after another; a prefix goes before their names where they lie within another layer."""

    def __init__(self, layers, prefix=""):
        self.layers = [dict(layer, path=prefix + "/" + layer["name"] if prefix else layer["name"]) for layer in layers]

    def forward(self, parameters, x, context, outputs=None):
        caches = []
        for layer in self.layers:
            start = layer["path"] + "/"
            p = {name[len(start):]: value for name, value in parameters.items() if name.startswith(start)}
            x, cache = LAYERS[layer["type"]]["forward"](layer, x, p, context)
            caches.append(cache)
            if outputs is not None:
                outputs[layer["name"]] = x
        return x, caches

    def backward(self, dout, caches):
        gradients = {}
        for layer, cache in zip(reversed(self.layers), reversed(caches)):
            dout, own = LAYERS[layer["type"]]["backward"](layer, dout, cache)
            gradients.update((layer["path"] + "/" + name, value) for name, value in own.items())
        return dout, gradients


def starting_variance(layer, name):
    """Where the running variance of that name starts, in the layer or in one within it."""
    inner, _, rest = name.partition("/")
    if rest:
        return starting_variance(next(step for step in layer["layers"] if step["name"] == inner), rest)
    return layer.get("runningVariance", DEFAULT_RUNNING_VARIANCE)


def initial_parameters(description, random, scale):
    """Weights scale * randn, gamma 1, running variances as their layers say, everything else 0, in the layers' order."""
    parameters, sample = {}, tuple(description["input"])
    for layer in description["layers"]:
        for name, shape in LAYERS[layer["type"]]["shapes"](layer, sample).items():
            last = name.split("/")[-1]
            value = (scale * random.randn(*shape) if last == "W" else
                     np.full(shape, starting_variance(layer, name)) if last == "runningVariance" else
                     np.ones(shape) if last == "gamma" else np.zeros(shape))
            parameters[layer["name"] + "/" + name] = value
        sample = output_shape(layer, sample)
    return parameters


def loss_and_gradient(description, scores, targets):
    loss = description["loss"]
    if loss["type"] == "softmax":
        if targets.ndim == 2:
            return losses.softmax_cross_entropy(scores, targets)
        return functions.softmax_loss(scores, targets)
    if loss["type"] == "hinge":
        return losses.hinge_loss(scores, targets, loss.get("margin", 1.0))
    if loss["type"] == "meanSquaredError":
        return losses.mean_squared_error(scores, targets)
    return losses.binary_cross_entropy(scores, targets)


def evaluate(description, parameters, x, targets=None, upstream=None, mode="training", random=None):
    """Everything a network computes for a batch: results by name, and each layer's output by the layer's name.

    Results are scores, loss and (for labels) accuracy where there are targets, dx, a gradient for each trained
    parameter, and in training mode each updated running statistic, under the parameter's name. Without targets and
    upstream nothing goes backward: the scores are the only result.
    """
    net, context, outputs = Sequential(description["layers"]), Context(mode, random), {}
    scores, caches = net.forward(parameters, x, context, outputs)
    results = {"scores": scores}
    if targets is not None:
        loss, dout = loss_and_gradient(description, scores, targets)
        l2 = description.get("l2", 0.0)
        if l2:
            for name, value in parameters.items():
                if name.endswith("/W"):
                    loss = loss + 0.5 * l2 * np.sum(value * value)
        results["loss"] = np.float64(loss)
        if targets.ndim == 1:
            results["accuracy"] = np.mean(np.argmax(scores, axis=1) == targets)
    elif upstream is None:
        return results, outputs
    else:
        l2, dout = 0.0, upstream
    results["dx"], gradients = net.backward(dout, caches)
    for name, value in parameters.items():
        if name in gradients:
            results[name] = gradients[name] + l2 * value if l2 and name.endswith("/W") else gradients[name]
        elif name in context.statistics:
            results[name] = context.statistics[name]
    return results, outputs
