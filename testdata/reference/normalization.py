"""Normalization layers. Variances are biased: the mean of the squared deviations."""
import numpy as np


def moments(x, axis):
    """Mean and variance over axes, which stay with length 1."""
    mean = np.mean(x, axis=axis, keepdims=True)
    centered = x - mean
    return mean, np.mean(centered * centered, axis=axis, keepdims=True)


def normalize_backward(dnormalized, normalized, deviation, axis):
    """Gradient of normalized = (x - mean) / deviation with respect to x, with mean and deviation over axis."""
    return (dnormalized - np.mean(dnormalized, axis=axis, keepdims=True)
            - normalized * np.mean(dnormalized * normalized, axis=axis, keepdims=True)) / deviation


def per_channel(values, x):
    """Values (C,) in a shape that goes with x (N, C, ...); None stays."""
    return None if values is None else values.reshape((1, -1) + (1,) * (x.ndim - 2))


def scaled(normalized, gamma, beta):
    """gamma * normalized + beta, where there are such; both in a shape that goes with the values."""
    out = normalized if gamma is None else gamma * normalized
    return out if beta is None else out + beta


def batch_norm_forward(x, gamma, beta, running_mean, running_variance, training, epsilon, momentum):
    """out = gamma * (x - mean) / sqrt(variance + epsilon) + beta, a feature or a channel at a time.

    x (N, D), (N, C, L) or (N, C, H, W); gamma, beta and the running statistics (D,) or (C,), or None where there are no
    such. In training mean and variance are those of the batch, over all axes but 1, and the returned statistics are
    momentum * running + (1 - momentum) * sample; otherwise they are the running ones, if there are any. Returns out, cache,
    mean, variance.
    """
    axis = (0,) + tuple(range(2, x.ndim))
    own = training or running_mean is None
    if own:
        mean, variance = moments(x, axis if x.ndim > 2 else 0)
        new_mean = new_variance = None
    else:
        mean, variance = per_channel(running_mean, x), per_channel(running_variance, x)
        new_mean, new_variance = running_mean, running_variance
    if own and running_mean is not None:
        new_mean = momentum * running_mean + (1 - momentum) * mean.reshape(-1)
        new_variance = momentum * running_variance + (1 - momentum) * variance.reshape(-1)
    deviation = np.sqrt(variance + epsilon)
    normalized = (x - mean) / deviation
    out = scaled(normalized, per_channel(gamma, x), per_channel(beta, x))
    return out, (normalized, deviation, gamma, own), new_mean, new_variance


def channel_gradients(dout, normalized, gamma):
    """Gradients of gamma and beta (C,), None where there are none, and that of the normalized values."""
    if gamma is None:
        return None, None, dout
    axis = (0,) + tuple(range(2, dout.ndim)) if dout.ndim > 2 else 0
    return np.sum(dout * normalized, axis=axis), np.sum(dout, axis=axis), dout * per_channel(gamma, dout)


def batch_norm_backward(dout, cache):
    """Gradients of batch_norm_forward: dx, dgamma, dbeta."""
    normalized, deviation, gamma, own = cache
    axis = (0,) + tuple(range(2, dout.ndim)) if dout.ndim > 2 else 0
    dgamma, dbeta, dnormalized = channel_gradients(dout, normalized, gamma)
    if own:
        return normalize_backward(dnormalized, normalized, deviation, axis), dgamma, dbeta
    return dnormalized / deviation, dgamma, dbeta


def in_rows(x, axes):
    """What is normalized together as rows: the last axes, or all of each sample if axes is 0. x (N, ...)."""
    return x.reshape(-1, int(np.prod(x.shape[1:] if axes == 0 else x.shape[-axes:])))


def row_gradients(rows, normalized, gamma):
    """Gradients of gamma and beta, None where there are none, and that of the normalized values, in rows."""
    if gamma is None:
        return None, None, rows
    return (np.sum(rows * normalized, axis=0).reshape(gamma.shape), np.sum(rows, axis=0).reshape(gamma.shape),
            rows * gamma.reshape(-1))


def layer_norm_forward(x, gamma, beta, epsilon, axes=0):
    """Each sample normalized over all its values, or over its last axes; gamma and beta have their shape. x (N, ...)."""
    rows = in_rows(x, axes)
    mean, variance = moments(rows, 1)
    deviation = np.sqrt(variance + epsilon)
    normalized = (rows - mean) / deviation
    flat = (None, None) if gamma is None else (gamma.reshape(-1), beta.reshape(-1))
    return scaled(normalized, *flat).reshape(x.shape), (normalized, deviation, gamma)


def layer_norm_backward(dout, cache):
    """Gradients of layer_norm_forward: dx, dgamma, dbeta."""
    normalized, deviation, gamma = cache
    dgamma, dbeta, dnormalized = row_gradients(dout.reshape(normalized.shape), normalized, gamma)
    return normalize_backward(dnormalized, normalized, deviation, 1).reshape(dout.shape), dgamma, dbeta


def rms_norm_forward(x, gamma, epsilon, axes=0):
    """gamma * x / sqrt(mean(x * x) + epsilon), over all values of each sample or over its last axes."""
    rows = in_rows(x, axes)
    deviation = np.sqrt(np.mean(rows * rows, axis=1, keepdims=True) + epsilon)
    normalized = rows / deviation
    return scaled(normalized, None if gamma is None else gamma.reshape(-1), None).reshape(x.shape), (
        normalized, deviation, gamma)


def rms_norm_backward(dout, cache):
    """Gradients of rms_norm_forward: dx, dgamma."""
    normalized, deviation, gamma = cache
    dgamma, _, dnormalized = row_gradients(dout.reshape(normalized.shape), normalized, gamma)
    dx = (dnormalized - normalized * np.mean(dnormalized * normalized, axis=1, keepdims=True)) / deviation
    return dx.reshape(dout.shape), dgamma


def weight_norm_forward(v, g, axis):
    """W = v * (g / norm), norm = sqrt(sum(v * v)) of each unit; axis: that of the units, 0 or, of a matrix, 1; g (units,)."""
    shape = [-1 if own == axis else 1 for own in range(v.ndim)]
    norm = np.sqrt(sums_of_units(v * v, axis))
    scale = g / norm
    return v * scale.reshape(shape), (v, norm, scale, axis, shape)


def weight_norm_backward(dw, cache):
    """Gradients of weight_norm_forward: dv, dg."""
    v, norm, scale, axis, shape = cache
    s = sums_of_units(dw * v, axis)
    return (dw - v * (s / (norm * norm)).reshape(shape)) * scale.reshape(shape), s / norm


def sums_of_units(values, axis):
    return np.sum(values, axis=0) if axis else np.sum(values.reshape(len(values), -1), axis=1)


def group_norm_forward(x, gamma, beta, groups, epsilon):
    """The channels of each sample in groups, each group normalized over all its values; x (N, C, ...), gamma (C,)."""
    rows = x.reshape(x.shape[0] * groups, -1)
    mean, variance = moments(rows, 1)
    deviation = np.sqrt(variance + epsilon)
    normalized = ((rows - mean) / deviation).reshape(x.shape)
    return scaled(normalized, per_channel(gamma, x), per_channel(beta, x)), (normalized, deviation, gamma, groups)


def group_norm_backward(dout, cache):
    """Gradients of group_norm_forward: dx, dgamma, dbeta."""
    normalized, deviation, gamma, groups = cache
    dgamma, dbeta, dnormalized = channel_gradients(dout, normalized, gamma)
    rows = dnormalized.reshape(dout.shape[0] * groups, -1)
    dx = normalize_backward(rows, normalized.reshape(rows.shape), deviation, 1)
    return dx.reshape(dout.shape), dgamma, dbeta
