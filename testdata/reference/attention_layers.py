"""Layers of the room 'sequence' that attend: see layers.py."""
import numpy as np

import attention
from layer_types import combination, layer_type
from samples import of


def look_ahead(batch, *shape):
    """A mask that hides what comes later, and for the first sample what comes last."""
    mask = np.where(np.tri(*shape[-2:], dtype=bool), 0.0, -np.inf) + np.zeros((batch,) + shape)
    mask[0, ..., 1:, -1] = -np.inf
    return mask


def masked():
    random = np.random.RandomState(9)
    return [random.randn(2, 4, 6), look_ahead(2, 4, 4)]


def multi_head_shapes(layer, samples):
    q, k, v = samples[:3] if len(samples) >= 3 else samples[:1] * 3
    features = q[-1]
    shapes = {}
    for name, sample in (("q", q), ("k", k), ("v", v), ("o", q)):
        shapes["W" + name] = (sample[-1], features)
        if layer.get("bias", True):
            shapes["b" + name] = (features,)
    return shapes


SELF, CROSS = [(4, 3)] * 3, [(3, 4), (5, 4), (5, 2)]

ENTRIES = {
    "attention": combination(
        attention.attention_forward, attention.attention_backward, ("causal", False), ("scale", None),
        cases={"self": of([(5, 8)], inputs=["a", "a", "a"]), "cross": of(CROSS, scale=0.3),
               "heads": of([(2, 4, 3)] * 3, causal=True), "masked": of([(2, 3, 4)] * 3 + [(3, 3)]),
               "long": of([(7, 16), (9, 16), (9, 5), (7, 9)], batch=2), "one": of([(1, 1)] * 3, batch=1)},
        checks=[of(SELF), of(CROSS, scale=0.3), of([(2, 3, 2)] * 3 + [(1, 3, 3)], causal=True),
                of([(3, 4)], inputs=["a", "a", "a"])]),
    "multiHeadAttention": layer_type(
        lambda layer, xs, p, context: attention.multi_head_forward(
            xs, p, layer["heads"], layer.get("causal", False), layer.get("keep", 1.0), context),
        lambda layer, dout, cache: attention.multi_head_backward(dout, cache),
        multi_head_shapes, several=True, version=2,
        cases={"self": of([(4, 6)], batch=2, heads=2), "causal": of([(5, 6)], batch=2, heads=3, causal=True, bias=False),
               "cross": of([(3, 4), (5, 6), (5, 2)], batch=2, heads=2),
               "dropout": of([(4, 6)], batch=2, heads=2, keep=0.7),
               "masked": of([(4, 6), (4, 4)], batch=2, x=masked, heads=2)},
        checks=[of([(3, 4)], heads=2, keep=0.7, bias=False), of([(3, 4), (2, 3), (2, 5)], heads=2, bias=False),
                of([(3, 4), (2, 3, 3)], heads=2, causal=True)]),
}
