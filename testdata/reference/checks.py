"""The reference's own checks: gradients against central differences, shapes, untouched arguments.

Usage: checks.py; prints how many checks passed, or fails with the first that did not.
"""
import numpy as np

import functions
import layer_checks
from networks import FullyConnectedNet, TwoLayerNet


def numeric_gradient(f, x, step=1e-5, indices=None):
    """Central differences of the number f() in every element of x, which is changed and restored in between.

    indices: of the elements, if not all; the others are 0.
    """
    gradient = np.zeros_like(x)
    for index in np.ndindex(*x.shape) if indices is None else indices:
        value = x[index]
        x[index] = value + step
        above = f()
        x[index] = value - step
        below = f()
        x[index] = value
        gradient[index] = (above - below) / (2 * step)
    return gradient


def relative_error(a, b):
    """cs231n's measure: max |a - b| / max(1e-8, |a| + |b|)."""
    return np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b)))


def check_gradient(analytic, f, x):
    assert analytic.shape == x.shape, "expected shape %s but got %s" % (x.shape, analytic.shape)
    error = relative_error(analytic, numeric_gradient(f, x))
    assert error < 1e-6, "gradient is off by %g" % error


def check_whole_gradient(analytic, f, x, count=25):
    """Some elements, relative to the largest: in a deep network some are 0 but for rounding."""
    assert analytic.shape == x.shape, "expected shape %s but got %s" % (x.shape, analytic.shape)
    places = np.unique(np.linspace(0, x.size - 1, count).astype(int))
    numeric = numeric_gradient(f, x, indices=list(zip(*np.unravel_index(places, x.shape))))
    error, largest = np.max(np.abs(analytic - numeric).flat[places]), np.max(np.abs(analytic))
    assert error <= 1e-7 * largest, "gradient is off by %g of %g" % (error, largest)


def fc_gradients(shape):
    random = np.random.RandomState(0)
    x, w, b = random.randn(*shape), random.randn(int(np.prod(shape[1:])), 4), random.randn(4)
    dout = random.randn(shape[0], 4)
    _, cache = functions.fc_forward(x, w, b)
    gradients = functions.fc_backward(dout, cache)
    for gradient, argument in zip(gradients, (x, w, b)):
        check_gradient(gradient, lambda: np.sum(functions.fc_forward(x, w, b)[0] * dout), argument)


def relu_gradient():
    random = np.random.RandomState(1)
    x, dout = random.randn(3, 5), random.randn(3, 5)
    _, cache = functions.relu_forward(x)
    check_gradient(functions.relu_backward(dout, cache), lambda: np.sum(functions.relu_forward(x)[0] * dout), x)


def softmax_gradient(n, classes):
    """N equal to the number of classes is where missing keepdims go unnoticed."""
    random = np.random.RandomState(2)
    x, y = random.randn(n, classes), random.randint(classes, size=n)
    check_gradient(functions.softmax_loss(x, y)[1], lambda: functions.softmax_loss(x, y)[0], x)


def softmax_of_equal_scores_is_log_of_classes():
    loss, _ = functions.softmax_loss(np.zeros((3, 4)), np.array([0, 1, 3]))
    assert abs(loss - np.log(4)) < 1e-15


def softmax_of_a_subnormal_probability_keeps_its_digits():
    for far in (708.4, 720.5, 740.0, 745.1, 745.2, 1000.0):
        assert functions.softmax_loss(np.array([[0.0, far]]), np.array([0]))[0] == far
    random = np.random.RandomState(3)
    x, y = 30 * random.randn(20, 6), random.randint(6, size=20)
    exp = np.exp(x - np.max(x, axis=1, keepdims=True))
    printed = np.sum(-np.log((exp / np.sum(exp, axis=1, keepdims=True))[np.arange(20), y])) / 20
    assert functions.softmax_loss(x, y)[0] == printed


def arguments_are_not_changed():
    random = np.random.RandomState(4)
    x, w, b, y = random.randn(4, 3), random.randn(3, 4), random.randn(4), np.array([0, 1, 2, 3])
    before = [a.copy() for a in (x, w, b, y)]
    out, cache = functions.fc_forward(x, w, b)
    functions.softmax_loss(out, y)
    functions.softmax_loss(x, y[:3].repeat(2)[:4] % 3)
    functions.fc_backward(out, cache)
    _, mask = functions.relu_forward(x)
    functions.relu_backward(x, mask)
    for was, now in zip(before, (x, w, b, y)):
        assert np.array_equal(was, now)


def network_gradients(net, shape):
    random = np.random.RandomState(5)
    parameters = net.initial_parameters(random, 0.5)
    x, y = random.randn(*shape), random.randint(net.sizes[-1], size=shape[0])
    results, _ = net.loss(parameters, x, y)
    for name, value in list(parameters.items()) + [("dx", x)]:
        check_gradient(results[name], lambda: net.loss(parameters, x, y)[0]["loss"], value)


def run():
    """Runs every check; returns how many there are."""
    if not __debug__:
        raise RuntimeError("checks: expected Python without -O, which leaves assertions out")
    checks = [
        lambda: fc_gradients((3, 5)),
        lambda: fc_gradients((2, 3, 4)),
        lambda: fc_gradients((1, 2, 2, 3)),
        relu_gradient,
        lambda: softmax_gradient(5, 3),
        lambda: softmax_gradient(4, 4),
        softmax_of_equal_scores_is_log_of_classes,
        softmax_of_a_subnormal_probability_keeps_its_digits,
        arguments_are_not_changed,
        lambda: network_gradients(TwoLayerNet(6, 5, 4, l2=0.1), (3, 6)),
        lambda: network_gradients(FullyConnectedNet([6, 5, 4, 5, 3]), (3, 2, 3)),
    ] + layer_checks.checks(check_gradient, check_whole_gradient)
    for check in checks:
        check()
    return len(checks)


if __name__ == "__main__":
    print("%d checks passed" % run())
