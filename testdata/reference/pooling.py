"""Pools of windows that may reach beyond the image, be parts of it, or be all of it.

An axis of windows is a list with, for each window, its elements that are inside and how many it counts. Padding is less
than any number for a maximum and 0 for a mean.
"""
import numpy as np


def strided(length, size, stride, padding=0, dilation=1, ceil=False, same=False, count_padding=False):
    """As PyTorch has it; same: as TensorFlow has it, which never counts padding."""
    span = (size - 1) * dilation + 1
    if same:
        outputs = -(-length // stride)
        padding = max((outputs - 1) * stride + span - length, 0) // 2
    else:
        left = length + 2 * padding - span
        outputs = -(-left // stride) + 1 if ceil else left // stride + 1
        if ceil and (outputs - 1) * stride >= length + padding:
            outputs -= 1
    windows = []
    for k in range(outputs):
        start = k * stride - padding
        inside = [place for place in range(start, start + span, dilation) if 0 <= place < length]
        counted = min(start + size, length + padding) - start if count_padding and not same else len(inside)
        windows.append((inside, counted))
    return windows


def adaptive(length, outputs):
    """PyTorch's: from floor(k * length / outputs) to ceil((k + 1) * length / outputs)."""
    windows = [list(range(k * length // outputs, -(-(k + 1) * length // outputs))) for k in range(outputs)]
    return [(inside, len(inside)) for inside in windows]


def max_forward(x, rows, columns):
    """The largest value of each window: of equal ones the first in row-major order, and the first NaN before all."""
    n, c, _, width = x.shape
    out = np.zeros((n, c, len(rows), len(columns)))
    index = np.zeros(out.shape, np.int64)
    for y, (row, _) in enumerate(rows):
        for z, (column, _) in enumerate(columns):
            places = np.add.outer(np.array(row) * width, column).reshape(-1)
            values = x.reshape(n, c, -1)[:, :, places]
            best = np.argmax(values, axis=-1)
            out[:, :, y, z] = np.take_along_axis(values, best[..., np.newaxis], axis=-1)[..., 0]
            index[:, :, y, z] = places[best]
    return out, (x.shape, index)


def max_backward(dout, cache):
    """The gradient goes where the largest value was; an element that several windows took gets their gradients in
    the order of the windows, rows first, added to 0."""
    shape, index = cache
    n, c, _, _ = np.indices(dout.shape)
    dx = np.zeros((shape[0], shape[1], shape[2] * shape[3]))
    np.add.at(dx, (n, c, index), dout)
    return dx.reshape(shape)


def mean_forward(x, rows, columns):
    """The mean of each window: its values added in row-major order, divided by how many it counts."""
    out = np.zeros(x.shape[:2] + (len(rows), len(columns)))
    for y, (row, row_count) in enumerate(rows):
        for z, (column, column_count) in enumerate(columns):
            places = [(i, j) for i in row for j in column]
            total = x[:, :, places[0][0], places[0][1]].copy()
            for i, j in places[1:]:
                total = total + x[:, :, i, j]
            out[:, :, y, z] = total / (row_count * column_count)
    return out, (x.shape, rows, columns)


def mean_backward(dout, cache):
    """Each element of a window gets dout divided by how many the window counts, from the last window to the first, added
    to 0."""
    shape, rows, columns = cache
    dx = np.zeros(shape)
    for y in range(len(rows) - 1, -1, -1):
        for z in range(len(columns) - 1, -1, -1):
            share = dout[:, :, y, z] / (rows[y][1] * columns[z][1])
            for i in rows[y][0]:
                for j in columns[z][0]:
                    dx[:, :, i, j] += share
    return dx
