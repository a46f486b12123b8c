"""Activations, elementwise unless they say otherwise. Each backward takes dout and the forward's cache."""
import math

import numpy as np

SQRT_HALF = math.sqrt(0.5)
SQRT_2_BY_PI = math.sqrt(2 / math.pi)
DENSITY = 1 / math.sqrt(2 * math.pi)
CUBIC = 0.044715
QUICK = 1.702
SELU_ALPHA = 1.6732632423543772848170429916717
SELU_SCALE = 1.0507009873554804934193349852946

erf = np.vectorize(math.erf, otypes=[np.float64])


def leaky_relu_forward(x, alpha):
    """x where x > 0, else alpha * x."""
    return np.where(x > 0, x, alpha * x), (x > 0, alpha)


def leaky_relu_backward(dout, cache):
    mask, alpha = cache
    return np.where(mask, dout, alpha * dout)


def elu_forward(x, alpha, scale=1.0, inner=1.0):
    """scale * x where x > 0, else alpha * scale * (exp(x * inner) - 1), by the C library's expm1."""
    with np.errstate(over="ignore"):
        out = np.where(x > 0, scale * x, alpha * scale * np.expm1(x * inner))
    return out, (x > 0, out, alpha, scale, inner)


def elu_backward(dout, cache):
    mask, out, alpha, scale, inner = cache
    return np.where(mask, dout * scale, dout * (inner * (out + alpha * scale)))


def selu_forward(x):
    return elu_forward(x, SELU_ALPHA, SELU_SCALE)


def celu_forward(x, alpha):
    return elu_forward(x, alpha, 1.0, 1 / alpha)


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


def softplus_forward(x, beta=1.0, threshold=math.inf):
    """log(1 + exp(t)) / beta = (log1p(exp(-|t|)) + max(t, 0)) / beta, t = beta * x; x itself where t > threshold."""
    t = beta * x
    bent = (np.log1p(np.exp(-np.abs(t))) + np.where(t > 0, t, 0.0)) / beta
    return np.where(t > threshold, x, bent), (t, threshold)


def softplus_backward(dout, cache):
    t, threshold = cache
    return np.where(t > threshold, dout, dout * sigmoid_forward(t)[0])


def log_sigmoid_forward(x):
    """-log(1 + exp(-x)) = min(x, 0) - log1p(exp(-|x|))."""
    return np.where(x < 0, x, 0.0) - np.log1p(np.exp(-np.abs(x))), x


def log_sigmoid_backward(dout, x):
    z = np.exp(-np.abs(x))
    return dout * (np.where(x >= 0, z, 1.0) / (1 + z))


def silu_forward(x, factor=1.0):
    """x * sigmoid(factor * x)."""
    return x * sigmoid_forward(factor * x)[0], factor * x


def silu_backward(dout, t):
    s = sigmoid_forward(t)[0]
    return dout * (s * (1 + t * (1 - s)))


def quick_gelu_forward(x):
    return silu_forward(x, QUICK)


def mish_forward(x):
    """x * tanh(softplus(x))."""
    t = np.tanh(softplus_forward(x)[0])
    return x * t, (x, t)


def mish_backward(dout, cache):
    x, t = cache
    return dout * (t + x * sigmoid_forward(x)[0] * (1 - t * t))


def softsign_forward(x):
    """x / (1 + |x|)."""
    return x / (1 + np.abs(x)), 1 + np.abs(x)


def softsign_backward(dout, d):
    return dout / (d * d)


def clip(x, low, high):
    """x between two numbers, NaN and -0.0 as they are."""
    return np.where(x < low, low, np.where(x > high, high, x))


def hard_tanh_forward(x, low=-1.0, high=1.0):
    """min(max(x, low), high), with a gradient of 0 at both ends and beyond."""
    return clip(x, low, high), (x > low) & (x < high)


def relu6_forward(x):
    return hard_tanh_forward(x, 0.0, 6.0)


def hard_tanh_backward(dout, inside):
    return np.where(inside, dout, 0.0)


def hard_sigmoid_forward(x):
    """min(max(x + 3, 0), 6) / 6."""
    return clip(x + 3, 0.0, 6.0) / 6, (x > -3) & (x < 3)


def hard_sigmoid_backward(dout, inside):
    return np.where(inside, dout / 6, 0.0)


def hard_swish_forward(x):
    """x * min(max(x + 3, 0), 6) / 6."""
    return x * clip(x + 3, 0.0, 6.0) / 6, x


def hard_swish_backward(dout, x):
    return np.where(x <= -3, 0.0, np.where(x < 3, dout * (x / 3 + 0.5), dout))


def prelu_forward(x, alpha):
    """x where x > 0, else alpha * x; alpha (1,), or (C,) for x (N, C, ...)."""
    slope = alpha.reshape((-1,) + (1,) * (x.ndim - 2))
    return np.where(x > 0, x, slope * x), (x, slope, alpha.size == 1)


def prelu_backward(dout, cache):
    """dx and dalpha, a sum over all that share an alpha."""
    x, slope, shared = cache
    products = np.where(x > 0, 0.0, dout * x)
    dx = np.where(x > 0, dout, slope * dout)
    if shared:
        return dx, np.sum(products).reshape(1)
    if x.ndim == 2:
        return dx, np.sum(products, axis=0)
    return dx, np.sum(products.reshape(x.shape[0], x.shape[1], -1), axis=(0, 2))


def glu_forward(x, axis):
    """a * sigmoid(b), a and b being the halves of x along an axis of its samples."""
    a, b = np.split(x, 2, axis=axis + 1 if axis >= 0 else axis)
    s = sigmoid_forward(b)[0]
    return a * s, (a, s, axis)


def glu_backward(dout, cache):
    a, s, axis = cache
    return np.concatenate([dout * s, dout * (a * (s * (1 - s)))], axis=axis + 1 if axis >= 0 else axis)


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


def drop_groups_forward(x, keep, axes, random):
    """Inverted dropout of whole groups, which the first axes of x count: mask = (random.rand(*axes, 1, ...) < keep) / keep."""
    mask = (random.rand(*x.shape[:axes], *(1,) * (x.ndim - axes)) < keep) / keep
    return x * mask, mask
