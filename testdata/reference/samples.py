"""Samples of layers and losses: the settings and inputs that cases, checks and digests are made from.

Layers and losses name theirs in LAYERS and LOSSES; what is here says how.
"""
import numpy as np

SEED = 231
SPECIAL = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 5e-324, -5e-324, 1e-310, 1e308, -1e308, 1.0, -1.0, 0.5, -0.5,
                    3.0, -3.0, 20.0, -20.0, 40.0, -40.0, 710.0, -710.0, 750.0, -750.0])
PLAIN, FEATURES, IMAGE, SMALL_IMAGE = (6,), (9,), (3, 9, 8), (2, 5, 6)


def of(sample, batch=3, x=None, mode="training", more=None, **settings):
    """A layer with these settings on a batch of samples of that shape; for a layer of several inputs a list of shapes.

    x: a function that gives the batch, or all of them, if it is not drawn at random. mode: of cases and checks; digests
    have both. more: settings that are called as one of these is.
    """
    return {"sample": sample, "batch": batch, "x": x, "mode": mode, "settings": dict(more or {}, **settings)}


def special(**settings):
    """An elementwise layer on special values."""
    return of((len(SPECIAL),), x=lambda: SPECIAL[np.newaxis, :].copy(), **settings)


def special_pairs(**settings):
    """A layer of two inputs on all pairs of special values."""
    return of([(len(SPECIAL),)] * 2, batch=len(SPECIAL), x=pairs, **settings)


def pairs():
    return [np.ascontiguousarray(values) for values in np.meshgrid(SPECIAL, SPECIAL, indexing="ij")]


def positive(*shape):
    """A batch of numbers above 0."""
    return lambda: np.abs(np.random.RandomState(SEED).randn(*shape)) + 0.1


def special_image():
    random = np.random.RandomState(SEED)
    x = random.randn(2, 2, 6, 6)
    x.reshape(-1)[random.permutation(x.size)[:len(SPECIAL)]] = SPECIAL
    return x


def ties():
    """Images in which many values are equal, signed zeros among them."""
    return np.random.RandomState(SEED).choice([0.0, -0.0, 1.0, 2.0], size=(2, 3, 6, 7))


def constant_features():
    x = np.random.RandomState(SEED).randn(6, 5)
    x[:, 1], x[:, 3] = 0.1, -1e5
    return x
