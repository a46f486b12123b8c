"""The cases that are recorded: a function each, under the case's name.

A function returns the arguments of recording.write_case but folder, name and recorded. To add a case, add a
function to CASES.
"""
import functools

import numpy as np

import blog
import cs231n_cases
import functions
import graph_cases
import layer_cases
import transformer_cases
from networks import FullyConnectedNet, TwoLayerNet
from train_digits import digits, train

SEED = 231

# Matrix products and sums are in a documented order, exp and log are the C library's: every bit can be the same.
EXACT = {"match": "exact"}
# Two orders of k additions again: k is at most 216 here.
BLOG = {"match": {"ulps": 16}, "reason": "added in another order: the blog's loops go over places first and samples second"}
# The errors of two orders of k additions differ by about sqrt(k) units in the last place; k is at most 784 here.
NATURAL = {"match": {"ulps": 32},
           "reason": "numpy left as it is adds in an order that depends on the processor and the number of threads"}

TINY = 5e-324


def all_with(expectation, tensors):
    return {name: (value, expectation) for name, value in tensors.items()}


def fc(shape, classes, match=EXACT):
    """x of the given shape, and a gradient of the scores drawn at random."""
    random = np.random.RandomState(SEED)
    x = random.randn(*shape)
    w = random.randn(int(np.prod(shape[1:])), classes)
    b = random.randn(classes)
    dout = random.randn(shape[0], classes)
    out, cache = functions.fc_forward(x, w, b)
    dx, dw, db = functions.fc_backward(dout, cache)
    return {"function": "fc", "arrays": {
        "inputs": {"x": x, "W": w, "b": b, "dout": dout},
        "expected": all_with(match, {"out": out, "dx": dx, "dW": dw, "db": db})}}


def relu(x, dout):
    out, cache = functions.relu_forward(x)
    return {"function": "relu", "arrays": {
        "inputs": {"x": x, "dout": dout},
        "expected": all_with(EXACT, {"out": out, "dx": functions.relu_backward(dout, cache)})}}


def relu_ordinary():
    random = np.random.RandomState(SEED)
    return relu(random.randn(4, 3, 5), random.randn(4, 3, 5))


def relu_special():
    """Every pair of special values as x and as the gradient."""
    special = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, TINY, -TINY, 2.2250738585072014e-308,
                        -2.2250738585072014e-308, 1.7976931348623157e308, -1.7976931348623157e308, 1.0, -1.0])
    x, dout = np.meshgrid(special, special, indexing="ij")
    with np.errstate(invalid="ignore"):
        return relu(np.ascontiguousarray(x), np.ascontiguousarray(dout))


def softmax(x, y):
    with np.errstate(all="ignore"):
        loss, dout = functions.softmax_loss(x, y)
    return {"function": "softmax_loss", "arrays": {
        "inputs": {"x": x, "y": y},
        "expected": all_with(EXACT, {"loss": loss, "dout": dout})}}


def softmax_random(n, classes, scale=1.0):
    random = np.random.RandomState(SEED)
    return softmax(scale * random.randn(n, classes), random.randint(classes, size=n))


def softmax_extreme():
    """Scores at both ends of what a double can hold, where the difference from the maximum overflows."""
    return softmax(np.array([[1e300, -1e300, 0.0], [-1e300, -1e300, -1e300], [1e300, 1e300, -1e300],
                             [1.7e308, -1.7e308, 0.0]]), np.array([1, 2, 0, 0]))


def softmax_subnormal(difference):
    """One sample whose right class is so much below the other that its probability loses digits or is 0."""
    return softmax(np.array([[-difference, 0.0]]), np.array([0]))


def softmax_around_subnormal():
    """Right classes on both sides of the smallest normal probability, and of the smallest of all, among others."""
    differences = [708.0, 708.3, 708.3964185322641, 708.3964185322642, 708.39641853226, 708.4, 709.0, 709.78, 720.5, 740.0,
                   744.4400719213812, 745.0, 745.13, 745.2, 750.0]
    x = np.random.RandomState(SEED).randn(len(differences), 4)
    x[:, 1] = np.max(x, axis=1) - differences
    x[3::4, 2] = x[3::4, 3] = np.max(x[3::4], axis=1)
    return softmax(x, np.full(len(differences), 1))


def softmax_nan():
    return softmax(np.array([[1.0, np.nan, 2.0], [0.0, 1.0, 2.0], [-np.inf, 0.0, 1.0]]), np.array([0, 1, 0]))


def network(net, parameters, sample_shape, x, y, match=EXACT):
    results, outputs = net.loss(parameters, x, y)
    return {"network": net.description(sample_shape), "parameters": parameters, "arrays": {
        "inputs": {"x": x, "labels": y},
        "expected": all_with(match, results),
        "outputs": all_with(match, outputs)}}


def random_network(sizes, sample_shape, n, l2=0.0, match=EXACT):
    """A network with random weights and biases, on random samples."""
    random = np.random.RandomState(SEED)
    net = TwoLayerNet(*sizes, l2=l2) if len(sizes) == 3 else FullyConnectedNet(sizes, l2=l2)
    parameters = net.initial_parameters(random, 0.3)
    for name in parameters:
        if name.endswith("/b"):
            parameters[name] = 0.1 * random.randn(*parameters[name].shape)
    x = random.randn(n, *sample_shape)
    return network(net, parameters, sample_shape, x, random.randint(sizes[-1], size=n), match)


def blog_convolution(sample, batch, filters, kernel, stride, padding):
    """The convolution of the series' part 2; scores and dx have the bits of conv2d all the same."""
    settings = layer_cases.layer("conv2d", filters=filters, kernel=list(kernel), stride=stride, padding=padding)
    case = layer_cases.network_case([settings], sample, batch)
    inputs, w, b = case["arrays"]["inputs"], case["parameters"]["conv2d/W"], case["parameters"]["conv2d/b"]
    out, cache = blog.conv_forward(inputs["x"], w, b, stride, padding)
    dx, dw, db = blog.conv_backward(inputs["upstream"], cache)
    case["arrays"] = {"inputs": inputs, "expected": dict(all_with(EXACT, {"scores": out, "dx": dx}),
                                                         **all_with(BLOG, {"conv2d/W": dw, "conv2d/b": db}))}
    return case


@functools.lru_cache(maxsize=None)
def trained_digits():
    return train()


def digits_network(match=EXACT):
    """The classifier of train_digits.py on the images it has not seen."""
    net, parameters = trained_digits()
    _, _, x, y = digits()
    return network(net, parameters, (64,), x, y, match)


CASES = {
    "fc_2d": lambda: fc((6, 7), 5),
    "fc_3d": lambda: fc((5, 3, 4), 6),
    "fc_4d": lambda: fc((4, 2, 3, 5), 3),
    "fc_one_sample": lambda: fc((1, 30), 10),
    "fc_one_feature": lambda: fc((8, 1), 5),
    "fc_one_class": lambda: fc((6, 16), 1),
    "fc_one_of_each": lambda: fc((1, 1), 1),
    "fc_two_samples": lambda: fc((2, 11), 4),
    "fc_k100": lambda: fc((10, 100), 12),
    "fc_k256": lambda: fc((9, 256), 8),
    "fc_k257": lambda: fc((8, 257), 9),
    "fc_k500": lambda: fc((7, 500), 7),
    "fc_k784": lambda: fc((16, 784), 10),
    "fc_k3072": lambda: fc((5, 3, 32, 32), 10),
    "fc_many_samples": lambda: fc((600, 9), 4),
    "relu_ordinary": relu_ordinary,
    "relu_special": relu_special,
    "softmax_ordinary": lambda: softmax_random(12, 7),
    "softmax_n_equals_c": lambda: softmax_random(6, 6),
    "softmax_one_sample": lambda: softmax_random(1, 10),
    "softmax_one_class": lambda: softmax_random(5, 1),
    "softmax_all_equal": lambda: softmax(np.full((4, 10), 3.25), np.array([0, 3, 9, 9])),
    "softmax_1e3": lambda: softmax_random(40, 10, 1e3),
    "softmax_1e5": lambda: softmax_random(40, 10, 1e5),
    "softmax_1e300": softmax_extreme,
    "softmax_740": lambda: softmax_subnormal(740.0),
    "softmax_subnormal": softmax_around_subnormal,
    "softmax_nan": softmax_nan,
    "softmax_1000_classes": lambda: softmax_random(9, 1000, 3.0),
    "softmax_300_samples": lambda: softmax_random(300, 10),
    "two_layer": lambda: random_network([20, 30, 7], (20,), 13),
    "two_layer_l2": lambda: random_network([20, 30, 7], (20,), 13, l2=0.05),
    "four_layer": lambda: random_network([60, 50, 40, 30, 10], (3, 4, 5), 16),
    "four_layer_l2": lambda: random_network([60, 50, 40, 30, 10], (3, 4, 5), 16, l2=0.01),
    "digits": digits_network,
    "blog_conv2d": lambda: blog_convolution((3, 9, 8), 3, 4, (3, 3), 1, 1),
    "blog_conv2d_stride": lambda: blog_convolution((3, 9, 9), 5, 5, (3, 3), 2, 1),
}
CASES.update(layer_cases.CASES)
CASES.update(graph_cases.CASES)
CASES.update(transformer_cases.CASES)
CASES.update(cs231n_cases.CASES)

NATURAL_CASES = {
    "natural/fc_k784": lambda: fc((16, 784), 10, NATURAL),
    "natural/four_layer_l2": lambda: random_network([60, 50, 40, 30, 10], (3, 4, 5), 16, l2=0.01, match=NATURAL),
    "natural/digits": lambda: digits_network(NATURAL),
}
