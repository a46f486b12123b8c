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


def sigmoid(x):
    z = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, z) / (1 + z)


# Recurrent layers. A step takes x (N, D), the state before, and p, whose Wx (D, k * H), Wh (H, k * H), b (k * H) and, where
# it is there, bh are in the order of its gates. Its backward gives the gradients of the products of x and of h with them, and
# of the state before: what comes besides the product with Wh.

def affine_step(x, h, p):
    a = x.dot(p["Wx"]) + h.dot(p["Wh"]) + p["b"]
    return a + p["bh"] if "bh" in p else a


def rnn_step_forward(x, state, p, activation="tanh"):
    """cs231n's rnn_step_forward: h = tanh(x.dot(Wx) + h.dot(Wh) + b)."""
    a = affine_step(x, state[0], p)
    h = np.tanh(a) if activation == "tanh" else a * (a > 0)
    return (h,), (h, activation)


def rnn_step_backward(dstate, cache):
    h, activation = cache
    da = dstate[0] * (1 - h * h) if activation == "tanh" else dstate[0] * (h > 0)
    return da, da, (None,)


def lstm_step_forward(x, state, p):
    """cs231n's lstm_step_forward: gates i, f, o, g; c = f * c + i * g; h = o * tanh(c)."""
    h, c = state
    size = h.shape[1]
    a = affine_step(x, h, p)
    i, f, o = (sigmoid(a[:, k * size:(k + 1) * size]) for k in range(3))
    g = np.tanh(a[:, 3 * size:])
    after = f * c + i * g
    tangent = np.tanh(after)
    return (o * tangent, after), (i, f, o, g, c, tangent)


def lstm_step_backward(dstate, cache):
    i, f, o, g, c, tangent = cache
    dh, dc = dstate
    dc = dc + dh * o * (1 - tangent * tangent)
    da = np.hstack((dc * g * (i * (1 - i)), dc * c * (f * (1 - f)), dh * tangent * (o * (1 - o)), dc * i * (1 - g * g)))
    return da, da, (None, dc * f)


def gru_step_forward(x, state, p):
    """PyTorch's: gates r, z, n; n = tanh(x.dot(Wxn) + bn + r * (h.dot(Whn) + bhn)); h = (1 - z) * n + z * h."""
    h, = state
    size = h.shape[1]
    ax, ah = x.dot(p["Wx"]), h.dot(p["Wh"])
    a = ax[:, :2 * size] + ah[:, :2 * size] + p["b"][:2 * size]
    hn = ah[:, 2 * size:]
    if "bh" in p:
        a, hn = a + p["bh"][:2 * size], hn + p["bh"][2 * size:]
    r, z = sigmoid(a[:, :size]), sigmoid(a[:, size:])
    n = np.tanh(ax[:, 2 * size:] + p["b"][2 * size:] + r * hn)
    return ((1 - z) * n + z * h,), (r, z, n, hn, h)


def gru_step_backward(dstate, cache):
    r, z, n, hn, h = cache
    dh, = dstate
    dn = dh * (1 - z) * (1 - n * n)
    dr, dz = dn * hn * (r * (1 - r)), dh * (h - n) * (z * (1 - z))
    return np.hstack((dr, dz, dn)), np.hstack((dr, dz, dn * r)), (dh * z,)


def gru_reset_first_step_forward(x, state, p):
    """Keras' without reset_after: n = tanh(x.dot(Wxn) + (r * h).dot(Whn) + bn)."""
    h, = state
    size = h.shape[1]
    a = affine_step(x, h, p)
    r, z = sigmoid(a[:, :size]), sigmoid(a[:, size:2 * size])
    rh = r * h
    n = np.tanh(affine_step(x, rh, p)[:, 2 * size:])
    return ((1 - z) * n + z * h,), (r, z, n, rh, h, p["Wh"])


def gru_reset_first_step_backward(dstate, cache):
    """Also r * h and the gradient of its product with Wh, in which the other gates have no part."""
    r, z, n, rh, h, wh = cache
    dh, = dstate
    dn = dh * (1 - z) * (1 - n * n)
    none = np.zeros(dn.shape)
    dproduct = np.hstack((none, none, dn))
    drh = dproduct.dot(wh.T)
    dr, dz = drh * h * (r * (1 - r)), dh * (h - n) * (z * (1 - z))
    return np.hstack((dr, dz, dn)), np.hstack((dr, dz, none)), (dh * z + drh * r,), rh, dproduct


STEPS = {"rnn": (rnn_step_forward, rnn_step_backward, 1), "lstm": (lstm_step_forward, lstm_step_backward, 4),
         "gru": (gru_step_forward, gru_step_backward, 3),
         "gru_reset_first": (gru_reset_first_step_forward, gru_reset_first_step_backward, 3)}


def recurrent_forward(kind, x, start, lengths, p, reverse=False, returns="sequence", **settings):
    """Goes through x (N, T, D) step by step, backwards if reverse.

    start: h, and for lstm c, (N, H) each, or None for 0. lengths: (N,) or None; a row keeps its state where a step is not
    below its length, and its output there is 0. returns: the h of all steps, the last 'h' or the last 'cell'.
    """
    forward, _, gates = STEPS[kind]
    size = p["Wh"].shape[0]
    state = tuple(np.zeros((x.shape[0], size)) if s is None else s for s in start)
    out, caches = np.zeros(x.shape[:2] + (size,)), []
    for t in reversed(range(x.shape[1])) if reverse else range(x.shape[1]):
        xt = np.ascontiguousarray(x[:, t])
        valid = np.full((x.shape[0], 1), True) if lengths is None else (t < lengths)[:, np.newaxis]
        after, cache = forward(xt, state, p, **settings)
        caches.append((t, xt, state[0], valid, cache))
        state = tuple(np.where(valid, new, old) for new, old in zip(after, state))
        out[:, t] = np.where(valid, after[0], 0.0)
    result = {"sequence": out, "last": state[0], "cell": state[-1]}[returns]
    return result, (kind, x.shape, caches, p, returns, len(state))


def recurrent_backward(dout, cache):
    """dx, the gradients of the start, and of the parameters, which are added up from the last step to the first."""
    kind, shape, caches, p, returns, states = cache
    _, backward, _ = STEPS[kind]
    size = p["Wh"].shape[0]
    dstate = [np.zeros((shape[0], size)) for _ in range(states)]
    if returns != "sequence":
        dstate[0 if returns == "last" else 1] = dout
    dx, gradients = np.zeros(shape), {name: np.zeros(value.shape) for name, value in p.items()}
    for t, x, h, valid, step in reversed(caches):
        if returns == "sequence":
            dstate[0] = np.where(valid, dout[:, t] + dstate[0], dstate[0])
        dax, dah, besides, *product = backward(dstate, step)
        dax, dah = np.where(valid, dax, 0.0), np.where(valid, dah, 0.0)
        dh = dah.dot(p["Wh"].T)
        if besides[0] is not None:
            dh = besides[0] + dh
        dstate = [np.where(valid, new, old) for new, old in zip((dh,) + besides[1:], dstate)]
        dx[:, t] = dax.dot(p["Wx"].T)
        gradients["Wx"] = gradients["Wx"] + x.T.dot(dax)
        gradients["Wh"] = gradients["Wh"] + h.T.dot(dah)
        if product:
            gradients["Wh"] = gradients["Wh"] + product[0].T.dot(np.where(valid, product[1], 0.0))
        gradients["b"] = gradients["b"] + np.sum(dax, axis=0)
        if "bh" in gradients:
            gradients["bh"] = gradients["bh"] + np.sum(dax if product else dah, axis=0)
    return dx, dstate, gradients
