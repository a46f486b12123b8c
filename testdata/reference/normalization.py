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
    """Values (C,) in a shape that goes with x (N, C, ...)."""
    return values.reshape((1, -1) + (1,) * (x.ndim - 2))


def batch_norm_forward(x, gamma, beta, running_mean, running_variance, training, epsilon, momentum):
    """out = gamma * (x - mean) / sqrt(variance + epsilon) + beta, a feature or a channel at a time.

    x (N, D) or (N, C, H, W); gamma, beta and the running statistics (D,) or (C,). In training mean and variance are
    those of the batch, over axis 0 or axes (0, 2, 3), and the returned statistics are momentum * running +
    (1 - momentum) * sample; otherwise they are the running ones. Returns out, cache, mean, variance.
    """
    axis = (0,) + tuple(range(2, x.ndim))
    if training:
        mean, variance = moments(x, axis if x.ndim > 2 else 0)
        new_mean = momentum * running_mean + (1 - momentum) * mean.reshape(-1)
        new_variance = momentum * running_variance + (1 - momentum) * variance.reshape(-1)
    else:
        mean, variance = per_channel(running_mean, x), per_channel(running_variance, x)
        new_mean, new_variance = running_mean, running_variance
    deviation = np.sqrt(variance + epsilon)
    normalized = (x - mean) / deviation
    out = per_channel(gamma, x) * normalized + per_channel(beta, x)
    return out, (normalized, deviation, gamma, training), new_mean, new_variance


def batch_norm_backward(dout, cache):
    """Gradients of batch_norm_forward: dx, dgamma, dbeta."""
    normalized, deviation, gamma, training = cache
    axis = (0,) + tuple(range(2, dout.ndim)) if dout.ndim > 2 else 0
    dgamma = np.sum(dout * normalized, axis=axis)
    dbeta = np.sum(dout, axis=axis)
    dnormalized = dout * per_channel(gamma, dout)
    if training:
        return normalize_backward(dnormalized, normalized, deviation, axis), dgamma, dbeta
    return dnormalized / deviation, dgamma, dbeta


def layer_norm_forward(x, gamma, beta, epsilon):
    """Each sample normalized over all its values; gamma and beta have a sample's shape. x (N, ...)."""
    rows = x.reshape(x.shape[0], -1)
    mean, variance = moments(rows, 1)
    deviation = np.sqrt(variance + epsilon)
    normalized = (rows - mean) / deviation
    out = (gamma.reshape(-1) * normalized + beta.reshape(-1)).reshape(x.shape)
    return out, (normalized, deviation, gamma)


def layer_norm_backward(dout, cache):
    """Gradients of layer_norm_forward: dx, dgamma, dbeta."""
    normalized, deviation, gamma = cache
    rows = dout.reshape(dout.shape[0], -1)
    dgamma = np.sum(rows * normalized, axis=0).reshape(gamma.shape)
    dbeta = np.sum(rows, axis=0).reshape(gamma.shape)
    dx = normalize_backward(rows * gamma.reshape(-1), normalized, deviation, 1)
    return dx.reshape(dout.shape), dgamma, dbeta


def group_norm_forward(x, gamma, beta, groups, epsilon):
    """The channels of each sample in groups, each group normalized over all its values; x (N, C, H, W), gamma (C,)."""
    rows = x.reshape(x.shape[0] * groups, -1)
    mean, variance = moments(rows, 1)
    deviation = np.sqrt(variance + epsilon)
    normalized = ((rows - mean) / deviation).reshape(x.shape)
    out = per_channel(gamma, x) * normalized + per_channel(beta, x)
    return out, (normalized, deviation, gamma, groups)


def group_norm_backward(dout, cache):
    """Gradients of group_norm_forward: dx, dgamma, dbeta."""
    normalized, deviation, gamma, groups = cache
    axis = (0,) + tuple(range(2, dout.ndim))
    dgamma = np.sum(dout * normalized, axis=axis)
    dbeta = np.sum(dout, axis=axis)
    rows = (dout * per_channel(gamma, dout)).reshape(dout.shape[0] * groups, -1)
    dx = normalize_backward(rows, normalized.reshape(rows.shape), deviation, 1)
    return dx.reshape(dout.shape), dgamma, dbeta
