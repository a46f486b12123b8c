"""The benchmark workloads in numpy, float64, written as a competent numpy user writes them.

Usage: numpy_peer.py SECONDS NAME ...; prints 'NAME median_ms' for each. A name is that of a workload of the Java
benchmarks: product_MxKxN, product_tn_MxKxN (A.T.dot(B)), product_nt_MxKxN (A.dot(B.T)), exp_N, sum_N, rand_N, randn_N
and permutation_N of RandomState, generator_random_N, generator_normal_N and generator_permutation_N of default_rng, or
mlp_BATCHxIN-HIDDEN-...-OUT_train / _predict, or convnet_BATCHxCxHxW-cFkK-p2-HIDDEN-OUT_train / _backward / _predict.
A train step is forward, loss, backward of the parameters and an SGD update; "backward" is forward, loss and backward of
parameters and input.
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


def im2col(x, kernel, pad):
    n, c, h, w = x.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    oh, ow = h + 2 * pad - kernel + 1, w + 2 * pad - kernel + 1
    s = xp.strides
    view = np.lib.stride_tricks.as_strided(
        xp, (c, kernel, kernel, n, oh, ow), (s[1], s[2], s[3], s[0], s[2], s[3]))
    return np.ascontiguousarray(view).reshape(c * kernel * kernel, n * oh * ow)


def convnet(batch, image, filters, kernel, hidden, classes, kind, rate=1e-6):
    """Convolution that keeps the size, ReLU, pool of 2 by 2, dense, ReLU, dense."""
    rng = np.random.RandomState(0)
    c, h, w = image
    pad = kernel // 2
    x = rng.randn(batch, *image)
    y = rng.randint(0, classes, batch)
    w1 = rng.randn(filters, c, kernel, kernel) * 1e-2
    w2 = rng.randn(filters * (h // 2) * (w // 2), hidden) * 1e-2
    w3 = rng.randn(hidden, classes) * 1e-2
    b1, b2, b3 = np.zeros(filters), np.zeros(hidden), np.zeros(classes)

    def forward(x):
        cols = im2col(x, kernel, pad)
        a1 = w1.reshape(filters, -1).dot(cols) + b1[:, None]
        a1 = a1.reshape(filters, batch, h, w).transpose(1, 0, 2, 3)
        r1 = a1 * (a1 > 0)
        blocks = r1.reshape(batch, filters, h // 2, 2, w // 2, 2)
        p1 = blocks.max(axis=3).max(axis=4)
        a2 = affine_forward(p1, w2, b2)
        r2 = a2 * (a2 > 0)
        return cols, a1, blocks, p1, a2, r2, affine_forward(r2, w3, b3)

    def step():
        cols, a1, blocks, p1, a2, r2, scores = forward(x)
        loss, d = softmax_loss(scores, y)
        d, dw3, db3 = affine_backward(d, r2, w3)
        d, dw2, db2 = affine_backward(d * (a2 > 0), p1, w2)
        mask = blocks == p1[:, :, :, None, :, None]
        d = (mask * d[:, :, :, None, :, None]) / mask.sum(axis=(3, 5), keepdims=True)
        d = d.reshape(batch, filters, h, w) * (a1 > 0)
        db1 = d.sum(axis=(0, 2, 3))
        rows = d.transpose(1, 0, 2, 3).reshape(filters, -1)
        dw1 = rows.dot(cols.T).reshape(w1.shape)
        if kind == "backward":
            places = w1.reshape(filters, -1).T.dot(rows).reshape(c, kernel, kernel, batch, h, w)
            dx = np.zeros((batch, c, h + 2 * pad, w + 2 * pad))
            for i in range(kernel):
                for j in range(kernel):
                    dx[:, :, i:i + h, j:j + w] += places[:, i, j].transpose(1, 0, 2, 3)
        else:
            for p, g in ((w1, dw1), (b1, db1), (w2, dw2), (b2, db2), (w3, dw3), (b3, db3)):
                p -= rate * g
        return loss

    return (lambda: forward(x)[-1]) if kind == "predict" else step


def convnet_sizes(text):
    """BATCHxCxHxW-cFkK-p2-HIDDEN-OUT as batch, image, filters, kernel, hidden, classes."""
    first, convolution, pool, hidden, classes = text.split("-")
    assert pool == "p2", pool
    batch, *image = [int(size) for size in first.split("x")]
    filters, kernel = [int(size) for size in convolution[1:].split("k")]
    return batch, image, filters, kernel, int(hidden), int(classes)


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
    if parts[0] == "convnet":
        return convnet(*convnet_sizes(parts[-2]), parts[-1])
    batch, sizes = parts[-2].split("x")
    return mlp(int(batch), [int(size) for size in sizes.split("-")], parts[-1])


if __name__ == "__main__":
    for argument in sys.argv[2:]:
        print("%s %.6f" % (argument, median_ms(workload(argument), float(sys.argv[1]))), flush=True)
