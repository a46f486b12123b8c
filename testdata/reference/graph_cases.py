"""Networks that are no chains: the descriptions, and the cases that are recorded of them."""
import numpy as np

from layer_cases import layer, network_case
from samples import SEED

LABELS = np.array([3, 0, 4, 1])


def conv(name, filters, kernel, padding=0, **settings):
    padded = {"padding": [padding, padding]} if padding else {}
    return layer("conv2d", name, filters=filters, kernel=[kernel, kernel], **padded, **settings)


def network(layers, **more):
    return dict({"layers": layers}, **more)


def resnet(classes=5, window=4):
    """A residual block with a projecting shortcut, behind a first convolution."""
    return network([
        conv("stem", 4, 3, 1), layer("relu", "relu0"),
        conv("conv1", 6, 3, 1, stride=[2, 2], bias=False), layer("batchNorm", "norm1"), layer("relu", "relu1"),
        conv("conv2", 6, 3, 1, bias=False), layer("batchNorm", "norm2"),
        conv("short", 6, 1, stride=[2, 2], bias=False, inputs=["relu0"]), layer("batchNorm", "shortNorm"),
        layer("add", "sum", inputs=["norm2", "shortNorm"]), layer("relu", "relu2"),
        layer("averagePool2d", "pool", size=[window, window]), layer("dense", "fc", units=classes)],
        loss={"type": "softmax"}, l2=0.01)


def inception():
    """Four branches side by side; the names of the nodes have parts."""
    return network([
        conv("mixed/1x1", 3, 1),
        conv("mixed/3x3reduce", 2, 1, inputs=["input"]), layer("relu", "mixed/3x3relu"), conv("mixed/3x3", 3, 3, 1),
        conv("mixed/5x5reduce", 2, 1, inputs=["input"]), layer("leakyRelu", "mixed/5x5relu", alpha=0.01),
        conv("mixed/5x5", 2, 5, 2),
        layer("maxPool2d", "mixed/pool", inputs=["input"], size=[2, 2]), layer("upsample2d", "mixed/up", factor=[2, 2]),
        layer("concat", "mixed", inputs=["mixed/1x1", "mixed/3x3", "mixed/5x5", "mixed/up"]), layer("relu", "relu"),
        layer("maxPool2d", "pool", size=[2, 2]), layer("dense", "fc", units=5)],
        loss={"type": "softmax"})


def unet():
    """Down, up, and across; the loss is over an image."""
    return network([
        conv("down1", 3, 3, 1), layer("relu", "down1/relu"), layer("maxPool2d", "down1/pool", size=[2, 2]),
        conv("down2", 4, 3, 1), layer("relu", "down2/relu"),
        layer("upsample2d", "up1", factor=[2, 2]), layer("concat", "up1/both", inputs=["up1", "down1/relu"], axis=0),
        conv("up1/conv", 3, 3, 1), layer("relu", "up1/relu"), conv("out", 1, 1)],
        loss={"type": "meanSquaredError"}, l2=0.001)


def two_tower():
    """Two inputs of six features, a tower of dense layers over each, and their product between them."""
    return network([
        layer("dense", "user/fc1", inputs=["user"], units=6), layer("relu", "user/relu1"),
        layer("dense", "user/fc2", units=4),
        layer("dense", "item/fc1", inputs=["item"], units=6), layer("tanh", "item/tanh1"),
        layer("dense", "item/fc2", units=4),
        layer("multiply", "product", inputs=["user/fc2", "item/fc2"]),
        layer("concat", "all", inputs=["user/fc2", "product", "item/fc2"]), layer("dense", "fc", units=1)],
        loss={"type": "binaryCrossEntropy"}, l2=0.01)


def shared_input():
    """An output that five inputs take, two of them of the same layer, and an input that two layers take."""
    return network([
        layer("dense", "fc1", units=7), layer("tanh", "tanh"), layer("sigmoid", "sigmoid", inputs=["fc1"]),
        layer("add", "twice", inputs=["fc1", "fc1"]), layer("subtract", "difference", inputs=["twice", "tanh"]),
        layer("add", "sum", inputs=["difference", "sigmoid", "fc1"]), layer("concat", "both", inputs=["sum", "input"]),
        layer("dense", "fc2", units=5)],
        loss={"type": "hinge"}, l2=0.1)


def two_outputs(**loss):
    """Two heads on a trunk, whose output is given, too. The loss takes one head: the other one's gradients are 0."""
    return network([
        layer("dense", "fc1", units=6), layer("relu", "trunk"), layer("dense", "main", units=5),
        layer("dense", "aux/fc", inputs=["trunk"], units=4, bias=False), layer("batchNorm", "aux/norm"), layer("tanh", "aux")],
        outputs=["main", "aux", "trunk"], loss=dict({"type": "softmax"}, **loss), l2=0.01)


def actor_critic():
    """Two heads on a trunk: the log-probabilities of actions, and what a state is worth."""
    return network([
        layer("dense", "fc1", units=6), layer("tanh", "trunk"), layer("dense", "actor", units=3), layer("logSoftmax", "policy"),
        layer("dense", "value", inputs=["trunk"], units=1)],
        outputs=["policy", "value"], l2=0.01,
        loss=[{"type": "nll", "input": "policy"}, {"type": "meanSquaredError", "input": "value", "weight": 0.5}])


def weighted_losses():
    """Three losses, with weights, one of them negative; one is of what the others are computed from."""
    return network([
        layer("dense", "fc1", units=5), layer("relu", "trunk"), layer("dense", "classes", units=4),
        layer("dense", "boxes", inputs=["trunk"], units=3), layer("sigmoid", "seen")],
        outputs=["seen", "classes", "trunk"],
        loss=[{"type": "softmax", "input": "classes", "weight": 0.3}, {"type": "huber", "weight": -1.7},
              {"type": "meanSquaredError", "input": "trunk", "weight": 0.1}])


def values(seed, *shape):
    return np.random.RandomState(seed).randn(*shape)


def images():
    return np.random.RandomState(SEED).randn(2, 1, 8, 8)


def samples_of(targets):
    return len(next(iter(targets.values())) if isinstance(targets, dict) else targets)


def case(description, sample, targets, scale=0.5):
    def make():
        more = dict(description)
        return network_case(more.pop("layers"), sample, samples_of(targets), loss=more.pop("loss"), targets=targets,
                            l2=more.pop("l2", 0.0), scale=scale, **more)
    return make


# Each with the shape of its input, or of several by their names, and labels or targets.
GRAPHS = {
    "graph_resnet": (resnet(), (3, 8, 8), LABELS),
    "graph_inception": (inception(), (3, 6, 6), LABELS),
    "graph_unet": (unet(), (1, 8, 8), images()),
    "graph_two_tower": (two_tower(), {"user": (6,), "item": (6,)}, np.array([[1.0], [0.0], [0.25], [1.0], [0.0]])),
    "graph_shared_input": (shared_input(), (4,), LABELS),
    "graph_two_outputs": (two_outputs(), (5,), LABELS),
    "graph_second_output": (two_outputs(input="aux"), (5,), LABELS - 1 + (LABELS == 0)),
    "graph_actor_critic": (actor_critic(), (4,), {"policy": np.array([2, 0, 1, 0, 2]), "value": values(1, 5, 1)}),
    "graph_weighted_losses": (weighted_losses(), (4,), {"seen": values(2, 4, 3), "classes": LABELS % 4,
                                                        "trunk": values(3, 4, 5)}),
}
CASES = {name: case(*graph) for name, graph in GRAPHS.items()}
