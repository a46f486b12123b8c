"""Losses beside softmax_loss. Each returns loss, gradient of the scores.

LOSSES is the one list of their types. An entry holds loss(settings, scores, targets) and samples: those that are recorded
as cases, under their names, those whose gradients are checked, and those that network_digests.py records. To add a type,
add an entry and run record.py and network_digests.py.
"""
import numpy as np

import functions
from activations import sigmoid_forward
from samples import SEED

DEFAULT_MARGIN = 1.0


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


def mean_absolute_error(x, targets):
    """Mean over all scores of |x - targets|."""
    difference = x - targets
    return np.sum(np.abs(difference)) / x.size, np.sign(difference) / x.size


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


def of(targets, x=None, l2=0.0, **settings):
    """A loss with these settings behind a dense layer of 6 units, on 7 samples.

    targets: 'labels', 'values' or 'probabilities'. x: a function that gives the samples, if they are not drawn at random.
    l2: of digests.
    """
    return {"targets": targets, "x": x, "l2": l2, "settings": settings}


def drawn():
    """Labels, values, probabilities and samples far from 0, drawn in this order."""
    random = np.random.RandomState(SEED)
    values, probabilities = random.randn(7, 6), random.rand(7, 6)
    return {"labels": np.array([0, 3, 1, 5, 5, 2, 0]), "values": values,
            "probabilities": probabilities / probabilities.sum(axis=1, keepdims=True), "far": 300 * random.randn(7, 5)}


def loss_type(loss, cases, checks, digests):
    """An entry of LOSSES; cases and digests are samples by name, checks are samples."""
    return {"loss": loss, "cases": cases, "checks": checks, "digests": digests}


def softmax(settings, x, targets):
    """Of labels (N,), or of probabilities (N, C)."""
    return softmax_cross_entropy(x, targets) if targets.ndim == 2 else functions.softmax_loss(x, targets)


LOSSES = {
    "softmax": loss_type(
        softmax,
        cases={"loss_softmax_probabilities": of("probabilities")},
        checks=[of("labels"), of("probabilities")],
        digests={"softmax-probabilities": of("probabilities")}),
    "hinge": loss_type(
        lambda settings, x, targets: hinge_loss(x, targets, settings.get("margin", DEFAULT_MARGIN)),
        cases={"loss_hinge": of("labels"), "loss_hinge_margin": of("labels", margin=2.5)},
        checks=[of("labels", margin=0.8)],
        digests={"hinge": of("labels"), "hinge-margin": of("labels", l2=0.1, margin=0.3)}),
    "meanSquaredError": loss_type(
        lambda settings, x, targets: mean_squared_error(x, targets),
        cases={"loss_mean_squared_error": of("values")},
        checks=[of("values")],
        digests={"meanSquaredError": of("values", l2=0.1)}),
    "meanAbsoluteError": loss_type(
        lambda settings, x, targets: mean_absolute_error(x, targets),
        cases={"loss_mean_absolute_error": of("values")},
        checks=[of("values")], digests={}),
    "binaryCrossEntropy": loss_type(
        lambda settings, x, targets: binary_cross_entropy(x, targets),
        cases={"loss_binary_cross_entropy": of("probabilities"),
               "loss_binary_cross_entropy_far": of("probabilities", x=lambda: drawn()["far"])},
        checks=[of("probabilities")],
        digests={"binaryCrossEntropy": of("probabilities")}),
}
