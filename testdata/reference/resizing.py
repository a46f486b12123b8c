"""Layers that move pixels of images (N, C, H, W), or weigh them: pixel shuffle, resizing, local response normalization."""
import numpy as np

CUBIC = -0.75


def pixel_shuffle_forward(x, r):
    """A block of r by r pixels of each r * r channels: out[c, h * r + i, w * r + j] = x[c * r * r + i * r + j, h, w]."""
    n, c, h, w = x.shape
    blocks = x.reshape(n, c // (r * r), r, r, h, w).transpose(0, 1, 4, 2, 5, 3)
    return np.ascontiguousarray(blocks).reshape(n, c // (r * r), h * r, w * r), r


def pixel_unshuffle_forward(x, r):
    """What undoes pixel_shuffle_forward."""
    n, c, h, w = x.shape
    blocks = x.reshape(n, c, h // r, r, w // r, r).transpose(0, 1, 3, 5, 2, 4)
    return np.ascontiguousarray(blocks).reshape(n, c * r * r, h // r, w // r), r


def pixel_shuffle_backward(dout, r):
    return pixel_unshuffle_forward(dout, r)[0]


def pixel_unshuffle_backward(dout, r):
    return pixel_shuffle_forward(dout, r)[0]


def nearest(length, outputs):
    """For each output the index and the weight of what it is made from. PyTorch has this scale in single precision."""
    scale = np.float32(length) / np.float32(outputs)
    return [([min(int(np.floor(np.float32(k) * scale)), length - 1)], [1.0]) for k in range(outputs)]


def sources(length, outputs, align_corners):
    """Where the outputs lie on the axis: corner on corner, or border on border."""
    if align_corners:
        scale = (length - 1) / (outputs - 1) if outputs > 1 else 0.0
        return [k * scale for k in range(outputs)]
    scale = length / outputs
    return [scale * (k + 0.5) - 0.5 for k in range(outputs)]


def linear(length, outputs, align_corners):
    result = []
    for real in sources(length, outputs, align_corners):
        real = max(real, 0.0)
        lower = min(int(real), length - 1)
        rest = min(max(real - lower, 0.0), 1.0)
        result.append(([lower, min(lower + 1, length - 1)], [1 - rest, rest]))
    return result


def cubic(length, outputs, align_corners):
    """Cubic convolution; beyond its ends the axis goes on as it ends."""
    def near(x):
        return ((CUBIC + 2) * x - (CUBIC + 3)) * x * x + 1

    def far(x):
        return ((CUBIC * x - 5 * CUBIC) * x + 8 * CUBIC) * x - 4 * CUBIC

    result = []
    for real in sources(length, outputs, align_corners):
        lower = min(int(np.floor(real)), length - 1)
        rest = min(max(real - lower, 0.0), 1.0)
        result.append(([min(max(lower - 1 + tap, 0), length - 1) for tap in range(4)],
                       [far(rest + 1), near(rest), near(1 - rest), far(2 - rest)]))
    return result


def resize2d_forward(x, rows, columns):
    """out = sum over i of h[i] * (sum over j of w[j] * x[i, j]), each sum in its order from its first product."""
    out = np.zeros(x.shape[:2] + (len(rows), len(columns)))
    for y, (row, row_weights) in enumerate(rows):
        for z, (column, column_weights) in enumerate(columns):
            total = None
            for i, h in zip(row, row_weights):
                along = None
                for j, w in zip(column, column_weights):
                    product = w * x[:, :, i, j]
                    along = product if along is None else along + product
                total = h * along if total is None else total + h * along
            out[:, :, y, z] = total
    return out, (x.shape, rows, columns)


def resize2d_backward(dout, cache):
    """An element gets (h[i] * w[j]) * dout, added to 0, from the outputs in their order, of each in that of i and j."""
    shape, rows, columns = cache
    dx = np.zeros(shape)
    for y, (row, row_weights) in enumerate(rows):
        for z, (column, column_weights) in enumerate(columns):
            for i, h in zip(row, row_weights):
                for j, w in zip(column, column_weights):
                    dx[:, :, i, j] += h * w * dout[:, :, y, z]
    return dx


def channel_sums(x, before, after):
    """Of each channel the sum of those from some before it to some after it, from the first to the last."""
    sums = np.zeros(x.shape)
    for c in range(x.shape[1]):
        around = range(max(c - before, 0), min(c + after, x.shape[1] - 1) + 1)
        total = x[:, around[0]].copy()
        for other in around[1:]:
            total = total + x[:, other]
        sums[:, c] = total
    return sums


def local_response_norm_forward(x, size, alpha, beta, k):
    """x / (k + alpha * mean) ** beta: the mean of the squares of size channels around, of which those outside are 0."""
    base = k + alpha * (channel_sums(x * x, size // 2, (size - 1) // 2) / size)
    power = base ** beta
    out = x / power
    return out, (x, base, power, out, size, alpha, beta)


def local_response_norm_backward(dout, cache):
    x, base, power, out, size, alpha, beta = cache
    sums = channel_sums(dout * out / base, (size - 1) // 2, size // 2)
    return dout / power - 2 * alpha * beta / size * x * sums
