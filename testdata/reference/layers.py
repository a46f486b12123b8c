"""The layers of network files. LAYERS is the one list of their types, and what is said of a type is said in its entry:
here, or in the modules of the rooms.

An entry holds the shapes of the parameters, forward and backward, and samples: those that are recorded as cases, those
whose gradients are checked, and those that network_digests.py records. To add a type, add an entry and run record.py and
network_digests.py. A sample's shape does not count the batch.
"""
import math

import numpy as np

import activation_layers
import activations as act
import attention_layers
import combine
import combine_layers
import convolution_layers
import functions
import image_layers
import movement_layers
import norm_layers
import pooling_layers
import position_layers
import reductions
import sequence_layers
from layer_types import activation, combination, elementwise, layer_type, pair, weight_normed
from norm_layers import STATISTICS
from samples import FEATURES, IMAGE, PLAIN, SMALL_IMAGE, of, special, special_image

DEFAULT_LEAK = 0.01
DEFAULT_ELU = 1.0
DEFAULT_SLOPE = 0.25
# What is saved with the weights and never trained: running statistics, values of constants, indices.
NOT_TRAINED = STATISTICS + ("constant", "index")


def dense_shapes(layer, sample):
    features = sample[-1] if layer.get("last") else int(np.prod(sample))
    shapes = {"W": (features, layer["units"])}
    if layer.get("bias", True):
        shapes["b"] = (layer["units"],)
    return shapes


def dense_forward(layer, x, p, context):
    """Of the last axis: of a matrix that has a row for each place of the others."""
    rows = x.reshape(-1, x.shape[-1]) if layer.get("last") else x
    if "b" in p:
        out, cache = functions.fc_forward(rows, p["W"], p["b"])
    else:
        out, cache = rows.reshape(rows.shape[0], -1).dot(p["W"]), (rows, p["W"], None)
    return (out.reshape(x.shape[:-1] + out.shape[-1:]) if layer.get("last") else out), (x.shape, cache)


def dense_backward(layer, dout, cache):
    shape, cache = cache
    dx, dw, db = functions.fc_backward(dout.reshape(-1, dout.shape[-1]), cache)
    return dx.reshape(shape), {"W": dw, "b": db} if layer.get("bias", True) else {"W": dw}


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
    return x.reshape((x.shape[0],) + tuple(layer["shape"])), x.shape


def flatten_forward(layer, x, p, context):
    axes = len(x.shape) - 1
    start, end = layer.get("start", 0) % axes, layer.get("end", -1) % axes
    return x.reshape(x.shape[:start + 1] + (-1,) + x.shape[end + 2:]), x.shape


def reshape_backward(layer, dout, shape):
    return dout.reshape(shape), {}


def upsample_forward(layer, x, p, context):
    return combine.upsample2d_forward(x, pair(layer["factor"]))


NORMALIZED = (3, 7, 8)
CHANNELS = [(2, 4, 3), (3, 4, 3), (1, 4, 3)]

LAYERS = {
    "dense": layer_type(
        *weight_normed(dense_forward, dense_backward, dense_shapes, 1),
        cases={"last": of((4, 6), units=5, last=True), "last_of_many": of((2, 3, 2), units=3, last=True, bias=False),
               "last_of_one": of((5,), batch=1, units=4, last=True),
               "weight_norm": of((2, 5), units=4, weightNorm=True),
               "weight_norm_one": of((9,), batch=4, units=1, bias=False, weightNorm=True)},
        checks=[of(PLAIN, units=5), of((2, 3), units=4, bias=False), of((2, 3), units=2, last=True),
                of(PLAIN, units=3, weightNorm=True)],
        digests={"": of((4, 3), units=5), "plain": of((7,), units=5, bias=False),
                 "last": of((7, 30), units=13, last=True)}),
    "conv2d": convolution_layers.CONV2D,
    "conv1d": convolution_layers.CONV1D,
    "maxPool2d": pooling_layers.MAX_2D,
    "averagePool2d": pooling_layers.AVERAGE_2D,
    **norm_layers.ENTRIES,
    "dropout": layer_type(
        dropout_forward, dropout_backward,
        cases={
            "training": of((5, 8), batch=6, keep=0.7),
            "inference": of((5,), keep=0.3, mode="inference"),
            "special": special(keep=0.5),
        },
        checks=[of(PLAIN, keep=0.7, mode=mode) for mode in ("training", "inference")],
        digests={"": of(FEATURES, keep=0.6)}),
    # Recorded as a function, in cases.py.
    "relu": elementwise(functions.relu_forward, functions.relu_backward, digests={"": of(FEATURES)}),
    "leakyRelu": activation(
        act.leaky_relu_forward, act.leaky_relu_backward, ("alpha", DEFAULT_LEAK),
        cases={"alpha": of((9,), alpha=0.3)}, digests={"alpha": of(FEATURES, alpha=0.3)}),
    "elu": activation(
        act.elu_forward, act.elu_backward, ("alpha", DEFAULT_ELU),
        cases={"alpha": of((9,), alpha=1.7)}, digests={"alpha": of(FEATURES, alpha=1.7)}),
    "sigmoid": activation(act.sigmoid_forward, act.sigmoid_backward),
    "tanh": activation(act.tanh_forward, act.tanh_backward),
    "softplus": activation(act.softplus_forward, act.softplus_backward, ("beta", 1.0), ("threshold", math.inf),
        cases={"beta": of((9,), beta=1.7), "threshold": of((9,), beta=0.8, threshold=0.5)},
        digests={"beta": of(FEATURES, beta=1.7, threshold=0.5)}),
    "gelu": activation(act.gelu_forward, act.gelu_backward),
    "geluTanh": activation(act.gelu_tanh_forward, act.gelu_tanh_backward),
    # Its place among the digests.
    "softmax": reductions.ENTRIES["softmax"],
    # Recorded with other layers around them, in layer_cases.py.
    "flatten": layer_type(
        flatten_forward, reshape_backward,
        cases={"first": of((2, 3, 4), end=-2), "last": of((2, 3, 4), start=1)},
        checks=[of(SMALL_IMAGE), of(SMALL_IMAGE, end=1), of(SMALL_IMAGE, start=-2)]),
    "reshape": layer_type(reshape_forward, reshape_backward, checks=[of(SMALL_IMAGE, shape=[3, 20])]),
    "concat": combination(
        combine.concat_forward, combine.concat_backward, ("axis", 0),
        cases={
            "features": of([(4,), (1,), (3,)]),
            "channels": of(CHANNELS),
            "height": of([(2, 1, 3), (2, 4, 3)], axis=1),
            "width": of([(2, 3, 2), (2, 3, 2)], axis=2),
            "twice": of([(3, 2)], inputs=["a", "a"], axis=1),
        },
        checks=[of(CHANNELS), of([(2, 1, 3), (2, 4, 3)], axis=1), of([PLAIN], inputs=["a", "a"])]),
    "upsample2d": layer_type(
        upsample_forward, lambda layer, dout, factor: (combine.upsample2d_backward(dout, factor), {}),
        cases={
            "ordinary": of((3, 4, 5), factor=[2, 2]),
            "uneven": of((2, 3, 4), factor=[1, 3]),
            "minimal": of((1, 1, 1), batch=1, factor=[1, 1]),
            "special": of((2, 6, 6), x=special_image, factor=[3, 2]),
        },
        checks=[of((2, 3, 2), factor=2), of((2, 3, 2), factor=[1, 3])], version=2),
}
for room in (convolution_layers, image_layers, norm_layers, activation_layers, combine_layers, movement_layers,
             sequence_layers, attention_layers, position_layers):
    LAYERS.update(room.ENTRIES)
