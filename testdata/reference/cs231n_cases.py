"""What cs231n's assignments 1 to 3 ask for as networks: each function of cs231n_functions.py and cs231n_losses.py, what it gives,
and the network file that gives the same.

What a function of the assignments gives is recorded under the names of the network's results; the rest, such as gradients
that the assignments do not ask for, is what graph.py makes of the network. What has the same bits is exact; what has not
says why: recording ends if one is taken for the other. A function of whole matrices, such as distances of test
points, is a network whose batch is one sample, the matrices.
"""
import numpy as np

import cs231n_functions as cs
import cs231n_losses as losses
import graph
from layer_cases import described, layer
from samples import SEED

EXACT = {"match": "exact"}
ROUNDING = {"rounding": 16}


def near(reason):
    return {"match": ROUNDING, "reason": reason}


LOOPS = near("added one after another, in loops over samples and classes")
WINDOWS = near("a window at a time: np.sum of products, without fused multiply-add")
STAGES = near("computed in stages; the layer has the formula simplified on paper")
PAPER = near("the gradient on paper, in another order than through logarithm, exponential and quotient")
PLACES = near("rows of places: added row after row, where the layer adds each image's places pairwise")
ZEROS = {"match": {"zeros": "equal"}, "reason": "np.maximum(0, x) is 0.0 where x * (x > 0) is -0.0"}


def case(layers, inputs, found, parameters=None, upstream=None, targets=None, mode="training", whole=False, match=None,
         others=True, **more):
    """A case of what was found by a function, under the names of results.

    inputs: by name, or the only one; whole: they, what was found and upstream are a sample and have no batch. upstream: the
    gradient of the scores; 1 where neither it nor targets are given. match: of what is not exact. others: whether to record
    what the function does not give. more: what else the network file says.
    """
    def batch(value):
        return np.asarray(value)[np.newaxis] if whole else np.asarray(value)

    parameters, match = parameters or {}, match or {}
    several = isinstance(inputs, dict)
    arrays = {name: batch(value) for name, value in inputs.items()} if several else batch(inputs)
    shapes = {name: value.shape[1:] for name, value in arrays.items()} if several else arrays.shape[1:]
    description = dict(described(layers, shapes), **more)
    order = [node["name"] + "/" + name for node in graph.Graph(description).nodes
             for name in graph.Graph(description).shapes()[1][node["name"]]]
    parameters = {name: parameters[name] for name in order}
    given = dict(arrays) if several else {"x": arrays}
    if targets is not None:
        given["labels" if targets.dtype.kind in "iu" else "targets"] = targets
    else:
        scores = graph.predict(description, parameters, arrays)
        upstream = given["upstream"] = np.ones_like(scores) if upstream is None else batch(upstream)
    results, _ = graph.evaluate(description, parameters, arrays, targets, upstream, mode, np.random.RandomState(SEED))
    expected = {name: (value, EXACT) for name, value in results.items() if others}
    if set(match) - set(found):
        raise AssertionError("match: expected names among %s but got %s" % (list(found), list(match)))
    for name, value in found.items():
        made, computed = batch(value) if name not in parameters else np.asarray(value), results[name]
        if made.shape != computed.shape or not np.allclose(made, computed, rtol=1e-10, atol=1e-12):
            raise AssertionError("%s: expected %s but the network gives %s" % (name, made, computed))
        same = np.ascontiguousarray(made, np.float64).tobytes() == computed.tobytes()
        if same != (name not in match):
            raise AssertionError("%s: expected %s bits, largest difference %g" % (
                name, "other" if same else "the same", np.max(np.abs(made - computed))))
        expected[name] = (np.array(made, np.float64), match.get(name, EXACT))
    return {"network": description, "parameters": parameters, "run": {"mode": mode, "seed": SEED},
            "arrays": {"inputs": given, "expected": {name: expected[name] for name in results if name in expected}}}


def drawn(*shapes):
    random = np.random.RandomState(SEED)
    return [random.randn(*shape) for shape in shapes]


# Distances.

def points():
    return drawn((5, 6), (7, 6))


def knn(x, train, layers, distances, **more):
    return case(layers, {"test": x, "train": train}, {"scores": distances}, whole=True, upstream=drawn(distances.shape)[0],
                **more)


def knn_no_loops():
    x, train = points()
    return knn(x, train, [
        layer("multiply", "testSquares", ["test", "test"]), layer("sum", "testSums", axes=[-1], keep=True),
        layer("multiply", "trainSquares", ["train", "train"]), layer("sum", "trainSums", axes=[-1]),
        layer("add", "squares", ["testSums", "trainSums"]),
        layer("permute", "trainColumns", ["train"], axes=[1, 0]), layer("matmul", "products", ["test", "trainColumns"]),
        layer("scale", "twice", factor=2.0), layer("subtract", "squared", ["squares", "twice"]),
        layer("sqrt", "distances")], cs.compute_distances_no_loops(x, train))


def knn_loops(function):
    x, train = points()
    return knn(x, train, [
        layer("reshape", "points", ["test"], shape=[5, 1, 6]), layer("subtract", "differences", ["points", "train"]),
        layer("multiply", "squares", ["differences", "differences"]), layer("sum", "squared", axes=[-1]),
        layer("sqrt", "distances")], function(x, train))


# Linear classifiers.

LABELS = np.array([2, 0, 3, 3, 1, 2, 0])
REG = 0.05


def linear(function, loss, **more):
    """W (D, C) without bias; reg * sum(W * W) is an l2 of 2 * reg."""
    x, w = drawn((7, 6), (6, 4))
    value, dw = function(w, x, LABELS, REG)
    return case([layer("dense", "linear", units=4, bias=False)], x, {"loss": value, "linear/W": dw}, {"linear/W": w},
                targets=LABELS, loss={"type": loss}, l2=2 * REG, **more)


def two_layer_net():
    x, w1, b1, w2, b2 = drawn((7, 6), (6, 8), (8,), (8, 4), (4,))
    scores, loss, grads = cs.two_layer_net({"W1": w1, "b1": b1, "W2": w2, "b2": b2}, x, LABELS, REG)
    found = {"scores": scores, "loss": loss, "fc1/W": grads["W1"], "fc1/b": grads["b1"], "fc2/W": grads["W2"],
             "fc2/b": grads["b2"]}
    return case([layer("dense", "fc1", units=8), layer("relu", "relu1"), layer("dense", "fc2", units=4)], x, found,
                {"fc1/W": w1, "fc1/b": b1, "fc2/W": w2, "fc2/b": b2}, targets=LABELS, loss={"type": "softmax"}, l2=2 * REG)


# Layers.

def affine():
    x, w, b, dout = drawn((5, 2, 3), (6, 4), (4,), (5, 4))
    out, cache = cs.affine_forward(x, w, b)
    dx, dw, db = cs.affine_backward(dout, cache)
    return case([layer("dense", "affine", units=4)], x, {"scores": out, "dx": dx, "affine/W": dw, "affine/b": db},
                {"affine/W": w, "affine/b": b}, upstream=dout)


def relu():
    x, dout = drawn((3, 4, 2), (3, 4, 2))
    out, cache = cs.relu_forward(x)
    return case([layer("relu")], x, {"scores": out, "dx": cs.relu_backward(dout, cache)}, upstream=dout,
                match={"scores": ZEROS})


def softmax_loss():
    x, = drawn((7, 4))
    loss, dx = cs.softmax_loss(x, LABELS)
    return case([layer("reshape", "scores", shape=[4])], x, {"loss": loss, "dx": dx}, targets=LABELS,
                loss={"type": "softmax"})


def norm_parameters(kind, count):
    gamma, beta, mean = drawn((count,), (count,), (count,))
    return {kind + "/gamma": gamma, kind + "/beta": beta}, mean, np.abs(mean) + 0.5


def batchnorm(backward=None, mode="train", match=None):
    x, dout = drawn((6, 5), (6, 5))
    parameters, mean, var = norm_parameters("bn", 5)
    out, cache, new_mean, new_var = cs.batchnorm_forward(x, parameters["bn/gamma"], parameters["bn/beta"], mode, mean, var)
    found = {"scores": out, "bn/runningMean": new_mean, "bn/runningVariance": new_var} if mode == "train" else {"scores": out}
    if backward:
        found.update(zip(("dx", "bn/gamma", "bn/beta"), backward(dout, cache)))
    return case([layer("batchNorm", "bn")], x, found, dict(parameters, **{"bn/runningMean": mean, "bn/runningVariance": var}),
                upstream=dout, mode="training" if mode == "train" else "inference", match=match)


def layernorm():
    x, dout = drawn((6, 9), (6, 9))
    parameters, _, _ = norm_parameters("ln", 9)
    out, cache = cs.layernorm_forward(x, parameters["ln/gamma"], parameters["ln/beta"])
    found = dict(zip(("dx", "ln/gamma", "ln/beta"), cs.layernorm_backward(dout, cache)), scores=out)
    return case([layer("layerNorm", "ln")], x, found, parameters, upstream=dout)


def dropout(mode):
    x, dout = drawn((5, 8), (5, 8))
    out, mask = cs.dropout_forward(x, 0.7, mode, np.random.RandomState(SEED))
    return case([layer("dropout", "drop", keep=0.7)], x, {"scores": out, "dx": cs.dropout_backward(dout, mask)},
                upstream=dout, mode="training" if mode == "train" else "inference")


def conv():
    x, w, b, dout = drawn((2, 3, 5, 5), (4, 3, 3, 3), (4,), (2, 4, 3, 3))
    out, cache = cs.conv_forward_naive(x, w, b, 2, 1)
    found = dict(zip(("dx", "conv/W", "conv/b"), cs.conv_backward_naive(dout, cache)), scores=out)
    return case([layer("conv2d", "conv", filters=4, kernel=[3, 3], stride=[2, 2], padding=[1, 1])], x, found,
                {"conv/W": w, "conv/b": b}, upstream=dout, match={"scores": WINDOWS, "dx": WINDOWS, "conv/W": WINDOWS})


def max_pool():
    x, dout = drawn((2, 3, 5, 5), (2, 3, 2, 2))
    out, cache = cs.max_pool_forward_naive(x, 3, 2)
    return case([layer("maxPool2d", "pool", size=[3, 3], stride=[2, 2])], x,
                {"scores": out, "dx": cs.max_pool_backward_naive(dout, cache)}, upstream=dout)


def spatial_batchnorm():
    x, dout = drawn((3, 4, 3, 3), (3, 4, 3, 3))
    parameters, mean, var = norm_parameters("bn", 4)
    out, cache, new_mean, new_var = cs.spatial_batchnorm_forward(
        x, parameters["bn/gamma"], parameters["bn/beta"], "train", mean, var)
    found = dict(zip(("dx", "bn/gamma", "bn/beta"), cs.spatial_batchnorm_backward(dout, cache)), scores=out)
    found.update({"bn/runningMean": new_mean, "bn/runningVariance": new_var})
    return case([layer("batchNorm", "bn")], x, found, dict(parameters, **{"bn/runningMean": mean, "bn/runningVariance": var}),
                upstream=dout, match=dict.fromkeys(set(found) - {"bn/runningVariance"}, PLACES))


def spatial_groupnorm():
    x, dout = drawn((2, 6, 3, 4), (2, 6, 3, 4))
    parameters, _, _ = norm_parameters("gn", 6)
    gamma, beta = [parameters["gn/" + name].reshape(1, -1, 1, 1) for name in ("gamma", "beta")]
    out, cache = cs.spatial_groupnorm_forward(x, gamma, beta, 2)
    dx, dgamma, dbeta = cs.spatial_groupnorm_backward(dout, cache)
    found = {"scores": out, "dx": dx, "gn/gamma": dgamma.reshape(-1), "gn/beta": dbeta.reshape(-1)}
    return case([layer("groupNorm", "gn", groups=2)], x, found, parameters, upstream=dout)


# Networks of assignment 2.

def fully_connected_net(norm=None, keep=1.0):
    """Running statistics start at 0, as the assignment's."""
    sizes = [(6, 8), (8, 6), (6, 4)]
    kind = {"batchnorm": "batchNorm", "layernorm": "layerNorm"}.get(norm)
    values = drawn((7, 2, 3), *[shape for w in sizes for shape in (w, w[1:], w[1:], w[1:])])
    x, params, parameters, layers = values.pop(0), {}, {}, []
    names = {}
    for i, (_, units) in enumerate(sizes, 1):
        own = dict(zip("W b gamma beta".split(), [values.pop(0) for _ in range(4)]))
        params.update((name + str(i), value) for name, value in own.items())
        names.update({"fc%d/W" % i: "W%d" % i, "fc%d/b" % i: "b%d" % i})
        layers.append(layer("dense", "fc%d" % i, units=units))
        if i == len(sizes):
            break
        if kind:
            names.update({"norm%d/gamma" % i: "gamma%d" % i, "norm%d/beta" % i: "beta%d" % i})
            layers.append(layer(kind, "norm%d" % i, **({"runningVariance": 0} if norm == "batchnorm" else {})))
        layers.append(layer("relu", "relu%d" % i))
        if keep < 1:
            layers.append(layer("dropout", "drop%d" % i, keep=keep))
    scores, loss, grads, statistics = cs.fully_connected_net(
        params, x, LABELS, len(sizes), norm, keep, REG, np.random.RandomState(SEED))
    parameters.update((name, params[of]) for name, of in names.items())
    found = dict({name: grads[of] for name, of in names.items()}, scores=scores, loss=loss)
    for i in (1, 2) if norm == "batchnorm" else ():
        for name, of in (("runningMean", "mean"), ("runningVariance", "var")):
            found["norm%d/%s" % (i, name)] = statistics["%s%d" % (of, i)]
            parameters["norm%d/%s" % (i, name)] = np.zeros(sizes[i - 1][1])
    return case(layers, x, found, parameters, targets=LABELS, loss={"type": "softmax"}, l2=REG)


def three_layer_convnet():
    values = drawn((3, 2, 6, 6), (4, 2, 3, 3), (4,), (36, 6), (6,), (6, 4), (4,))
    x, params = values[0], dict(zip("W1 b1 W2 b2 W3 b3".split(), values[1:]))
    labels = LABELS[:3]
    scores, loss, dx, grads = cs.three_layer_convnet(params, x, labels, REG)
    names = {"conv/W": "W1", "conv/b": "b1", "fc1/W": "W2", "fc1/b": "b2", "fc2/W": "W3", "fc2/b": "b3"}
    found = dict({name: grads[of] for name, of in names.items()}, scores=scores, loss=loss, dx=dx)
    return case([layer("conv2d", "conv", filters=4, kernel=[3, 3], padding=[1, 1]), layer("relu", "relu1"),
                 layer("maxPool2d", "pool", size=[2, 2]), layer("dense", "fc1", units=6), layer("relu", "relu2"),
                 layer("dense", "fc2", units=4)], x, found, {name: params[of] for name, of in names.items()},
                targets=labels, loss={"type": "softmax"}, l2=REG, match=dict.fromkeys(set(found) - {"conv/b", "fc1/b"}, WINDOWS))


# Style transfer. The scores are the loss.

FEATURES = (4, 3, 4)


def content_loss():
    features, content = drawn(FEATURES, FEATURES)
    loss, gradient = losses.content_loss(0.06, features, content)
    return case([layer("subtract", "difference", ["features", "content"]),
                 layer("multiply", "squares", ["difference", "difference"]), layer("sum", "total", axes=[0, 1, 2]),
                 layer("scale", "loss", factor=0.06)], {"features": features, "content": content},
                {"scores": loss, "dfeatures": gradient}, whole=True)


def gram(suffix, features, shape):
    """The layers of a Gram matrix, the last of which is called gram and the suffix, and the parameter they have."""
    rows = [shape[0], shape[1] * shape[2]]
    return [layer("reshape", "rows" + suffix, [features], shape=rows), layer("permute", "columns" + suffix, axes=[1, 0]),
            layer("matmul", "products" + suffix, ["rows" + suffix, "columns" + suffix]),
            layer("constant", "size" + suffix, [], shape=[1]),
            layer("divide", "gram" + suffix, ["products" + suffix, "size" + suffix])], {
                "size%s/constant" % suffix: np.array([float(np.prod(shape))])}


def gram_matrix():
    features, dout = drawn(FEATURES, (4, 4))
    layers, parameters = gram("", "input", FEATURES)
    return case(layers, features, {"scores": losses.gram_matrix(features), "dx": losses.gram_backward(dout, features)},
                parameters, upstream=dout, whole=True)


def style_loss():
    shapes = [FEATURES, (2, 2, 3)]
    *features, target1, target2 = drawn(*shapes, (4, 4), (2, 2))
    loss, gradients = losses.style_loss(features, [target1, target2], [200.0, 30.0])
    layers, parameters = [], {"target1/constant": target1, "target2/constant": target2}
    for i, (shape, weight) in enumerate(zip(shapes, (200.0, 30.0)), 1):
        more, size = gram(str(i), "features%d" % i, shape)
        parameters.update(size)
        layers += more + [
            layer("constant", "target%d" % i, [], shape=[shape[0], shape[0]]),
            layer("subtract", "difference%d" % i, ["gram%d" % i, "target%d" % i]),
            layer("multiply", "squares%d" % i, ["difference%d" % i] * 2), layer("sum", "total%d" % i, axes=[0, 1]),
            layer("scale", "loss%d" % i, factor=weight)]
    layers.append(layer("add", "loss", ["loss1", "loss2"]))
    return case(layers, {"features1": features[0], "features2": features[1]},
                {"scores": loss, "dfeatures1": gradients[0], "dfeatures2": gradients[1]}, parameters, whole=True)


def tv_loss():
    image, = drawn((3, 4, 5))
    loss, gradient = losses.tv_loss(image, 0.02)
    layers = []
    for name, axis in (("down", 1), ("across", 2)):
        layers += [layer("slice", name + "Later", ["input"], axis=axis, start=1),
                   layer("slice", name + "Earlier", ["input"], axis=axis, end=-1),
                   layer("subtract", name, [name + "Later", name + "Earlier"]),
                   layer("multiply", name + "Squares", [name, name]), layer("sum", name + "Total", axes=[0, 1, 2])]
    layers += [layer("add", "total", ["downTotal", "acrossTotal"]), layer("scale", "loss", factor=0.02)]
    return case(layers, image, {"scores": loss, "dx": gradient}, whole=True)


# Generative adversarial networks.

def bce(scores):
    """The layers of bce_loss of an input, the last of which is called the input and Loss."""
    def own(kind, part, *inputs, **settings):
        return layer(kind, scores + part, list(inputs) or None, **settings)

    return [own("clamp", "Positive", scores, min=0.0),
            layer("constant", scores + "Target", [], shape=[6]),
            own("multiply", "Product", scores, scores + "Target"), own("abs", "Size", scores), own("negate", "Negative"),
            own("exp", "Exp"), own("shift", "Sum", offset=1.0), own("log", "Log"),
            own("subtract", "Difference", scores + "Positive", scores + "Product"),
            own("add", "Terms", scores + "Difference", scores + "Log"), own("mean", "Loss", axes=[0])]


def discriminator_loss():
    real, fake = drawn((6,), (6,))
    loss, dreal, dfake = losses.discriminator_loss(real, fake)
    return case(bce("real") + bce("fake") + [layer("add", "loss", ["realLoss", "fakeLoss"])], {"real": real, "fake": fake},
                {"scores": loss, "dreal": dreal, "dfake": dfake},
                {"realTarget/constant": np.ones(6), "fakeTarget/constant": np.zeros(6)}, whole=True)


def generator_loss():
    fake, = drawn((6,))
    loss, dfake = losses.generator_loss(fake)
    return case(bce("fake"), {"fake": fake}, {"scores": loss, "dfake": dfake}, {"fakeTarget/constant": np.ones(6)}, whole=True)


def squared(scores, offset):
    """The layers of 0.5 * mean((scores + offset)^2), the last of which is called the input and Loss."""
    shifted = scores + "Shifted" if offset else scores
    return ([layer("shift", shifted, [scores], offset=offset)] if offset else []) + [
        layer("multiply", scores + "Squares", [shifted, shifted]), layer("mean", scores + "Mean", axes=[0]),
        layer("scale", scores + "Loss", factor=0.5)]


def ls_discriminator_loss():
    real, fake = drawn((6,), (6,))
    loss, dreal, dfake = losses.ls_discriminator_loss(real, fake)
    return case(squared("real", -1.0) + squared("fake", 0) + [layer("add", "loss", ["realLoss", "fakeLoss"])],
                {"real": real, "fake": fake}, {"scores": loss, "dreal": dreal, "dfake": dfake}, whole=True)


def ls_generator_loss():
    fake, = drawn((6,))
    loss, dfake = losses.ls_generator_loss(fake)
    return case(squared("fake", -1.0), {"fake": fake}, {"scores": loss, "dfake": dfake}, whole=True)


def discriminator():
    """The loss is that of binaryCrossEntropy, of targets 1; that it has log1p changes no bit of this mean."""
    values = drawn((5, 6), (6, 8), (8,), (8, 8), (8,), (8, 1), (1,))
    x, params = values[0], dict(zip("W1 b1 W2 b2 W3 b3".split(), values[1:]))
    logits, loss, dx, grads = losses.gan_discriminator_step(params, x)
    found = dict({"fc%s/%s" % (name[1], name[0]): value for name, value in grads.items()}, scores=logits, loss=loss, dx=dx)
    return case([layer("dense", "fc1", units=8), layer("leakyRelu", "leaky1", alpha=0.01),
                 layer("dense", "fc2", units=8), layer("leakyRelu", "leaky2", alpha=0.01), layer("dense", "fc3", units=1)],
                x, found, {"fc%s/%s" % (name[1], name[0]): value for name, value in params.items()},
                targets=np.ones((5, 1)), loss={"type": "binaryCrossEntropy"})


def graph_alone(layers, sample, batch, **more):
    """What is a composition of layers that have cases of their own."""
    random = np.random.RandomState(SEED)
    parameters = graph.initial_parameters(dict(described(layers, sample), **more), random, 0.5)
    x = random.randn(batch, *sample)
    return case(layers, x, {}, parameters, upstream=random.randn(
        batch, *graph.output_shape(dict(described(layers, sample), **more))), **more)


def generator():
    return graph_alone([
        layer("dense", "fc1", units=8), layer("relu", "relu1"), layer("dense", "fc2", units=8), layer("relu", "relu2"),
        layer("dense", "fc3", units=9), layer("tanh", "tanh")], (5,), 4)


def dc_classifier():
    return graph_alone([
        layer("conv2d", "conv1", filters=3, kernel=[3, 3]), layer("leakyRelu", "leaky1", alpha=0.01),
        layer("maxPool2d", "pool1", size=[2, 2]), layer("conv2d", "conv2", filters=4, kernel=[2, 2]),
        layer("leakyRelu", "leaky2", alpha=0.01), layer("dense", "fc1", units=4),
        layer("leakyRelu", "leaky3", alpha=0.01), layer("dense", "fc2", units=1)], (1, 8, 8), 3)


def dc_generator():
    return graph_alone([
        layer("dense", "fc1", units=8), layer("relu", "relu1"), layer("batchNorm", "bn1"),
        layer("dense", "fc2", units=12), layer("relu", "relu2"), layer("batchNorm", "bn2"),
        layer("reshape", "images", shape=[3, 2, 2]),
        layer("convTranspose2d", "conv1", filters=2, kernel=[4, 4], stride=[2, 2], padding=[1, 1]), layer("relu", "relu3"),
        layer("batchNorm", "bn3"),
        layer("convTranspose2d", "conv2", filters=1, kernel=[4, 4], stride=[2, 2], padding=[1, 1]), layer("tanh", "tanh")],
        (5,), 4)


# SimCLR.

TAU = 0.5


def lengths(of, suffix):
    """The layers of normalized rows of a node, the last of which is called normalized and the suffix."""
    return [layer("multiply", "squares" + suffix, [of, of]), layer("sum", "sums" + suffix, axes=[-1], keep=True),
            layer("sqrt", "lengths" + suffix), layer("divide", "normalized" + suffix, [of, "lengths" + suffix])]


def sim():
    left, right = drawn((5,), (5,))
    layers = [layer("multiply", "products", ["left", "right"]), layer("sum", "product", axes=[0])]
    for name in ("left", "right"):
        layers += [layer("multiply", name + "Squares", [name, name]), layer("sum", name + "Sum", axes=[0]),
                   layer("sqrt", name + "Length")]
    layers += [layer("multiply", "lengths", ["leftLength", "rightLength"]), layer("divide", "sim", ["product", "lengths"])]
    return case(layers, {"left": left, "right": right}, {"scores": losses.sim(left, right)}, whole=True)


def sim_positive_pairs():
    left, right = drawn((4, 5), (4, 5))
    layers = lengths("left", "Left") + lengths("right", "Right") + [
        layer("multiply", "products", ["normalizedLeft", "normalizedRight"]), layer("sum", "pairs", axes=[-1], keep=True)]
    return case(layers, {"left": left, "right": right}, {"scores": losses.sim_positive_pairs(left, right)}, whole=True,
                upstream=drawn((4, 1))[0])


def compute_sim_matrix():
    out, = drawn((8, 5))
    layers = lengths("input", "") + [layer("permute", "columns", axes=[1, 0]),
                                     layer("matmul", "similarities", ["normalized", "columns"])]
    return case(layers, out, {"scores": losses.compute_sim_matrix(out)}, whole=True, upstream=drawn((8, 8))[0])


def simclr_loss(found, **more):
    """found gives what is found from left and right; more: of the case."""
    n, (left, right) = 4, drawn((4, 5), (4, 5))
    layers = [layer("concat", "out", ["left", "right"])] + lengths("out", "") + [
        layer("permute", "columns", axes=[1, 0]), layer("matmul", "similarities", ["normalized", "columns"]),
        layer("constant", "tau", [], shape=[1]), layer("divide", "scaled", ["similarities", "tau"]),
        layer("exp", "exponentials"), layer("flatten", "all"), layer("gather", "offDiagonal", count=2 * n * (2 * n - 1)),
        layer("reshape", "others", shape=[2 * n, 2 * n - 1]), layer("sum", "denominators", axes=[-1], keep=True),
        layer("slice", "leftRows", ["normalized"], end=n), layer("slice", "rightRows", ["normalized"], start=n),
        layer("multiply", "products", ["leftRows", "rightRows"]), layer("sum", "pairs", axes=[-1], keep=True),
        layer("divide", "scaledPairs", ["pairs", "tau"]), layer("exp", "positive"),
        layer("concat", "numerators", ["positive", "positive"]),
        layer("divide", "quotients", ["numerators", "denominators"]), layer("log", "logarithms"),
        layer("negate", "terms"), layer("mean", "loss", axes=[0, 1])]
    index = np.flatnonzero(~np.eye(2 * n, dtype=bool)).astype(float)
    return case(layers, {"left": left, "right": right}, found(left, right), {
        "tau/constant": np.array([TAU]), "offDiagonal/index": index}, whole=True, **more)


def simclr_loss_vectorized():
    return simclr_loss(lambda *pair: dict(zip(("scores", "dleft", "dright"), losses.simclr_loss_vectorized(*pair, TAU))),
                       match={"dleft": PAPER, "dright": PAPER})


def simclr_loss_naive():
    return simclr_loss(lambda *pair: {"scores": losses.simclr_loss_naive(*pair, TAU)}, match={"scores": LOOPS}, others=False)


CASES = {
    "knn_two_loops": lambda: knn_loops(cs.compute_distances_two_loops),
    "knn_one_loop": lambda: knn_loops(cs.compute_distances_one_loop),
    "knn_no_loops": knn_no_loops,
    "svm_naive": lambda: linear(cs.svm_loss_naive, "hinge", match={"linear/W": LOOPS}),
    "svm_vectorized": lambda: linear(cs.svm_loss_vectorized, "hinge"),
    "softmax_naive": lambda: linear(cs.softmax_loss_naive, "softmax", match={"linear/W": LOOPS}),
    "softmax_vectorized": lambda: linear(cs.softmax_loss_vectorized, "softmax"),
    "two_layer_net": two_layer_net,
    "affine": affine,
    "relu": relu,
    "softmax_loss": softmax_loss,
    "batchnorm": lambda: batchnorm(cs.batchnorm_backward, match={"dx": STAGES}),
    "batchnorm_alt": lambda: batchnorm(cs.batchnorm_backward_alt),
    "batchnorm_test": lambda: batchnorm(mode="test"),
    "layernorm": layernorm,
    "dropout": lambda: dropout("train"),
    "dropout_test": lambda: dropout("test"),
    "conv_naive": conv,
    "max_pool_naive": max_pool,
    "spatial_batchnorm": spatial_batchnorm,
    "spatial_groupnorm": spatial_groupnorm,
    "fc_net": fully_connected_net,
    "fc_net_batchnorm_dropout": lambda: fully_connected_net("batchnorm", 0.8),
    "fc_net_layernorm": lambda: fully_connected_net("layernorm"),
    "three_layer_convnet": three_layer_convnet,
    "content_loss": content_loss,
    "gram_matrix": gram_matrix,
    "style_loss": style_loss,
    "tv_loss": tv_loss,
    "gan_discriminator": discriminator,
    "gan_discriminator_loss": discriminator_loss,
    "gan_generator": generator,
    "gan_generator_loss": generator_loss,
    "gan_ls_discriminator_loss": ls_discriminator_loss,
    "gan_ls_generator_loss": ls_generator_loss,
    "gan_dc_classifier": dc_classifier,
    "gan_dc_generator": dc_generator,
    "simclr_sim": sim,
    "simclr_sim_positive_pairs": sim_positive_pairs,
    "simclr_sim_matrix": compute_sim_matrix,
    "simclr_loss_naive": simclr_loss_naive,
    "simclr_loss_vectorized": simclr_loss_vectorized,
}
CASES = {"cs231n/" + name: make for name, make in CASES.items()}
