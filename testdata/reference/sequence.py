"""Layers of sequences, (N, T, D). Each forward gives out and a cache, each backward takes dout and the cache."""
import numpy as np


def embedding_forward(x, w, padding=None):
    """cs231n's word_embedding_forward: the row of w for each token of x, of any shape.

    padding: the token whose row gets no gradient.
    """
    return w[x], (x, w.shape, padding)


def embedding_backward(dout, cache):
    """dw, one row of dout after another."""
    x, shape, padding = cache
    dw = np.zeros(shape)
    trained = np.ones(x.shape, bool) if padding is None else x != padding
    np.add.at(dw, x[trained], dout[trained])
    return dw
