"""Activations, elementwise unless they say otherwise. Each backward takes dout and the forward's cache."""
import math

import numpy as np

SQRT_HALF = math.sqrt(0.5)
SQRT_2_BY_PI = math.sqrt(2 / math.pi)
DENSITY = 1 / math.sqrt(2 * math.pi)
CUBIC = 0.044715

erf = np.vectorize(math.erf, otypes=[np.float64])


def leaky_relu_forward(x, alpha):
    """x where x > 0, else alpha * x."""
    return np.where(x > 0, x, alpha * x), (x > 0, alpha)


def leaky_relu_backward(dout, cache):
    mask, alpha = cache
    return np.where(mask, dout, alpha * dout)


def elu_forward(x, alpha):
    """x where x > 0, else alpha * (exp(x) - 1), by the C library's expm1."""
    with np.errstate(over="ignore"):
        out = np.where(x > 0, x, alpha * np.expm1(x))
    return out, (x > 0, out, alpha)


def elu_backward(dout, cache):
    mask, out, alpha = cache
    return np.where(mask, dout, dout * (out + alpha))


def sigmoid_forward(x):
    """1 / (1 + exp(-x)), computed from exp(-|x|) so that nothing overflows."""
    z = np.exp(-np.abs(x))
    out = np.where(x >= 0, 1.0, z) / (1 + z)
    return out, out


def sigmoid_backward(dout, out):
    return dout * (out * (1 - out))


def tanh_forward(x):
    out = np.tanh(x)
    return out, out


def tanh_backward(dout, out):
    return dout * (1 - out * out)


def softplus_forward(x):
    """log(1 + exp(x)) = log1p(exp(-|x|)) + max(x, 0)."""
    return np.log1p(np.exp(-np.abs(x))) + np.where(x > 0, x, 0.0), x


def softplus_backward(dout, x):
    return dout * sigmoid_forward(x)[0]


def gelu_forward(x):
    """0.5 * x * (1 + erf(x / sqrt(2)))."""
    return 0.5 * x * (1 + erf(x * SQRT_HALF)), x


def gelu_backward(dout, x):
    return dout * (0.5 * (1 + erf(x * SQRT_HALF)) + x * (DENSITY * np.exp(-0.5 * (x * x))))


def gelu_tanh_forward(x):
    """0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x * x * x)))."""
    t = np.tanh(SQRT_2_BY_PI * (x + CUBIC * (x * x * x)))
    return 0.5 * x * (1 + t), (x, t)


def gelu_tanh_backward(dout, cache):
    x, t = cache
    slope = SQRT_2_BY_PI * (1 + 3 * CUBIC * (x * x))
    return dout * (0.5 * (1 + t) + 0.5 * x * (1 - t * t) * slope)


def dropout_forward(x, keep, random, seed=None):
    """Inverted dropout: x * mask, mask = (random.rand(*x.shape) < keep) / keep; with a seed, random is seeded first.

    keep is cs231n's p; in its older assignments p was the probability to drop, 1 - keep.
    """
    if seed is not None:
        random.seed(seed)
    mask = (random.rand(*x.shape) < keep) / keep
    return x * mask, mask


def dropout_backward(dout, mask):
    return dout * mask
