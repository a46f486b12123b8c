"""Checks of the layers: gradients against central differences, and naive loops as a second opinion."""
import numpy as np

import allclose_record
import combine
import convolution as conv
import graph
import losses
from layer_cases import described, layer, random_inputs, random_parameters, sample_network
from layers import LAYERS, STATISTICS
from samples import PLAIN, SMALL_IMAGE
from schedules import SCHEDULES


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


def upsampling_against_loops():
    random = np.random.RandomState(5)
    for fh, fw in ((2, 2), (1, 3), (3, 2)):
        x, dout = random.randn(2, 3, 4, 5), random.randn(2, 3, 4 * fh, 5 * fw)
        out, cache = combine.upsample2d_forward(x, (fh, fw))
        dx = np.zeros(x.shape)
        for i, j, y, z in np.ndindex(*dout.shape):
            assert out[i, j, y, z] == x[i, j, y // fh, z // fw]
            dx[i, j, y // fh, z // fw] += dout[i, j, y, z]
        assert np.array_equal(combine.upsample2d_backward(dout, cache), dx)


def network_gradients(check_gradient, layers, sample, loss=None, targets=None, mode="training", batch=3, l2=0.0, **more):
    """Every gradient of a network, dropout included, whose masks are drawn from the same seed each time."""
    random = np.random.RandomState(2)
    description = dict(described(layers, sample), loss=loss, l2=l2, **more)
    parameters = random_parameters(description, random, 0.5)
    inputs = random_inputs(description, random, batch)
    arrays = inputs["x"] if "input" in description else inputs
    upstream = None if targets is not None else random.randn(batch, *graph.output_shape(description))

    def run():
        return graph.evaluate(description, parameters, arrays, targets, upstream, mode, np.random.RandomState(3))[0]

    def value():
        return run()["loss"] if targets is not None else np.sum(run()["scores"] * upstream)

    results = run()
    for name, argument in list(parameters.items()) + [("dx" if "input" in description else "d" + key, array)
                                                      for key, array in inputs.items()]:
        if name.split("/")[-1] not in STATISTICS:
            check_gradient(results[name], value, argument)


def layers_are_those_of_the_recorder():
    """What allclose_record.py says of the shapes of layers is what the layers do."""
    known_types = {**allclose_record.LAYERS, **allclose_record.COMBINATIONS}
    for kind, entry in LAYERS.items():
        assert entry["checks"], "%s: expected samples whose gradients are checked but got none" % kind
        for sample in entry["checks"] if kind in known_types else ():
            network = described(sample_network(kind, sample), sample["sample"])
            samples, shapes = graph.Graph(network).shapes()
            known, parameters = allclose_record.network_shapes(network)
            assert known[kind] == samples[kind], (kind, known, samples)
            assert parameters == {kind + "/" + name: shape for name, shape in shapes[kind].items()}, (kind, parameters)


def schedules_give_rates():
    for kind, entry in SCHEDULES.items():
        rates = [entry["rate"](entry["sample"], step, step // 5, [1.0] * (step // 5)) for step in range(40)]
        assert all(0 <= rate <= entry["sample"]["rate"] for rate in rates) and max(rates) > 0, (kind, rates)


def checks(check_gradient):
    """The checks of this file; check_gradient(analytic, f, x) compares with central differences."""
    def gradients(*arguments, **settings):
        return lambda: network_gradients(check_gradient, *arguments, **settings)

    result = [convolution_against_loops, pools_against_loops, max_pool_of_ties_takes_the_first, upsampling_against_loops,
              layers_are_those_of_the_recorder, schedules_give_rates]
    for kind, entry in LAYERS.items():
        result += [gradients(sample_network(kind, sample), sample["sample"], mode=sample["mode"])
                   for sample in entry["checks"]]
    for kind, entry in losses.LOSSES.items():
        for sample in entry["checks"]:
            result.append(gradients([layer("dense", units=6)], PLAIN, loss=dict({"type": kind}, **sample["settings"]),
                                    targets=losses.drawn()[sample["targets"]][:3]))
    result.append(gradients([layer("flatten"), layer("reshape", shape=[3, 20]), layer("tanh")], SMALL_IMAGE))
    result.append(gradients([layer("residual", layers=[layer("dense", units=6), layer("tanh")])], PLAIN))
    return result
