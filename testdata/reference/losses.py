"""Losses beside softmax_loss. Each returns loss, gradient of the scores."""
import numpy as np

from activations import sigmoid_forward


def hinge_loss(x, y, margin):
    """Multiclass support vector machine: sum over the wrong classes of max(0, x_j - x_y + margin), by N.

    x (N, C), y (N,) labels.
    """
    n = x.shape[0]
    rows = np.arange(n)
    margins = x - x[rows, y][:, np.newaxis] + margin
    margins = np.where(margins > 0, margins, 0.0)
    margins[rows, y] = 0.0
    loss = np.sum(margins) / n
    gradient = (margins > 0).astype(np.float64)
    gradient[rows, y] = -np.sum(gradient, axis=1)
    return loss, gradient / n


def mean_squared_error(x, targets):
    """Mean over all scores of (x - targets) squared."""
    difference = x - targets
    return np.sum(difference * difference) / x.size, 2 * difference / x.size


def binary_cross_entropy(x, targets):
    """Mean over all scores, as logits, of -t * log(p) - (1 - t) * log(1 - p), p = sigmoid(x).

    Computed as max(x, 0) - x * t + log1p(exp(-|x|)).
    """
    terms = np.where(x > 0, x, 0.0) - x * targets + np.log1p(np.exp(-np.abs(x)))
    return np.sum(terms) / x.size, (sigmoid_forward(x)[0] - targets) / x.size


def softmax_cross_entropy(x, targets):
    """Softmax loss against probabilities (N, C): -sum(t * log(p)) / N with log(p) = x - max - log(sum)."""
    n = x.shape[0]
    shifted = x - np.max(x, axis=1, keepdims=True)
    exp = np.exp(shifted)
    total = np.sum(exp, axis=1, keepdims=True)
    terms = targets * (np.log(total) - shifted)
    return np.sum(terms) / n, (exp / total * np.sum(targets, axis=1, keepdims=True) - targets) / n
