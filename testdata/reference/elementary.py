"""Functions of arithmetic, elementwise. Each backward takes dout and the forward's cache."""
import numpy as np

import activations as act


def scale_forward(x, factor):
    return x * factor, factor


def scale_backward(dout, factor):
    return dout * factor


def shift_forward(x, offset):
    return x + offset, None


def shift_backward(dout, cache):
    return dout.copy()


def pow_forward(x, exponent):
    """x ** exponent: numpy takes a reciprocal, a square root or a square where the exponent is -1, 0.5 or 2."""
    return x ** float(exponent), (x, float(exponent))


def pow_backward(dout, cache):
    x, exponent = cache
    return np.zeros_like(dout) if exponent == 0 else dout * (exponent * x ** (exponent - 1))


def exp_forward(x):
    out = np.exp(x)
    return out, out


def exp_backward(dout, out):
    return dout * out


def log_forward(x):
    return np.log(x), x


def log_backward(dout, x):
    return dout / x


def sqrt_forward(x):
    out = np.sqrt(x)
    return out, out


def sqrt_backward(dout, out):
    return dout / (2 * out)


def rsqrt_forward(x):
    """1 / sqrt(x)."""
    out = 1 / np.sqrt(x)
    return out, out


def rsqrt_backward(dout, out):
    return dout * (-0.5 * (out * out * out))


def reciprocal_forward(x):
    out = 1 / x
    return out, out


def reciprocal_backward(dout, out):
    return -dout * (out * out)


def abs_forward(x):
    return np.abs(x), x


def abs_backward(dout, x):
    """The sign of 0 is 0."""
    return dout * np.sign(x)


def negate_forward(x):
    return -x, None


def negate_backward(dout, cache):
    return -dout


def sin_forward(x):
    return np.sin(x), x


def sin_backward(dout, x):
    return dout * np.cos(x)


def cos_forward(x):
    return np.cos(x), x


def cos_backward(dout, x):
    return -dout * np.sin(x)


def clamp_forward(x, low, high):
    """min(max(x, low), high), with a gradient of 0 beyond both ends and not at them."""
    return act.clip(x, low, high), (x >= low) & (x <= high)


clamp_backward = act.hard_tanh_backward
