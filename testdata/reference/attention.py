"""Attention: each step of a sequence takes a mean of values, weighted by how its query goes with their keys.

A product is one of matrices, A.dot(B), for each sample and head. What is added to scores has numpy's -inf where nothing
is to be taken.
"""
import math

import numpy as np

import functions
import movement
import reductions


def scaled(scores, features, scale):
    """Divided by the root of the number of features, as cs231n has it, or multiplied by what is said instead."""
    return scores / math.sqrt(features) if scale is None else scores * scale


def weights_forward(q, k, mask, causal, scale):
    """softmax(q.k^T / sqrt(d) + mask) of (count, T, d) and (count, S, d); causal: step i takes no step behind i."""
    # A copy of k: numpy computes the product of an array and its own transpose in another way.
    scores = np.stack([scaled(a.dot(b.T), a.shape[1], scale) for a, b in zip(q, k.copy())])
    if mask is not None:
        scores = scores + mask
    if causal:
        scores = np.where(np.tri(*scores.shape[1:], dtype=bool), scores, -np.inf)
    return reductions.softmax_forward(scores.reshape(-1, scores.shape[2]), -1)[0].reshape(scores.shape)


def forward(q, k, v, mask=None, causal=False, scale=None, drop=None):
    """The weights' products with v (count, S, e); drop: what weights are multiplied by before, dropout's mask."""
    weights = weights_forward(q, k, mask, causal, scale)
    taken = weights if drop is None else weights * drop
    return np.stack([a.dot(b) for a, b in zip(taken, v)]), (q, k, v, weights, drop, scale)


def backward(dout, cache):
    """The gradients of q, k, v and of the scores, which is that of the mask."""
    q, k, v, weights, drop, scale = cache
    dtaken = np.stack([a.dot(b.T) for a, b in zip(dout, v.copy())])
    taken = weights if drop is None else weights * drop
    dv = np.stack([a.T.dot(b) for a, b in zip(taken, dout)])
    dweights = dtaken if drop is None else dtaken * drop
    sums = np.sum((dweights * weights).reshape(-1, weights.shape[2]), axis=1).reshape(weights.shape[:2] + (1,))
    dscores = weights * (dweights - sums)
    dproducts = scaled(dscores, q.shape[2], scale)
    dq = np.stack([a.dot(b) for a, b in zip(dproducts, k)])
    dk = np.stack([a.T.dot(b) for a, b in zip(dproducts, q)])
    return dq, dk, dv, dscores


def matrices(x):
    """(..., T, d) as (count, T, d)."""
    return np.ascontiguousarray(x.reshape((-1,) + x.shape[-2:]))


def mask_forward(mask, sample):
    """A mask for the scores of a sample, copied along the axes that it does not have."""
    if mask is None:
        return None, None
    out, cache = movement.forward(mask, np.broadcast_to(movement.indices(mask.shape[1:]), sample))
    return matrices(out), cache


def mask_backward(dscores, cache):
    """The sums over the copies, from 0, in the order of the scores."""
    return [] if cache is None else [movement.backward(dscores.reshape(cache[0][:1] + cache[1].shape), cache)]


def attention_forward(xs, causal=False, scale=None):
    """Of q, k, v (N, ..., T, d), and perhaps a mask that is added to the scores."""
    q, k, v = xs[:3]
    mask, copies = mask_forward(xs[3] if len(xs) == 4 else None, q.shape[1:-1] + k.shape[-2:-1])
    out, cache = forward(matrices(q), matrices(k), matrices(v), mask, causal, scale)
    return out.reshape(q.shape[:-1] + v.shape[-1:]), (cache, [x.shape for x in xs[:3]], copies)


def attention_backward(dout, cache):
    cache, shapes, copies = cache
    *gradients, dscores = backward(matrices(dout), cache)
    return [gradient.reshape(shape) for gradient, shape in zip(gradients, shapes)] + mask_backward(dscores, copies)


def split(x, heads):
    """(N, T, heads * d) as (N * heads, T, d)."""
    n, steps, features = x.shape
    parts = x.reshape(n, steps, heads, features // heads).transpose(0, 2, 1, 3)
    return np.ascontiguousarray(parts).reshape(n * heads, steps, features // heads)


def joined(x, heads):
    """(N * heads, T, d) as (N, T, heads * d)."""
    count, steps, features = x.shape
    parts = x.reshape(count // heads, heads, steps, features).transpose(0, 2, 1, 3)
    return np.ascontiguousarray(parts).reshape(count // heads, steps, heads * features)


def affine_forward(x, p, name):
    """x.reshape(-1, D).dot(W) + b, of the parameters with that name behind theirs."""
    rows = x.reshape(-1, x.shape[-1])
    if "b" + name in p:
        out, cache = functions.fc_forward(rows, p["W" + name], p["b" + name])
    else:
        out, cache = rows.dot(p["W" + name]), (rows, p["W" + name], None)
    return out.reshape(x.shape[:-1] + out.shape[-1:]), cache


def affine_backward(dout, cache, name, gradients):
    dx, dw, db = functions.fc_backward(dout.reshape(-1, dout.shape[-1]), cache)
    gradients["W" + name] = dw
    if cache[2] is not None:
        gradients["b" + name] = db
    return dx.reshape(dout.shape[:-1] + dx.shape[-1:])


def multi_head_forward(xs, p, heads, causal, keep, context):
    """cs231n's MultiHeadAttention: attention of parts of x.dot(Wq), x.dot(Wk), x.dot(Wv), then .dot(Wo).

    xs: q, k, v, or one for all, and perhaps a mask, with the shape of the scores or the last axes of it. Dropout multiplies
    the weights of attention by (random.rand(N, heads, T, S) < keep) / keep.
    """
    inputs, masks = (xs[:1] * 3, xs[1:]) if len(xs) < 3 else (xs[:3], xs[3:])
    projected = [affine_forward(x, p, name) for x, name in zip(inputs, "qkv")]
    q, k, v = [split(out, heads) for out, _ in projected]
    scores = (len(xs[0]), heads, q.shape[1], k.shape[1])
    drop = None
    if context.training and keep < 1:
        drop = matrices((context.random.rand(*scores) < keep) / keep)
    mask, copies = mask_forward(masks[0] if masks else None, scores[1:])
    taken, cache = forward(q, k, v, mask, causal, None, drop)
    out, last = affine_forward(joined(taken, heads), p, "o")
    return out, ([cache for _, cache in projected], cache, last, heads, len(inputs) - len(xs) + len(masks), copies)


def multi_head_backward(dout, cache):
    """The gradient of the one input is summed from v's to q's: (dv + dk) + dq."""
    projected, cache, last, heads, same, copies = cache
    own = {}
    *parts, dscores = backward(split(affine_backward(dout, last, "o", own), heads), cache)
    gradients = [affine_backward(joined(part, heads), cache, name, own)
                 for part, cache, name in zip(parts, projected, "qkv")]
    if same:
        gradients = [(gradients[2] + gradients[1]) + gradients[0]]
    return gradients + mask_backward(dscores, copies), own
