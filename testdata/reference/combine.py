"""Layers that bring several arrays together, and the one that makes room for it. Backward gives a list of gradients."""
import numpy as np


def source_forward(value, batch):
    """The same for each sample."""
    return np.ascontiguousarray(np.broadcast_to(value, (batch,) + value.shape)), None


def source_backward(dout, cache):
    return np.sum(dout, axis=0)


def concat_forward(xs, axis):
    """One array behind the other along an axis of the sample, which does not count the batch."""
    starts = np.cumsum([x.shape[axis + 1] for x in xs])[:-1]
    return np.ascontiguousarray(np.concatenate(xs, axis + 1)), (axis + 1, starts)


def concat_backward(dout, cache):
    axis, starts = cache
    return [np.ascontiguousarray(part) for part in np.split(dout, starts, axis)]


def upsample2d_forward(x, factor):
    """Nearest neighbours: each element of an image fh times below and fw times beside each other."""
    return x.repeat(factor[0], axis=2).repeat(factor[1], axis=3), factor


def upsample2d_backward(dout, factor):
    """The sum of the gradients of an element's copies, rows first, added to 0."""
    fh, fw = factor
    dx = np.zeros(dout.shape[:2] + (dout.shape[2] // fh, dout.shape[3] // fw))
    for i in range(fh):
        for j in range(fw):
            dx += dout[:, :, i::fh, j::fw]
    return dx
