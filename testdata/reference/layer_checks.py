"""Checks of the layers: gradients against central differences, and naive loops as a second opinion."""
import numpy as np

import allclose_record
import combine
import convolution as conv
import graph
import losses
import pooling
import sequence
from graph_cases import GRAPHS, samples_of
from layer_cases import described, layer, random_inputs, random_parameters, sample_network
from layers import LAYERS, NOT_TRAINED
from samples import PLAIN, SMALL_IMAGE
from schedules import SCHEDULES


def naive_convolution(x, w, b, stride, padding, dilation=(1, 1), groups=1):
    """cs231n's loops: one output at a time."""
    n, _, h, width = x.shape
    f, c, kh, kw = w.shape
    padded = conv.pad(x, padding)
    oh = conv.output_size(h, kh, stride[0], padding[0], dilation[0])
    ow = conv.output_size(width, kw, stride[1], padding[1], dilation[1])
    out = np.zeros((n, f, oh, ow))
    for i, j, y, z in np.ndindex(*out.shape):
        first, top, left = j // (f // groups) * c, y * stride[0], z * stride[1]
        window = padded[i, first:first + c, top:top + kh * dilation[0]:dilation[0], left:left + kw * dilation[1]:dilation[1]]
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
    for stride, padding, kernel, dilation, groups in (
            ((1, 1), (0, 0), (3, 3), (1, 1), 1), ((2, 3), (1, 2), (5, 3), (1, 1), 1), ((3, 2), (3, 0), (1, 4), (1, 1), 1),
            ((1, 2), ((0, 1), (3, 2)), (2, 3), (2, 3), 2), ((2, 1), (1, 1), (3, 2), (1, 2), 4)):
        x, w, b = random.randn(2, 4, 7, 8), random.randn(8, 4 // groups, *kernel), random.randn(8)
        out, _ = conv.conv2d_forward(x, w, b, stride, padding, dilation, groups)
        assert np.allclose(out, naive_convolution(x, w, b, stride, padding, dilation, groups), rtol=1e-12, atol=1e-12)


def transposed_convolution_against_loops():
    """Each input adds its multiple of a filter to the outputs that it reaches."""
    random = np.random.RandomState(6)
    for stride, padding, more, dilation, groups in (
            ((1, 1), (0, 0), (0, 0), (1, 1), 1), ((2, 3), (1, 0), (1, 2), (1, 1), 2), ((1, 2), (1, 2), (1, 0), (2, 1), 4)):
        x, w, b = random.randn(2, 4, 3, 5), random.randn(4, 8 // groups, 3, 2), random.randn(8)
        out, _ = conv.conv_transpose2d_forward(x, w, b, stride, padding, more, dilation, groups)
        whole = np.zeros((2, 8, out.shape[2] + 2 * padding[0], out.shape[3] + 2 * padding[1]))
        for i, c, y, z, i_kernel, j_kernel in np.ndindex(*x.shape, 3, 2):
            first = c // (4 // groups) * w.shape[1]
            whole[i, first:first + w.shape[1], y * stride[0] + i_kernel * dilation[0],
                  z * stride[1] + j_kernel * dilation[1]] += x[i, c, y, z] * w[c, :, i_kernel, j_kernel]
        expected = whole[:, :, padding[0]:padding[0] + out.shape[2], padding[1]:padding[1] + out.shape[3]]
        assert np.allclose(out, expected + b[:, np.newaxis, np.newaxis], rtol=1e-12, atol=1e-12)


def pools_against_loops():
    random = np.random.RandomState(1)
    for size, stride in (((2, 2), (2, 2)), ((3, 2), (1, 1)), ((1, 2), (3, 3))):
        x = random.randn(2, 3, 7, 6)
        windows = [pooling.strided(x.shape[2 + i], size[i], stride[i]) for i in range(2)]
        assert np.array_equal(pooling.max_forward(x, *windows)[0], naive_pool(x, size, stride, np.max))
        assert np.allclose(pooling.mean_forward(x, *windows)[0], naive_pool(x, size, stride, np.mean))


def max_pool_of_ties_takes_the_first():
    x = np.zeros((1, 1, 2, 2))
    _, cache = pooling.max_forward(x, *[pooling.strided(2, 2, 2)] * 2)
    assert np.array_equal(pooling.max_backward(np.ones((1, 1, 1, 1)), cache)[0, 0], [[1, 0], [0, 0]])


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


def padding_is_not_trained():
    """The gradient of a padding token's vector is 0, those of others are sums over their places."""
    x, dout = np.array([[1, 0, 1], [2, 1, 0]]), np.random.RandomState(6).randn(2, 3, 2)
    _, cache = sequence.embedding_forward(x, np.ones((4, 2)), 1)
    dw = sequence.embedding_backward(dout, cache)
    assert np.array_equal(dw, [dout[0, 1] + dout[1, 2], [0, 0], dout[1, 0], [0, 0]])


def network_gradients(check_gradient, layers, sample, loss=None, targets=None, mode="training", batch=3, l2=0.0, x=None,
                      **more):
    """Every gradient of a network, dropout included, whose masks are drawn from the same seed each time."""
    random = np.random.RandomState(2)
    description = dict(described(layers, sample), l2=l2, **more)
    description["losses" if isinstance(loss, list) else "loss"] = loss
    parameters = random_parameters(description, random, 0.5)
    inputs = random_inputs(description, random, batch, x)
    batch = len(next(iter(inputs.values())))
    arrays = inputs["x"] if "input" in description else inputs
    upstream = None if targets is not None else random.randn(batch, *graph.output_shape(description))

    def run():
        return graph.evaluate(description, parameters, arrays, targets, upstream, mode, np.random.RandomState(3))[0]

    def value():
        return run()["loss"] if targets is not None else np.sum(run()["scores"] * upstream)

    results = run()
    for name, argument in list(parameters.items()) + [("dx" if "input" in description else "d" + key, array)
                                                      for key, array in inputs.items() if array.dtype.kind == "f"]:
        if name.split("/")[-1] not in NOT_TRAINED:
            check_gradient(results[name], value, argument)


def gradients_are_summed_from_the_last():
    """1e16 - 1e16 + 1 is 1 or 0 by the order: the last that takes x, then the one before, then the first."""
    def combine_all(*layers):
        return described([layer("flatten", "x0", inputs=["x"])] + list(layers), dict.fromkeys("xabc", (1,)))

    factors = {"a": np.array([[1.0]]), "b": np.array([[1e16]]), "c": np.array([[-1e16]]), "x": np.array([[1.0]])}
    products = [layer("multiply", "m" + name, inputs=["x0", name]) for name in "abc"]
    total = layer("add", "total", inputs=["ma", "mb", "mc"])
    results, _ = graph.evaluate(combine_all(*products, total), {}, factors, upstream=np.ones((1, 1)))
    assert results["dx"] == 1.0, results
    twice = [layer("concat", "twice", inputs=["x0", "x0"]), layer("multiply", "m", inputs=["x0", "a"]),
             layer("concat", "all", inputs=["twice", "m", "b", "c"])]
    results, _ = graph.evaluate(combine_all(*twice), {}, factors, upstream=np.array([[1.0, -1e16, 1e16, 0.0, 0.0]]))
    assert results["dx"] == 1.0, results


def layers_are_those_of_the_recorder():
    """What allclose_record.py says of the shapes of layers is what the layers do."""
    known_types = {**allclose_record.LAYERS, **allclose_record.COMBINATIONS}
    assert set(LAYERS) <= set(known_types), set(LAYERS) - set(known_types)
    for kind, entry in LAYERS.items():
        assert entry["checks"], "%s: expected samples whose gradients are checked but got none" % kind
        for sample in entry["checks"]:
            network = described(sample_network(kind, sample), sample["sample"])
            samples, shapes = graph.Graph(network).shapes()
            known, parameters = allclose_record.network_shapes(network)
            assert known[kind] == samples[kind], (kind, known, samples)
            assert parameters == {kind + "/" + name: shape for name, shape in shapes[kind].items()}, (kind, parameters)


def recorder_refuses_wrong_graphs():
    """allclose_record.py takes the graphs that are recorded, and says what is wrong with others."""
    for description, sample, _ in GRAPHS.values():
        network = dict(described(description["layers"], sample), **description)
        if isinstance(network["loss"], list):
            network["losses"] = network.pop("loss")
        known, _ = allclose_record.network_shapes(network)
        samples, _ = graph.Graph(network).shapes()
        assert known == samples, (known, samples)
    first, ids = layer("dense", "fc", units=3), {"name": "ids", "shape": [4], "type": "tokens"}
    for layers, more, expected in (
            ([first, layer("add", "sum", inputs=["fc", "later"])], {},
             "layer 2 'sum': inputs: expected numbers from among ['input', 'fc'] but got 'later'"),
            ([first, layer("add", "sum", inputs=["fc"])], {}, "layer 2 'sum': add: expected at least 2 inputs but got 1"),
            ([first, layer("subtract", "d", inputs=["fc"] * 3)], {},
             "layer 2 'd': subtract: expected 2 inputs but got 3"),
            ([first, layer("constant", "c", inputs=["fc"], shape=[2])], {},
             "layer 2 'c': constant: expected no inputs but got 1"),
            ([first, layer("relu", "r", inputs=[])], {}, "layer 2 'r': relu: expected 1 input but got 0"),
            ([first, layer("add", "sum", inputs=["fc", "input"])], {},
             "layer 2 'sum': add: expected inputs whose axes, from the last, are equal or 1 but got (N, 3), (N, 4)"),
            ([first, layer("concat", "all", inputs=["fc", "input"], axis=1)], {},
             "layer 2 'all': concat: expected an axis from 0 to 0 but got 1"),
            ([first, layer("relu", inputs=["input"])], {},
             "'fc': expected it to be used but no layer takes it and it is no output"),
            ([first, layer("relu", "fc")], {}, "layer 2 'fc': expected a name not used yet but got 'fc'"),
            ([layer("relu", "input")], {}, "layer 1 'input': expected a name not used yet but got 'input'"),
            ([layer("relu", "a//b")], {},
             "layer 1 'a//b': expected a name of letters, digits, '_', '-', '.' and '/' but got 'a//b'"),
            ([first, layer("upsample2d", factor=[2, 2])], {},
             "layer 2 'upsample2d': upsample2d: expected input of shape (N, channels, height, width) but got (N, 3)"),
            ([first], {"outputs": ["fc", "head"]}, "outputs: expected different layers but got ['fc', 'head']"),
            ([first, layer("relu", "loss", inputs=["input"])], {"outputs": ["fc", "loss"]},
             "outputs: expected names that no other result has but got 'loss'"),
            ([first], {"inputs": [ids]}, "input: expected either it or inputs but got both"),
            ([first], {"input": None, "inputs": [ids]},
             "layer 1 'fc': inputs: expected numbers from among [] but got 'ids'")):
        network = dict({"format": "allclose-network/2", "input": [4], "layers": layers}, **more)
        network = {key: value for key, value in network.items() if value is not None}
        try:
            allclose_record.network_shapes(network)
        except allclose_record.RecordingError as refused:
            assert str(refused) == expected, str(refused)
        else:
            raise AssertionError("expected it to be refused: " + expected)


def schedules_give_rates():
    for kind, entry in SCHEDULES.items():
        rates = [entry["rate"](entry["sample"], step, step // 5, [1.0] * (step // 5)) for step in range(40)]
        assert all(0 <= rate <= entry["sample"]["rate"] for rate in rates) and max(rates) > 0, (kind, rates)


def checks(check_gradient, check_whole_gradient):
    """The checks of this file; both functions (analytic, f, x) compare with central differences, element by element or as a
    whole."""
    def gradients(*arguments, check=check_gradient, **settings):
        return lambda: network_gradients(check, *arguments, **settings)

    result = [convolution_against_loops, transposed_convolution_against_loops, pools_against_loops,
              max_pool_of_ties_takes_the_first, upsampling_against_loops, padding_is_not_trained,
              gradients_are_summed_from_the_last,
              layers_are_those_of_the_recorder, recorder_refuses_wrong_graphs, schedules_give_rates]
    for kind, entry in LAYERS.items():
        result += [gradients(sample_network(kind, sample), sample["sample"], mode=sample["mode"],
                             x=sample["x"] and sample["x"]())
                   for sample in entry["checks"]]
    for kind, entry in losses.LOSSES.items():
        for sample in entry["checks"]:
            result.append(gradients([layer("dense", units=6)] + sample["before"], PLAIN, loss=dict({"type": kind}, **sample["settings"]),
                                    targets=losses.drawn()[sample["targets"]][:3]))
    for description, sample, targets in GRAPHS.values():
        more = dict(description)
        result.append(gradients(more.pop("layers"), sample, targets=targets, batch=samples_of(targets),
                                check=check_whole_gradient, **more))
    result.append(gradients([layer("flatten"), layer("reshape", shape=[3, 20]), layer("tanh")], SMALL_IMAGE))
    result.append(gradients([layer("residual", layers=[layer("dense", units=6), layer("tanh")])], PLAIN))
    return result
