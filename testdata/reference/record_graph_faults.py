"""Records networks that are no chains in which Python makes a mistake in one branch, for Java to find it there:
python3 allclose_record.py record_graph_faults.py.

As in record_faults.py, each network file and its weights are right; what is recorded is what a wrong program gives. Beside
each stands what a report should say, of the first node in the order of the layers that gives something else.
"""
import contextlib

import numpy as np

import graph
import record_faults
from graph_cases import LABELS, inception, resnet, two_tower
from layer_cases import described, random_inputs, random_parameters
from layers import LAYERS

RESNET = (resnet(), (3, 8, 8), LABELS)
INCEPTION = (inception(), (3, 6, 6), LABELS)
TOWERS = (two_tower(), {"user": (6,), "item": (6,)}, np.array([[1.0], [0.0], [0.25], [1.0]]))


def changed(name, kind=None, **settings):
    """A network file in which one layer has another type or other settings."""
    def change(description):
        layers = [dict(step, **settings) if step["name"] == name else step for step in description["layers"]]
        return dict(description, layers=[dict(step, type=kind) if kind and step["name"] == name else step
                                         for step in layers])
    return change


@contextlib.contextmanager
def backward(kind, function):
    """A layer type whose backward pass is another."""
    right = LAYERS[kind]["backward"]
    LAYERS[kind]["backward"] = lambda layer, dout, cache: (function(layer, dout, cache), {})
    try:
        yield
    finally:
        LAYERS[kind]["backward"] = right


def record(name, which, wrong=lambda description: description, weights=lambda p: {}, inputs=lambda x: x,
           patched=contextlib.nullcontext()):
    """wrong: of the network file; weights, inputs: those that the wrong program takes; patched: another backward pass."""
    description, sample, targets = which
    random = np.random.RandomState(231)
    right = dict(described(description["layers"], sample), **{key: description[key] for key in ("loss", "l2")
                                                              if key in description})
    parameters = random_parameters(right, random, 0.4)
    arrays = random_inputs(right, random, len(targets))
    used = inputs(arrays)
    gradients = {}
    with patched:
        expected, outputs = graph.evaluate(wrong(right), dict(parameters, **weights(parameters)),
                                           used["x"] if "input" in right else used, targets, input_gradients=gradients)
    # Only those that the right network has, too.
    known = {place for node in graph.Graph(right).nodes for place in graph.places(node)}
    gradients = {place: value for place, value in gradients.items() if place in known}
    given = dict(arrays, **{"labels" if targets.ndim == 1 else "targets": targets})
    record_faults.write(name, right, parameters, given, expected, outputs, "training", gradients)


def flipped(name):
    return lambda p: {name: p[name][:, :, ::-1, ::-1].copy()}


def main():
    # layer 'shortNorm': another epsilon: the recording has 0.001, the network 1.0E-5
    record("graph_shortcut_epsilon", RESNET, wrong=changed("shortNorm", epsilon=1e-3))
    # layer 'relu1': another activation: the recording has tanh, the network relu
    record("graph_branch_activation", RESNET, wrong=changed("relu1", "tanh"))
    # layer 'sum': the recording subtracts, the network adds
    record("graph_subtract_for_add", RESNET, wrong=changed("sum", "subtract"))
    # layer 'sum': the recording does not add 'shortNorm'
    record("graph_no_shortcut", RESNET, wrong=changed("sum", "leakyRelu", inputs=["norm2"], alpha=1.0))
    # layer 'short': the recording takes 'stem', the network 'relu0'
    record("graph_shortcut_input", RESNET, wrong=changed("short", inputs=["stem"]))
    # Forward all is right; backward from the end, layer 'sum' is the first: its second input gets no gradient.
    record("graph_lost_gradient", RESNET, patched=backward("add", lambda layer, dout, count: [dout, 0 * dout]))
    # layer 'mixed/5x5relu': another slope: the recording has leakyRelu of slope 0.3, the network of 0.01
    record("graph_branch_slope", INCEPTION, wrong=changed("mixed/5x5relu", alpha=0.3))
    # layer 'mixed/3x3': the kernels are flipped: the recording convolves, it does not correlate
    record("graph_branch_kernel", INCEPTION, weights=flipped("mixed/3x3/W"))
    # layer 'mixed': another order: the recording has 'mixed/3x3', 'mixed/1x1', 'mixed/5x5', 'mixed/up'
    record("graph_concat_order", INCEPTION, wrong=changed(
        "mixed", inputs=["mixed/3x3", "mixed/1x1", "mixed/5x5", "mixed/up"]))
    # layer 'user/fc1': the weights are transposed: W.T gives what was recorded
    record("graph_tower_transposed", TOWERS, weights=lambda p: {"user/fc1/W": p["user/fc1/W"].T.copy()})
    # layers 'user/fc1' and 'item/fc1': 'user/fc1/W' and 'item/fc1/W' are exchanged
    record("graph_towers_exchanged", TOWERS, weights=lambda p: {"user/fc1/W": p["item/fc1/W"],
                                                                "item/fc1/W": p["user/fc1/W"]})
    # layers 'user/fc1' and 'item/fc1': the inputs 'user' and 'item' are exchanged
    record("graph_inputs_exchanged", TOWERS, inputs=lambda x: {"user": x["item"], "item": x["user"]})
    # layer 'product': the recording adds, the network multiplies
    record("graph_add_for_multiply", TOWERS, wrong=changed("product", "add"))
    # Forward all is right; backward from the end, layer 'product' is the first: the gradients of its inputs are exchanged.
    record("graph_multiply_gradient", TOWERS, patched=backward("multiply", lambda layer, dout, cache: [
        dout * cache[0], dout * cache[1]]))


if __name__ == "__main__":
    main()
