"""Layers on images: convolution and pooling.

Images are (N, C, H, W). Strides, paddings, kernels and pool sizes are pairs (vertical, horizontal). A window that does
not fit as a whole is left out: an output has (H + 2 * pad - kernel) // stride + 1 rows.
"""
import numpy as np


def output_size(size, kernel, stride, padding=0, dilation=1):
    return (size + both_sides(padding) - dilation * (kernel - 1) - 1) // stride + 1


def both_sides(padding):
    return 2 * padding if isinstance(padding, int) else sum(padding)


def margins(padding):
    """A pair of paddings as what np.pad takes: for each axis what is before and after."""
    return tuple((both, both) if isinstance(both, int) else tuple(both) for both in padding)


def same_padding(size, kernel, stride, dilation=1):
    """TensorFlow's 'same': as much as makes ceil(size / stride) windows, the odd one of it after."""
    padding = max((-(-size // stride) - 1) * stride + dilation * (kernel - 1) + 1 - size, 0)
    return padding // 2, padding - padding // 2


def windows(x, kernel, stride, dilation=(1, 1), outputs=None):
    """A view of x's windows, (N, C, KH, KW, OH, OW); outputs: as many as fit, if not said."""
    n, c, h, w = x.shape
    oh, ow = outputs or (output_size(h, kernel[0], stride[0], 0, dilation[0]),
                         output_size(w, kernel[1], stride[1], 0, dilation[1]))
    s = x.strides
    return np.lib.stride_tricks.as_strided(
        x, (n, c, kernel[0], kernel[1], oh, ow),
        (s[0], s[1], dilation[0] * s[2], dilation[1] * s[3], stride[0] * s[2], stride[1] * s[3]))


def pad(x, padding, **how):
    return np.pad(x, ((0, 0), (0, 0)) + margins(padding), **how)


def unfold(x, kernel, stride, padding, dilation=(1, 1), outputs=None):
    """The windows as columns: (C * KH * KW, N * OH * OW), C-ordered."""
    view = windows(pad(x, padding), kernel, stride, dilation, outputs).transpose(1, 2, 3, 0, 4, 5)
    return np.ascontiguousarray(view).reshape(x.shape[1] * kernel[0] * kernel[1], -1)


def fold(windows_gradient, shape, stride, padding, dilation=(1, 1)):
    """The sum of windows (N, C, KH, KW, OH, OW) where they lie on x of the given shape.

    An element of x gets its addends in the order of the places within the window, rows first, added to 0.
    """
    n, c, h, w = shape
    kh, kw, oh, ow = windows_gradient.shape[2:]
    (top, bottom), (left, right) = margins(padding)
    total = np.zeros((n, c, top + h + bottom, left + w + right))
    for i in range(kh):
        for j in range(kw):
            y, z = i * dilation[0], j * dilation[1]
            total[:, :, y:y + stride[0] * oh:stride[0], z:z + stride[1] * ow:stride[1]] += windows_gradient[:, :, i, j]
    return np.ascontiguousarray(total[:, :, top:top + h, left:left + w])


def channels_first(x):
    """(N, C, OH, OW) as the rows (C, N * OH * OW), C-ordered."""
    return np.ascontiguousarray(x.transpose(1, 0, 2, 3)).reshape(x.shape[1], -1)


def products(groups, a, b):
    """For each group of rows the product a.dot(b) of contiguous matrices, or of their transposes, below each other."""
    return np.concatenate([a(g).dot(b(g)) for g in range(groups)])


def grouped(array, groups):
    """A function that gives the rows of each group, a matrix."""
    parts = array.reshape(groups, array.shape[0] // groups, -1)
    return lambda g: parts[g]


def transposed(matrices):
    return lambda g: matrices(g).T


def conv2d_forward(x, w, b, stride, padding, dilation=(1, 1), groups=1):
    """Cross-correlation: out[n, f] = sum over (c, i, j) of w[f, c, i, j] * window + b[f].

    x (N, C, H, W), w (F, C / groups, KH, KW), b (F,) or None; out (N, F, OH, OW), C-ordered. For each group one matrix
    product of its filters (F / groups, C / groups * KH * KW) and the unfolded channels that it takes. Paddings may be
    pairs of what is before and after.
    """
    f, _, kh, kw = w.shape
    n, _, h, width = x.shape
    oh = output_size(h, kh, stride[0], padding[0], dilation[0])
    ow = output_size(width, kw, stride[1], padding[1], dilation[1])
    columns = unfold(x, (kh, kw), stride, padding, dilation)
    out = products(groups, grouped(w, groups), grouped(columns, groups))
    if b is not None:
        out = out + b[:, np.newaxis]
    out = np.ascontiguousarray(out.reshape(f, n, oh, ow).transpose(1, 0, 2, 3))
    return out, (x.shape, w, columns, stride, padding, dilation, groups)


def conv2d_backward(dout, cache):
    """Gradients of conv2d_forward: dx, dw, db. dout (N, F, OH, OW), C-ordered.

    db is numpy's sum over the axes (0, 2, 3) of dout.
    """
    shape, w, columns, stride, padding, dilation, groups = cache
    n, f, oh, ow = dout.shape
    kh, kw = w.shape[2:]
    rows = grouped(channels_first(dout), groups)
    dw = products(groups, rows, transposed(grouped(columns, groups))).reshape(w.shape)
    db = np.sum(dout, axis=(0, 2, 3))
    dcolumns = products(groups, transposed(grouped(w, groups)), rows)
    dx = fold(dcolumns.reshape(shape[1], kh, kw, n, oh, ow).transpose(3, 0, 1, 2, 4, 5), shape, stride, padding, dilation)
    return dx, dw, db


PADDING_MODES = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def pad_forward(x, padding, mode):
    """Images with a margin of their own values: reflect (without the edge), replicate (the edge), circular."""
    return pad(x, padding, mode=PADDING_MODES[mode]), (x.shape, padding, mode)


def pad_backward(dout, cache):
    """An element gets the gradients of its copies, itself among them, in row-major order of dout, added to 0."""
    (n, c, h, w), padding, mode = cache
    rows, columns = [np.pad(np.arange(length), margin, mode=PADDING_MODES[mode])
                     for length, margin in zip((h, w), margins(padding))]
    dx = np.zeros((n, c, h, w))
    for y, row in enumerate(rows):
        for z, column in enumerate(columns):
            dx[:, :, row, column] += dout[:, :, y, z]
    return dx


def conv_transpose2d_forward(x, w, b, stride, padding, output_padding, dilation=(1, 1), groups=1):
    """The gradient that conv2d_backward gives for its input if x is that of its output; b is added afterwards.

    x (N, C, H, W), w (C, F / groups, KH, KW), b (F,) or None; out (N, F, OH, OW), of (H - 1) * stride - 2 * padding +
    dilation * (KH - 1) + 1 + output_padding rows.
    """
    n, c, *sizes = x.shape
    f, kernel = w.shape[1] * groups, w.shape[2:]
    outputs = [(sizes[i] - 1) * stride[i] - 2 * padding[i] + dilation[i] * (kernel[i] - 1) + 1 + output_padding[i]
               for i in range(2)]
    rows = channels_first(x)
    columns = products(groups, transposed(grouped(w, groups)), grouped(rows, groups))
    windows_of_out = columns.reshape((f,) + kernel + (n,) + tuple(sizes)).transpose(3, 0, 1, 2, 4, 5)
    out = fold(windows_of_out, (n, f, *outputs), stride, padding, dilation)
    if b is not None:
        out = out + b[:, np.newaxis, np.newaxis]
    return out, (x.shape, rows, w, stride, padding, dilation, groups)


def conv_transpose2d_backward(dout, cache):
    """Gradients of conv_transpose2d_forward: dx, the convolution of dout, dw and db."""
    (n, c, h, width), rows, w, stride, padding, dilation, groups = cache
    columns = grouped(unfold(dout, w.shape[2:], stride, padding, dilation, (h, width)), groups)
    dx = products(groups, grouped(w, groups), columns).reshape(c, n, h, width).transpose(1, 0, 2, 3)
    dw = products(groups, grouped(rows, groups), transposed(columns)).reshape(w.shape)
    return np.ascontiguousarray(dx), dw, np.sum(dout, axis=(0, 2, 3))
