"""Arrays whose elements are moved: each element of the output is one of the input, or a constant.

What a layer does is said by `places`: an array of the shape of an output sample with the index, in C order, of the element
of an input sample that comes there, or NOWHERE for a constant. It is what numpy itself makes of an array of indices.
"""
import numpy as np

NOWHERE = -1


def indices(sample):
    """The places of all elements of a sample."""
    return np.arange(np.prod(sample, dtype=int)).reshape(sample)


def forward(x, places, constant=0.0):
    flat = x.reshape(len(x), -1)
    out = np.where(places == NOWHERE, constant, flat[:, places])
    return out.astype(x.dtype), (x.shape, places)


def backward(dout, cache):
    """A copy if each element is taken at most once, and 0 where it is not; else additions to 0, in the order of the output."""
    shape, places = cache
    taken = places != NOWHERE
    to, gradients = places[taken], dout[:, taken]
    dx = np.zeros((shape[0], int(np.prod(shape[1:]))))
    if len(np.unique(to)) == len(to):
        dx[:, to] = gradients
    else:
        for sample, gradient in zip(dx, gradients):
            np.add.at(sample, to, gradient)
    return dx.reshape(shape)


def part(index, axis, of):
    """A part of an axis: a slice, or a whole number, which leaves no axis."""
    return index[(slice(None),) * axis + (of,)]


def pad(index, axis, before, after, mode):
    widths = [(0, 0)] * index.ndim
    widths[axis] = (before, after)
    numpys = {"constant": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}[mode]
    return np.pad(index, widths, numpys, **({"constant_values": NOWHERE} if mode == "constant" else {}))


def stack_forward(xs, axis):
    """Arrays beside each other along a new axis of the sample, which does not count the batch."""
    return np.stack(xs, axis + 1), (axis + 1, len(xs))


def stack_backward(dout, cache):
    axis, count = cache
    return [np.ascontiguousarray(part(dout, axis, index)) for index in range(count)]
