"""Runs any network file: a graph of named nodes, forward in the order of its layers, backward in the opposite one.

Version 2, "allclose-network/2":

    {"format": "allclose-network/2", "input": [3, 32, 32],
     "layers": [{"type": "conv2d", "name": "conv1", "filters": 32, "kernel": [3, 3], "padding": [1, 1]},
                {"type": "conv2d", "name": "short", "inputs": ["input"], "filters": 32, "kernel": [1, 1]},
                {"type": "add", "name": "sum", "inputs": ["conv1", "short"]}],
     "loss": {"type": "softmax"}, "l2": 0.001}

A layer takes the nodes that its `inputs` name, which stand before it; without `inputs` the layer before it, and the first
one the input. `"inputs": []` is what a layer has that takes nothing: it gives each sample of the batch the same. The one input is the node `input`, its array is called x and its gradient dx. A network of several inputs has
`"inputs": [{"name": "x", "shape": [3, 32, 32]}, {"name": "ids", "shape": [128], "type": "tokens"}]` instead; their arrays
go by their names, and a gradient is called d and the name. Tokens are integers and have no gradient.

`"outputs": ["a", "b"]` are the nodes that a network gives; by default the last layer. The first one is the scores. A loss
takes the first, or the output that its `input` names. Several losses are
`"losses": [{"type": "nll", "input": "policy"}, {"type": "meanSquaredError", "input": "value", "weight": 0.5}]` in place of
`loss`: total = w1 * loss1; total = total + w2 * loss2; ... then the L2 penalty. The gradient that comes from a loss is times
its weight. Names have letters, digits, '_', '-', '.' and '/'. Parameters are a
dict by name: 'sum/W' is the W of the node sum.

Version 1 is a chain. A residual block in it is the nodes of its layers, BLOCK/LAYER, and the node BLOCK that adds the
block's input and their output.

Where several nodes take an output, its gradient is summed from the last of them to the first, one addition after another:
g = last; g = g + the one before; ... A node that takes the same output twice counts as two, in the order of its inputs;
the loss, or the gradient that is given, comes after all nodes. What no gradient reaches is not run backward: the
gradients of its parameters, and of an input, are 0. Nodes that nothing trains, with neither trained parameters nor an
input of numbers before them, are not reached.
"""
import numpy as np

from layer_types import Context
from layers import DEFAULT_SLOPE, LAYERS, NOT_TRAINED
from losses import LOSSES
from norm_layers import DEFAULT_RUNNING_VARIANCE

VERSION_2 = "allclose-network/2"


def chain(layers, before, prefix=""):
    """The layers of version 1 as nodes."""
    nodes = []
    for layer in layers:
        name = prefix + layer["name"]
        if layer["type"] == "residual":
            inner = chain(layer["layers"], before, name + "/")
            nodes += inner + [{"type": "add", "name": name, "inputs": [before, inner[-1]["name"]]}]
        else:
            nodes.append(dict(layer, name=name, inputs=[before]))
        before = name
    return nodes


def connected(layers, before):
    """The layers of version 2 as nodes; before: the input that the first one takes if it names none."""
    nodes = []
    for layer in layers:
        nodes.append(dict({"inputs": [before]}, **layer))
        before = layer["name"]
    return nodes


class Graph:
    """The nodes of a network file.

    inputs: the shape of a sample of each, by name; tokens: the names of those that are integers. nodes: the layers, each
    with its full name and its inputs. outputs: names. scored: the output that the loss takes.
    """

    def __init__(self, description):
        second = description.get("format") == VERSION_2
        if "inputs" in description:
            self.inputs = {given["name"]: tuple(given["shape"]) for given in description["inputs"]}
            self.tokens = {given["name"] for given in description["inputs"] if given.get("type") == "tokens"}
            self.gradients = {name: "d" + name for name in self.inputs}
        else:
            # In version 1 a layer may be called input, too.
            name = "input" if second else ""
            self.inputs, self.tokens, self.gradients = {name: tuple(description["input"])}, set(), {name: "dx"}
        first = next(iter(self.inputs))
        self.nodes = (connected if second else chain)(description["layers"], first)
        self.outputs = description.get("outputs", [self.nodes[-1]["name"]])
        # The losses by the output that each takes.
        losses = description.get("losses") or ([description["loss"]] if description.get("loss") else [])
        self.losses = {loss.get("input", self.outputs[0]): loss for loss in losses}
        # Layers within a block have no outputs of their own in version 1.
        # The nodes and inputs that gradients go back to, once they were run forward.
        self.reached = set()
        self.shown = [node["name"] for node in self.nodes if second or "/" not in node["name"]]

    def arrays(self, x):
        """The inputs by name; x: a dict of them, or the only one."""
        return dict(x) if isinstance(x, dict) else {next(iter(self.inputs)): x}

    def forward(self, parameters, x, context):
        """What each node gives, inputs included, and the caches."""
        values, caches = self.arrays(x), []
        context.batch = len(next(iter(values.values())))
        self.reached = set(self.inputs) - self.tokens
        for node in self.nodes:
            taken = [values[name] for name in node["inputs"]]
            entry = LAYERS[node["type"]]
            values[node["name"]], cache = entry["forward"](node, taken if entry["several"] else taken[0],
                                                           own_parameters(node, parameters), context)
            caches.append(cache)
            if self.reached.intersection(node["inputs"]) or trained_parameters(node, parameters):
                self.reached.add(node["name"])
        return values, caches

    def backward(self, gradients, caches):
        """From the gradients of outputs: those of all that one reaches, inputs included, by name; those of parameters; and
        what each node gives for its input, or for 'NODE[0]', 'NODE[1]' ... if it takes several, in the order of nodes."""
        sums, parameters, given = dict(gradients), {}, {}
        for node, cache in zip(reversed(self.nodes), reversed(caches)):
            if node["name"] not in sums:
                continue
            entry = LAYERS[node["type"]]
            parts, own = entry["backward"](node, sums[node["name"]], cache)
            parts = parts if entry["several"] else [parts]
            for name, part in zip(reversed(node["inputs"]), reversed(parts)):
                if part is not None and name in self.reached:
                    sums[name] = sums[name] + part if name in sums else part
            parameters.update((node["name"] + "/" + name, value) for name, value in own.items())
            given.update((place, part) for place, part in zip(places(node), parts) if part is not None)
        return sums, parameters, {place: given[place] for node in self.nodes for place in places(node) if place in given}

    def shapes(self):
        """The shapes of a sample behind each node, inputs included, and of the parameters of each node, both by name."""
        samples, shapes, kinds = dict(self.inputs), {}, dict.fromkeys(self.tokens, np.int64)
        for node in self.nodes:
            entry = LAYERS[node["type"]]
            taken = [samples[name] for name in node["inputs"]]
            zeros = [np.zeros((1,) + shape, kinds.get(name, np.float64))
                     for name, shape in zip(node["inputs"], taken)]
            shapes[node["name"]] = entry["shapes"](node, taken if entry["several"] else taken[0])
            p = {name: np.zeros(shape) for name, shape in shapes[node["name"]].items()}
            with np.errstate(all="ignore"):
                out, _ = entry["forward"](node, zeros if entry["several"] else zeros[0], p, Context("inference", None))
            samples[node["name"]], kinds[node["name"]] = out.shape[1:], out.dtype
        return samples, shapes


def token_limits(layers, inputs):
    """What the tokens of inputs have to be below, by name: where the layers, connected as in version 2, say it."""
    nodes = connected(layers, next(iter(inputs)))
    limits = {}
    for node in reversed(nodes):
        names = node["inputs"]
        taken = LAYERS[node["type"]]["tokens"](node, [inputs.get(name) for name in names]) if node["type"] in LAYERS else {}
        if node["name"] in limits:  # it moves tokens
            taken = dict.fromkeys(range(len(names)), limits[node["name"]])
        for index, limit in taken.items():
            limits[names[index]] = min(limit, limits.get(names[index], limit))
    return {name: limit for name, limit in limits.items() if name in inputs}


def whole_numbers(description):
    """What parameters of whole numbers have to be below, by name."""
    graph, limits = Graph(description), {}
    samples, _ = graph.shapes()
    for node in graph.nodes:
        whole = LAYERS[node["type"]].get("whole", lambda layer, *samples: {})
        own = whole(node, *[samples[name] for name in node["inputs"][:1]])
        limits.update((node["name"] + "/" + name, limit) for name, limit in own.items())
    return limits


def own_parameters(node, parameters):
    """A node's parameters by their names within it."""
    own = {}
    for name, value in parameters.items():
        owner, _, last = name.rpartition("/")
        if owner == node["name"]:
            own[last] = value
    return own


def trained_parameters(node, parameters):
    return [name for name in own_parameters(node, parameters) if name not in NOT_TRAINED]


def is_weight(name):
    """Whether a parameter is one that starts at random and that L2 penalises: W, or a name such as Wx."""
    return name.rpartition("/")[2].startswith("W")


def places(node):
    """How the gradients of a node's inputs are called."""
    if len(node["inputs"]) == 1:
        return [node["name"]]
    return ["%s[%d]" % (node["name"], index) for index in range(len(node["inputs"]))]


def output_shape(description):
    """The shape of a sample of the scores."""
    graph = Graph(description)
    return graph.shapes()[0][graph.outputs[0]]


def initial_parameters(description, random, scale):
    """Weights and directions scale * randn, gamma and sizes 1, slopes 0.25, running variances as their layers say, everything else 0, in the layers' order."""
    graph, parameters = Graph(description), {}
    _, shapes = graph.shapes()
    for node in graph.nodes:
        for name, shape in shapes[node["name"]].items():
            parameters[node["name"] + "/" + name] = (
                scale * random.randn(*shape) if is_weight(name) or name == "v" else
                np.full(shape, node.get("runningVariance", DEFAULT_RUNNING_VARIANCE)) if name == "runningVariance" else
                np.ones(shape) if name in ("gamma", "g") else
                np.full(shape, DEFAULT_SLOPE) if name == "alpha" else np.zeros(shape))
    return parameters


def loss_and_gradients(graph, values, targets):
    """The losses' weighted sum, and the gradients of the outputs that they are of, by name."""
    total, gradients = None, {}
    for name, loss in graph.losses.items():
        value, gradient = LOSSES[loss["type"]]["loss"](loss, values[name], targets_of(targets, name))
        if "weight" in loss:
            value, gradient = loss["weight"] * value, gradient * loss["weight"]
        total = value if total is None else total + value
        gradients[name] = gradient
    return total, gradients


def targets_of(targets, output):
    """The targets of one loss; those of several are a dict by the outputs' names."""
    return targets[output] if isinstance(targets, dict) else targets


def predict(description, parameters, x, random=None):
    """The scores in inference mode."""
    graph = Graph(description)
    return graph.forward(parameters, x, Context("inference", random))[0][graph.outputs[0]]


def evaluate(description, parameters, x, targets=None, upstream=None, mode="training", random=None,
             input_gradients=None):
    """Everything a network computes for a batch: results by name, and what each node gives by the node's name.

    Results are scores, the other outputs under their nodes' names, loss and (for labels) accuracy where there are targets,
    dx, or the gradient of each input, a gradient for each trained parameter, and in training mode each updated running
    statistic, under the parameter's name. The targets of several losses are a dict by their outputs. Without targets and upstream, the gradient of the scores, nothing goes backward:
    the outputs are the only results. x: the input, or a dict of several. input_gradients: a dict that gets the gradients
    that nodes give for their inputs.
    """
    graph, context = Graph(description), Context(mode, random)
    values, caches = graph.forward(parameters, x, context)
    outputs = {name: values[name] for name in graph.shown}
    results = {"scores": values[graph.outputs[0]]}
    results.update((name, values[name]) for name in graph.outputs[1:])
    if targets is not None:
        loss, start = loss_and_gradients(graph, values, targets)
        l2 = description.get("l2", 0.0)
        if l2:
            for name, value in parameters.items():
                if is_weight(name):
                    loss = loss + 0.5 * l2 * np.sum(value * value)
        results["loss"] = np.float64(loss)
        if not isinstance(targets, dict) and targets.dtype.kind in "iu":
            (scored, taken), = graph.losses.items()
            counts = targets != taken.get("ignored", np.inf)
            results["accuracy"] = np.mean((np.argmax(values[scored], axis=-1) == targets)[counts])
    elif upstream is None:
        return results, outputs
    else:
        start, l2 = {graph.outputs[0]: upstream}, 0.0
    sums, gradients, given = graph.backward(start, caches)
    for name in graph.inputs:
        if name not in graph.tokens:
            results[graph.gradients[name]] = sums[name] if name in sums else np.zeros_like(values[name])
    for node in graph.nodes:
        if node["name"] not in sums:
            for name in trained_parameters(node, parameters):
                name = node["name"] + "/" + name
                gradients[name] = np.zeros_like(parameters[name])
    for name, value in parameters.items():
        if name in gradients:
            results[name] = gradients[name] + l2 * value if l2 and is_weight(name) else gradients[name]
        elif name in context.statistics:
            results[name] = context.statistics[name]
    if input_gradients is not None:
        input_gradients.update(given)
    return results, outputs
