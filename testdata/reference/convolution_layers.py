"""Convolutions and transposed convolutions of images and of sequences: see layers.py."""
import numpy as np

import convolution as conv
from layer_types import layer_type, pair, weight_normed
from samples import IMAGE, SMALL_IMAGE, of, special_image

ZEROS = "zeros"


def shapes(layer, sample):
    w = {"W": (layer["filters"], sample[0] // layer.get("groups", 1)) + pair(layer["kernel"])}
    return dict(w, b=(layer["filters"],)) if layer.get("bias", True) else w


def gradients(layer, dw, db):
    return {"W": dw, "b": db} if layer.get("bias", True) else {"W": dw}


def padding_of(layer, sizes):
    """The padding, as pairs before and after, of images of these sizes."""
    if not layer.get("same", False):
        return conv.margins(pair(layer.get("padding", 0)))
    settings = (sizes, pair(layer["kernel"]), pair(layer.get("stride", 1)), pair(layer.get("dilation", 1)))
    return tuple(conv.same_padding(*axis) for axis in zip(*settings))


def forward(layer, x, p, context):
    """Margins that are not zeros are put around the images first."""
    padding, mode, cache = padding_of(layer, x.shape[2:]), layer.get("paddingMode", ZEROS), None
    if mode != ZEROS:
        x, cache = conv.pad_forward(x, padding, mode)
        padding = (0, 0)
    out, own = conv.conv2d_forward(x, p["W"], p.get("b"), pair(layer.get("stride", 1)), padding,
                                   pair(layer.get("dilation", 1)), layer.get("groups", 1))
    return out, (own, cache)


def backward(layer, dout, caches):
    dx, dw, db = conv.conv2d_backward(dout, caches[0])
    return dx if caches[1] is None else conv.pad_backward(dx, caches[1]), gradients(layer, dw, db)


def transposed_shapes(layer, sample):
    w = {"W": (sample[0], layer["filters"] // layer.get("groups", 1)) + pair(layer["kernel"])}
    return dict(w, b=(layer["filters"],)) if layer.get("bias", True) else w


def transposed_forward(layer, x, p, context):
    return conv.conv_transpose2d_forward(
        x, p["W"], p.get("b"), pair(layer.get("stride", 1)), pair(layer.get("padding", 0)),
        pair(layer.get("outputPadding", 0)), pair(layer.get("dilation", 1)), layer.get("groups", 1))


def transposed_backward(layer, dout, cache):
    dx, dw, db = conv.conv_transpose2d_backward(dout, cache)
    return dx, gradients(layer, dw, db)


def of_sequences(forward, backward, shapes):
    """The same of sequences (N, C, L): of images of one row."""
    def image_layer(layer):
        neutral = {"kernel": 1, "stride": 1, "padding": 0, "outputPadding": 0, "dilation": 1}
        return dict(layer, **{key: [value, layer[key]] for key, value in neutral.items() if key in layer})

    def run(layer, x, p, context):
        out, cache = forward(image_layer(layer), x[:, :, np.newaxis], dict(p, W=p["W"][:, :, np.newaxis]), context)
        return out[:, :, 0], cache

    def run_backward(layer, dout, cache):
        dx, own = backward(image_layer(layer), dout[:, :, np.newaxis], cache)
        return dx[:, :, 0], dict(own, W=own["W"][:, :, 0])

    def shapes_of_sequences(layer, sample):
        known = shapes(image_layer(layer), (sample[0], 1, sample[1]))
        return dict(known, W=known["W"][:2] + known["W"][3:])
    return run, run_backward, shapes_of_sequences


CONV2D = layer_type(
    *weight_normed(forward, backward, shapes, 0),
    cases={
        "ordinary": of(IMAGE, filters=4, kernel=[3, 3], padding=[1, 1]),
        "minimal": of((1, 1, 1), batch=1, filters=1, kernel=[1, 1]),
        "1x1": of(IMAGE, filters=5, kernel=[1, 1]),
        "whole_image": of((3, 4, 5), filters=3, kernel=[4, 5]),
        "one_filter": of(IMAGE, filters=1, kernel=[3, 2]),
        "odd_filters": of(IMAGE, filters=3, kernel=[5, 3], padding=[2, 1]),
        "no_bias": of(IMAGE, filters=4, kernel=[3, 3], bias=False),
        "stride_2": of(IMAGE, filters=4, kernel=[5, 3], stride=[2, 2], padding=[2, 3]),
        "stride_3": of(IMAGE, filters=4, kernel=[2, 3], stride=[3, 2], padding=[3, 0]),
        "gaps": of(IMAGE, filters=2, kernel=[1, 2], stride=[3, 3]),
        "many_channels": of((40, 5, 5), batch=2, filters=6, kernel=[3, 3], padding=[1, 1]),
        "many_places": of((2, 20, 19), batch=2, filters=4, kernel=[3, 3]),
        "special": of((2, 6, 6), x=special_image, filters=2, kernel=[2, 2], padding=[1, 1]),
        "depthwise": of((3, 6, 7), batch=2, filters=3, kernel=[3, 3], padding=[1, 1], groups=3),
        "depthwise_narrow": of((2, 2, 1), batch=1, filters=2, kernel=[5, 5], same=True, groups=2),
        "groups": of((4, 6, 5), batch=2, filters=6, kernel=[3, 2], stride=[2, 1], padding=[1, 0], groups=2),
        "dilation": of((2, 8, 7), batch=2, filters=3, kernel=[3, 2], padding=[2, 1], dilation=[2, 3]),
        "same": of((2, 7, 8), batch=2, filters=3, kernel=[4, 3], stride=[2, 3], same=True),
        "reflect": of((2, 5, 4), batch=2, filters=2, kernel=[3, 3], padding=[2, 1], paddingMode="reflect"),
        "weight_norm": of((4, 5, 4), batch=2, filters=4, kernel=[3, 2], groups=2, weightNorm=True),
    },
    checks=[of(SMALL_IMAGE, filters=3, kernel=[3, 2]), of((1, 3, 4), filters=2, kernel=2, weightNorm=True),
            of(SMALL_IMAGE, filters=3, kernel=[3, 2], stride=[2, 3], padding=[3, 1]),
            of(SMALL_IMAGE, filters=3, kernel=[3, 2], bias=False, padding=1),
            of((4, 5, 4), batch=2, filters=6, kernel=[3, 2], stride=[2, 1], groups=2),
            of((2, 4, 3), batch=2, filters=2, kernel=3, same=True, groups=2, dilation=[1, 2])]
    + [of((1, 3, 4), batch=2, filters=2, kernel=3, padding=[1, 2], paddingMode=mode) for mode in conv.PADDING_MODES],
    digests={
        "depthwise": of((6, 9, 8), filters=6, kernel=[3, 3], padding=[1, 1], groups=6, bias=False),
        "depthwise-1x1": of((5, 4, 3), filters=5, kernel=[1, 1], groups=5),
        "multiplied": of((3, 9, 8), filters=6, kernel=[5, 3], stride=[2, 1], groups=3),
        "groups": of((8, 9, 8), filters=12, kernel=[3, 3], padding=[1, 1], groups=4),
        "dilation": of((3, 12, 11), filters=4, kernel=[3, 3], padding=[2, 3], dilation=[2, 3]),
        "same": of((3, 9, 8), filters=4, kernel=[4, 2], stride=[2, 3], same=True),
        "same-dilation": of((2, 9, 8), filters=4, kernel=[4, 2], same=True, dilation=[1, 5], groups=2),
        "reflect": of((2, 5, 6), filters=3, kernel=[3, 3], padding=[4, 2], stride=[1, 2], paddingMode="reflect"),
        "replicate": of((2, 3, 4), filters=2, kernel=[4, 3], padding=[5, 1], paddingMode="replicate", groups=2),
        "circular": of((2, 3, 4), filters=3, kernel=[3, 4], same=True, paddingMode="circular"),
    })

SEQUENCES = of_sequences(forward, backward, shapes)
CONV1D = layer_type(
    *weight_normed(*SEQUENCES, 0),
    cases={
        "ordinary": of((3, 9), filters=4, kernel=3, padding=1),
        "stride": of((2, 10), filters=3, kernel=4, stride=3, padding=2, bias=False),
        "minimal": of((1, 1), batch=1, filters=1, kernel=1),
        "many": of((20, 70), batch=2, filters=6, kernel=5),
        "groups": of((4, 9), filters=8, kernel=3, groups=4, dilation=2, padding=2),
        "same": of((3, 8), filters=2, kernel=4, same=True),
        "circular": of((2, 6), filters=3, kernel=3, padding=2, paddingMode="circular"),
        "weight_norm": of((3, 5), batch=2, filters=2, kernel=3, weightNorm=True, bias=False),
    },
    checks=[of((2, 7), filters=3, kernel=2), of((2, 7), filters=3, kernel=3, stride=2, padding=1),
            of((4, 7), filters=2, kernel=3, groups=2, dilation=2), of((2, 5), filters=3, kernel=4, stride=2, same=True),
            of((1, 5), filters=2, kernel=3, padding=2, paddingMode="reflect")],
    digests={
        "groups": of((6, 20), filters=9, kernel=5, stride=2, padding=3, groups=3),
        "dilation": of((4, 21), filters=5, kernel=3, dilation=4, padding=8),
        "replicate": of((3, 9), filters=3, kernel=4, same=True, paddingMode="replicate", groups=3),
    },
    version=2)

ENTRIES = {
    "convTranspose2d": layer_type(
        *weight_normed(transposed_forward, transposed_backward, transposed_shapes, 0),
        cases={
            "ordinary": of((3, 4, 5), batch=2, filters=2, kernel=[3, 3], stride=[2, 2], padding=[1, 1]),
            "groups": of((4, 3, 4), batch=2, filters=6, kernel=[2, 3], stride=[2, 1], outputPadding=[1, 0], groups=2),
            "dilation": of((2, 4, 3), batch=2, filters=3, kernel=[3, 2], dilation=[2, 3], padding=[3, 0], bias=False),
            "special": of((2, 6, 6), x=special_image, filters=2, kernel=[2, 2]),
            "weight_norm": of((3, 2, 3), batch=2, filters=2, kernel=[2, 2], weightNorm=True),
        },
        checks=[of((2, 2, 3), batch=2, filters=3, kernel=2, weightNorm=True),
                of((3, 3, 4), batch=2, filters=2, kernel=[3, 2], stride=[2, 3], padding=[2, 0], outputPadding=[1, 2]),
                of((4, 2, 3), batch=2, filters=2, kernel=3, dilation=[1, 2], groups=2, bias=False),
                of((2, 2, 3), batch=2, filters=2, kernel=2, outputPadding=[0, 1], dilation=[1, 2])],
        digests={
            "": of((6, 8, 7), filters=4, kernel=[4, 4], stride=[2, 2], padding=[1, 1]),
            "stride": of((5, 6, 5), filters=3, kernel=[3, 2], stride=[3, 2], outputPadding=[2, 1]),
            "depthwise": of((5, 8, 6), filters=5, kernel=[3, 3], stride=[2, 1], padding=[1, 0], groups=5),
            "groups": of((6, 5, 7), filters=9, kernel=[2, 3], dilation=[2, 1], groups=3, bias=False),
            "1x1": of((3, 4, 5), filters=4, kernel=[1, 1]),
            "wide": of((2, 3, 4), filters=3, kernel=[2, 3], dilation=[3, 4], outputPadding=[2, 3], padding=[1, 2]),
        },
        version=2),
    "convTranspose1d": layer_type(
        *weight_normed(*of_sequences(transposed_forward, transposed_backward, transposed_shapes), 0),
        cases={
            "ordinary": of((3, 6), batch=2, filters=2, kernel=4, stride=2, padding=1),
            "groups": of((4, 5), batch=2, filters=2, kernel=3, stride=3, outputPadding=2, groups=2, bias=False),
            "weight_norm": of((2, 4), batch=2, filters=3, kernel=3, stride=2, weightNorm=True),
        },
        checks=[of((2, 5), filters=3, kernel=3, stride=2, padding=1, outputPadding=1),
                of((4, 4), filters=4, kernel=2, dilation=2, groups=4)],
        digests={
            "": of((4, 11), filters=6, kernel=5, stride=2, padding=2, outputPadding=1),
            "groups": of((6, 9), filters=3, kernel=3, dilation=2, groups=3),
        },
        version=2),
}
