"""Layers over axes of a sample: sums, means, largest and smallest elements, softmax. Axes do not count the batch; negative
ones are counted from the end."""
import numpy as np

from layer_types import elementwise
from samples import FEATURES, PLAIN, SEED, SMALL_IMAGE, SPECIAL, of


def array_axes(axes, x):
    """Axes of the sample as those of the batch, in order."""
    return tuple(sorted(axis % (x.ndim - 1) + 1 for axis in axes))


def kept(values, x, axes):
    """What a reduction gives with axes of length 1 for those that were reduced."""
    return values.reshape([1 if axis in axes else length for axis, length in enumerate(x.shape)])


def sum_forward(x, axes, keep):
    """np.sum(x, axis)."""
    axes = array_axes(axes, x)
    return np.sum(np.ascontiguousarray(x), axis=axes, keepdims=keep), (x, axes)


def sum_backward(dout, cache):
    x, axes = cache
    return np.ascontiguousarray(np.broadcast_to(kept(dout, x, axes), x.shape))


def mean_forward(x, axes, keep):
    """np.mean(x, axis)."""
    axes = array_axes(axes, x)
    return np.mean(np.ascontiguousarray(x), axis=axes, keepdims=keep), (x, axes)


def mean_backward(dout, cache):
    x, axes = cache
    count = x.size // dout.size
    return sum_backward(dout / count if count > 1 else dout, cache)


def at_the_end(x, axes):
    """The reduced axes as one, the last."""
    moved = np.moveaxis(x, axes, range(-len(axes), 0))
    return np.ascontiguousarray(moved).reshape(moved.shape[:-len(axes)] + (-1,))


def back_from_the_end(moved, x, axes):
    order = [axis for axis in range(x.ndim) if axis not in axes] + list(axes)
    shape = [x.shape[axis] for axis in order]
    return np.ascontiguousarray(moved.reshape(shape).transpose(np.argsort(order)))


def extreme_forward(x, axes, keep, ties, arg):
    """The first of the elements that np.argmax or np.argmin finds."""
    axes = array_axes(axes, x)
    moved = at_the_end(x, axes)
    index = arg(moved, axis=-1)[..., np.newaxis]
    found = np.take_along_axis(moved, index, axis=-1)
    out = kept(found, x, axes) if keep else found[..., 0]
    return out, (x, axes, moved, index, found, ties)


def extreme_backward(dout, cache):
    x, axes, moved, index, found, ties = cache
    dout = dout.reshape(index.shape)
    if ties == "shared":
        mask = moved == found
        gradient = dout * mask / np.sum(mask, axis=-1, keepdims=True)
    else:
        gradient = np.zeros_like(moved)
        np.put_along_axis(gradient, index, dout, axis=-1)
    return back_from_the_end(gradient, x, axes)


def max_forward(x, axes, keep, ties):
    return extreme_forward(x, axes, keep, ties, np.argmax)


def min_forward(x, axes, keep, ties):
    return extreme_forward(x, axes, keep, ties, np.argmin)


def rows_of(x, axis):
    return at_the_end(x, (axis,)).reshape(-1, x.shape[axis])


def softmax_forward(x, axis):
    """exp(x - max) / sum over an axis."""
    axis, = array_axes([axis], x)
    rows = rows_of(x, axis)
    exp = np.exp(rows - np.max(rows, axis=1, keepdims=True))
    out = exp / np.sum(exp, axis=1, keepdims=True)
    return back_from_the_end(out, x, (axis,)), (x, axis, out)


def softmax_backward(dout, cache):
    x, axis, out = cache
    rows = rows_of(dout, axis)
    dx = out * (rows - np.sum(rows * out, axis=1, keepdims=True))
    return back_from_the_end(dx, x, (axis,))


def log_softmax_forward(x, axis):
    """(x - max) - log(sum of exp(x - max)) over an axis."""
    axis, = array_axes([axis], x)
    rows = rows_of(x, axis)
    shifted = rows - np.max(rows, axis=1, keepdims=True)
    out = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    return back_from_the_end(out, x, (axis,)), (x, axis, out)


def log_softmax_backward(dout, cache):
    x, axis, out = cache
    rows = rows_of(dout, axis)
    return back_from_the_end(rows - np.exp(out) * np.sum(rows, axis=1, keepdims=True), x, (axis,))


def few_values():
    return np.random.RandomState(SEED).choice([0.0, -0.0, 1.0, -1.0, 2.0], size=(3, 4, 5))


def rows_of_special():
    """Special values, some of which are the largest of a row."""
    return np.random.RandomState(SEED).choice(SPECIAL, size=(12, 2, 3))


REDUCTION = (("axes", None), ("keep", False))
CHECKS = [of(PLAIN, axes=[0]), of(SMALL_IMAGE, axes=[-1, 0]), of(SMALL_IMAGE, axes=[1], keep=True)]
SUMS = {
    "last": of((3, 20), batch=2, axes=[-1]),
    "places": of((2, 6, 3), batch=2, axes=[1, 2], keep=True),
    "channels": of((5, 2, 4), batch=2, axes=[0]),
    "outside": of((3, 4, 5), batch=2, axes=[0, 2]),
    "all": of((4, 35), batch=2, axes=[0, 1]),
}


def extreme(forward):
    return elementwise(
        forward, extreme_backward, *REDUCTION, ("ties", "first"),
        cases={
            "last": of((3, 7), axes=[-1]),
            "outside": of((3, 4, 5), batch=2, axes=[0, 2], keep=True),
            "special": of((2, 3), x=rows_of_special, axes=[0, 1]),
            "first": of((4, 5), x=few_values, axes=[0]),
            "shared": of((4, 5), x=few_values, axes=[1], ties="shared"),
        },
        checks=CHECKS + [of(SMALL_IMAGE, axes=[2], ties="shared")], version=2)


ENTRIES = {
    "sum": elementwise(sum_forward, sum_backward, *REDUCTION, cases=SUMS, checks=CHECKS, version=2),
    "mean": elementwise(mean_forward, mean_backward, *REDUCTION, cases=SUMS, checks=CHECKS, version=2),
    "max": extreme(max_forward),
    "min": extreme(min_forward),
    "softmax": elementwise(
        softmax_forward, softmax_backward, ("axis", -1),
        cases={"head": of((10,), batch=4), "last": of((3, 12), batch=2), "channels": of((5, 2, 3), axis=0)},
        checks=[of(PLAIN), of(SMALL_IMAGE), of(SMALL_IMAGE, axis=-2)],
        digests={"": of(FEATURES)}),
    "logSoftmax": elementwise(
        log_softmax_forward, log_softmax_backward, ("axis", -1),
        cases={"head": of((10,), batch=4), "last": of((3, 12), batch=2), "channels": of((5, 2, 3), axis=0),
               "far": of((3,), x=lambda: np.array([[0.0, -800.0, 1.0], [1e300, 0.0, 3.0], [5.0, 5.0, -np.inf]]))},
        checks=[of(PLAIN), of(SMALL_IMAGE), of(SMALL_IMAGE, axis=-2)], version=2),
}
