"""The functions of the framework: forward and backward of each layer, and the loss.

Every `*_forward` returns `out, cache`; every `*_backward` takes the gradient of the loss with respect to `out`,
and the cache, and returns the gradients of the inputs in their order. All arrays are float64 and C-ordered; no
function changes its arguments.

The framework was first printed in a blog post that builds it after Stanford's cs231n. Where the printed code is
wrong it is corrected here, and the place says how. Its order of operations is kept: it decides the last bits.
"""
import numpy as np

SMALLEST_NORMAL = 2.2250738585072014e-308


def fc_forward(x, w, b):
    """Fully connected layer: out = x.reshape(N, -1).dot(w) + b.

    x (N, D1, ..., Dk), w (H, C) with H = D1 * ... * Dk, b (C,); out (N, C).
    """
    out = x.reshape(x.shape[0], -1).dot(w) + b
    return out, (x, w, b)


def fc_backward(dout, cache):
    """Gradients of fc_forward. dout (N, C); dx of x's shape, dw (H, C), db (C,).

    Corrected: dw uses the reshaped x. As printed, `x.T.dot(dout)` fails for an x of more than two axes.
    """
    x, w, _ = cache
    dx = dout.dot(w.T).reshape(x.shape)
    dw = x.reshape(x.shape[0], -1).T.dot(dout)
    db = np.sum(dout, axis=0)
    return dx, dw, db


def relu_forward(x):
    """Rectified linear unit: out = x * (x > 0), elementwise. The cache is the mask.

    The product keeps IEEE rules: a negative x gives -0.0, NaN and -inf give NaN.
    """
    mask = x > 0
    out = x * mask
    return out, mask


def relu_backward(dout, cache):
    """Gradient of relu_forward: dout * mask.

    Corrected: the printed function ends in `areturn`.
    """
    return dout * cache


def softmax_loss(x, y):
    """Softmax with cross-entropy, averaged over the batch.

    x (N, C) scores, y (N,) int labels; loss a float64, dout (N, C) the gradient of the loss with respect to x.

    Corrected:
    - the maximum and the sum need keepdims=True. As printed they fail, or, where N equals C, broadcast along the
      wrong axis without a word;
    - `x -= max` changed the caller's scores: the shifted scores are an array of their own;
    - nothing was returned;
    - where the probability of the right class is below SMALLEST_NORMAL, its digits are lost, or it is 0 and its
      logarithm infinite: for x_y - max from -745.1 to -708.4 up to 13 of the loss's digits were wrong. Such a sample's
      term is log(sum) - (x_y - max), which is the same in exact arithmetic; every other term is as printed.
    """
    n = x.shape[0]
    rows = np.arange(n)
    shifted = x - np.max(x, axis=1, keepdims=True)
    exp = np.exp(shifted)
    total = np.sum(exp, axis=1, keepdims=True)
    probabilities = exp / total
    right = probabilities[rows, y]
    with np.errstate(divide="ignore"):
        printed = -np.log(right)
    terms = np.where(right < SMALLEST_NORMAL, np.log(total[:, 0]) - shifted[rows, y], printed)
    loss = np.sum(terms) / n
    onehot = np.zeros_like(x)
    onehot[rows, y] = 1.0
    dout = (probabilities - onehot) / n
    return loss, dout
