"""The functions that cs231n's assignments 1 and 2 ask for, in the assignments' own formulas; cs231n_losses.py has those of
the third, but sequences.

Written anew from what the assignments say of each, in numpy: another opinion beside the layers of network files. They are
called what the assignments call them; a loss gives the number and the gradients. cs231n_cases.py says which network each is,
and whether bits are the same.
"""
import numpy as np


# Assignment 1.

def compute_distances_two_loops(x, train):
    """L2 distances of test points (n, D) from training points (m, D), one at a time."""
    distances = np.zeros((len(x), len(train)))
    for i in range(len(x)):
        for j in range(len(train)):
            distances[i, j] = np.sqrt(np.sum((x[i] - train[j]) ** 2))
    return distances


def compute_distances_one_loop(x, train):
    distances = np.zeros((len(x), len(train)))
    for i in range(len(x)):
        distances[i] = np.sqrt(np.sum((x[i] - train) ** 2, axis=1))
    return distances


def compute_distances_no_loops(x, train):
    """From (a - b)^2 = a^2 + b^2 - 2ab."""
    squares = np.sum(x ** 2, axis=1)[:, np.newaxis] + np.sum(train ** 2, axis=1)
    return np.sqrt(squares - 2 * x.dot(train.T))


def svm_loss_naive(w, x, y, reg):
    """Margins and samples one at a time; the penalty is reg * sum(W * W)."""
    loss, dw, n = 0.0, np.zeros_like(w), len(x)
    for i in range(n):
        scores = x[i].dot(w)
        for j in range(w.shape[1]):
            margin = scores[j] - scores[y[i]] + 1
            if j != y[i] and margin > 0:
                loss += margin
                dw[:, j] += x[i]
                dw[:, y[i]] -= x[i]
    return loss / n + reg * np.sum(w * w), dw / n + 2 * reg * w


def svm_loss_vectorized(w, x, y, reg):
    n, rows = len(x), np.arange(len(x))
    scores = x.dot(w)
    margins = np.maximum(0, scores - scores[rows, y][:, np.newaxis] + 1)
    margins[rows, y] = 0
    loss = np.sum(margins) / n + reg * np.sum(w * w)
    dscores = (margins > 0).astype(float)
    dscores[rows, y] = -np.sum(dscores, axis=1)
    return loss, x.T.dot(dscores / n) + 2 * reg * w


def softmax_loss_naive(w, x, y, reg):
    """Samples and classes one at a time."""
    loss, dw, n = 0.0, np.zeros_like(w), len(x)
    for i in range(n):
        scores = x[i].dot(w)
        exp = np.exp(scores - np.max(scores))
        total = 0.0
        for value in exp:
            total += value
        loss -= np.log(exp[y[i]] / total)
        for j in range(w.shape[1]):
            dw[:, j] += (exp[j] / total - (j == y[i])) * x[i]
    return loss / n + reg * np.sum(w * w), dw / n + 2 * reg * w


def softmax_loss_vectorized(w, x, y, reg):
    loss, dscores = softmax_loss(x.dot(w), y)
    return loss + reg * np.sum(w * w), x.T.dot(dscores) + 2 * reg * w


def two_layer_net(params, x, y, reg):
    """neural_net.py of assignment 1: affine - ReLU - affine - softmax, both penalties without a half."""
    hidden = np.maximum(0, x.dot(params["W1"]) + params["b1"])
    scores = hidden.dot(params["W2"]) + params["b2"]
    loss, dscores = softmax_loss(scores, y)
    for name in ("W1", "W2"):
        loss = loss + reg * np.sum(params[name] * params[name])
    dhidden = dscores.dot(params["W2"].T)
    dhidden[hidden <= 0] = 0
    return scores, loss, {
        "W1": x.T.dot(dhidden) + 2 * reg * params["W1"], "b1": np.sum(dhidden, axis=0),
        "W2": hidden.T.dot(dscores) + 2 * reg * params["W2"], "b2": np.sum(dscores, axis=0)}


# Assignment 2: layers.py.

def affine_forward(x, w, b):
    return x.reshape(len(x), -1).dot(w) + b, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    return dout.dot(w.T).reshape(x.shape), x.reshape(len(x), -1).T.dot(dout), np.sum(dout, axis=0)


def relu_forward(x):
    return np.maximum(0, x), x


def relu_backward(dout, x):
    return dout * (x > 0)


def softmax_loss(x, y):
    """Through logarithms of probabilities: loss, dx."""
    rows = np.arange(len(x))
    probabilities = np.exp(x - np.max(x, axis=1, keepdims=True))
    probabilities = probabilities / np.sum(probabilities, axis=1, keepdims=True)
    loss = -np.sum(np.log(probabilities[rows, y])) / len(x)
    probabilities[rows, y] -= 1
    return loss, probabilities / len(x)


def batchnorm_forward(x, gamma, beta, mode, running_mean, running_var, momentum=0.9, eps=1e-5):
    """Returns out, cache and the running statistics afterwards."""
    if mode == "train":
        mean, var = np.mean(x, axis=0), np.var(x, axis=0)
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    else:
        mean, var = running_mean, running_var
    deviation = np.sqrt(var + eps)
    normalized = (x - mean) / deviation
    return gamma * normalized + beta, (x - mean, normalized, deviation, gamma), running_mean, running_var


def batchnorm_backward(dout, cache):
    """One node of the graph after another, as the assignment wants it first."""
    centered, normalized, deviation, gamma = cache
    n = len(dout)
    dnormalized = dout * gamma
    dinverse = np.sum(dnormalized * centered, axis=0)
    dvariance = -dinverse / deviation ** 2 * 0.5 / deviation
    dcentered = dnormalized / deviation + 2 * centered * (dvariance / n)
    dx = dcentered - np.sum(dcentered, axis=0) / n
    return dx, np.sum(dout * normalized, axis=0), np.sum(dout, axis=0)


def batchnorm_backward_alt(dout, cache):
    """Simplified on paper."""
    _, normalized, deviation, gamma = cache
    d = dout * gamma
    dx = (d - np.mean(d, axis=0) - normalized * np.mean(d * normalized, axis=0)) / deviation
    return dx, np.sum(dout * normalized, axis=0), np.sum(dout, axis=0)


def layernorm_forward(x, gamma, beta, eps=1e-5):
    """Batch normalization's formulas along the other axis."""
    mean, var = np.mean(x, axis=1, keepdims=True), np.var(x, axis=1, keepdims=True)
    deviation = np.sqrt(var + eps)
    normalized = (x - mean) / deviation
    return gamma * normalized + beta, (normalized, deviation, gamma)


def layernorm_backward(dout, cache):
    normalized, deviation, gamma = cache
    return (rows_backward(dout * gamma, normalized, deviation), np.sum(dout * normalized, axis=0), np.sum(dout, axis=0))


def rows_backward(d, normalized, deviation):
    return (d - np.mean(d, axis=1, keepdims=True)
            - normalized * np.mean(d * normalized, axis=1, keepdims=True)) / deviation


def dropout_forward(x, p, mode, random):
    """Inverted; p is the probability to keep."""
    if mode == "test":
        return x, None
    mask = (random.rand(*x.shape) < p) / p
    return x * mask, mask


def dropout_backward(dout, mask):
    return dout if mask is None else dout * mask


def conv_forward_naive(x, w, b, stride, pad):
    """A window and a filter at a time."""
    kh, kw = w.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    oh, ow = [(length + 2 * pad - k) // stride + 1 for length, k in zip(x.shape[2:], (kh, kw))]
    out = np.zeros((len(x), len(w), oh, ow))
    for n, f, i, j in np.ndindex(*out.shape):
        window = padded[n, :, i * stride:i * stride + kh, j * stride:j * stride + kw]
        out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    return out, (padded, w, stride, pad)


def conv_backward_naive(dout, cache):
    padded, w, stride, pad = cache
    dx, dw, (kh, kw) = np.zeros_like(padded), np.zeros_like(w), w.shape[2:]
    for n, f, i, j in np.ndindex(*dout.shape):
        place = (n, slice(None), slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw))
        dw[f] += dout[n, f, i, j] * padded[place]
        dx[place] += dout[n, f, i, j] * w[f]
    inside = slice(pad, -pad if pad else None)
    return dx[:, :, inside, inside], dw, np.sum(dout, axis=(0, 2, 3))


def max_pool_forward_naive(x, size, stride):
    out = np.zeros(x.shape[:2] + tuple((length - size) // stride + 1 for length in x.shape[2:]))
    for i, j in np.ndindex(*out.shape[2:]):
        out[:, :, i, j] = np.max(x[:, :, i * stride:i * stride + size, j * stride:j * stride + size], axis=(2, 3))
    return out, (x, size, stride)


def max_pool_backward_naive(dout, cache):
    x, size, stride = cache
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*dout.shape):
        window = x[n, c, i * stride:i * stride + size, j * stride:j * stride + size]
        row, column = np.unravel_index(np.argmax(window), window.shape)
        dx[n, c, i * stride + row, j * stride + column] += dout[n, c, i, j]
    return dx


def channels_last(x):
    return x.transpose(0, 2, 3, 1).reshape(-1, x.shape[1])


def images(rows, shape):
    n, c, h, w = shape
    return np.ascontiguousarray(rows.reshape(n, h, w, c).transpose(0, 3, 1, 2))


def spatial_batchnorm_forward(x, gamma, beta, mode, running_mean, running_var):
    """Batch normalization of a row for each place."""
    out, cache, mean, var = batchnorm_forward(channels_last(x), gamma, beta, mode, running_mean, running_var)
    return images(out, x.shape), cache, mean, var


def spatial_batchnorm_backward(dout, cache):
    dx, dgamma, dbeta = batchnorm_backward_alt(channels_last(dout), cache)
    return images(dx, dout.shape), dgamma, dbeta


def spatial_groupnorm_forward(x, gamma, beta, groups, eps=1e-5):
    """A row for each sample and group; gamma and beta (1, C, 1, 1)."""
    rows = x.reshape(len(x) * groups, -1)
    mean, var = np.mean(rows, axis=1, keepdims=True), np.var(rows, axis=1, keepdims=True)
    deviation = np.sqrt(var + eps)
    normalized = (rows - mean) / deviation
    return gamma * normalized.reshape(x.shape) + beta, (normalized, deviation, gamma)


def spatial_groupnorm_backward(dout, cache):
    normalized, deviation, gamma = cache
    dx = rows_backward((dout * gamma).reshape(normalized.shape), normalized, deviation)
    over = {"axis": (0, 2, 3), "keepdims": True}
    return dx.reshape(dout.shape), np.sum(dout * normalized.reshape(dout.shape), **over), np.sum(dout, **over)


# Assignment 2: fc_net.py and cnn.py.

def fully_connected_net(params, x, y, depth, norm, keep, reg, random):
    """{affine - [batch or layer norm] - ReLU - [dropout]} x (depth - 1) - affine - softmax, with 0.5 * reg * sum(W * W).

    Returns scores, loss and gradients; with batch norm also the running statistics, which begin at 0.
    """
    caches, out, statistics = [], x, {}
    for i in map(str, range(1, depth)):
        out, affine = affine_forward(out, params["W" + i], params["b" + i])
        normed = mask = None
        if norm == "batchnorm":
            zero = np.zeros(out.shape[1])
            out, normed, statistics["mean" + i], statistics["var" + i] = batchnorm_forward(
                out, params["gamma" + i], params["beta" + i], "train", zero, zero)
        elif norm == "layernorm":
            out, normed = layernorm_forward(out, params["gamma" + i], params["beta" + i])
        out, positive = relu_forward(out)
        if keep < 1:
            out, mask = dropout_forward(out, keep, "train", random)
        caches.append((affine, normed, positive, mask))
    scores, last = affine_forward(out, params["W%d" % depth], params["b%d" % depth])
    loss, dout = softmax_loss(scores, y)
    grads = {}
    dout, grads["W%d" % depth], grads["b%d" % depth] = affine_backward(dout, last)
    for i in range(depth - 1, 0, -1):
        affine, normed, positive, mask = caches[i - 1]
        dout = relu_backward(dropout_backward(dout, mask), positive)
        if norm:
            backward = batchnorm_backward_alt if norm == "batchnorm" else layernorm_backward
            dout, grads["gamma%d" % i], grads["beta%d" % i] = backward(dout, normed)
        dout, grads["W%d" % i], grads["b%d" % i] = affine_backward(dout, affine)
    for i in range(1, depth + 1):
        w = params["W%d" % i]
        loss = loss + 0.5 * reg * np.sum(w * w)
        grads["W%d" % i] = grads["W%d" % i] + reg * w
    return scores, loss, grads, statistics


def three_layer_convnet(params, x, y, reg):
    """conv - ReLU - 2x2 max pool - affine - ReLU - affine - softmax, the naive functions; the convolution keeps the size."""
    out, conv = conv_forward_naive(x, params["W1"], params["b1"], 1, (params["W1"].shape[2] - 1) // 2)
    out, relu1 = relu_forward(out)
    out, pool = max_pool_forward_naive(out, 2, 2)
    out, affine2 = affine_forward(out, params["W2"], params["b2"])
    out, relu2 = relu_forward(out)
    scores, affine3 = affine_forward(out, params["W3"], params["b3"])
    loss, dout = softmax_loss(scores, y)
    grads = {}
    dout, grads["W3"], grads["b3"] = affine_backward(dout, affine3)
    dout, grads["W2"], grads["b2"] = affine_backward(relu_backward(dout, relu2), affine2)
    dx, grads["W1"], grads["b1"] = conv_backward_naive(relu_backward(max_pool_backward_naive(dout, pool), relu1), conv)
    for name in ("W1", "W2", "W3"):
        loss = loss + 0.5 * reg * np.sum(params[name] * params[name])
        grads[name] = grads[name] + reg * params[name]
    return scores, loss, dx, grads
