"""Layers whose inputs numpy broadcasts: samples are aligned at the last axis, the batch stands apart.

Forward takes a list of arrays. Backward gives a list of gradients, each summed over the axes along which its input was taken
more than once.
"""
import numpy as np

from layer_types import combination
from samples import PLAIN, SEED, of, special_pairs

TWO = [(3, 4)] * 2
GATE = [(3, 2, 4), (3, 1, 1)]
RANKS = [(4, 1), (2, 1, 3)]


def aligned(xs):
    """The arrays with axes of length 1 between the batch and samples of fewer axes than others have."""
    rank = max(x.ndim for x in xs)
    return [x.reshape(x.shape[:1] + (1,) * (rank - x.ndim) + x.shape[1:]) for x in xs]


def summed(gradient, x):
    """The gradient of x from that of x as it was taken: np.sum over all axes along which it was repeated at once."""
    shape = x.shape[:1] + (1,) * (gradient.ndim - x.ndim) + x.shape[1:]
    axes = tuple(axis for axis in range(gradient.ndim) if shape[axis] != gradient.shape[axis])
    return np.sum(np.ascontiguousarray(gradient), axis=axes).reshape(x.shape) if axes else gradient


def add_forward(xs):
    """((a + b) + c) and so on."""
    total = xs[0]
    for x in xs[1:]:
        total = np.add(*aligned([total, x]))
    return total, xs


def add_backward(dout, xs):
    return [summed(dout, x) for x in xs]


def subtract_forward(xs):
    """a - b."""
    return np.subtract(*aligned(xs)), xs


def subtract_backward(dout, xs):
    a, b = xs
    return [summed(dout, a), summed(-dout, b)]


def multiply_forward(xs):
    """a * b."""
    return np.multiply(*aligned(xs)), xs


def multiply_backward(dout, xs):
    a, b = aligned(xs)
    return [summed(dout * b, xs[0]), summed(dout * a, xs[1])]


def divide_forward(xs):
    """a / b."""
    out = np.divide(*aligned(xs))
    return out, (xs, out)


def divide_backward(dout, cache):
    xs, out = cache
    _, b = aligned(xs)
    return [summed(dout / b, xs[0]), summed(-dout * (out / b), xs[1])]


def maximum_forward(xs):
    """np.maximum(a, b): b where they are equal, NaN where one is."""
    return np.maximum(*aligned(xs)), xs


def share(a, b):
    """What a has of the larger of both: half where they are equal."""
    return np.where(a < b, 0.0, np.where(a == b, 0.5, 1.0))


def maximum_backward(dout, xs):
    a, b = aligned(xs)
    return [summed(dout * share(a, b), xs[0]), summed(dout * share(b, a), xs[1])]


def minimum_forward(xs):
    """np.minimum(a, b): b where they are equal, NaN where one is."""
    return np.minimum(*aligned(xs)), xs


def minimum_backward(dout, xs):
    a, b = aligned(xs)
    return [summed(dout * share(b, a), xs[0]), summed(dout * share(a, b), xs[1])]


def matrices(x, lead):
    """The matrices of a sample, with leading axes that are broadcast."""
    return np.broadcast_to(x, lead + x.shape[-2:])


def matmul_forward(xs):
    """The products of matrices, one a[i].dot(b[i]) for each i of the leading axes."""
    a, b = aligned(xs)
    lead = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    a, b = matrices(a, lead), matrices(b, lead)
    out = np.zeros(lead + (a.shape[-2], b.shape[-1]))
    for i in np.ndindex(*lead):
        out[i] = a[i].dot(b[i])
    return out, (xs, a, b)


def matmul_backward(dout, cache):
    xs, a, b = cache
    da, db = np.zeros(a.shape), np.zeros(b.shape)
    for i in np.ndindex(*dout.shape[:-2]):
        da[i] = dout[i].dot(b[i].T)
        db[i] = a[i].T.dot(dout[i])
    return [summed(da, xs[0]), summed(db, xs[1])]


def ties():
    """Two inputs of few values, signed zeros among them, so that many are equal."""
    random = np.random.RandomState(SEED)
    return [random.choice([0.0, -0.0, 1.0, 2.0], size=(4,) + shape) for shape in ((3, 5), (3, 1))]


TWICE = of([(7,)], inputs=["a", "a"])
CHECKS = [of(TWO), of(GATE), of(RANKS)]

ENTRIES = {
    "add": combination(
        add_forward, add_backward,
        cases={
            "two": of(TWO),
            "four": of([(2, 3, 4)] * 4),
            "twice": TWICE,
            "special": special_pairs(),
            # Sums of 200, 16, 18, 9 times 2 and 6 times 20 elements, and one after another.
            "number": of([(40, 5), (1,)], batch=2),
            "row": of([(16,), (9, 16)], batch=2),
            "column": of([(9, 1), (9, 18)], batch=2),
            "between": of([(9, 1, 2), (1, 3, 1)], batch=2),
            "outside": of([(3, 1, 4), (6, 1, 20, 1)], batch=1),
            "growing": of([(2, 1), (3,), (4, 1, 1)]),
        },
        checks=[of(TWO), of([PLAIN] * 3), of([PLAIN], inputs=["a", "a"]), of(GATE), of(RANKS + [(3,)])]),
    "subtract": combination(
        subtract_forward, subtract_backward,
        cases={"two": of(TWO), "twice": TWICE, "special": special_pairs(), "gate": of(GATE), "ranks": of(RANKS)},
        checks=CHECKS),
    "multiply": combination(
        multiply_forward, multiply_backward,
        cases={"two": of(TWO), "square": TWICE, "special": special_pairs(), "gate": of(GATE), "ranks": of(RANKS)},
        checks=[of([PLAIN] * 2), of([PLAIN], inputs=["a", "a"]), of(GATE), of(RANKS)]),
    "divide": combination(
        divide_forward, divide_backward,
        cases={"two": of(TWO), "special": special_pairs(), "gate": of(GATE), "ranks": of(RANKS)},
        checks=[of(GATE), of(RANKS)]),
    "maximum": combination(
        maximum_forward, maximum_backward,
        cases={"two": of(TWO), "special": special_pairs(), "gate": of(GATE), "ties": of([(3, 5), (3, 1)], x=ties)},
        checks=CHECKS),
    "minimum": combination(
        minimum_forward, minimum_backward,
        cases={"two": of(TWO), "special": special_pairs(), "gate": of(GATE), "ties": of([(3, 5), (3, 1)], x=ties)},
        checks=CHECKS),
    "matmul": combination(
        matmul_forward, matmul_backward,
        cases={
            "two": of([(3, 4), (4, 5)]),
            "heads": of([(2, 3, 4), (2, 4, 3)]),
            "lead": of([(1, 3, 4), (2, 4, 2)], batch=2),
            "shared": of([(2, 3, 4), (4, 1)], batch=2),
            "square": of([(3, 3)], inputs=["a", "a"]),
            "row": of([(3, 1, 9), (1, 9, 6)], batch=1),
        },
        checks=[of([(3, 4), (4, 2)]), of([(2, 3, 2), (2, 4)]), of([(1, 3, 2), (2, 2, 2)]), of([(3, 3)], inputs=["a", "a"])]),
}
