"""The benchmark workloads in numpy, float64, written as a competent numpy user writes them.

Usage: numpy_peer.py SECONDS NAME ...; prints 'NAME median_ms' for each. A name is that of a workload of the Java
benchmarks: product_MxKxN, product_tn_MxKxN (A.T.dot(B)), product_nt_MxKxN (A.dot(B.T)), exp_N, sum_N, rand_N, randn_N
and permutation_N of RandomState, generator_random_N, generator_normal_N and generator_permutation_N of default_rng, or
mlp_BATCHxIN-HIDDEN-...-OUT_train / _predict. A train step is forward, loss, backward and an SGD update.
"""
import sys
import time

import numpy as np


def median_ms(step, seconds):
    end = time.perf_counter() + seconds / 2
    warm = 0
    while time.perf_counter() < end or warm < 3:
        step()
        warm += 1
    times = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 5:
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return 1e3 * sorted(times)[len(times) // 2]


def affine_forward(x, w, b):
    return x.reshape(x.shape[0], -1).dot(w) + b


def affine_backward(d, x, w):
    xr = x.reshape(x.shape[0], -1)
    return d.dot(w.T).reshape(x.shape), xr.T.dot(d), d.sum(axis=0)


def softmax_loss(x, y):
    n = x.shape[0]
    s = x - x.max(axis=1, keepdims=True)
    z = np.exp(s).sum(axis=1, keepdims=True)
    logp = s - np.log(z)
    loss = -logp[np.arange(n), y].sum() / n
    d = np.exp(logp)
    d[np.arange(n), y] -= 1
    d /= n
    return loss, d


def mlp(batch, sizes, kind, rate=1e-6):
    rng = np.random.RandomState(0)
    ws = [rng.randn(a, b) * 1e-2 for a, b in zip(sizes, sizes[1:])]
    bs = [np.zeros(b) for b in sizes[1:]]
    x = rng.randn(batch, sizes[0])
    y = rng.randint(0, sizes[-1], batch)

    def forward(x):
        acts = [x]
        h = x
        for i, (w, b) in enumerate(zip(ws, bs)):
            h = affine_forward(h, w, b)
            if i < len(ws) - 1:
                h = h * (h > 0)
            acts.append(h)
        return acts

    def step():
        acts = forward(x)
        loss, d = softmax_loss(acts[-1], y)
        for i in reversed(range(len(ws))):
            if i < len(ws) - 1:
                d = d * (acts[i + 1] > 0)
            if i > 0:
                d, dw, db = affine_backward(d, acts[i], ws[i])
            else:  # nobody needs the gradient of the input: Java does not compute it either
                dw, db = acts[0].T.dot(d), d.sum(axis=0)
            ws[i] -= rate * dw
            bs[i] -= rate * db
        return loss

    return step if kind == "train" else lambda: forward(x)[-1]


def product(form, sizes):
    rng = np.random.RandomState(0)
    m, k, n = sizes
    a = rng.randn(k, m).T if form == "tn" else rng.randn(m, k)
    b = rng.randn(n, k).T if form == "nt" else rng.randn(k, n)
    c = np.empty((m, n))
    return lambda: np.dot(a, b, out=c)


def workload(name):
    parts = name.split("_")
    if parts[0] == "product":
        return product(parts[1] if len(parts) == 3 else "nn", [int(size) for size in parts[-1].split("x")])
    if parts[0] in ("exp", "sum"):
        x = np.random.RandomState(0).randn(int(parts[1]))
        y = np.empty_like(x)
        return (lambda: np.exp(x, out=y)) if parts[0] == "exp" else (lambda: np.sum(x))
    if parts[0] in ("rand", "randn", "permutation"):
        method = getattr(np.random.RandomState(0), parts[0])
        return lambda: method(int(parts[1]))
    if parts[0] == "generator":
        name = {"normal": "standard_normal"}.get(parts[1], parts[1])
        method = getattr(np.random.default_rng(0), name)
        return lambda: method(int(parts[2]))
    batch, sizes = parts[-2].split("x")
    return mlp(int(batch), [int(size) for size in sizes.split("-")], parts[-1])


if __name__ == "__main__":
    for argument in sys.argv[2:]:
        print("%s %.6f" % (argument, median_ms(workload(argument), float(sys.argv[1]))), flush=True)
