"""Pools as layers: entries of LAYERS."""
import numpy as np

import convolution as conv
import pooling
from layer_types import layer_type, pair
from samples import IMAGE, SMALL_IMAGE, of, special_image, ties

NORMALIZED = (3, 7, 8)


def axes(layer, shape, count_padding):
    """The windows along the rows and the columns of images, or of sequences as images of one row."""
    if isinstance(layer["size"], int) and len(shape) == 3:
        rows = pooling.strided(1, 1, 1)
        columns = one_axis(shape[2], layer["size"], layer.get("stride", layer["size"]), layer.get("padding", 0),
                           layer.get("dilation", 1), layer, count_padding)
        return rows, columns
    size = pair(layer["size"])
    stride, padding, dilation = (pair(layer.get(*key)) for key in (("stride", size), ("padding", 0), ("dilation", 1)))
    return tuple(one_axis(shape[2 + i], size[i], stride[i], padding[i], dilation[i], layer, count_padding)
                 for i in range(2))


def one_axis(length, size, stride, padding, dilation, layer, count_padding):
    return pooling.strided(length, size, stride, padding, dilation, layer.get("ceil", False), layer.get("same", False),
                           count_padding)


def adaptive_axes(layer, shape):
    size = (1, layer["size"]) if len(shape) == 3 else pair(layer["size"])
    return [pooling.adaptive(length, outputs) for length, outputs in zip(((1,) + shape[2:])[-2:], size)]


def global_max_forward(layer, x, p, context):
    """The largest of each channel, as of one window on all of it."""
    whole = x.reshape(x.shape[:2] + (1, -1))
    out, cache = pooling.max_forward(whole, pooling.adaptive(1, 1), pooling.adaptive(whole.shape[3], 1))
    return out.reshape(x.shape[:2]), (x.shape, cache)


def global_max_backward(dout, cache):
    shape, inner = cache
    return pooling.max_backward(dout.reshape(dout.shape + (1, 1)), inner).reshape(shape)


def global_average_backward(dout, shape):
    count = int(np.prod(shape[2:]))
    return np.ascontiguousarray(np.broadcast_to((dout / count)[..., np.newaxis], shape[:2] + (count,))).reshape(shape)


def images(x):
    """Sequences as images of one row."""
    return x[:, :, np.newaxis] if x.ndim == 3 else x


def pool(forward, backward, windows, **samples):
    """A pool of images or of sequences; windows(layer, shape of x) gives those of rows and those of columns."""
    def run(layer, x, p, context):
        out, cache = forward(images(x), *windows(layer, x.shape))
        return (out[:, :, 0] if x.ndim == 3 else out), cache

    def back(layer, dout, cache):
        dx = backward(images(dout), cache)
        return (dx[:, :, 0] if dout.ndim == 3 else dx), {}
    return layer_type(run, back, **samples)


def max_pool(**samples):
    return pool(pooling.max_forward, pooling.max_backward, lambda layer, shape: axes(layer, shape, False), **samples)


def average_pool(**samples):
    return pool(pooling.mean_forward, pooling.mean_backward,
                lambda layer, shape: axes(layer, shape, layer.get("countPadding", True)), **samples)


CHECKS = [of(SMALL_IMAGE, size=2), of(SMALL_IMAGE, size=[3, 2], stride=[1, 1]), of(SMALL_IMAGE, size=[1, 2], stride=[2, 3]),
          of(SMALL_IMAGE, size=3, stride=2, padding=1, ceil=True), of(SMALL_IMAGE, size=[3, 4], stride=2, same=True)]
SEQUENCE_CHECKS = [of((2, 7), size=2), of((2, 7), size=4, stride=2, padding=2, ceil=True),
                   of((2, 7), size=3, stride=2, same=True)]
MAX_2D = max_pool(
    cases={
        "ordinary": of((3, 8, 6), size=[2, 2]),
        "minimal": of((1, 1, 1), batch=1, size=[1, 1]),
        "overlapping": of(IMAGE, size=[3, 3], stride=[2, 1]),
        "gaps": of(IMAGE, size=[1, 2], stride=[3, 3]),
        "rest": of(IMAGE, size=[2, 3]),
        "ties": of((3, 6, 7), x=ties, size=[3, 2], stride=[1, 1]),
        "special": of((2, 6, 6), x=special_image, size=[2, 2], stride=[1, 2]),
        "padding": of((2, 6, 6), x=special_image, size=[3, 2], stride=[2, 1], padding=[1, 1]),
        "dilation": of((2, 7, 8), batch=2, size=[3, 2], stride=[1, 2], padding=[2, 1], dilation=[2, 3]),
        "ceil": of((2, 6, 5), batch=2, size=[3, 2], stride=[2, 2], padding=[1, 0], ceil=True),
        "ceil_left_out": of((2, 4, 3), batch=2, size=[2, 2], stride=[3, 2], padding=[1, 1], ceil=True),
        "same": of((2, 5, 6), batch=2, size=[3, 2], stride=[2, 3], same=True),
    },
    checks=CHECKS + [of(SMALL_IMAGE, size=2, stride=1, dilation=[2, 3])],
    digests={"": of(NORMALIZED, size=[2, 2]), "overlapping": of(NORMALIZED, size=[3, 2], stride=[1, 2])})
AVERAGE_2D = average_pool(
    cases={
        "ordinary": of((3, 8, 6), size=[2, 2]),
        "overlapping": of(IMAGE, size=[3, 3], stride=[2, 1]),
        "gaps": of(IMAGE, size=[2, 2], stride=[3, 3]),
        "special": of((2, 6, 6), x=special_image, size=[3, 2]),
        "padding": of((2, 6, 6), x=special_image, size=[3, 2], stride=[2, 1], padding=[1, 1]),
        "padding_uncounted": of((2, 5, 6), batch=2, size=[3, 4], stride=[2, 2], padding=[1, 2], countPadding=False),
        "ceil": of((2, 6, 5), batch=2, size=[3, 2], stride=[2, 2], padding=[1, 0], ceil=True),
        "ceil_uncounted": of((2, 6, 7), batch=2, size=[4, 3], stride=[3, 3], padding=[2, 0], ceil=True,
                             countPadding=False),
        "same": of((2, 5, 6), batch=2, size=[3, 2], stride=[2, 3], same=True),
    },
    checks=CHECKS + [of(SMALL_IMAGE, size=3, stride=2, padding=1, ceil=True, countPadding=False)],
    digests={"": of(NORMALIZED, size=[2, 2]), "overlapping": of(NORMALIZED, size=[3, 2], stride=[2, 1])})
ENTRIES = {
    "maxPool1d": max_pool(
        cases={
            "ordinary": of((3, 9), size=2),
            "padding": of((2, 8), size=3, stride=2, padding=1, dilation=2, ceil=True),
            "same": of((2, 7), batch=2, size=4, stride=2, same=True),
        },
        checks=SEQUENCE_CHECKS, version=2),
    "averagePool1d": average_pool(
        cases={
            "ordinary": of((3, 9), size=2),
            "padding": of((2, 8), size=3, stride=2, padding=1, ceil=True),
            "uncounted": of((2, 8), size=4, stride=3, padding=2, ceil=True, countPadding=False),
            "same": of((2, 7), batch=2, size=4, stride=2, same=True),
        },
        checks=SEQUENCE_CHECKS, version=2),
    "adaptiveMaxPool2d": pool(
        pooling.max_forward, pooling.max_backward, adaptive_axes,
        cases={"ordinary": of((2, 7, 5), batch=2, size=[3, 2]), "larger": of((2, 2, 3), batch=2, size=[3, 4])},
        checks=[of(SMALL_IMAGE, size=[3, 4])], version=2),
    "adaptiveAveragePool2d": pool(
        pooling.mean_forward, pooling.mean_backward, adaptive_axes,
        cases={"ordinary": of((2, 7, 5), batch=2, size=[3, 2]), "larger": of((2, 2, 3), batch=2, size=[3, 4])},
        checks=[of(SMALL_IMAGE, size=[3, 4])], version=2),
    "adaptiveMaxPool1d": pool(
        pooling.max_forward, pooling.max_backward, adaptive_axes,
        cases={"ordinary": of((3, 10), size=4)}, checks=[of((2, 7), size=3)], version=2),
    "adaptiveAveragePool1d": pool(
        pooling.mean_forward, pooling.mean_backward, adaptive_axes,
        cases={"ordinary": of((3, 10), size=4)}, checks=[of((2, 7), size=3)], version=2),
    "globalMaxPool": layer_type(
        global_max_forward, lambda layer, dout, cache: (global_max_backward(dout, cache), {}),
        cases={"images": of((3, 4, 5)), "sequences": of((2, 9)), "special": of((2, 6, 6), x=special_image)},
        checks=[of((2, 3, 2)), of((2, 5))], version=2),
    "globalAveragePool": layer_type(
        lambda layer, x, p, context: (x.reshape(x.shape[:2] + (-1,)).mean(axis=2), x.shape),
        lambda layer, dout, shape: (global_average_backward(dout, shape), {}),
        cases={"images": of((3, 5, 7)), "sequences": of((2, 9)), "special": of((2, 6, 6), x=special_image)},
        checks=[of((3, 2, 2)), of((2, 5))], version=2),
}
