"""The functions of cs231n's third assignment, but those of sequences, in the assignment's own formulas: style transfer,
generative adversarial networks, SimCLR.

As cs231n_functions.py has those of the first two. The assignment leaves gradients to PyTorch; these are the ones on paper.
Products are A.dot(B) of two arrays: A.dot(A.T) is computed otherwise where both are the same memory.
"""
import numpy as np

from cs231n_functions import affine_backward, affine_forward


# Style transfer. Features are (C, H, W), those of one image.

def content_loss(weight, features, content):
    """Loss, and the gradient of the features."""
    difference = features - content
    return weight * np.sum(difference ** 2), 2 * weight * difference


def gram_matrix(features):
    """Normalized by the number of elements."""
    rows = features.reshape(len(features), -1)
    return rows.dot(rows.T.copy()) / features.size


def gram_backward(dout, features):
    rows, d = features.reshape(len(features), -1), dout / features.size
    return (d.dot(rows) + d.T.dot(rows)).reshape(features.shape)


def style_loss(features, targets, weights):
    """Of several layers: loss, and the gradients of the features."""
    loss, gradients = 0.0, []
    for feature, target, weight in zip(features, targets, weights):
        difference = gram_matrix(feature) - target
        loss = loss + weight * np.sum(difference ** 2)
        gradients.append(gram_backward(2 * weight * difference, feature))
    return loss, gradients


def tv_loss(image, weight):
    """Total variation: squares of differences of neighbours."""
    down, across = image[:, 1:] - image[:, :-1], image[:, :, 1:] - image[:, :, :-1]
    loss = weight * (np.sum(down ** 2) + np.sum(across ** 2))
    gradient = np.zeros_like(image)
    gradient[:, :, :-1] -= 2 * weight * across
    gradient[:, :, 1:] += 2 * weight * across
    gradient[:, :-1] -= 2 * weight * down
    gradient[:, 1:] += 2 * weight * down
    return loss, gradient


# Generative adversarial networks. Scores are logits (n,).

def bce_loss(scores, target):
    """mean of max(x, 0) - x * target + log(1 + exp(-|x|)), and the gradient, a term after the other."""
    n, exp = len(scores), np.exp(-np.abs(scores))
    loss = np.mean(np.maximum(scores, 0) - scores * target + np.log(1 + exp))
    gradient = -(1 / n / (1 + exp) * exp) * np.sign(scores)
    return loss, gradient - 1 / n * target + 1 / n * (scores >= 0)


def discriminator_loss(real, fake):
    real_loss, dreal = bce_loss(real, np.ones_like(real))
    fake_loss, dfake = bce_loss(fake, np.zeros_like(fake))
    return real_loss + fake_loss, dreal, dfake


def generator_loss(fake):
    return bce_loss(fake, np.ones_like(fake))


def ls_discriminator_loss(real, fake):
    n, m = len(real), len(fake)
    return 0.5 * np.mean((real - 1) ** 2) + 0.5 * np.mean(fake ** 2), 1 / n * (real - 1), 1 / m * fake


def ls_generator_loss(fake):
    return 0.5 * np.mean((fake - 1) ** 2), 1 / len(fake) * (fake - 1)


def gan_discriminator_step(params, x):
    """A discriminator, affine - leaky ReLU - affine - leaky ReLU - affine, on generated images: the generator's loss, as
    on paper, and the gradients of everything."""
    def leaky(x):
        return np.where(x > 0, x, 0.01 * x)

    out1, affine1 = affine_forward(x, params["W1"], params["b1"])
    out2, affine2 = affine_forward(leaky(out1), params["W2"], params["b2"])
    logits, affine3 = affine_forward(leaky(out2), params["W3"], params["b3"])
    loss, _ = generator_loss(logits[:, 0])
    grads = {}
    exp = np.exp(-np.abs(logits))
    probabilities = np.where(logits > 0, 1 / (1 + exp), exp / (1 + exp))
    dout, grads["W3"], grads["b3"] = affine_backward((probabilities - 1) / len(x), affine3)
    dout, grads["W2"], grads["b2"] = affine_backward(np.where(out2 > 0, dout, 0.01 * dout), affine2)
    dx, grads["W1"], grads["b1"] = affine_backward(np.where(out1 > 0, dout, 0.01 * dout), affine1)
    return logits, loss, dx, grads


# SimCLR.

def sim(left, right):
    """Of two vectors: the cosine."""
    return np.sum(left * right) / (np.sqrt(np.sum(left * left)) * np.sqrt(np.sum(right * right)))


def normalized_rows(z):
    return z / np.sqrt(np.sum(z * z, axis=1, keepdims=True))


def sim_positive_pairs(left, right):
    """(N, 1)."""
    return np.sum(normalized_rows(left) * normalized_rows(right), axis=1, keepdims=True)


def compute_sim_matrix(out):
    """(2N, 2N)."""
    normalized = normalized_rows(out)
    return normalized.dot(normalized.T.copy())


def simclr_loss_naive(left, right, tau):
    out, n = np.concatenate([left, right]), len(left)
    total = 0.0
    for k in range(n):
        for a, b in ((k, k + n), (k + n, k)):
            others = 0.0
            for i in range(2 * n):
                if i != a:
                    others += np.exp(sim(out[a], out[i]) / tau)
            total -= np.log(np.exp(sim(out[a], out[b]) / tau) / others)
    return total / (2 * n)


def simclr_loss_vectorized(left, right, tau):
    """Loss, and the gradients of both on paper."""
    out, n = np.concatenate([left, right]), len(left)
    similarities = compute_sim_matrix(out)
    off_diagonal = ~np.eye(2 * n, dtype=bool)
    exponentials = np.exp(similarities / tau)[off_diagonal].reshape(2 * n, 2 * n - 1)
    denominators = np.sum(exponentials, axis=1, keepdims=True)
    positive = np.exp(sim_positive_pairs(left, right) / tau)
    loss = np.mean(-np.log(np.concatenate([positive, positive]) / denominators))

    normalized = normalized_rows(out)
    d = np.zeros((2 * n, 2 * n))
    d[off_diagonal] = (exponentials / denominators).reshape(-1)
    partners = np.concatenate([normalized[n:], normalized[:n]])
    dnormalized = ((d + d.T).dot(normalized) - 2 * partners) / (2 * n * tau)
    along = np.sum(dnormalized * normalized, axis=1, keepdims=True)
    dout = (dnormalized - along * normalized) / np.sqrt(np.sum(out * out, axis=1, keepdims=True))
    return loss, dout[:n], dout[n:]
