"""Checks of the layers: gradients against central differences, and naive loops as a second opinion."""
import numpy as np

import convolution as conv
import sequential


def naive_convolution(x, w, b, stride, padding):
    """cs231n's loops: one output at a time."""
    n, _, h, width = x.shape
    f, _, kh, kw = w.shape
    padded = conv.pad(x, padding)
    oh, ow = conv.output_size(h, kh, stride[0], padding[0]), conv.output_size(width, kw, stride[1], padding[1])
    out = np.zeros((n, f, oh, ow))
    for i, j, y, z in np.ndindex(*out.shape):
        window = padded[i, :, y * stride[0]:y * stride[0] + kh, z * stride[1]:z * stride[1] + kw]
        out[i, j, y, z] = np.sum(window * w[j]) + b[j]
    return out


def naive_pool(x, size, stride, reduce):
    n, c, h, w = x.shape
    out = np.zeros((n, c, conv.output_size(h, size[0], stride[0]), conv.output_size(w, size[1], stride[1])))
    for i, j, y, z in np.ndindex(*out.shape):
        out[i, j, y, z] = reduce(x[i, j, y * stride[0]:y * stride[0] + size[0], z * stride[1]:z * stride[1] + size[1]])
    return out


def convolution_against_loops():
    random = np.random.RandomState(0)
    for stride, padding, kernel in (((1, 1), (0, 0), (3, 3)), ((2, 3), (1, 2), (5, 3)), ((3, 2), (3, 0), (1, 4))):
        x, w, b = random.randn(2, 3, 7, 8), random.randn(4, 3, *kernel), random.randn(4)
        out, _ = conv.conv2d_forward(x, w, b, stride, padding)
        assert np.allclose(out, naive_convolution(x, w, b, stride, padding), rtol=1e-12, atol=1e-12)


def pools_against_loops():
    random = np.random.RandomState(1)
    for size, stride in (((2, 2), (2, 2)), ((3, 2), (1, 1)), ((1, 2), (3, 3))):
        x = random.randn(2, 3, 7, 6)
        assert np.array_equal(conv.max_pool2d_forward(x, size, stride)[0], naive_pool(x, size, stride, np.max))
        assert np.allclose(conv.average_pool2d_forward(x, size, stride)[0], naive_pool(x, size, stride, np.mean))


def max_pool_of_ties_takes_the_first():
    x = np.zeros((1, 1, 2, 2))
    _, cache = conv.max_pool2d_forward(x, (2, 2), (2, 2))
    assert np.array_equal(conv.max_pool2d_backward(np.ones((1, 1, 1, 1)), cache)[0, 0], [[1, 0], [0, 0]])


def network_gradients(check_gradient, layers, sample, loss=None, targets=None, mode="training", batch=3):
    """Every gradient of a network, dropout included, whose masks are drawn from the same seed each time."""
    random = np.random.RandomState(2)
    description = {"input": list(sample), "layers": layers, "loss": loss}
    parameters = sequential.initial_parameters(description, random, 0.5)
    for name in parameters:
        if not name.endswith("/W"):
            parameters[name] = parameters[name] + 0.3 * random.rand(*parameters[name].shape)
    x = random.randn(batch, *sample)
    output = tuple(sample)
    for step in layers:
        output = sequential.output_shape(step, output)
    upstream = random.randn(batch, *output)

    def run():
        return sequential.evaluate(description, parameters, x, targets, None if targets is not None else upstream,
                                   mode, np.random.RandomState(3))[0]

    def value():
        return run()["loss"] if targets is not None else np.sum(run()["scores"] * upstream)

    results = run()
    for name, argument in list(parameters.items()) + [("dx", x)]:
        if name.split("/")[-1] not in sequential.STATISTICS:
            check_gradient(results[name], value, argument)


def layer(kind, **settings):
    return dict({"type": kind, "name": kind}, **settings)


def checks(check_gradient):
    """The checks of this file; check_gradient(analytic, f, x) compares with central differences."""
    image, plain = (2, 5, 6), (6,)

    def gradients(*arguments, **settings):
        return lambda: network_gradients(check_gradient, *arguments, **settings)

    labels, random = np.array([0, 3, 1]), np.random.RandomState(4)
    values, probabilities = random.randn(3, 6), random.rand(3, 6)
    result = [convolution_against_loops, pools_against_loops, max_pool_of_ties_takes_the_first]
    for kind in ("relu", "leakyRelu", "elu", "sigmoid", "tanh", "softplus", "gelu", "geluTanh", "softmax"):
        result.append(gradients([layer(kind)], plain))
    for settings in ({}, {"stride": [2, 3], "padding": [3, 1]}, {"bias": False, "padding": 1}):
        result.append(gradients([layer("conv2d", filters=3, kernel=[3, 2], **settings)], image))
    for kind in ("maxPool2d", "averagePool2d"):
        for settings in ({"size": 2}, {"size": [3, 2], "stride": [1, 1]}, {"size": [1, 2], "stride": [2, 3]}):
            result.append(gradients([layer(kind, **settings)], image))
    for mode in ("training", "inference"):
        result.append(gradients([layer("batchNorm")], plain, mode=mode))
        result.append(gradients([layer("batchNorm")], image, mode=mode))
        result.append(gradients([layer("dropout", keep=0.7)], plain, mode=mode))
    result.append(gradients([layer("layerNorm")], plain))
    result.append(gradients([layer("layerNorm")], image))
    result.append(gradients([layer("groupNorm", groups=2)], (4, 3, 2)))
    result.append(gradients([layer("flatten"), layer("reshape", shape=[3, 20]), layer("tanh")], image))
    result.append(gradients([layer("residual", layers=[layer("dense", units=6), layer("tanh")])], plain))
    for loss in ({"type": "softmax"}, {"type": "hinge", "margin": 0.8}):
        result.append(gradients([layer("dense", units=6)], plain, loss=loss, targets=labels))
    result.append(gradients([layer("dense", units=6)], plain, loss={"type": "softmax"}, targets=probabilities))
    result.append(gradients([layer("dense", units=6)], plain, loss={"type": "meanSquaredError"}, targets=values))
    result.append(gradients([layer("dense", units=6)], plain, loss={"type": "binaryCrossEntropy"},
                            targets=probabilities))
    return result
