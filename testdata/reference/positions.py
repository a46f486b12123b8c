"""Where in a sequence a vector stands, told by what is added to it or by how it is turned. x is (..., T, D)."""
import numpy as np


def encoding(steps, features, base):
    """cs231n's PositionalEncoding: sin(t * base ** (-j / D)) in even columns j, cos of the same in the column behind."""
    angles = np.arange(steps)[:, np.newaxis] * base ** (-np.arange(0, features, 2) / features)
    table = np.zeros((steps, features))
    table[:, 0::2] = np.sin(angles)
    table[:, 1::2] = np.cos(angles[:, :features // 2])
    return table


def encoding_forward(x, base):
    return x + encoding(x.shape[-2], x.shape[-1], base)


def embedding_forward(x, w):
    """w (positions, D), whose first T rows are added."""
    return x + w[:x.shape[-2]], w.shape


def embedding_backward(dout, shape):
    """dw: the sum over all samples, 0 in rows that were not added."""
    dw = np.zeros(shape)
    dw[:dout.shape[-2]] = np.sum(dout, axis=tuple(range(dout.ndim - 2)))
    return dw


def rotary_angles(steps, features, base):
    """t * (1 / base ** (2 * i / D)), a column for each pair of features."""
    return np.arange(steps)[:, np.newaxis] * (1.0 / base ** (np.arange(0, features, 2) / features))


def parts(x, interleaved):
    """The first and the second number of each pair, as views: neighbours, or those of the two halves."""
    half = x.shape[-1] // 2
    return (x[..., 0::2], x[..., 1::2]) if interleaved else (x[..., :half], x[..., half:])


def rotary_forward(x, base, interleaved):
    """Each pair (a, b) is turned: a * cos - b * sin, b * cos + a * sin."""
    angles = rotary_angles(x.shape[-2], x.shape[-1], base)
    cache = np.cos(angles), np.sin(angles), interleaved
    return turned(x, *cache), cache


def rotary_backward(dout, cache):
    """Turned back."""
    cos, sin, interleaved = cache
    return turned(dout, cos, -sin, interleaved)


def turned(x, cos, sin, interleaved):
    out = np.zeros(x.shape)
    (a, b), (first, second) = parts(x, interleaved), parts(out, interleaved)
    first[...] = a * cos - b * sin
    second[...] = b * cos + a * sin
    return out
