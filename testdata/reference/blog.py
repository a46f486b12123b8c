"""Parts 2 and 3 of the series whose part 1 is functions.py: convolution by im2col, and Adam.

Written from how these parts are described: im2col with fancy indexing, places before samples in the columns, as in cs231n;
db added up in loops; Adam whose step carries both bias corrections, with epsilon outside of them. Their print was not at
hand, so it is not said here what it gets wrong.

Three things are computed in another order, or by another formula, than in convolution.py and as cs231n's Adam:
- dw sums over places first and samples second: other last bits than conv2d_backward's;
- db adds one element after another: other last bits than np.sum;
- Adam is keras_adam of optimizers.py with epsilon 1e-8, bit for bit, not cs231n's adam.
"""
import numpy as np


def indices(shape, kernel, stride):
    """Channel, row and column of each element of each window in padded images: (C * KH * KW, 1) and (..., OH * OW)."""
    _, c, h, w = shape
    oh, ow = (h - kernel[0]) // stride + 1, (w - kernel[1]) // stride + 1
    channel, i, j = np.indices((c,) + tuple(kernel)).reshape(3, -1, 1)
    y, x = np.indices((oh, ow)).reshape(2, 1, -1)
    return channel, i + stride * y, j + stride * x, oh, ow


def conv_forward(x, w, b, stride, pad):
    """x (N, C, H, W), w (F, C, KH, KW), b (F,); out (N, F, OH, OW)."""
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    channel, row, column, oh, ow = indices(padded.shape, w.shape[2:], stride)
    columns = padded[:, channel, row, column].transpose(1, 2, 0).reshape(channel.size, -1)
    out = w.reshape(len(w), -1).dot(columns) + b.reshape(-1, 1)
    return out.reshape(len(w), oh, ow, len(x)).transpose(3, 0, 1, 2), (padded.shape, w, columns, stride, pad)


def conv_backward(dout, cache):
    """Gradients of conv_forward: dx, dw, db."""
    shape, w, columns, stride, pad = cache
    n, f, oh, ow = dout.shape
    db = np.zeros(f)
    for filter in range(f):
        for sample in range(n):
            for y in range(oh):
                for x in range(ow):
                    db[filter] += dout[sample, filter, y, x]
    rows = dout.transpose(1, 2, 3, 0).reshape(f, -1)
    dw = rows.dot(columns.T).reshape(w.shape)
    dcolumns = w.reshape(f, -1).T.dot(rows).reshape(-1, oh * ow, n).transpose(2, 0, 1)
    channel, row, column, _, _ = indices(shape, w.shape[2:], stride)
    padded = np.zeros(shape)
    np.add.at(padded, (slice(None), channel, row, column), dcolumns)
    return padded[:, :, pad:shape[2] - pad, pad:shape[3] - pad], dw, db


class Adam:
    """Adam for a dict of parameters, in the form at the end of section 2 of Kingma and Ba."""

    def __init__(self, rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.rate, self.beta1, self.beta2, self.epsilon = rate, beta1, beta2, epsilon
        self.m, self.v, self.t = {}, {}, 0

    def update(self, parameters, gradients):
        self.t += 1
        rate = self.rate * np.sqrt(1 - self.beta2 ** self.t) / (1 - self.beta1 ** self.t)
        for name, gradient in gradients.items():
            m, v = self.m.get(name, 0.0), self.v.get(name, 0.0)
            self.m[name] = self.beta1 * m + (1 - self.beta1) * gradient
            self.v[name] = self.beta2 * v + (1 - self.beta2) * gradient ** 2
            parameters[name] = parameters[name] - rate * self.m[name] / (np.sqrt(self.v[name]) + self.epsilon)
