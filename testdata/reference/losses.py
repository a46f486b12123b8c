"""Losses beside softmax_loss. Each returns loss, gradient of the scores.

LOSSES is the one list of their types. An entry holds loss(settings, scores, targets) and samples: those that are recorded
as cases, under their names, those whose gradients are checked, and those that network_digests.py records. To add a type,
add an entry and run record.py and network_digests.py.
"""
import numpy as np

import functions
from activations import sigmoid_forward
from samples import SEED

DEFAULT_MARGIN = DEFAULT_DELTA = DEFAULT_BETA = 1.0


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


def divisor(settings, x, terms):
    """What the sum of the terms of a loss is divided by; terms: how many there are, or the sum of their factors."""
    return {"mean": terms, "sum": 1, "batchMean": x.shape[0]}[settings.get("reduction", "mean")]


def mean_squared_error(x, targets, n):
    """Sum over all scores of (x - targets) squared, by n."""
    difference = x - targets
    return np.sum(difference * difference) / n, 2 * difference / n


def mean_absolute_error(x, targets, n):
    """Sum over all scores of |x - targets|, by n."""
    difference = x - targets
    return np.sum(np.abs(difference)) / n, np.sign(difference) / n


def huber(x, targets, n, delta):
    """Sum over all scores of 0.5 * d * d where |d| < delta, else delta * (|d| - 0.5 * delta), by n; d = x - targets."""
    d = x - targets
    size = np.abs(d)
    terms = np.where(size < delta, 0.5 * d * d, delta * (size - 0.5 * delta))
    return np.sum(terms) / n, np.where(size < delta, d, np.sign(d) * delta) / n


def smooth_l1(x, targets, n, beta):
    """Sum over all scores of 0.5 * d * d / beta where |d| < beta, else |d| - 0.5 * beta, by n; d = x - targets."""
    d = x - targets
    size = np.abs(d)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (np.sum(np.where(size < beta, 0.5 * d * d / beta, size - 0.5 * beta)) / n,
                np.where(size < beta, d / beta, np.sign(d)) / n)


def kl_divergence(x, targets, n, log_target):
    """Sum over all scores, logarithms of probabilities, of t * log(t) - t * x, 0 where t is 0, by n.

    log_target: targets are logarithms too; then of exp(t) * (t - x).
    """
    if log_target:
        probabilities = np.exp(targets)
        return np.sum(probabilities * (targets - x)) / n, -probabilities / n
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = targets * np.log(targets) - targets * x
    return np.sum(np.where(targets == 0, 0.0, terms)) / n, -targets / n


def cosine(x, targets, n):
    """Sum over the rows of 1 - cos, cos = sum(x * t) / sqrt((sum(x * x) + 1e-12) * (sum(t * t) + 1e-12)), by n."""
    a = np.sum(x * x, axis=-1, keepdims=True) + 1e-12
    b = np.sum(targets * targets, axis=-1, keepdims=True) + 1e-12
    size = np.sqrt(a * b)
    cos = np.sum(x * targets, axis=-1, keepdims=True) / size
    return np.sum(1.0 - cos) / n, (cos * x / a - targets / size) / n


def binary_cross_entropy(x, targets, n):
    """Sum over all scores, as logits, of -t * log(p) - (1 - t) * log(1 - p), p = sigmoid(x), by n.

    Computed as max(x, 0) - x * t + log1p(exp(-|x|)).
    """
    terms = np.where(x > 0, x, 0.0) - x * targets + np.log1p(np.exp(-np.abs(x)))
    return np.sum(terms) / n, (sigmoid_forward(x)[0] - targets) / n


def weighted_binary_cross_entropy(x, targets, n, positive, weights):
    """The same with factors along the last axis, positive of what speaks for 1, weights of all.

    Computed as ((1 - t) * x + ((positive - 1) * t + 1) * (log1p(exp(-|x|)) + max(-x, 0))) * weights.
    """
    softplus = np.log1p(np.exp(-np.abs(x)))
    terms = (1 - targets) * x + ((positive - 1) * targets + 1) * (softplus + np.where(x < 0, -x, 0.0))
    yes = positive * targets
    return np.sum(terms * weights) / n, ((yes + 1 - targets) * sigmoid_forward(x)[0] - yes) * weights / n


def binary_cross_entropy_of_probabilities(x, targets, n):
    """Sum over all scores, probabilities, of -t * log(x) - (1 - t) * log(1 - x), logarithms of at least -100, by n."""
    with np.errstate(divide="ignore", invalid="ignore"):
        no, yes = np.log1p(-x), np.log(x)
    terms = (targets - 1) * np.where(no < -100, -100.0, no) - targets * np.where(yes < -100, -100.0, yes)
    variance = (1 - x) * x
    return np.sum(terms) / n, (x - targets) / np.where(variance < 1e-12, 1e-12, variance) / n


def softmax_cross_entropy(x, targets):
    """Softmax loss against probabilities (N, C): -sum(t * log(p)) / N with log(p) = x - max - log(sum)."""
    n = x.shape[0]
    shifted = x - np.max(x, axis=1, keepdims=True)
    exp = np.exp(shifted)
    total = np.sum(exp, axis=1, keepdims=True)
    terms = targets * (np.log(total) - shifted)
    return np.sum(terms) / n, (exp / total * np.sum(targets, axis=1, keepdims=True) - targets) / n


def factors_of_labels(settings, labels):
    """How much each label (rows,) counts: its class's weight, or 1, and 0 where it is the ignored one. Also which count,
    and the labels with class 0 in place of those that do not."""
    counts = labels != settings["ignored"] if "ignored" in settings else np.ones(labels.shape, dtype=bool)
    known = np.where(counts, labels, 0)
    weights = settings.get("weights")
    return np.where(counts, np.array(weights)[known] if weights else 1.0, 0.0), counts, known


def softmax_loss_of_labels(settings, x, y):
    """softmax_loss of rows that count differently; x (N, ..., C), y (N, ...).

    cs231n's temporal_softmax_loss is that of reduction 'batchMean', its mask being 0 where a label is the ignored one: the
    same formula, with the correction that softmax_loss has.
    """
    scores, labels = x.reshape(-1, x.shape[-1]), y.reshape(-1)
    factors, counts, known = factors_of_labels(settings, labels)
    n = divisor(settings, x, np.sum(factors))
    if settings.get("smoothing", 0):
        shares = np.zeros_like(scores)
        shares[np.arange(len(labels)), known] = 1.0
        return softmax_of_shares(settings, x, np.where(counts[:, np.newaxis], smoothed(settings, shares), 0.0), n)
    rows = np.arange(len(labels))
    shifted = scores - np.max(scores, axis=1, keepdims=True)
    exp = np.exp(shifted)
    total = np.sum(exp, axis=1, keepdims=True)
    probabilities = exp / total
    right = probabilities[rows, known]
    with np.errstate(divide="ignore"):
        printed = -np.log(right)
    terms = np.where(right < functions.SMALLEST_NORMAL, np.log(total[:, 0]) - shifted[rows, known], printed)
    loss = np.sum(np.where(counts, factors * terms, 0.0)) / n
    gradient = probabilities.copy()
    gradient[rows, known] -= 1
    gradient /= n
    gradient *= factors[:, np.newaxis]
    return loss, gradient.reshape(x.shape)


def smoothed(settings, shares):
    """Shares (rows, C) of which all classes get a part alike, times the classes' weights."""
    smoothing = settings.get("smoothing", 0.0)
    shares = shares * (1 - smoothing) + smoothing / shares.shape[1]
    return shares * np.array(settings["weights"]) if "weights" in settings else shares


def softmax_of_shares(settings, x, shares, n):
    """Softmax loss against shares (rows, C), by n: sum(t * (log(sum) - (x - max))), of what is not 0."""
    scores = x.reshape(-1, x.shape[-1])
    shifted = scores - np.max(scores, axis=1, keepdims=True)
    exp = np.exp(shifted)
    total = np.sum(exp, axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        terms = np.where(shares == 0, 0.0, shares * (np.log(total) - shifted))
    gradient = (exp / total * np.sum(shares, axis=1, keepdims=True) - shares) / n
    return np.sum(terms) / n, gradient.reshape(x.shape)


def softmax(settings, x, targets):
    """Of labels (N, ...), or of probabilities (N, ..., C)."""
    plain = not {"weights", "ignored", "smoothing", "perPosition", "reduction"} & set(settings)
    if targets.dtype.kind in "iu":
        return functions.softmax_loss(x, targets) if plain else softmax_loss_of_labels(settings, x, targets)
    if plain:
        return softmax_cross_entropy(x, targets)
    shares = targets.reshape(-1, x.shape[-1])
    return softmax_of_shares(settings, x, smoothed(settings, shares), divisor(settings, x, len(shares)))


def negative_log_likelihood(settings, x, y):
    """Sum of w_y * -x_y over the places that count, by the sum of the weights; x (N, ..., C) log-probabilities, y (N, ...)."""
    scores, labels = x.reshape(-1, x.shape[-1]), y.reshape(-1)
    factors, counts, known = factors_of_labels(settings, labels)
    n = divisor(settings, x, np.sum(factors))
    rows = np.arange(len(labels))
    loss = np.sum(np.where(counts, factors * -scores[rows, known], 0.0)) / n
    gradient = np.zeros_like(scores)
    gradient[rows[counts], known[counts]] = (-factors / n)[counts]
    return loss, gradient.reshape(x.shape)


def of(targets, x=None, l2=0.0, before=(), **settings):
    """A loss with these settings behind a dense layer of 6 units, on 7 samples.

    targets: the key of drawn(). x: a function that gives the samples, if they are not drawn at random. l2: of digests.
    before: layers between the dense one and the loss.
    """
    return {"targets": targets, "x": x, "l2": l2, "before": list(before), "settings": settings}


def drawn():
    """Labels, values, probabilities and samples far from 0, drawn in this order; the rest is made of them."""
    random = np.random.RandomState(SEED)
    values, probabilities = random.randn(7, 6), random.rand(7, 6)
    probabilities = probabilities / probabilities.sum(axis=1, keepdims=True)
    labels = np.array([0, 3, 1, 5, 5, 2, 0])
    tokens = np.array([[1, 0, 2], [2, 2, 0], [0, 0, 0], [1, 1, 2], [2, 1, 1], [1, 0, 0], [2, 0, 1]])
    return {"labels": labels, "values": values, "probabilities": probabilities, "far": 300 * random.randn(7, 5),
            "some": np.where(labels == 5, -100, labels), "pairs": tokens[:, :2],             "zeros": np.where(probabilities < 0.1, 0.0, probabilities), "logarithms": np.log(probabilities),
            "positions": probabilities.reshape(7, 2, 3)}


def loss_type(loss, cases, checks, digests):
    """An entry of LOSSES; cases and digests are samples by name, checks are samples."""
    return {"loss": loss, "cases": cases, "checks": checks, "digests": digests}


def of_values(function, *settings):
    """A loss of values; settings are (key, default) of what it takes beside scores, targets and divisor."""
    return lambda chosen, x, targets: function(
        x, targets, divisor(chosen, x, x.size), *[chosen.get(key, default) for key, default in settings])


def logits(settings, x, targets):
    n = divisor(settings, x, x.size)
    if not {"weights", "positiveWeights"} & set(settings):
        return binary_cross_entropy(x, targets, n)
    return weighted_binary_cross_entropy(x, targets, n, *[
        np.array(settings.get(key, [1.0])) for key in ("positiveWeights", "weights")])


TWO = {"type": "reshape", "name": "places", "shape": [2, 3]}
SIGMOID = {"type": "sigmoid", "name": "probabilities"}
HEAVY = [0.5, 2.0, 1.0, 0.25, 3.0, 1.5]

LOSSES = {
    "softmax": loss_type(
        softmax,
        cases={"loss_softmax_probabilities": of("probabilities"),
               "loss_softmax_weights": of("labels", weights=HEAVY),
               "loss_softmax_ignored": of("some", ignored=-100),
               "loss_softmax_smoothing": of("some", ignored=-100, smoothing=0.1, weights=HEAVY),
               "loss_softmax_sum": of("labels", reduction="sum"),
               "loss_softmax_positions": of("pairs", before=[TWO], perPosition=True),
               "loss_softmax_temporal": of("pairs", before=[TWO], perPosition=True, ignored=0, reduction="batchMean"),
               "loss_softmax_positions_probabilities": of("positions", before=[TWO], perPosition=True, smoothing=0.2,
                                                          weights=[0.5, 2.0, 1.0]),
               "loss_softmax_far": of("some", x=lambda: drawn()["far"], ignored=-100)},
        checks=[of("labels"), of("probabilities"), of("labels", weights=HEAVY), of("labels", ignored=3, smoothing=0.1),
                of("pairs", before=[TWO], perPosition=True, ignored=0, reduction="batchMean"),
                of("probabilities", weights=HEAVY, smoothing=0.2, reduction="sum")],
        digests={"softmax-probabilities": of("probabilities")}),
    "hinge": loss_type(
        lambda settings, x, targets: hinge_loss(x, targets, settings.get("margin", DEFAULT_MARGIN)),
        cases={"loss_hinge": of("labels"), "loss_hinge_margin": of("labels", margin=2.5)},
        checks=[of("labels", margin=0.8)],
        digests={"hinge": of("labels"), "hinge-margin": of("labels", l2=0.1, margin=0.3)}),
    "nll": loss_type(
        negative_log_likelihood,
        cases={"loss_nll": of("labels"), "loss_nll_weights": of("some", weights=HEAVY, ignored=-100),
               "loss_nll_positions": of("pairs", before=[TWO], perPosition=True, ignored=2, reduction="sum")},
        checks=[of("labels"), of("labels", weights=HEAVY, ignored=3), of("pairs", before=[TWO], perPosition=True)],
        digests={}),
    "meanSquaredError": loss_type(
        of_values(mean_squared_error),
        cases={"loss_mean_squared_error": of("values"), "loss_squared_error_sum": of("values", reduction="sum"),
               "loss_squared_error_batch": of("values", reduction="batchMean")},
        checks=[of("values"), of("values", reduction="sum")],
        digests={"meanSquaredError": of("values", l2=0.1)}),
    "meanAbsoluteError": loss_type(
        of_values(mean_absolute_error),
        cases={"loss_mean_absolute_error": of("values"), "loss_absolute_error_sum": of("values", reduction="sum")},
        checks=[of("values"), of("values", reduction="batchMean")], digests={}),
    "huber": loss_type(
        of_values(huber, ("delta", DEFAULT_DELTA)),
        cases={"loss_huber": of("values"), "loss_huber_delta": of("values", delta=0.3, reduction="sum")},
        checks=[of("values", delta=0.7)], digests={}),
    "smoothL1": loss_type(
        of_values(smooth_l1, ("beta", DEFAULT_BETA)),
        cases={"loss_smooth_l1": of("values"), "loss_smooth_l1_beta": of("values", beta=0.3, reduction="sum"),
               "loss_smooth_l1_zero": of("values", beta=0.0)},
        checks=[of("values", beta=0.7)], digests={}),
    "klDivergence": loss_type(
        of_values(kl_divergence, ("logTarget", False)),
        cases={"loss_kl_divergence": of("zeros", reduction="batchMean"),
               "loss_kl_divergence_logarithms": of("logarithms", logTarget=True)},
        checks=[of("probabilities"), of("logarithms", logTarget=True, reduction="batchMean")], digests={}),
    "cosine": loss_type(
        lambda settings, x, targets: cosine(x, targets, divisor(settings, x, x.size // x.shape[-1])),
        cases={"loss_cosine": of("values"), "loss_cosine_positions": of("positions", before=[TWO], reduction="sum")},
        checks=[of("values"), of("positions", before=[TWO])], digests={}),
    "binaryCrossEntropy": loss_type(
        logits,
        cases={"loss_binary_cross_entropy": of("probabilities"),
               "loss_binary_cross_entropy_far": of("probabilities", x=lambda: drawn()["far"]),
               "loss_binary_cross_entropy_weights": of("probabilities", weights=HEAVY, positiveWeights=[3.0]),
               "loss_binary_cross_entropy_positive": of("probabilities", positiveWeights=HEAVY, reduction="sum")},
        checks=[of("probabilities"), of("probabilities", weights=HEAVY, positiveWeights=[3.0])],
        digests={"binaryCrossEntropy": of("probabilities")}),
    "binaryCrossEntropyOfProbabilities": loss_type(
        of_values(binary_cross_entropy_of_probabilities),
        cases={"loss_binary_cross_entropy_of_probabilities": of("zeros", before=[SIGMOID])},
        checks=[of("probabilities", before=[SIGMOID])], digests={}),
}
