"""Layers on images: convolution.

Images are (N, C, H, W). Strides, paddings, kernels and pool sizes are pairs (vertical, horizontal). A window that does
not fit as a whole is left out: an output has (H + 2 * pad - kernel) // stride + 1 rows.
"""
import numpy as np


def output_size(size, kernel, stride, padding=0):
    return (size + 2 * padding - kernel) // stride + 1


def windows(x, kernel, stride):
    """A view of x's windows, (N, C, KH, KW, OH, OW)."""
    n, c, h, w = x.shape
    oh, ow = output_size(h, kernel[0], stride[0]), output_size(w, kernel[1], stride[1])
    s = x.strides
    return np.lib.stride_tricks.as_strided(
        x, (n, c, kernel[0], kernel[1], oh, ow), (s[0], s[1], s[2], s[3], stride[0] * s[2], stride[1] * s[3]))


def pad(x, padding):
    return np.pad(x, ((0, 0), (0, 0), (padding[0], padding[0]), (padding[1], padding[1])))


def unfold(x, kernel, stride, padding):
    """The windows as columns: (C * KH * KW, N * OH * OW), C-ordered."""
    view = windows(pad(x, padding), kernel, stride).transpose(1, 2, 3, 0, 4, 5)
    return np.ascontiguousarray(view).reshape(x.shape[1] * kernel[0] * kernel[1], -1)


def fold(windows_gradient, shape, stride, padding):
    """The sum of windows (N, C, KH, KW, OH, OW) where they lie on x of the given shape.

    An element of x gets its addends in the order of the places within the window, rows first, added to 0.
    """
    n, c, h, w = shape
    kh, kw, oh, ow = windows_gradient.shape[2:]
    total = np.zeros((n, c, h + 2 * padding[0], w + 2 * padding[1]))
    for i in range(kh):
        for j in range(kw):
            total[:, :, i:i + stride[0] * oh:stride[0], j:j + stride[1] * ow:stride[1]] += windows_gradient[:, :, i, j]
    return np.ascontiguousarray(total[:, :, padding[0]:padding[0] + h, padding[1]:padding[1] + w])


def conv2d_forward(x, w, b, stride, padding):
    """Cross-correlation: out[n, f] = sum over (c, i, j) of w[f, c, i, j] * window + b[f].

    x (N, C, H, W), w (F, C, KH, KW), b (F,) or None; out (N, F, OH, OW), C-ordered. One matrix product of the filters
    (F, C * KH * KW) and the unfolded input.
    """
    f, c, kh, kw = w.shape
    n, _, h, width = x.shape
    oh, ow = output_size(h, kh, stride[0], padding[0]), output_size(width, kw, stride[1], padding[1])
    columns = unfold(x, (kh, kw), stride, padding)
    out = w.reshape(f, -1).dot(columns)
    if b is not None:
        out = out + b[:, np.newaxis]
    out = np.ascontiguousarray(out.reshape(f, n, oh, ow).transpose(1, 0, 2, 3))
    return out, (x.shape, w, columns, stride, padding)


def conv2d_backward(dout, cache):
    """Gradients of conv2d_forward: dx, dw, db. dout (N, F, OH, OW), C-ordered.

    db is numpy's sum over the axes (0, 2, 3) of dout.
    """
    shape, w, columns, stride, padding = cache
    n, f, oh, ow = dout.shape
    _, c, kh, kw = w.shape
    rows = np.ascontiguousarray(dout.transpose(1, 0, 2, 3)).reshape(f, -1)
    dw = rows.dot(columns.T).reshape(w.shape)
    db = np.sum(dout, axis=(0, 2, 3))
    dcolumns = w.reshape(f, -1).T.dot(rows)
    dx = fold(dcolumns.reshape(c, kh, kw, n, oh, ow).transpose(3, 0, 1, 2, 4, 5), shape, stride, padding)
    return dx, dw, db
