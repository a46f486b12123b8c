"""Records any torch.nn.Module: what from_torch of allclose_record does with a model whose layers form no chain.

torch.export traces the model, and each operation becomes a node of a network file, or several. A network file knows samples,
torch knows tensors with the batch somewhere in them; so each value of torch's has a Layout, which says where. What depends on
neither inputs nor parameters is computed here and becomes constants. A parameter is one of the layer that it is used by, or
a node of its own, 'parameter', where an operation takes it.

The numbers are the model's own: model(x) and torch's autograd give scores, loss and gradients, and running the traced
operations what is between them, which has to agree. Before anything is written, the network file is computed anew, each
layer by what its type means, and has to give the same numbers.
"""
import contextlib
import copy
import functools
import math
import operator
import os
import re
import traceback

import allclose_record as record
from allclose_record import RecordingError

# A sum may be taken in another order than the model takes it.
CLAIM = record.REORDERED_CLAIM
# What dropout draws, in each run.
SEED = 0
# What masks add to scores instead of -infinity, of which no rounding error is known; a softmax makes 0 of either.
HIDDEN = -1e30
# How many numbers the choice of rows of a shared table may be.
LARGEST_PRODUCT = 10_000_000
IDENTITIES = {"contiguous", "clone", "alias", "lift_fresh_copy", "lift_fresh", "detach", "to", "_to_copy", "type_as",
              "dropout_", "positive"}
# Operations whose result may share memory with what they take.
VIEWS = IDENTITIES | {
    "view", "reshape", "_unsafe_view", "flatten", "unflatten", "squeeze", "unsqueeze", "permute", "transpose", "t",
    "movedim", "swapaxes", "swapdims", "numpy_T", "mT", "expand", "expand_as", "slice", "select", "narrow", "chunk", "split",
    "split_with_sizes", "unbind", "tensor_split", "dropout", "feature_dropout", "getitem", "diagonal", "unfold", "view_as"}


# Operations that take a shape from a tensor, but no number.
FILLED = {"new_zeros", "new_ones", "new_full", "zeros_like", "ones_like", "full_like"}


class Layout:
    """Where the samples are in a tensor of torch's.

    shape: torch's. batch: the axis along which samples lie, or None if the tensor is the same for each. That axis has
    before * N * after elements, N being the samples: where views have merged others with it, these are before and after it.
    """

    def __init__(self, shape, samples, batch=None, before=1, after=1):
        self.shape, self.samples = tuple(int(length) for length in shape), samples
        self.batch, self.before, self.after = batch, before, after

    def axes(self):
        """The axes of a sample: torch's axis and part of each."""
        axes = []
        for axis in range(len(self.shape)):
            if axis != self.batch:
                axes.append((axis, ""))
            else:
                axes += [(axis, part) for part in ("before", "after") if getattr(self, part) > 1]
        return axes

    def sample(self):
        """The shape of a sample, of at least one axis."""
        return tuple(getattr(self, part) if part else self.shape[axis] for axis, part in self.axes()) or (1,)

    def axis(self, axis):
        """Which axis of a sample an axis of torch's is; None for that of the batch."""
        axis = axis % max(1, len(self.shape))
        return None if axis == self.batch else self.axes().index((axis, ""))

    def is_merged(self):
        return self.before > 1 or self.after > 1

    def with_shape(self, shape, shift=0):
        """The same with other lengths of the other axes, the batch's being moved by shift."""
        return Layout(shape, self.samples, None if self.batch is None else self.batch + shift, self.before, self.after)

    def ours(self, tensor):
        """A tensor of torch's as a batch of samples."""
        if self.batch is None:
            return tensor[None].expand((self.samples,) + tuple(tensor.shape)).reshape((self.samples,) + self.sample())
        shape = self.shape
        split = tensor.reshape(shape[:self.batch] + (self.before, self.samples, self.after) + shape[self.batch + 1:])
        return split.movedim(self.batch + 1, 0).reshape((self.samples,) + self.sample())

    def theirs(self, tensor):
        """A batch of samples as torch's tensor."""
        if self.batch is None:
            return tensor[0].reshape(self.shape)
        shape = self.shape
        split = tensor.reshape((self.samples,) + shape[:self.batch] + (self.before, self.after) + shape[self.batch + 1:])
        return split.movedim(0, self.batch + 1).reshape(shape)

    def viewed(self, shape):
        """The layout behind a view of another shape; None if it mixes samples."""
        shape = tuple(int(length) for length in shape)
        if self.batch is None:
            return Layout(shape, self.samples)
        outer = self.before * math.prod(self.shape[:self.batch])
        if self.samples == 1:
            # One sample is nowhere to be seen: best where an axis is for it alone.
            for axis in range(len(shape)):
                if shape[axis] == 1 and math.prod(shape[:axis]) == outer:
                    return Layout(shape, 1, axis)
        for axis in range(len(shape)):
            passed = math.prod(shape[:axis])
            if outer % passed == 0 and shape[axis] % (outer // passed * self.samples) == 0:
                before = outer // passed
                return Layout(shape, self.samples, axis, before, shape[axis] // (before * self.samples))
        return None


class Constant:
    """What depends on neither inputs nor parameters. path: of a buffer in the model."""

    def __init__(self, tensor, path=None):
        self.tensor, self.path = tensor, path


class Derived:
    """What a model makes of whole numbers alone: an input, too. origin: the name of the first of those."""

    def __init__(self, tensor, origin):
        self.tensor, self.origin = tensor, origin


class Weight:
    """A parameter as it is; path: in the model."""

    def __init__(self, path, tensor):
        self.path, self.tensor = path, tensor


class Node:
    """A value of the network file: the name of what gives it, and its layout."""

    def __init__(self, name, layout):
        self.name, self.layout = name, layout


# Tracing


def widened(torch):
    """A context in which float64 is what a model gets where it asks for a narrower type."""
    narrow = (torch.float32, torch.float16, torch.bfloat16)
    methods = (torch.Tensor.float, torch.Tensor.half, torch.Tensor.bfloat16)

    class Widened(torch.overrides.TorchFunctionMode):
        def __torch_function__(self, function, types, args=(), kwargs=None):
            function = torch.Tensor.double if function in methods else function
            given = {key: torch.float64 if value in narrow else value for key, value in (kwargs or {}).items() if (
                isinstance(value, torch.dtype))}
            args = [torch.float64 if isinstance(value, torch.dtype) and value in narrow else value for value in args]
            return function(*args, **dict(kwargs or {}, **given))

    return Widened()


class Trace:
    """The operations that a model does, and what they give.

    graph: of torch.fx. values: by its nodes. constants: the nodes that depend on neither inputs nor parameters. weights:
    parameters and buffers by placeholder. edges: what gradients of (node, argument) are read from.
    """

    def __init__(self, torch, model, traced, arguments, keywords):
        """traced: another copy of the model, with the same parameters."""
        self.torch, self.model = torch, model
        program = _export(torch, traced, arguments, keywords, True)
        if not torch.is_grad_enabled() and any("set_grad_enabled" in str(node.target) for node in program.graph.nodes):
            program = _export(torch, traced, arguments, keywords, False)
        if self._needs_functions(program, HANDLERS):
            # By default torch would take apart more than that.
            table = {op: how for op, how in torch.export.default_decompositions().items() if _name(op) not in HANDLERS}
            program = _quiet(program.run_decompositions, table)
        self.program, self.graph = program, program.graph
        signature = program.graph_signature
        self.inputs = [name for name in signature.user_inputs]
        tensors = dict(model.named_parameters(remove_duplicate=False))
        tensors.update(model.named_buffers(remove_duplicate=False))
        self.weights = {}
        for specification in signature.input_specs:
            if specification.kind.name in ("PARAMETER", "BUFFER", "CONSTANT_TENSOR"):
                path = specification.target
                tensor = tensors[path] if path in tensors else program.constants[path]
                self.weights[specification.arg.name] = (path, tensor)
        given = [output for output in signature.output_specs if output.kind.name == "USER_OUTPUT"]
        self.outputs = [getattr(output.arg, "name", None) for output in given]
        self.values, self.constants, self.edges, self.masks = {}, set(), {}, {}

    def _needs_functions(self, program, handled):
        """Whether an operation is unknown, or changes in place what others see."""
        kinds = {specification.arg.name: specification.kind.name for specification in program.graph_signature.input_specs}
        constants = _constant_nodes(program.graph, lambda node: kinds.get(node.name) in ("BUFFER", "CONSTANT_TENSOR"))
        for node in program.graph.nodes:
            if node.op != "call_function" or node in constants:
                continue
            if isinstance(node.target, self.torch._ops.OpOverload):
                name = _name(node.target)
                if name not in handled and (not name.endswith("_") or name[:-1] not in handled) and _is_useful(node):
                    return True
                if node.target._schema.is_mutable and _is_seen_elsewhere(node):
                    return True
        return False

    def run(self, inputs):
        """Runs the operations; inputs: tensors in the order of the model's."""
        torch = self.torch
        constants = _constant_nodes(self.graph, lambda node: self._is_constant_placeholder(node))
        given = dict(zip(self.inputs, inputs))
        self.values, self.constants, self.edges, self.current = {}, constants, {}, {}
        for node in self.graph.nodes:
            if node.op == "placeholder":
                if node.name in self.weights:
                    tensor = self.weights[node.name][1]
                    self.values[node] = tensor.detach().clone() if node in constants else tensor
                else:
                    self.values[node] = given.get(node.name)
            elif node.op == "get_attr":
                self.values[node] = getattr(self.program.graph_module, node.target, None)
            elif node.op == "call_function":
                if not _is_useful(node):
                    continue
                self.values[node] = self._compute(node)
        return [None if node is None else self._now(node) for node in self._output_nodes()]

    def _now(self, node):
        """What a node's value has become by operations in place."""
        return self.current.get(node, self.values.get(node))

    def derived(self):
        """The nodes that depend on inputs of whole numbers alone, each with the name of the first of these."""
        found = {}
        for node in self.graph.nodes:
            if node.op == "placeholder" and node not in self.constants and node.name not in self.weights:
                value = self.values[node]
                if isinstance(value, self.torch.Tensor) and not value.is_floating_point():
                    found[node] = node.name
            elif node.op == "call_function" and node in self.values and node not in self.constants:
                origins = [found.get(other) for other in node.all_input_nodes if other not in self.constants]
                if origins and None not in origins:
                    found[node] = origins[0]
        return found

    def _is_constant_placeholder(self, node):
        if node.name in self.weights:
            return not isinstance(self.weights[node.name][1], self.torch.nn.Parameter)
        return node.name not in self.dynamic

    def _output_nodes(self):
        byname = {node.name: node for node in self.graph.nodes}
        return [byname.get(name) for name in self.outputs]

    def _compute(self, node):
        torch = self.torch

        def value(argument):
            found = self._now(argument)
            if isinstance(found, torch.Tensor) and found.requires_grad:
                alias = found.view_as(found)
                alias.retain_grad()
                self.edges.setdefault((node, argument), []).append(alias)
                return alias
            return found

        target = node.target
        if node in self.constants:
            if torch.Tag.nondeterministic_seeded in getattr(target, "tags", ()):
                raise RecordingError("%s: expected nothing random but dropout but got aten.%s" % (place(node), _name(target)))
            with torch.no_grad():
                return target(*_mapped(node.args, self._now), **_mapped(node.kwargs, self._now))
        if "set_grad_enabled" in str(target):
            raise RecordingError("%s: expected gradients to come back through it but the model takes none here; record with "
                                 "forward_only=True" % place(node))
        if not isinstance(target, torch._ops.OpOverload) and target is not operator.getitem:
            raise RecordingError("%s: expected plain operations of torch but got %s" % (place(node), target))
        args, kwargs = _mapped(node.args, value), _mapped(node.kwargs, value)
        name = _name(target)
        if name in ("batch_norm", "instance_norm"):
            # Statistics are not to change; those that a batch is normalised by are its own.
            args = [argument.clone() if index in (3, 4) and argument is not None else argument
                    for index, argument in enumerate(args)]
        if name in ("dropout", "dropout_", "native_dropout", "feature_dropout", "feature_dropout_") and args[1] and args[2]:
            x, p = args[0], args[1]
            shape = x.shape if "feature" not in name else x.shape[:2] + (1,) * (x.dim() - 2)
            mask = torch.empty(shape, dtype=x.dtype).bernoulli_(1 - p).div_(1 - p)
            self.masks[node] = mask
            return (x * mask, None) if name == "native_dropout" else x * mask
        if getattr(target, "_schema", None) is not None and target._schema.is_mutable and name.endswith("_"):
            result = _in_place(torch, target, name, args, kwargs)
            self.current[node.args[0]] = result
            return result
        return target(*args, **kwargs)


def _export(torch, model, arguments, keywords, gradients):
    parameters = [parameter for parameter in model.parameters() if not parameter.requires_grad]
    for parameter in parameters:
        parameter.requires_grad_(True)  # else parts of the model would take a way of their own
    # torch's own layers look whether a mask is causal, which a trace cannot; they are given the mask in any case.
    layers = torch.nn.modules.transformer
    detect = layers._detect_is_causal_mask
    layers._detect_is_causal_mask = lambda mask, is_causal=None, size=None: bool(is_causal)
    try:
        with torch.set_grad_enabled(gradients):
            return _quiet(torch.export.export, model, tuple(arguments), dict(keywords), strict=False)
    except Exception as failure:
        raise RecordingError("%s: expected a model that torch.export can trace but got %s"
                             % (_user_frame(failure, torch), _reason(failure))) from None
    finally:
        layers._detect_is_causal_mask = detect
        for parameter in parameters:
            parameter.requires_grad_(False)


def _quiet(function, *arguments, **keywords):
    """Calls a function without its warnings and logs."""
    import logging
    import warnings
    logger = logging.getLogger("torch")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return function(*arguments, **keywords)
    finally:
        logger.setLevel(level)


def _reason(failure):
    """Why a model cannot be traced, in one line."""
    text = str(failure)
    if "data-dependent" in text or "GuardOnDataDependent" in type(failure).__name__ or "non-zero" in text:
        return "a decision by the values of a tensor (dynamic control flow), which a network file cannot have"
    return record._line(Exception(text.strip().split("\n")[0])).replace("Exception: ", "", 1)[:200]


def _user_frame(failure, torch):
    """Where in the user's files an exception comes from."""
    home = os.path.dirname(torch.__file__)
    frames = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(failure.__traceback__)]
    text = re.findall(r'File "([^"]+)", line (\d+)', str(failure))
    frames = [(file, int(line)) for file, line in text] + frames if not frames else frames + [
        (file, int(line)) for file, line in text]
    own = (os.path.abspath(__file__), os.path.abspath(record.__file__))
    frames = [(file, line) for file, line in frames
              if not file.startswith(home) and os.path.abspath(file) not in own and "/lib/python" not in
              file.replace("site-packages", "") and not file.startswith("<")] or [
        frame for frame in frames if "site-packages" in frame[0] and not frame[0].startswith(home)]
    return "from_torch" if not frames else "%s:%d" % (os.path.basename(frames[-1][0]), frames[-1][1])


def _mapped(argument, function):
    """Arguments of a node of torch.fx, with what a function gives for each node in them."""
    import torch.fx
    if isinstance(argument, torch.fx.Node):
        return function(argument)
    if isinstance(argument, (list, tuple)):
        return type(argument)([_mapped(part, function) for part in argument]) if type(argument) in (
            list, tuple) else [_mapped(part, function) for part in argument]
    if isinstance(argument, dict):
        return {key: _mapped(part, function) for key, part in argument.items()}
    return argument


def _constant_nodes(graph, is_constant):
    """The nodes that depend on constant placeholders alone."""
    constants = set()
    for node in graph.nodes:
        if node.op == "placeholder":
            if is_constant(node):
                constants.add(node)
        elif node.op == "get_attr" or node.op == "call_function" and (_name(node.target) in FILLED or all(
                other in constants for other in node.all_input_nodes)):
            constants.add(node)
    return constants


def _is_useful(node):
    """Whether anything comes of a node."""
    return bool(node.users) or getattr(getattr(node.target, "_schema", None), "is_mutable", False)


def _is_seen_elsewhere(node):
    """Whether an operation in place changes what other operations look at later, through views."""
    if "dropout" in _name(node.target) and not node.args[2]:
        return False
    base = root = node.args[0]
    while root.op == "call_function" and _name(root.target) in VIEWS and root.all_input_nodes:
        root = root.all_input_nodes[0]
    if root.op == "placeholder":
        return True
    family = [root]
    for member in family:
        # Who takes the node itself sees what it is to see.
        family += [user for user in member.users if user.op == "call_function" and _name(user.target) in VIEWS and (
            user is not node)]
    return any(node < user and user is not node for member in family if member is not base for user in member.users)


def _in_place(torch, target, name, args, kwargs):
    """What an operation that works in place gives, as another tensor."""
    if name == "copy_":
        return args[1].expand_as(args[0]).to(args[0].dtype)
    if name == "zero_":
        return torch.zeros_like(args[0])
    if name == "fill_":
        return torch.zeros_like(args[0]) + args[1]
    packet = getattr(torch.ops.aten, name[:-1])
    return getattr(packet, target._overloadname)(*args, **kwargs)


def _name(target):
    """The name of an operation without its overload: 'add' of aten.add.Tensor."""
    schema = getattr(target, "_schema", None)
    return getattr(target, "__name__", str(target)) if schema is None else schema.name.split("::")[-1] if (
        schema.name.startswith("aten::")) else schema.name


def module_path(node):
    """Path and class of the module that an operation belongs to."""
    stack = list((node.meta.get("nn_module_stack") or {}).values())
    if not stack:
        return "", ""
    path, kind = stack[-1]
    return re.sub(r"@\d+$", "", path), kind if isinstance(kind, str) else kind.__name__


def place(node):
    """Where in the model an operation is."""
    path, kind = module_path(node)
    frames = re.findall(r'File "([^"]+)", line (\d+)', node.meta.get("stack_trace") or "")
    frames = [frame for frame in frames if "/torch/nn/" not in frame[0]]
    where = " (%s:%s)" % (os.path.basename(frames[-1][0]), frames[-1][1]) if frames else ""
    return "layer %r: %s%s" % (path, kind.split(".")[-1] or _name(node.target), where)


# Translation


HANDLERS = {}


def handles(*names):
    """Registers how operations become nodes: a function of the translation, the node of torch.fx and its arguments by
    name that gives a value."""
    def register(function):
        for name in names:
            HANDLERS[name] = function
        return function
    return register


class Translation:
    """The network file that a trace becomes.

    layers: those of the file. weights: of each parameter by name, its source: (path in the model or None, tensor, how it is
    turned). shown: of a layer's name, the node of torch.fx that gives its output. batches: inputs by name, as the file has
    them; some the model does not have: what dropout multiplies by, and what is made of whole numbers alone.
    """

    def __init__(self, torch, model, trace, samples):
        self.torch, self.model, self.trace, self.samples = torch, model, trace, samples
        self.layers, self.weights, self.shown, self.inputs = [], {}, {}, []
        self.names, self.values, self.parameters, self.constants = set(), {}, {}, {}
        self.layouts, self.taken, self.current, self.operations = {}, {}, {}, {}
        self.batches, self.origins = {}, set()
        self.uses = self._count_uses()
        flags = {self._training(node) for node in trace.graph.nodes if node.op == "call_function"} - {None}
        self.mode = "training" if True in flags or not flags and model.training else "inference"

    # The walk

    def translate(self, names):
        """names: of the inputs, in the model's order."""
        outputs = self.trace._output_nodes()
        self.names.update(names)
        self.derived, self.input_names = self.trace.derived(), dict(zip(self.trace.inputs, names))
        for node in self.trace.graph.nodes:
            if node.op == "placeholder":
                self.values[node] = self._placeholder(node, dict(zip(self.trace.inputs, names)))
            elif node.op == "get_attr":
                self.values[node] = Constant(self.trace.values[node])
            elif node.op == "call_function" and _is_useful(node):
                self.values[node] = self._operation(node)
        return [self._output(node) for node in outputs]

    def _placeholder(self, node, names):
        value = self.trace.values[node]
        if node in self.trace.constants:
            return Constant(value, self.trace.weights.get(node.name, (None,))[0])
        if node.name in self.trace.weights:
            return Weight(*self.trace.weights[node.name])
        name = names[node.name]
        if not value.is_floating_point():
            return Derived(value, name)
        layout = Layout(value.shape, self.samples, 0)
        self.inputs.append({"name": name, "shape": list(layout.sample())})
        self.layouts[name], self.batches[name] = layout, value.detach()
        return Node(name, layout)

    def input_of(self, derived, tokens):
        """The input that is what a model makes of whole numbers, as tokens or as real numbers."""
        tensor = derived.tensor
        axis = next((axis for axis, length in enumerate(tensor.shape) if length == self.samples), None)
        if axis is None:
            raise RecordingError("input %r: expected to be used sample by sample but got %s made of it"
                                 % (derived.origin, tuple(tensor.shape)))
        layout = Layout(tensor.shape, self.samples, axis)
        batch = layout.ours(tensor).to(self.torch.int64 if tokens else self.torch.float64)
        batch = batch if tokens else batch.masked_fill(batch == -math.inf, HIDDEN)
        for given in self.inputs:
            known = self.batches[given["name"]]
            if ("type" in given) == tokens and given["name"] in self.origins and known.numel() == batch.numel() and (
                    self.torch.equal(known.reshape(-1), batch.reshape(-1))) and given["shape"] == list(layout.sample()):
                return Node(given["name"], layout)
        taken = [given["name"] for given in self.inputs]
        name = derived.origin if derived.origin not in taken else self._unique(derived.origin)
        self.inputs.append(dict({"name": name, "shape": list(layout.sample())}, **({"type": "tokens"} if tokens else {})))
        self.layouts[name], self.batches[name] = layout, batch
        self.origins.add(name)
        return Node(name, layout)

    def _operation(self, node):
        trace = self.trace
        if node in trace.constants:
            return trace.values[node] if not isinstance(trace.values[node], self.torch.Tensor) else Constant(
                trace.values[node].detach())
        if node in self.derived:
            value = trace.values[node]
            return Derived(value, self._origin(node)) if isinstance(value, self.torch.Tensor) else value
        if node.target is operator.getitem:
            parts = self.now(node.args[0])
            return parts[node.args[1]] if isinstance(parts, (list, tuple)) else parts
        name = _name(node.target)
        in_place = name.endswith("_") and name[:-1] in HANDLERS and name not in HANDLERS
        handler = HANDLERS.get(name[:-1] if in_place else name)
        if handler is None and self.torch.Tag.nondeterministic_seeded in node.target.tags:
            raise RecordingError("%s: expected nothing random but dropout but got aten.%s" % (place(node), name))
        if handler is None:
            raise RecordingError("%s: expected operations that network files know but got aten.%s" % (place(node), name))
        arguments = {}
        schema = node.target._schema.arguments
        for index, argument in enumerate(schema):
            given = node.args[index] if index < len(node.args) else node.kwargs.get(
                argument.name, argument.default_value if argument.has_default_value() else None)
            arguments[argument.name] = _mapped(given, self.now)
        self.taken.update(((node, other), self.now(other)) for other in node.all_input_nodes)
        try:
            value = handler(self, node, arguments)
        except (AttributeError, IndexError, KeyError, RuntimeError, TypeError, ValueError) as failure:
            raise RecordingError("%s: expected an operation that network files know but got aten.%s of %s: %s" % (
                place(node), name, [getattr(self.layout(self.now(other)), "shape", None) for other in node.all_input_nodes],
                record._line(failure))) from failure
        if in_place or name in ("copy_", "zero_", "fill_"):
            self.current[node.args[0]] = value
        return value

    def now(self, node):
        """What the value of a node of torch.fx has become by operations in place."""
        return self.current.get(node, self.values.get(node))

    def _origin(self, node):
        """The name of the input that a derived node is made of."""
        placeholder = self.derived[node]
        return self.input_names[placeholder]

    def _output(self, node):
        value = None if node is None else self.now(node)
        if isinstance(value, Weight):
            value = self.node_of(value, node)
        if not isinstance(value, Node):
            return None
        # An input that is given back is no result.
        return None if value.name in [given["name"] for given in self.inputs] else value

    def _count_uses(self):
        """How often each parameter is used, by the identity of its tensor."""
        uses = {}
        for node in self.trace.graph.nodes:
            if node.op == "placeholder" and node.name in self.trace.weights:
                key = id(self.trace.weights[node.name][1])
                uses[key] = uses.get(key, 0) + sum(1 for user in node.users if _is_useful(user) or user.op == "output")
        return uses

    def _training(self, node):
        """Whether a node is of training; None where there is no difference."""
        name = _name(node.target)
        if name in ("dropout", "native_dropout", "feature_dropout", "dropout_", "feature_dropout_"):
            return bool(node.args[2]) if node.args[1] else None
        if name == "batch_norm" and node.args[3] is not None:
            return bool(node.args[5])
        return True if name == "_native_batch_norm_legit_functional" else None

    # Nodes

    def emit(self, node, kind, inputs, layout, settings=None, weights=None, suffix=None, name=None):
        """Adds a layer; returns its value. inputs: values. weights: by our names, each (Weight or Constant, turn).

        suffix: of the name, for what helps an operation along.
        """
        nodes = [self.node_of(value, node) for value in inputs]
        name = self._new_name(node, kind, weights, suffix) if name is None else self._unique(name)
        self.layers.append(dict({"type": kind, "name": name, "inputs": [value.name for value in nodes]}, **(settings or {})))
        for ours, (source, turn) in (weights or {}).items():
            self.weights[name + "/" + ours] = (getattr(source, "path", None), source.tensor, turn)
        self.layouts[name] = layout
        if suffix is None and node is not None:
            self.show(name, node)
        return Node(name, layout)

    def show(self, name, node):
        """Notes which operation a layer gives the result of; of several results the first."""
        result = node
        if isinstance(self.trace.values[node], (tuple, list)):
            result = next((user for user in node.users if user.args[1] == 0), None)
        # A value that is still to be broadcast is not what torch has there.
        value = None if result is None else self.trace.values[result]
        if value is not None and tuple(value.shape) == self.layouts[name].shape and not bool((value == -math.inf).any()):
            self.shown[name], self.operations[name] = result, node

    def _new_name(self, node, kind, weights, suffix):
        path, module = module_path(node)
        for source, _ in (weights or {}).values():
            if getattr(source, "path", None):
                owner, _, last = source.path.rpartition(".")
                rest = re.sub(r"^running_(mean|var)$|_?(weight|bias)_?", "", last)
                base = ".".join(part for part in (owner, rest) if part)
                return self._unique(base or type(self.model).__name__.lower())
        own = _name(node.target).strip("_")
        if suffix is not None:
            return self._unique(".".join(part for part in (path, suffix) if part))
        if module.startswith("torch.nn.modules.") and path and path not in self.names:
            return self._unique(path)
        if node.target is operator.getitem:
            own = kind
        return self._unique(".".join(part for part in (path, own) if part))

    def _unique(self, name):
        name = re.sub(r"[^A-Za-z0-9_.\-/]", "_", name)
        found, number = name, 1
        while found in self.names:
            number += 1
            found = "%s_%d" % (name, number)
        self.names.add(found)
        return found

    def node_of(self, value, node, layout=None):
        """A value as a node; parameters and constants become nodes of their own."""
        if isinstance(value, Node):
            return value
        if isinstance(value, Derived):
            return self.input_of(value, False)
        if isinstance(value, Weight):
            key = id(value.tensor)
            if key not in self.parameters:
                shape = tuple(value.tensor.shape) or (1,)
                name = self._unique(value.path)
                self.layers.append({"type": "parameter", "name": name, "inputs": [], "shape": list(shape)})
                self.weights[name + "/value"] = (value.path, value.tensor, lambda tensor, shape=shape: tensor.reshape(shape))
                layout = Layout(value.tensor.shape, self.samples)
                self.layouts[name] = layout
                self.parameters[key] = Node(name, layout)
            return self.parameters[key]
        tensor = value.tensor if isinstance(value, Constant) else self.torch.tensor(value)
        tensor = tensor.to(self.torch.float64)
        tensor = tensor.masked_fill(tensor == -math.inf, HIDDEN)
        key = (tuple(tensor.shape), tensor.numpy().tobytes())
        if key not in self.constants:
            shape = tuple(tensor.shape) or (1,)
            name = self._unique(".".join(part for part in (module_path(node)[0], "constant") if part))
            self.layers.append({"type": "constant", "name": name, "inputs": [], "shape": list(shape)})
            self.weights[name + "/constant"] = (None, tensor, lambda tensor, shape=shape: tensor.reshape(shape))
            self.layouts[name] = Layout(tensor.shape, self.samples)
            self.constants[key] = Node(name, self.layouts[name])
        return self.constants[key]

    def reshape(self, node, value, layout, suffix="reshape"):
        """A value in another layout whose samples have the same elements."""
        value = self.node_of(value, node)
        if value.layout.sample() == layout.sample():
            return Node(value.name, layout)
        return self.emit(node, "reshape", [value], layout, {"shape": list(layout.sample())}, suffix=suffix)

    def as_sample(self, node, value, shape, suffix="reshape"):
        """A node of the same elements with a sample of that shape, whatever torch's layout of it."""
        return self.reshape(node, value, Layout((self.samples,) + tuple(shape), self.samples, 0), suffix)

    def permute(self, node, value, order, suffix="permute"):
        """A node whose sample's axes are in another order."""
        if list(order) == list(range(len(order))):
            return value
        sample = value.layout.sample()
        layout = Layout((self.samples,) + tuple(sample[axis] for axis in order), self.samples, 0)
        return self.emit(node, "permute", [value], layout, {"axes": list(order)}, suffix=suffix)

    def sampled(self, node, value):
        """A constant that has a row for each sample, all the same, as a node that knows; anything else as it is."""
        tensor = value.tensor if isinstance(value, Constant) else None
        if tensor is None or tensor.dim() < 2 or len(tensor) != self.samples or not bool((tensor == tensor[:1]).all()):
            return value
        return Node(self.node_of(Constant(tensor[0]), node).name, Layout(tensor.shape, self.samples, 0))

    def refuse(self, node, expected, got):
        raise RecordingError("%s: expected %s but got %s" % (place(node), expected, got))

    def layout(self, value):
        """The layout of any value."""
        if isinstance(value, Node):
            return value.layout
        if isinstance(value, Derived):
            return self.input_of(value, False).layout
        tensor = getattr(value, "tensor", None)
        return Layout(() if tensor is None else tensor.shape, self.samples)

    def shape_of(self, node):
        """What torch gives a node's result as its shape."""
        return tuple(self.trace.values[node].shape)

    def result(self, node, value, layout):
        """The value of a node as helpers gave it, with the layout that it has."""
        given = self.reshape(node, value, layout)
        if given.name not in self.shown:
            self.show(given.name, node)
        return given

    def broadcast(self, node, values, shape=None):
        """Values of one operation, elementwise, as nodes whose samples broadcast; and the layout of the result."""
        shape = self.shape_of(node) if shape is None else tuple(shape)
        layout = Layout(shape, self.samples)
        values = [self.node_of(value, node) if isinstance(value, Derived) else value for value in values]
        for value in values:
            known = self.layout(value)
            if known.batch is not None:
                axis = len(shape) - len(known.shape) + known.batch
                found = Layout(shape, self.samples, axis, known.before, known.after)
                if known.shape[known.batch] != shape[axis] or layout.batch is not None and (
                        (layout.batch, layout.before, layout.after) != (axis, found.before, found.after)):
                    self.refuse(node, "samples along one axis of all operands", "an operation that mixes samples")
                layout = found
        if layout.batch is None and self._is_given_to_each(values, shape):
            layout = Layout(shape, self.samples, 0)
        return [self.aligned(node, value, layout) for value in values], layout

    def _is_given_to_each(self, values, shape):
        """Whether constants alone make a result as long as there are samples, and are the same for each."""
        if len(shape) < 2 or shape[0] != self.samples:
            return False
        for value in values:
            tensor = getattr(value, "tensor", None) if isinstance(value, Constant) else None
            known = self.layout(value).shape
            if len(known) == len(shape) and known[0] != 1 and (tensor is None or not bool((tensor == tensor[:1]).all())):
                return False
        return True

    def aligned(self, node, value, layout):
        """An operand as a node whose sample broadcasts to that of a layout."""
        value = self.node_of(value, node) if isinstance(value, Derived) else value
        if isinstance(value, Constant) or not isinstance(value, (Node, Weight)):
            tensor = value.tensor if isinstance(value, Constant) else self.torch.tensor(value, dtype=self.torch.float64)
            return self.node_of(Constant(self._constant_of_sample(node, tensor, layout)), node)
        known = self.layout(value)
        if known.batch is None and layout.batch is not None:
            missing = len(layout.shape) - len(known.shape)
            wanted = []
            for axis, part in layout.axes():
                own = axis - missing
                if own >= 0:
                    wanted.append(1 if part else known.shape[own])
            if missing <= layout.batch and known.shape[layout.batch - missing] != 1:
                self.refuse(node, "a parameter that is the same for each sample", "one along the axis of samples")
        else:
            wanted = list(known.sample())
        wanted = tuple(wanted) or (1,)
        # What is before the first axis that is longer than 1 may be left out.
        given = known.sample()
        if wanted == given or tuple(self._stripped(wanted)) == tuple(given):
            return self.node_of(value, node)
        return self.reshape(node, value, Layout((self.samples,) + wanted, self.samples, 0))

    @staticmethod
    def _stripped(shape):
        shape = list(shape)
        while len(shape) > 1 and shape[0] == 1:
            shape.pop(0)
        return shape

    def _constant_of_sample(self, node, tensor, layout):
        """A constant operand as each sample has it."""
        if layout.batch is None:
            return tensor
        axis = layout.batch - (len(layout.shape) - tensor.dim())
        if axis < 0:
            return tensor
        shape = tuple(tensor.shape)
        if shape[axis] == 1:
            parts = [1] * (int(layout.before > 1) + int(layout.after > 1))
            return tensor.reshape(shape[:axis] + tuple(parts) + shape[axis + 1:])
        split = tensor.reshape(shape[:axis] + (layout.before, self.samples, layout.after) + shape[axis + 1:])
        first = split.select(axis + 1, 0)
        if not bool((split == first.unsqueeze(axis + 1)).all()):
            self.refuse(node, "constants that are the same for each sample",
                        "one of shape %s that depends on a sample's place" % (shape,))
        parts = [part for part in (layout.before, layout.after) if part > 1]
        return first.reshape(shape[:axis] + tuple(parts) + shape[axis + 1:])

    def bound(self, node, source, what):
        """A parameter or constant that a layer can have as its own; None where that cannot be."""
        if isinstance(source, Constant):
            return source
        if isinstance(source, Weight) and self.uses.get(id(source.tensor), 0) <= 1:
            return source
        return None

    def require_bound(self, node, source, what):
        found = self.bound(node, source, what)
        if found is None and isinstance(source, Weight):
            self.refuse(node, "a %s of its own, since a network file cannot share it" % what,
                        "parameter %r, which is used elsewhere too" % source.path)
        if found is None:
            self.refuse(node, "a parameter as its %s" % what, "one that is computed")
        return found

    def require_samples_first(self, node, value):
        """A node whose batch is torch's first axis and nothing else."""
        value = self.node_of(value, node)
        if value.layout.batch != 0 or value.layout.is_merged():
            self.refuse(node, "samples along the first axis", "layout %s of %s" % (value.layout.shape, value.name))
        return value

    def prune(self, outputs):
        """Leaves out what no output needs."""
        needed, layers = set(outputs), []
        for layer in reversed(self.layers):
            if layer["name"] in needed:
                needed.update(layer["inputs"])
                layers.append(layer)
        self.layers = layers[::-1]
        names = {layer["name"] for layer in self.layers}
        self.weights = {key: value for key, value in self.weights.items() if key.rpartition("/")[0] in names}
        self.shown = {name: node for name, node in self.shown.items() if name in names}
        self.inputs = [given for given in self.inputs if given["name"] in needed]


# Operations


def _unary(kind, settings=lambda a: {}):
    return lambda g, node, a: g.emit(node, kind, [a["self"]], g.layout(a["self"]), settings(a))


for _operation, _kind_of in {
        "relu": "relu", "relu6": "relu6", "sigmoid": "sigmoid", "tanh": "tanh", "exp": "exp", "log": "log", "sqrt": "sqrt",
        "rsqrt": "rsqrt", "abs": "abs", "neg": "negate", "reciprocal": "reciprocal", "sin": "sin", "cos": "cos",
        "silu": "silu", "mish": "mish", "hardswish": "hardSwish", "hardsigmoid": "hardSigmoid", "selu": "selu", "log_sigmoid": "logSigmoid",
        "softsign": "softsign"}.items():
    HANDLERS[_operation] = _unary(_kind_of)
HANDLERS["square"] = _unary("pow", lambda a: {"exponent": 2.0})
HANDLERS["gelu"] = lambda g, node, a: g.emit(node, "geluTanh" if a["approximate"] == "tanh" else "gelu", [a["self"]],
                                             g.layout(a["self"]))
HANDLERS["leaky_relu"] = _unary("leakyRelu", lambda a: {"alpha": float(a["negative_slope"])})
HANDLERS["celu"] = _unary("celu", lambda a: {"alpha": float(a["alpha"])})


@handles("elu")
def _elu(g, node, a):
    if a["scale"] != 1 or a["input_scale"] != 1:
        g.refuse(node, "an elu that is not scaled", "scale %s" % a["scale"])
    return g.emit(node, "elu", [a["self"]], g.layout(a["self"]), {"alpha": float(a["alpha"])})


@handles("hardtanh", "clamp", "clamp_min", "clamp_max", "clip")
def _clamp(g, node, a):
    low, high = (_number(a.get(key, a.get(other))) for key, other in (("min_val", "min"), ("max_val", "max")))
    if (low, high) == (0, 6):
        return g.emit(node, "relu6", [a["self"]], g.layout(a["self"]))
    if _name(node.target) == "hardtanh":
        return g.emit(node, "hardTanh", [a["self"]], g.layout(a["self"]), {"min": low, "max": high})
    settings = {key: limit for key, limit in (("min", low), ("max", high)) if limit is not None}
    return g.emit(node, "clamp", [a["self"]], g.layout(a["self"]), settings)


@handles("softplus")
def _softplus(g, node, a):
    settings = {} if a["beta"] == 1 else {"beta": float(a["beta"])}
    x = g.trace.values[node.args[0]]
    if bool((x * a["beta"] > a["threshold"]).any()):
        settings["threshold"] = float(a["threshold"])
    return g.emit(node, "softplus", [a["self"]], g.layout(a["self"]), settings)


@handles("_prelu_kernel", "prelu")
def _prelu(g, node, a):
    x, weight = g.node_of(a["self"], node), a["weight"]
    count = weight.tensor.numel() if not isinstance(weight, Node) else 0
    found = g.bound(node, weight, "weight")
    if found is None or count > 1 and (x.layout.batch != 0 or x.layout.is_merged()):
        g.refuse(node, "a parameter of its own", "one that is computed or shared")
    return g.emit(node, "prelu", [x], x.layout, {"channels": True} if count > 1 else {},
                  {"alpha": (found, lambda tensor: tensor.reshape(-1))})


@handles("glu")
def _glu(g, node, a):
    return g.emit(node, "glu", [a["self"]], g.layout(a["self"]).with_shape(g.shape_of(node)),
                  {"axis": _sample_axis(g, node, a["self"], a["dim"])})


def _number(value):
    """A number of Python's; None as it is."""
    if isinstance(value, Constant):
        value = value.tensor.item()
    return value if value is None else float(value)


def _sample_axis(g, node, value, axis):
    found = g.layout(value).axis(axis)
    if found is None:
        g.refuse(node, "an axis within a sample", "axis %d, along which samples lie" % axis)
    return found


@handles("softmax", "_softmax", "log_softmax", "_log_softmax", "special_log_softmax")
def _softmax(g, node, a):
    x = a["self"]
    layout = g.layout(x)
    axis = _sample_axis(g, node, x, a["dim"])
    kind = "logSoftmax" if "log" in _name(node.target) else "softmax"
    settings = {} if axis == len(layout.sample()) - 1 else {"axis": axis}
    return g.emit(node, kind, [x], layout, settings)


# Arithmetic


def _is_scalar(value):
    return isinstance(value, (int, float)) or isinstance(value, Constant) and value.tensor.numel() == 1 and (
        value.tensor.dim() == 0)


def _arithmetic(g, node, kind, first, second):
    """first and second, elementwise; plain numbers become settings."""
    if _is_scalar(second) and not _is_scalar(first):
        layout, number = g.layout(first), _number(second)
        if kind == "add" or kind == "subtract":
            return g.emit(node, "shift", [first], layout, {"offset": number if kind == "add" else -number})
        if kind == "multiply" or kind == "divide" and math.frexp(number)[0] in (0.5, -0.5):
            return g.emit(node, "scale", [first], layout, {"factor": number if kind == "multiply" else 1 / number})
    elif _is_scalar(first) and not _is_scalar(second):
        layout, number = g.layout(second), _number(first)
        if kind == "add":
            return g.emit(node, "shift", [second], layout, {"offset": number})
        if kind == "multiply":
            return g.emit(node, "scale", [second], layout, {"factor": number})
        if kind == "subtract":
            negated = g.emit(node, "negate", [second], layout, suffix="negate")
            return negated if number == 0 else g.emit(node, "shift", [negated], layout, {"offset": number})
        if kind == "divide" and number == 1:
            return g.emit(node, "reciprocal", [second], layout)
    taken, layout = g.broadcast(node, [first, second])
    return g.emit(node, kind, taken, layout)


def _scaled(g, node, value, factor):
    factor = _number(factor)
    if factor == 1:
        return value
    if isinstance(value, Constant):
        return Constant(value.tensor * factor)
    if isinstance(value, (int, float)):
        return value * factor
    return g.emit(node, "scale", [value], g.layout(value), {"factor": factor}, suffix="scale")


@handles("add", "__add__")
def _add(g, node, a):
    return _arithmetic(g, node, "add", a["self"], _scaled(g, node, a["other"], a.get("alpha", 1)))


@handles("sub", "subtract")
def _sub(g, node, a):
    return _arithmetic(g, node, "subtract", a["self"], _scaled(g, node, a["other"], a.get("alpha", 1)))


@handles("rsub")
def _rsub(g, node, a):
    return _arithmetic(g, node, "subtract", a["other"], _scaled(g, node, a["self"], a.get("alpha", 1)))


@handles("mul", "multiply")
def _mul(g, node, a):
    return _arithmetic(g, node, "multiply", a["self"], a["other"])


@handles("div", "divide", "true_divide")
def _div(g, node, a):
    if a.get("rounding_mode"):
        g.refuse(node, "a division that is not rounded", a["rounding_mode"])
    return _arithmetic(g, node, "divide", a["self"], a["other"])


@handles("addcmul")
def _addcmul(g, node, a):
    product = g.emit(node, "multiply", *g.broadcast(node, [a["tensor1"], a["tensor2"]]), suffix="multiply")
    return _arithmetic(g, node, "add", a["self"], _scaled(g, node, product, a["value"]))


@handles("maximum", "minimum")
def _extreme(g, node, a):
    return g.emit(node, _name(node.target), *g.broadcast(node, [a["self"], a["other"]]))


@handles("pow")
def _pow(g, node, a):
    if not _is_scalar(a["exponent"]):
        g.refuse(node, "a plain number as exponent", "a tensor")
    return g.emit(node, "pow", [a["self"]], g.layout(a["self"]), {"exponent": _number(a["exponent"])})


@handles("logical_not", "bitwise_not", "eq", "ne")
def _decision(g, node, a):
    """Of a mask alone, that is 0 or 1."""
    x, name = a["self"], _name(node.target)
    other = 0 if "not" in name else _number(a["other"]) if _is_scalar(a["other"]) else None
    values = g.trace.values[node.args[0]].double()
    if isinstance(x, Node) and other in (0, 1) and bool(((values == 0) | (values == 1)).all()) and not (
            g.trace.values[node.args[0]].is_floating_point() and g.trace.values[node.args[0]].requires_grad):
        if (name == "ne") == (other == 0):
            return x
        negated = g.emit(node, "negate", [x], x.layout, suffix="negate")
        return g.emit(node, "shift", [negated], x.layout, {"offset": 1.0})
    g.refuse(node, "no decision by values", "aten." + name)


@handles("masked_fill", "where")
def _where(g, node, a):
    if _name(node.target) == "where":
        mask, chosen, other = a["condition"], a["self"], a["other"]
    else:
        mask, chosen, other = a["mask"], a["value"], a["self"]
    torch = g.torch
    if isinstance(mask, Constant) or isinstance(mask, Derived) and mask.tensor.dtype == torch.bool:
        def made(tensor):
            return Constant(tensor.double()) if isinstance(mask, Constant) else Derived(tensor.double(), mask.origin)

        chosen_by = mask.tensor.bool()
        for hidden, value, fill in ((chosen, other, (-math.inf, 0.0)), (other, chosen, (0.0, -math.inf))):
            if _is_scalar(hidden) and _number(hidden) == -math.inf:
                # x - infinity, which x has no part in.
                taken, layout = g.broadcast(node, [value, made(torch.where(chosen_by, *fill))])
                return g.emit(node, "add", taken, layout)
        results = []
        for value, factor in ((other, ~chosen_by), (chosen, chosen_by)):
            if _is_scalar(value) or isinstance(value, Constant):
                number = value.tensor.double() if isinstance(value, Constant) else torch.tensor(value, dtype=torch.float64)
                tensor = torch.where(factor, number, 0.0)  # a product would make NaN of infinity
                results += [made(tensor)] if bool((tensor != 0).any()) else []
            else:
                taken, layout = g.broadcast(node, [value, made(factor)])
                results.append(g.emit(node, "multiply", taken, layout, suffix="multiply"))
        if len(results) == 1:
            return g.result(node, results[0], results[0].layout)
        taken, layout = g.broadcast(node, results)
        return g.emit(node, "add", taken, layout)
    mask = g.node_of(mask, node) if isinstance(mask, Derived) else mask
    if not isinstance(mask, Node) or not _is_scalar(chosen):
        g.refuse(node, "a mask that is constant, or made of inputs of whole numbers", "one that is computed")
    number = max(_number(chosen), -torch.finfo(torch.float64).max)
    negated = g.emit(node, "negate", [mask], mask.layout, suffix="negate")
    kept = g.emit(node, "shift", [negated], mask.layout, {"offset": 1.0}, suffix="keep")
    taken, layout = g.broadcast(node, [other, kept])
    product = g.emit(node, "multiply", taken, layout, suffix="multiply")
    if number == 0:
        return product
    filled = g.emit(node, "scale", [mask], mask.layout, {"factor": number}, suffix="fill")
    taken, layout = g.broadcast(node, [product, filled])
    return g.emit(node, "add", taken, layout, suffix="masked_fill")


@handles("tril", "triu")
def _triangle(g, node, a):
    x = g.node_of(a["self"], node)
    mask = getattr(g.torch, _name(node.target))(g.torch.ones(x.layout.shape[-2:], dtype=g.torch.float64), a["diagonal"])
    taken, layout = g.broadcast(node, [x, Constant(mask)])
    return g.emit(node, "multiply", taken, layout)


# Reductions


@handles("mean", "sum", "amax", "amin", "max", "min")
def _reduce(g, node, a):
    kind = {"amax": "max", "amin": "min"}.get(_name(node.target), _name(node.target))
    if isinstance(g.trace.values[node], (tuple, list)):
        return [_reduction_of(g, _values_alone(g, node)[0], kind, a)]
    return _reduction_of(g, node, kind, a)


def _reduction_of(g, node, kind, a):
    x = g.node_of(a["self"], node)
    if a.get("dtype") not in (None, g.torch.float64):
        g.refuse(node, "float64", a["dtype"])
    rank = len(x.layout.shape)
    axes = a.get("dim", ())
    axes = [axes] if isinstance(axes, int) else list(axes or range(rank))
    axes = sorted({axis % rank for axis in axes})
    return _reduced(g, node, kind, x, axes, bool(a.get("keepdim", False)))


def _values_alone(g, node):
    """The node that takes the values of a pair of values and places, of which the latter have to be unused."""
    users = [user for user in node.users if user.users]
    if [user.args[1] for user in users] != [0]:
        g.refuse(node, "the values alone", "their places too")
    return users


def _reduced(g, node, kind, x, axes, keep, suffix=None):
    sample_axes = [_sample_axis(g, node, x, axis) for axis in axes]
    shape = [1 if axis in axes else length for axis, length in enumerate(x.layout.shape)]
    kept = x.layout.with_shape(shape)
    batch = x.layout.batch
    gone = Layout([length for axis, length in enumerate(shape) if axis not in axes], g.samples,
                  None if batch is None else batch - sum(axis < batch for axis in axes), x.layout.before, x.layout.after)
    layout = kept if keep else gone
    hold = keep or len(sample_axes) == len(x.layout.sample())
    own = g.emit(node, kind, [x], kept if hold else gone, {"axes": sample_axes, "keep": hold}, suffix=suffix)
    return own if hold == keep else g.result(node, own, layout) if suffix is None else g.reshape(node, own, layout)


@handles("linalg_vector_norm", "norm")
def _norm(g, node, a):
    order = a.get("ord", a.get("p", 2))
    x = g.node_of(a["self"], node)
    axes = a.get("dim")
    axes = [axes] if isinstance(axes, int) else list(axes or range(len(x.layout.shape)))
    if order not in (2, None, 2.0):
        g.refuse(node, "the Euclidean norm", "order %s" % order)
    squares = g.emit(node, "pow", [x], x.layout, {"exponent": 2.0}, suffix="square")
    total = _reduced(g, node, "sum", squares, sorted({axis % len(x.layout.shape) for axis in axes}), bool(a["keepdim"]), "sum")
    if bool((g.trace.values[node] == 0).any()):
        # Where all is 0, so is torch's gradient; that of a square root would be infinite.
        total = g.emit(node, "clamp", [total], total.layout, {"min": g.torch.finfo(g.torch.float64).tiny}, suffix="clamp")
    return g.emit(node, "sqrt", [total], total.layout)


@handles("var", "std")
def _variance(g, node, a):
    x = g.node_of(a["self"], node)
    axes = a.get("dim")
    axes = [axes] if isinstance(axes, int) else list(axes or range(len(x.layout.shape)))
    axes = sorted({axis % len(x.layout.shape) for axis in axes})
    count = math.prod(x.layout.shape[axis] for axis in axes)
    correction = a["correction"] if "correction" in a else int(a.get("unbiased", True))
    correction = 1 if correction is None else correction
    mean = _reduced(g, node, "mean", x, axes, True, "mean")
    centered = g.emit(node, "subtract", [x, mean], x.layout, suffix="center")
    squares = g.emit(node, "pow", [centered], x.layout, {"exponent": 2.0}, suffix="square")
    result = _reduced(g, node, "mean", squares, axes, bool(a["keepdim"]), "variance")
    if correction:
        result = _scaled(g, node, result, count / (count - correction))
    if _name(node.target) == "std":
        return g.emit(node, "sqrt", [result], result.layout)
    return g.result(node, result, result.layout)


# Views


@handles("view", "reshape", "_unsafe_view", "flatten", "unflatten", "squeeze", "unsqueeze", "view_as", "reshape_as")
def _view(g, node, a):
    return _viewed(g, node, a["self"], g.shape_of(node))


def _viewed(g, node, x, shape):
    if isinstance(x, Weight) and tuple(x.tensor.shape) == tuple(shape):
        return x
    x = g.node_of(x, node)
    layout = x.layout.viewed(shape)
    if layout is None:
        g.refuse(node, "a view that keeps samples apart", "%s of %s, which mixes them" % (tuple(shape), x.layout.shape))
    if layout.sample() == x.layout.sample():
        return Node(x.name, layout)
    kind = "flatten" if len(layout.sample()) == 1 else "reshape"
    return g.emit(node, kind, [x], layout, {} if kind == "flatten" else {"shape": list(layout.sample())})


@handles("dropout", "feature_dropout", "native_dropout")
def _dropout(g, node, a):
    x, p, training = a.get("input", a.get("self")), a["p"], a["train"]
    if not p or isinstance(x, Weight):
        return x
    if not training:
        if g.mode == "training":
            return x
        kind = "dropout2d" if "feature" in _name(node.target) else "dropout"
        if p >= 1:
            g.refuse(node, "a probability below 1, so that something is kept", "p=%s" % p)
        return g.emit(node, kind, [x], g.layout(x), {"keep": 1 - p})
    mask = g.trace.masks[node]
    x = g.node_of(x, node)
    layout = Layout(mask.shape, g.samples, x.layout.batch, x.layout.before, x.layout.after)
    name = g._unique(".".join(part for part in (module_path(node)[0], "mask") if part))
    g.inputs.append({"name": name, "shape": list(layout.sample())})
    g.layouts[name], g.batches[name] = layout, layout.ours(mask)
    taken, layout = g.broadcast(node, [x, Node(name, layout)], x.layout.shape)
    product = g.emit(node, "multiply", taken, layout)
    return [product, None] if _name(node.target) == "native_dropout" else product


@handles("contiguous", "clone", "alias", "lift_fresh_copy", "lift_fresh", "to", "_to_copy", "type_as", "positive", "detach")
def _identity(g, node, a):
    value = g.trace.values[node]
    if _name(node.target) == "detach" and g.trace.values[node.args[0]].requires_grad:
        g.refuse(node, "gradients to come back through it", "a detached value; record with forward_only=True")
    if value.is_floating_point() and value.dtype != g.torch.float64:
        g.refuse(node, "float64 throughout, or to be recorded with widen=True", str(value.dtype))
    return a["self"]


@handles("permute", "transpose", "t", "movedim", "swapaxes", "swapdims", "numpy_T", "mT")
def _permute(g, node, a):
    x = a["self"]
    rank = len(g.layout(x).shape)
    order, name = list(range(rank)), _name(node.target)
    if name == "permute":
        order = [axis % rank for axis in a["dims"]]
    elif name == "movedim":
        source, target = ([axis] if isinstance(axis, int) else list(axis) for axis in (a["source"], a["destination"]))
        rest = [axis for axis in range(rank) if axis not in [s % rank for s in source]]
        for s, d in sorted(zip(source, target), key=lambda pair: pair[1] % rank):
            rest.insert(d % rank, s % rank)
        order = rest
    elif name in ("t", "numpy_T", "mT"):
        order = order[:-2] + order[:-3:-1] if name == "mT" else order[::-1]
    else:
        first, second = a.get("dim0", a.get("axis0")) % rank, a.get("dim1", a.get("axis1")) % rank
        order[first], order[second] = second, first
    return _permuted(g, node, x, order)


def _permuted(g, node, x, order, suffix=None):
    x = g.node_of(x, node)
    old = x.layout
    layout = Layout([old.shape[axis] for axis in order], g.samples, None if old.batch is None else order.index(old.batch),
                    old.before, old.after)
    axes = old.axes()
    moved = [axes.index((order[axis], part)) for axis, part in layout.axes()]
    if moved == sorted(moved):
        return Node(x.name, layout)
    return g.emit(node, "permute", [x], layout, {"axes": moved}, suffix=suffix)


@handles("expand", "expand_as", "broadcast_to")
def _expand(g, node, a):
    x, shape = g.node_of(a["self"], node), g.shape_of(node)
    old = x.layout
    missing = len(shape) - len(old.shape)
    padded = (1,) * missing + old.shape
    batch = None if old.batch is None else old.batch + missing
    if padded == shape:
        return Node(x.name, Layout(shape, g.samples, batch, old.before, old.after))
    if batch is None and shape[0] == g.samples and padded[0] == 1 and len(shape) > 1:
        # Given to each sample, as parameters are anyway.
        layout = Layout((g.samples,) + padded[1:], g.samples, 0)
        x = g.reshape(node, x, layout)
        if padded[1:] == shape[1:]:
            return Node(x.name, layout)
        padded, batch, old = layout.shape, 0, layout
    layout = Layout(padded, g.samples, batch, old.before, old.after)
    elementwise = {"add", "sub", "mul", "div", "maximum", "minimum", "rsub"}
    if all(user.op == "call_function" and _name(user.target) in elementwise and any(
            other is not node and tuple(g.trace.values[other].shape) == shape for other in user.all_input_nodes)
           for user in node.users):
        return g.reshape(node, x, layout)
    x = g.reshape(node, x, layout)
    layout = Layout(shape, g.samples, batch, old.before, old.after)
    return g.emit(node, "expand", [x], layout, {"shape": list(layout.sample())})


@handles("repeat")
def _repeat(g, node, a):
    x, factors = g.node_of(a["self"], node), list(a["repeats"])
    old = x.layout
    padded = (1,) * (len(factors) - len(old.shape)) + old.shape
    batch = None if old.batch is None else old.batch + len(factors) - len(old.shape)
    if batch is None and factors[0] == g.samples and padded[0] == 1 and len(factors) > 1:
        batch, factors[0] = 0, 1
        padded = (g.samples,) + padded[1:]
    layout = Layout(padded, g.samples, batch, old.before, old.after)
    if batch is not None and factors[batch] != 1:
        g.refuse(node, "samples that are not repeated", "repeats %s" % (factors,))
    x = g.reshape(node, x, layout)
    for axis, factor in enumerate(factors):
        if factor != 1:
            shape = list(x.layout.shape)
            shape[axis] *= factor
            x = g.emit(node, "repeat", [x], x.layout.with_shape(shape), {"axis": x.layout.axis(axis), "times": factor},
                       suffix="repeat")
    return g.result(node, x, x.layout)


@handles("repeat_interleave")
def _repeat_interleave(g, node, a):
    x = g.node_of(a["self"], node)
    if not isinstance(a["repeats"], int) or a["dim"] is None:
        g.refuse(node, "a number of repeats along an axis", "others")
    axis, count = a["dim"] % len(x.layout.shape), a["repeats"]
    sample_axis = _sample_axis(g, node, x, axis)
    sample = list(x.layout.sample())
    one = g.as_sample(node, x, sample[:sample_axis + 1] + [1] + sample[sample_axis + 1:])
    wide = sample[:sample_axis + 1] + [count] + sample[sample_axis + 1:]
    wide = g.emit(node, "expand", [one], Layout([g.samples] + wide, g.samples, 0), {"shape": wide}, suffix="expand")
    return g.result(node, wide, x.layout.with_shape(g.shape_of(node)))


# Parts


@handles("slice", "narrow")
def _slice(g, node, a):
    x, axis = a["self"], a["dim"] % len(g.layout(a["self"]).shape)
    length = g.layout(x).shape[axis]
    start, end, step = a["start"] or 0, a.get("end"), a.get("step", 1)
    if _name(node.target) == "narrow":
        end = start + a["length"]
    start, end, step = slice(start, end, step).indices(length)
    return _sliced(g, node, x, axis, start, max(start, end), step)


def _sliced(g, node, x, axis, start, end, step=1, suffix=None):
    x = g.node_of(x, node)
    shape = list(x.layout.shape)
    if (start, step) == (0, 1) and end >= shape[axis]:
        return x
    if axis == x.layout.batch:
        g.refuse(node, "all samples", "some of them: %d to %d of axis %d" % (start, end, axis))
    shape[axis] = len(range(start, end, step))
    settings = dict({"axis": x.layout.axis(axis), "start": start, "end": end}, **({"step": step} if step != 1 else {}))
    return g.emit(node, "slice", [x], x.layout.with_shape(shape), settings, suffix=suffix)


@handles("select")
def _select(g, node, a):
    x = g.node_of(a["self"], node)
    axis = a["dim"] % len(x.layout.shape)
    return _selected(g, node, x, axis, a["index"] % x.layout.shape[axis])


def _selected(g, node, x, axis, index, suffix=None):
    x = g.node_of(x, node)
    old = x.layout
    if axis == old.batch:
        g.refuse(node, "all samples", "one of them, %d of axis %d" % (index, axis))
    shape = old.shape[:axis] + old.shape[axis + 1:]
    layout = Layout(shape, g.samples, None if old.batch is None else old.batch - (axis < old.batch), old.before, old.after)
    if len(old.sample()) == 1:
        return g.reshape(node, _sliced(g, node, x, axis, index, index + 1, suffix=suffix), layout)
    return g.emit(node, "select", [x], layout, {"axis": old.axis(axis), "index": index}, suffix=suffix)


@handles("chunk", "split", "split_with_sizes", "tensor_split", "unsafe_chunk", "unsafe_split")
def _split(g, node, a):
    axis, start, parts = a["dim"] % len(g.layout(a["self"]).shape), 0, []
    for index, part in enumerate(g.trace.values[node]):
        user = next((user for user in node.users if user.args[1] == index and user.users), None)
        end = start + part.shape[axis]
        parts.append(None if user is None else _sliced(g, user, a["self"], axis, start, end))
        start = end
    return parts


@handles("unbind")
def _unbind(g, node, a):
    axis, parts = a["dim"] % len(g.layout(a["self"]).shape), []
    for index in range(len(g.trace.values[node])):
        user = next((user for user in node.users if user.args[1] == index and user.users), None)
        parts.append(None if user is None else _selected(g, user, a["self"], axis, index))
    return parts


@handles("cat", "concat", "concatenate")
def _cat(g, node, a):
    axis = a["dim"] % len(g.shape_of(node))
    tensors = [value for value in a["tensors"] if math.prod(g.layout(value).shape)]
    taken, layout = _joined(g, node, tensors)
    layout = layout.with_shape(g.shape_of(node))
    if axis == layout.batch:
        g.refuse(node, "tensors joined within samples", "axis %d, along which samples lie" % axis)
    if len(taken) == 1:
        return taken[0]
    return g.emit(node, "concat", taken, layout, {"axis": layout.axis(axis)})


def _joined(g, node, tensors):
    """Tensors of one shape but for an axis as nodes, and the layout of the first that has samples."""
    layout = next((g.layout(value) for value in tensors if g.layout(value).batch is not None), g.layout(tensors[0]))
    taken = []
    for value in tensors:
        if isinstance(value, Constant):
            own = layout.with_shape(value.tensor.shape)
            value = g.node_of(Constant(g._constant_of_sample(node, value.tensor, own)), node)
        value = g.node_of(value, node)
        known = value.layout
        if known.batch is not None and (known.batch, known.before, known.after) != (layout.batch, layout.before, layout.after):
            g.refuse(node, "samples along one axis of all tensors", "an operation that mixes samples")
        if known.batch is None and layout.batch is not None and not any(value is node_ for node_ in g.constants.values()):
            g.refuse(node, "tensors that all have samples", "a parameter")
        taken.append(value)
    return taken, layout


@handles("stack")
def _stack(g, node, a):
    axis = a["dim"] % len(g.shape_of(node))
    taken, layout = _joined(g, node, a["tensors"])
    shift = 0 if layout.batch is None else int(axis <= layout.batch)
    layout = layout.with_shape(g.shape_of(node), shift)
    return g.emit(node, "stack", taken, layout, {"axis": layout.axis(axis)})


@handles("slice_scatter")
def _slice_scatter(g, node, a):
    x = a["self"]
    axis = a["dim"] % len(g.layout(x).shape)
    start, end, step = slice(a["start"], a["end"], a["step"]).indices(g.layout(x).shape[axis])
    if step != 1:
        g.refuse(node, "a slice of step 1", "step %d" % step)
    parts = []
    for value, first, last in ((x, 0, start), (a["src"], None, None), (x, end, g.layout(x).shape[axis])):
        if first is None:
            parts.append(value)
        elif last > first:
            parts.append(Constant(value.tensor.narrow(axis, first, last - first)) if isinstance(value, Constant) else
                         _sliced(g, node, value, axis, first, last, suffix="slice"))
    if len(parts) == 1:
        return parts[0]
    taken, layout = _joined(g, node, parts)
    layout = layout.with_shape(g.shape_of(node))
    return g.emit(node, "concat", taken, layout, {"axis": layout.axis(axis)})


@handles("zero_", "fill_")
def _fill(g, node, a):
    number = _number(a.get("value", 0.0))
    return Constant(g.torch.full(g.shape_of(node), number, dtype=g.torch.float64))


@handles("copy_", "copy")
def _copy(g, node, a):
    x = a["src"]
    return _expand(g, node, {"self": x}) if g.layout(x).shape != g.shape_of(node) else x


# Gathering


def _gathered(g, node, x, axis, index, suffix=None):
    """Elements along an axis of a sample, by a constant index of one axis."""
    x = g.node_of(x, node)
    shape = list(x.layout.shape)
    sample_axis = _sample_axis(g, node, x, axis)
    index = index.reshape(-1) % shape[axis]
    shape[axis] = len(index)
    return g.emit(node, "gather", [x], x.layout.with_shape(shape), {"axis": sample_axis, "count": len(index)},
                  {"index": (Constant(index.to(g.torch.float64)), lambda tensor: tensor)}, suffix=suffix)


def _moved(g, node, x, compute, batch):
    """The result of an operation that only moves elements: as a gather of those of each sample."""
    torch, x = g.torch, g.node_of(x, node)
    size = math.prod(x.layout.sample())
    places = torch.arange(g.samples * size, dtype=torch.float64).reshape((g.samples,) + x.layout.sample())
    found = compute(x.layout.theirs(places) if x.layout.batch is not None else places[0].reshape(x.layout.shape))
    layout = Layout(found.shape, g.samples, batch, x.layout.before, x.layout.after)
    index = layout.ours(found).reshape(g.samples, -1)
    if x.layout.batch is not None:
        index = index - size * torch.arange(g.samples, dtype=torch.float64)[:, None]
    if not bool((index == index[0]).all()):
        g.refuse(node, "an operation that keeps samples apart", "one that mixes them")
    flat = g.emit(node, "flatten", [x], Layout((g.samples, size), g.samples, 0), suffix="flatten") if len(
        x.layout.sample()) > 1 else x
    taken = g.emit(node, "gather", [flat], Layout((g.samples, index.shape[1]), g.samples, 0),
                   {"axis": 0, "count": index.shape[1]}, {"index": (Constant(index[0]), lambda tensor: tensor)},
                   suffix="gather")
    return g.result(node, taken, layout)


@handles("embedding")
def _embedding(g, node, a):
    weight, ids = a["weight"], a["indices"]
    if isinstance(ids, Constant):
        return _looked_up(g, node, weight, ids.tensor)
    return _embedded(g, node, weight, ids, a.get("padding_idx", -1))


def _embedded(g, node, weight, ids, padding=-1):
    if not isinstance(ids, Derived):
        g.refuse(node, "tokens that depend on inputs of whole numbers alone", "computed ones")
    if isinstance(weight, Weight) and g.bound(node, weight, "weight") is None:
        return _embedded_by_product(g, node, weight, ids, padding)
    ids = g.input_of(ids, True)
    source = g.require_bound(node, weight, "weight")
    count, features = source.tensor.shape
    layout = Layout(ids.layout.shape + (features,), g.samples, ids.layout.batch, ids.layout.before, ids.layout.after)
    settings = dict({"vocabulary": count, "features": features}, **({"padding": padding} if padding >= 0 else {}))
    if not ids.layout.axes():
        found = g.emit(node, "embedding", [ids], Layout((g.samples, 1, features), g.samples, 0), settings,
                       {"W": (source, lambda tensor: tensor)})
        return g.reshape(node, found, layout)
    return g.emit(node, "embedding", [ids], layout, settings, {"W": (source, lambda tensor: tensor)})


def _embedded_by_product(g, node, weight, ids, padding):
    """Rows of a table that is used elsewhere too, as that of a language model may be: 1 and 0 times the table."""
    count, features = weight.tensor.shape
    if ids.tensor.numel() * count > LARGEST_PRODUCT:
        g.refuse(node, "an embedding of its own, or a small one", "parameter %r, which is used elsewhere too" % weight.path)
    if padding >= 0 and bool((ids.tensor == padding).any()):
        g.refuse(node, "an embedding of its own, or no padding", "parameter %r, which is used elsewhere too" % weight.path)
    chosen = g.torch.nn.functional.one_hot(ids.tensor, count).to(g.torch.float64)
    chosen = g.input_of(Derived(chosen, ids.origin), False)
    if len(chosen.layout.sample()) == 1:
        chosen = g.reshape(node, chosen, chosen.layout.with_shape(chosen.layout.shape[:-1] + (1, count)))
    product = g.emit(node, "matmul", [chosen, weight], chosen.layout.with_shape(chosen.layout.shape[:-1] + (features,)))
    return g.reshape(node, product, chosen.layout.with_shape(g.shape_of(node)))


def _looked_up(g, node, weight, index):
    """Rows of a table by a constant index."""
    table = g.node_of(weight, node)
    rest = table.layout.shape[1:]
    if index.dim() > 1 and index.shape[0] == g.samples and bool((index == index[0]).all()) and table.layout.batch is None:
        layout = Layout((g.samples,) + tuple(index.shape[1:]) + rest, g.samples, 0)
        index = index[0]
    else:
        layout = Layout(tuple(index.shape) + rest, g.samples)
    whole = index.numel() == table.layout.shape[0] and bool((index.reshape(-1) == g.torch.arange(index.numel())).all())
    rows = table if whole else _gathered(g, node, table, 0, index, suffix="gather")
    return g.result(node, rows, layout)


@handles("index", "index_select", "gather", "flip", "unfold", "diagonal", "take_along_dim", "im2col", "rot90", "roll",
         "pixel_shuffle_", "channel_shuffle", "native_channel_shuffle")
def _index(g, node, a):
    torch, name, x = g.torch, _name(node.target), a["self"]
    layout = g.layout(x)
    if name == "roll":
        return _roll(g, node, a)
    if name == "index":
        given = [(axis, index) for axis, index in enumerate(a["indices"]) if index is not None]
        axis, index = given[0]
        if isinstance(x, Weight) and len(given) == 1 and axis == 0 and isinstance(index, Derived) and x.tensor.dim() == 2:
            return _embedded(g, node, x, index)
        if not all(isinstance(index, Constant) for _, index in given):
            g.refuse(node, "constant places", "computed ones")
        if len(given) == 1 and index.tensor.dtype != torch.bool:
            if axis == 0 and layout.batch is None:
                return _looked_up(g, node, x, index.tensor)
            if index.tensor.dim() == 1:
                return _gathered(g, node, x, axis, index.tensor)
        batch = layout.batch
        if batch is not None:
            moved = [axis for axis, _ in given]
            if batch in moved:
                g.refuse(node, "all samples", "places of some of them")
            rank = len(g.shape_of(node)) - (len(layout.shape) - len(moved))
            together = moved == list(range(moved[0], moved[-1] + 1))
            batch = (rank if not together else 0 if batch < moved[0] else rank) + sum(
                axis not in moved for axis in range(batch))
        indices = tuple(slice(None) if index is None else index.tensor for index in a["indices"])
        return _moved(g, node, x, lambda tensor: tensor[indices], batch)
    others = {key: value.tensor if isinstance(value, Constant) else value for key, value in a.items() if key != "self"}
    if any(isinstance(value, (Node, Weight)) for value in others.values()):
        g.refuse(node, "constant places", "computed ones")
    if name == "index_select":
        return _gathered(g, node, x, a["dim"] % len(layout.shape), others["index"])
    if name == "gather":
        others.pop("sparse_grad", None)
    target = node.target
    batch = layout.batch
    if name == "diagonal" and batch is not None:
        batch -= sum(axis % len(layout.shape) < batch for axis in (a["dim1"], a["dim2"]))
    return _moved(g, node, x, lambda tensor: target(tensor, **others), batch)


def _roll(g, node, a):
    x = g.node_of(a["self"], node)
    shifts, axes = ([value] if isinstance(value, int) else list(value) for value in (a["shifts"], a["dims"]))
    for index, (shift, axis) in enumerate(zip(shifts, axes)):
        sample_axis = _sample_axis(g, node, x, axis)
        length = x.layout.shape[axis % len(x.layout.shape)]
        if shift % length:
            x = g.emit(node, "roll", [x], x.layout, {"axis": sample_axis, "shift": shift % length},
                       suffix=None if index == len(axes) - 1 else "roll")
    return x


@handles("constant_pad_nd", "pad", "reflection_pad1d", "reflection_pad2d", "replication_pad1d", "replication_pad2d")
def _pad(g, node, a):
    x, name = g.node_of(a["self"], node), _name(node.target)
    amounts = list(a.get("pad", a.get("padding")))
    mode = a.get("mode", "constant") if name in ("pad", "constant_pad_nd") else name.split("_")[0]
    mode = {"reflection": "reflect", "replication": "replicate"}.get(mode, mode)
    value = _number(a.get("value")) or 0.0
    rank, parts = len(x.layout.shape), []
    for index in range(len(amounts) // 2):
        before, after = amounts[2 * index:2 * index + 2]
        if before or after:
            parts.append((rank - 1 - index, before, after))
    for index, (axis, before, after) in enumerate(parts):
        sample_axis = _sample_axis(g, node, x, axis)
        if before < 0 or after < 0:
            length = x.layout.shape[axis]
            x = _sliced(g, node, x, axis, max(0, -before), length - max(0, -after), suffix="slice")
            before, after = max(0, before), max(0, after)
            if not (before or after):
                continue
        shape = list(x.layout.shape)
        shape[axis] += before + after
        settings = {"axis": sample_axis, "before": before, "after": after}
        settings.update({} if mode == "constant" else {"mode": mode})
        settings.update({"value": value} if value and mode == "constant" else {})
        x = g.emit(node, "pad", [x], x.layout.with_shape(shape), settings, suffix=None if index == len(parts) - 1 else "pad")
    return x


# Products


@handles("linear")
def _linear(g, node, a):
    x, weight, bias = g.sampled(node, a["input"]), a["weight"], a["bias"]
    if isinstance(weight, (Weight, Constant)) and g.bound(node, weight, "weight") is not None:
        return _dense(g, node, x, weight, lambda tensor: tensor.T, bias, weight.tensor.shape[0])
    weight = g.node_of(weight, node)
    turned = _permuted(g, node, weight, [1, 0], suffix="permute")
    product = _product(g, node, x, turned, None if bias is None else "matmul")
    return product if bias is None else _arithmetic(g, node, "add", product, bias)


def _dense(g, node, x, weight, turn, bias, units):
    """x times a matrix that is the layer's own, plus a bias."""
    x = g.node_of(x, node)
    layout = Layout(x.layout.shape[:-1] + (units,), g.samples, x.layout.batch, x.layout.before, x.layout.after)
    rank = len(x.layout.shape)
    if x.layout.batch == rank - 1:
        g.refuse(node, "features along the last axis", "samples there")
    own = None if bias is None else g.bound(node, bias, "bias")
    weights = dict({"W": (weight, turn)}, **({} if own is None else {"b": (own, lambda tensor: tensor.reshape(-1))}))
    settings = {"units": units}
    if own is None:
        settings["bias"] = False
    axes = len(x.layout.axes())
    if axes > 1:
        settings["last"] = True
    taken = x if axes else g.as_sample(node, x, (1,))
    if bias is not None and own is None:
        product = g.emit(node, "dense", [taken], layout, settings, weights, suffix="product")
        return _arithmetic(g, node, "add", product, bias)
    return g.emit(node, "dense", [taken], layout, settings, weights)


def _is_matrix(g, node, value):
    """Whether it can be the weight of a dense layer."""
    return isinstance(value, (Weight, Constant)) and value.tensor.dim() == 2 and g.bound(node, value, "matrix") is not None


@handles("matmul", "mm", "bmm", "mv", "dot", "__matmul__")
def _matmul(g, node, a):
    first, second = a["self"], a.get("other", a.get("mat2", a.get("vec", a.get("tensor"))))
    if _is_matrix(g, node, second) and isinstance(first, Node) and first.layout.batch not in (
            None, len(first.layout.shape) - 1):
        return _dense(g, node, first, second, lambda tensor: tensor, None, second.tensor.shape[1])
    return _product(g, node, first, second)


@handles("addmm", "baddbmm", "addbmm_")
def _addmm(g, node, a):
    bias = g.layout(a["self"])
    if _name(node.target) == "addmm" and a["beta"] == a["alpha"] == 1 and _is_matrix(g, node, a["mat2"]) and isinstance(
            a["mat1"], Node) and a["mat1"].layout.batch == 0 and bias.batch is None and len(bias.shape) == 1:
        return _dense(g, node, a["mat1"], a["mat2"], lambda tensor: tensor, a["self"], a["mat2"].tensor.shape[1])
    product = _product(g, node, a.get("mat1", a.get("batch1")), a.get("mat2", a.get("batch2")), "matmul")
    return _arithmetic(g, node, "add", _scaled(g, node, a["self"], a["beta"]), _scaled(g, node, product, a["alpha"]))


def _product(g, node, first, second, suffix=None):
    """A matrix product, as numpy's matmul."""
    first, second = (_as_matrix(g, node, value, side) for side, value in enumerate((first, second)))
    layouts = [g.layout(value) for value in (first, second)]
    shapes = [layout.shape for layout in layouts]
    result = tuple(g.shape_of(node))
    lead = _broadcast_shape([shape[:-2] for shape in shapes])
    full = tuple(lead) + (shapes[0][-2], shapes[1][-1])
    inner = [layout.batch is not None and layout.batch >= len(layout.shape) - 2 for layout in layouts]
    if not any(inner):
        taken = []
        known = next((layout for layout in layouts if layout.batch is not None), None)
        for value, layout in zip((first, second), layouts):
            own = Layout(lead + layout.shape[-2:], g.samples)
            if known is not None:
                own = Layout(own.shape, g.samples, known.batch + len(full) - len(known.shape), known.before, known.after)
                if layout.batch is not None and (layout.batch + len(full) - len(layout.shape), layout.before,
                                                 layout.after) != (own.batch, own.before, own.after):
                    g.refuse(node, "samples along one axis of both", "a product that mixes samples")
            taken.append(g.aligned(node, value, own))
        layout = Layout(full, g.samples) if known is None else own.with_shape(full)
        product = g.emit(node, "matmul", taken, layout, suffix=suffix)
        return _squeezed(g, node, product, result, suffix)
    side = inner.index(True)
    layout, other = layouts[side], layouts[1 - side]
    rows = len(layout.shape) - 2 + side
    if other.batch is not None or layout.batch != rows:
        g.refuse(node, "a product within samples", "one over the axis along which samples lie")
    merged = layout.before * layout.after
    sample = list(layout.shape)
    sample[rows] = merged
    given = [None, None]
    given[side] = g.as_sample(node, first if side == 0 else second, sample)
    given[1 - side] = g.node_of(second if side == 0 else first, node)
    shape = list(full)
    shape[len(full) - 2 + side] = merged
    product = g.emit(node, "matmul", given, Layout([g.samples] + shape, g.samples, 0), suffix="matmul")
    product = g.reshape(node, product, Layout(full, g.samples, len(full) - 2 + side, layout.before, layout.after))
    product = Node(product.name, Layout(full, g.samples, len(full) - 2 + side, layout.before, layout.after))
    product = _squeezed(g, node, product, result, "reshape")
    return product if suffix else g.result(node, product, product.layout)


def _broadcast_shape(shapes):
    rank = max(len(shape) for shape in shapes)
    padded = [(1,) * (rank - len(shape)) + tuple(shape) for shape in shapes]
    return tuple(max(lengths) if 1 not in lengths or max(lengths) > 1 else 1 for lengths in zip(*padded))


def _as_matrix(g, node, value, side):
    """An operand of a product with at least two axes: a vector as a row, or on the right as a column."""
    layout = g.layout(value)
    if len(layout.shape) != 1:
        return value
    shape = (1,) + layout.shape if side == 0 else layout.shape + (1,)
    if isinstance(value, Constant):
        return Constant(value.tensor.reshape(shape))
    return _viewed_as(g, node, value, shape, int(side == 0))


def _viewed_as(g, node, value, shape, shift):
    value = g.node_of(value, node)
    return g.reshape(node, value, value.layout.with_shape(shape, shift))


def _squeezed(g, node, product, shape, suffix):
    if product.layout.shape == tuple(shape):
        return product
    layout = product.layout.viewed(shape)
    return g.reshape(node, product, layout) if suffix else g.result(node, product, layout)


@handles("scaled_dot_product_attention")
def _attention(g, node, a):
    query, key, value, mask = a["query"], a["key"], a["value"], a["attn_mask"]
    if a["dropout_p"]:
        g.refuse(node, "attention without dropout", "dropout_p=%s" % a["dropout_p"])
    torch = g.torch
    parts = [g.node_of(part, node) for part in (query, key, value)]
    if a.get("enable_gqa") and parts[0].layout.shape[-3] != parts[1].layout.shape[-3]:
        groups = parts[0].layout.shape[-3] // parts[1].layout.shape[-3]
        parts[1:] = [_interleaved(g, node, part, len(part.layout.shape) - 3, groups) for part in parts[1:]]
    known = parts[0].layout
    for part in parts:
        if (part.layout.batch, part.layout.before, part.layout.after) != (known.batch, known.before, known.after) or (
                known.batch is None or known.batch >= len(known.shape) - 2):
            g.refuse(node, "samples along one axis of query, key and value", "attention that mixes samples")
    if mask is not None:
        if isinstance(mask, (Constant, Derived)):
            tensor = mask.tensor
            tensor = torch.where(tensor, 0.0, -math.inf).double() if tensor.dtype == torch.bool else tensor.double()
            mask = Constant(tensor) if isinstance(mask, Constant) else Derived(tensor, mask.origin)
        shape = known.shape[:-1] + (parts[1].layout.shape[-2],)
        taken = g.aligned(node, mask, Layout(shape, g.samples, known.batch, known.before, known.after))
        parts.append(taken)
    settings = {"causal": True} if a["is_causal"] else {}
    if a["scale"] is not None and a["scale"] != 1 / math.sqrt(known.shape[-1]):
        settings["scale"] = float(a["scale"])
    layout = known.with_shape(g.shape_of(node))
    return g.emit(node, "attention", parts, layout, settings)


def _interleaved(g, node, value, axis, count):
    sample_axis, sample = value.layout.axis(axis), list(value.layout.sample())
    one = g.as_sample(node, value, sample[:sample_axis + 1] + [1] + sample[sample_axis + 1:])
    wide = sample[:sample_axis + 1] + [count] + sample[sample_axis + 1:]
    wide = g.emit(node, "expand", [one], Layout([g.samples] + wide, g.samples, 0), {"shape": wide}, suffix="expand")
    shape = list(value.layout.shape)
    shape[axis] *= count
    return g.reshape(node, wide, value.layout.with_shape(shape))


# Images


def _ints(values, count):
    values = [values] if isinstance(values, int) else list(values)
    return [int(value) for value in (values * count if len(values) == 1 else values)]


def _plain_or_list(values):
    """The settings of one axis are numbers, of two are pairs."""
    return values[0] if len(values) == 1 else values


@handles("conv1d", "conv2d", "convolution", "conv_transpose1d", "conv_transpose2d")
def _conv(g, node, a):
    name = _name(node.target)
    transposed = "transpose" in name or bool(a.get("transposed", False))
    weight = g.require_bound(node, a["weight"], "weight")
    axes = weight.tensor.dim() - 2
    if axes not in (1, 2):
        g.refuse(node, "a convolution of one or two axes", "%d" % axes)
    x = g.node_of(a["input"], node)
    stride, dilation = (_ints(a[key], axes) for key in ("stride", "dilation"))
    padding, kernel = a["padding"], list(weight.tensor.shape[2:])
    settings = {}
    if padding == "valid":
        padding = 0
    if padding == "same":
        settings["same"] = True
        padding = 0
    padding = _ints(padding, axes)
    groups = a["groups"]
    filters = weight.tensor.shape[1] * groups if transposed else weight.tensor.shape[0]
    settings = dict({"filters": filters, "kernel": _plain_or_list(kernel), "stride": _plain_or_list(stride)},
                    **(settings or {"padding": _plain_or_list(padding)}))
    if transposed and any(_ints(a["output_padding"], axes)):
        settings["outputPadding"] = _plain_or_list(_ints(a["output_padding"], axes))
    if any(rate != 1 for rate in dilation):
        settings["dilation"] = _plain_or_list(dilation)
    if groups != 1:
        settings["groups"] = groups
    bias = None if a["bias"] is None else g.bound(node, a["bias"], "bias")
    if bias is None:
        settings["bias"] = False
    if a["bias"] is not None and bias is None:
        g.refuse(node, "a parameter as its bias", "one that is computed or shared")
    weights = dict({"W": (weight, lambda tensor: tensor)}, **({} if bias is None else {"b": (bias, lambda tensor: tensor)}))
    kind = ("convTranspose" if transposed else "conv") + "%dd" % axes
    if x.layout.batch == 0 and x.layout.is_merged() and not transposed and "same" not in settings:
        return _conv_of_many(g, node, x, kind, settings, weights, kernel, stride, padding, dilation)
    x = g.require_samples_first(node, x)
    return g.emit(node, kind, [x], Layout(g.shape_of(node), g.samples, 0), settings, weights)


def _conv_of_many(g, node, x, kind, settings, weights, kernel, stride, padding, dilation):
    """A convolution of several images of each sample, laid below each other with what they are padded by between them."""
    merged, count = x.layout, x.layout.before * x.layout.after
    channels, *lengths = x.layout.shape[1:]
    rows = g.shape_of(node)[2]
    # Each image has as many rows as the windows that begin in it need, a multiple of the stride.
    own = max(lengths[0] + 2 * padding[0], (rows - 1) * stride[0] + dilation[0] * (kernel[0] - 1) + 1)
    own += -own % stride[0]
    x = g.as_sample(node, x, [count, channels] + lengths)
    x = g.permute(node, x, [1, 0] + list(range(2, 2 + len(lengths))))
    padded = Layout([g.samples, channels, count, own] + lengths[1:], g.samples, 0)
    if own > lengths[0]:
        x = g.emit(node, "pad", [x], padded, {"axis": 2, "before": padding[0], "after": own - lengths[0] - padding[0]},
                   suffix="pad")
    tall = g.as_sample(node, x, [channels, count * own] + lengths[1:])
    settings = dict(settings, padding=_plain_or_list([0] + padding[1:]))
    height = (count * own - dilation[0] * (kernel[0] - 1) - 1) // stride[0] + 1
    filters, rest = settings["filters"], list(g.shape_of(node)[3:])
    y = g.emit(node, kind, [tall], Layout([g.samples, filters, height] + rest, g.samples, 0), settings, weights, suffix="conv")
    total = count * own // stride[0]
    if total > height:
        y = g.emit(node, "pad", [y], Layout([g.samples, filters, total] + rest, g.samples, 0),
                   {"axis": 1, "before": 0, "after": total - height}, suffix="pad")
    y = g.as_sample(node, y, [filters, count, total // count] + rest)
    if total // count > rows:
        y = g.emit(node, "slice", [y], Layout([g.samples, filters, count, rows] + rest, g.samples, 0),
                   {"axis": 2, "start": 0, "end": rows}, suffix="slice")
    y = g.permute(node, y, [1, 0, 2] + list(range(3, 3 + len(rest))))
    return g.result(node, y, merged.with_shape(g.shape_of(node)))


def _image_layer(g, node, x, kind, settings):
    """A layer that treats each channel alike, so that several images of a sample are as more channels."""
    x = g.node_of(x, node)
    shape = g.shape_of(node)
    if x.layout.batch == 0 and not x.layout.is_merged():
        return g.emit(node, kind, [x], Layout(shape, g.samples, 0), settings)
    images = len(shape) - 2
    batch = x.layout.batch
    if batch is None or batch > len(x.layout.shape) - images - 1:
        g.refuse(node, "samples along the first axis", "layout %s of %s" % (x.layout.shape, x.name))
    sample = x.layout.sample()
    channels = math.prod(sample[:len(sample) - images])
    taken = g.as_sample(node, x, [channels] + list(sample[len(sample) - images:]))
    result = g.emit(node, kind, [taken], Layout([g.samples, channels] + list(shape[-images:]), g.samples, 0), settings,
                    suffix=kind)
    return g.result(node, result, x.layout.with_shape(shape))


@handles("max_pool1d", "max_pool2d", "max_pool2d_with_indices", "max_pool1d_with_indices", "avg_pool1d", "avg_pool2d")
def _pool(g, node, a):
    name = _name(node.target)
    axes = 1 if "1d" in name else 2
    size = _ints(a["kernel_size"], axes)
    stride = _ints(a["stride"], axes) if a["stride"] else size
    padding = _ints(a["padding"], axes)
    dilation = _ints(a.get("dilation", 1), axes)
    settings = {"size": _plain_or_list(size), "stride": _plain_or_list(stride)}
    if any(padding):
        settings["padding"] = _plain_or_list(padding)
    if any(rate != 1 for rate in dilation):
        settings["dilation"] = _plain_or_list(dilation)
    if a["ceil_mode"]:
        settings["ceil"] = True
    if not a.get("count_include_pad", True):
        settings["countPadding"] = False
    if a.get("divisor_override"):
        g.refuse(node, "no divisor_override", a["divisor_override"])
    kind = ("max" if "max" in name else "average") + "Pool%dd" % axes
    if "indices" in name:
        return [_image_layer(g, _values_alone(g, node)[0], a["self"], kind, settings)]
    return _image_layer(g, node, a["self"], kind, settings)


@handles("avg_pool3d")
def _pool_of_channels(g, node, a):
    """Means over neighbouring channels, as local response norm takes them: of images with one axis more."""
    x, size = g.require_samples_first(node, a["self"]), list(a["kernel_size"])
    if size[1:] != [1, 1] or any(_ints(a["padding"], 3)) or _ints(a["stride"] or size, 3) != [1, 1, 1] or a["ceil_mode"]:
        g.refuse(node, "a pool along the first of three axes, at stride 1", "kernel %s" % size)
    before, after = x.layout.shape[1:], g.shape_of(node)[1:]
    flat = g.as_sample(node, x, (before[0], before[1], before[2] * before[3]))
    pooled = g.emit(node, "averagePool2d", [flat], Layout((g.samples, after[0], after[1], after[2] * after[3]), g.samples, 0),
                    {"size": [size[0], 1], "stride": [1, 1]}, suffix="averagePool2d")
    return g.result(node, pooled, Layout(g.shape_of(node), g.samples, 0))


@handles("adaptive_avg_pool1d", "adaptive_avg_pool2d", "_adaptive_avg_pool2d", "adaptive_max_pool1d", "adaptive_max_pool2d")
def _adaptive_pool(g, node, a):
    name = _name(node.target)
    axes = 1 if "1d" in name else 2
    kind = "adaptive%sPool%dd" % ("Max" if "max" in name else "Average", axes)
    size = {"size": _plain_or_list(_ints(a["output_size"], axes))}
    if isinstance(g.trace.values[node], tuple):
        return [_image_layer(g, _values_alone(g, node)[0], a["self"], kind, size)]
    return _image_layer(g, node, a["self"], kind, size)


@handles("upsample_nearest2d", "upsample_bilinear2d", "upsample_bicubic2d", "_upsample_nearest_exact2d_")
def _resize(g, node, a):
    name, shape = _name(node.target), g.shape_of(node)
    before = g.layout(a.get("input", a.get("self"))).shape
    mode = name.split("_")[1][:-2]
    x = a.get("input", a.get("self"))
    factors = [after // length for after, length in zip(shape[2:], before[2:])]
    if mode == "nearest" and all(after == factor * length for after, factor, length in zip(shape[2:], factors, before[2:])):
        return _image_layer(g, node, x, "upsample2d", {"factor": factors})
    settings = {"size": list(shape[2:]), "mode": mode}
    if a.get("align_corners"):
        settings["alignCorners"] = True
    return _image_layer(g, node, x, "resize2d", settings)


@handles("upsample_nearest1d", "upsample_linear1d")
def _resize_of_one_axis(g, node, a):
    name, shape = _name(node.target), g.shape_of(node)
    x = g.require_samples_first(node, a.get("input", a.get("self")))
    channels, length = x.layout.shape[1:]
    high = g.as_sample(node, x, [channels, 1, length])
    mode = "nearest" if "nearest" in name else "bilinear"
    settings = {"size": [1, shape[2]], "mode": mode}
    if a.get("align_corners"):
        settings["alignCorners"] = True
    wide = g.emit(node, "resize2d", [high], Layout([g.samples, channels, 1, shape[2]], g.samples, 0), settings,
                  suffix="resize2d")
    return g.result(node, wide, Layout(shape, g.samples, 0))


@handles("pixel_shuffle", "pixel_unshuffle")
def _pixels(g, node, a):
    x = g.require_samples_first(node, a["self"])
    kind = "pixelShuffle" if _name(node.target) == "pixel_shuffle" else "pixelUnshuffle"
    return g.emit(node, kind, [x], Layout(g.shape_of(node), g.samples, 0),
                  {"factor": a.get("upscale_factor", a.get("downscale_factor"))})


# Norms


@handles("batch_norm", "_native_batch_norm_legit_functional", "_native_batch_norm_legit_no_training")
def _batch_norm(g, node, a):
    x = g.node_of(a["input"], node)
    epsilon = a.get("eps")
    running = a.get("running_mean")
    training = bool(a.get("training", False))
    shape = x.layout.shape
    statistics = running is not None
    if statistics and not training and g.mode == "training":
        return _frozen_norm(g, node, x, a)
    weight, bias = (a["weight"], a["bias"])
    affine = weight is not None
    settings = {"epsilon": epsilon}
    if statistics:
        if a["momentum"] is None:
            g.refuse(node, "a momentum", "none")
        settings["momentum"] = 1 - a["momentum"]
    weights = {}
    own = [g.bound(node, source, what) for source, what in ((weight, "weight"), (bias, "bias"))] if affine else [None, None]
    outside = affine and None in own
    if not affine or outside:
        settings["affine"] = False
    else:
        weights.update({"gamma": (own[0], _same), "beta": (own[1], _same)})
    if statistics:
        weights.update({"runningMean": (a["running_mean"], _same), "runningVariance": (a["running_var"], _same)})
    else:
        settings["statistics"] = False
    if x.layout.batch != 0:
        g.refuse(node, "samples along the first axis", "axis %s" % x.layout.batch)
    if x.layout.is_merged():
        count, channels = x.layout.before * x.layout.after, shape[1]
        taken = g.permute(node, g.as_sample(node, x, (count,) + shape[1:]), [1, 0] + list(range(2, len(shape))))
        flat = g.as_sample(node, taken, (channels, count * (shape[2] if len(shape) > 2 else 1)) + shape[3:])
        y = g.emit(node, "batchNorm", [flat], flat.layout, settings, weights, suffix="batchNorm")
        y = g.as_sample(node, y, (channels, count) + shape[2:])
        y = g.permute(node, y, [1, 0] + list(range(2, len(shape))))
        y = g.result(node, y, x.layout)
    else:
        y = g.emit(node, "batchNorm", [x], x.layout, settings, weights, suffix="normalize" if outside else None)
    if outside:
        y = _channel_affine(g, node, y, weight, bias)
    return [y] if "legit" in _name(node.target) else y


def _same(tensor):
    return tensor


def _frozen_norm(g, node, x, a):
    """Batch norm by its running statistics, in a network that is in training mode."""
    shape = (-1,) + (1,) * (len(x.layout.shape) - 2)
    mean, variance = (a[key].tensor.reshape(shape) for key in ("running_mean", "running_var"))
    taken, layout = g.broadcast(node, [x, Constant(mean)])
    centered = g.emit(node, "subtract", taken, layout, suffix="center")
    taken, _ = g.broadcast(node, [centered, Constant(1 / g.torch.sqrt(variance + a["eps"]))])
    y = g.emit(node, "multiply", taken, layout, suffix="normalize")
    return y if a["weight"] is None else _channel_affine(g, node, y, a["weight"], a["bias"])


def _channel_affine(g, node, y, weight, bias):
    """Times a weight and plus a bias of each channel, the second axis."""
    shape = (1, -1) + (1,) * (len(y.layout.shape) - 2)
    for kind, source in (("multiply", weight), ("add", bias)):
        if source is not None:
            if isinstance(source, Constant):
                source = Constant(source.tensor.reshape(shape[1:]))
            else:
                source = g.node_of(source, node)
                source = g.reshape(node, source, Layout((source.layout.shape[0],) + shape[2:], g.samples))
            taken, layout = g.broadcast(node, [y, source])
            y = g.emit(node, kind, taken, layout, suffix="affine")
    return g.result(node, y, y.layout)


@handles("layer_norm", "rms_norm")
def _layer_norm(g, node, a):
    x = g.node_of(a["input"], node)
    count = len(a["normalized_shape"])
    plain = _name(node.target) == "layer_norm"
    weight, bias = a["weight"], a.get("bias")
    if x.layout.batch is not None and x.layout.batch >= len(x.layout.shape) - count:
        g.refuse(node, "a norm within samples", "one over the axis along which samples lie")
    epsilon = a["eps"] if a["eps"] is not None else g.torch.finfo(g.torch.float64).eps
    settings, weights = {"epsilon": epsilon}, {}
    if count != len(x.layout.sample()):
        settings["axes"] = count
    own = None if weight is None else g.bound(node, weight, "weight")
    shift = None if bias is None else g.bound(node, bias, "bias")
    outside = weight is not None and own is None or bias is not None and shift is None
    if weight is None and bias is None or outside:
        settings["affine"] = False
    else:
        tensor = (own or shift).tensor
        weights["gamma"] = (own or Constant(g.torch.ones_like(tensor)), _same)
        if plain:
            weights["beta"] = (shift or Constant(g.torch.zeros_like(tensor)), _same)
    y = g.emit(node, "layerNorm" if plain else "rmsNorm", [x], x.layout, settings, weights,
               suffix="normalize" if outside else None)
    for kind, source in (("multiply", weight), ("add", bias)):
        if outside and source is not None:
            taken, layout = g.broadcast(node, [y, source])
            y = g.emit(node, kind, taken, layout, suffix="affine")
    return g.result(node, y, y.layout) if outside else y


@handles("group_norm", "instance_norm")
def _group_norm(g, node, a):
    x = g.require_samples_first(node, a["input"])
    group = _name(node.target) == "group_norm"
    settings, weights = {"epsilon": a["eps"]}, {}
    if group:
        settings = {"groups": a["num_groups"], "epsilon": a["eps"]}
    elif not a["use_input_stats"]:
        g.refuse(node, "an instance norm by each sample's statistics", "one by running statistics")
    own = [None if source is None else g.bound(node, source, "weight") for source in (a["weight"], a["bias"])]
    outside = a["weight"] is not None and None in own
    if a["weight"] is None or outside:
        settings.update({"affine": False} if group else {})
    else:
        weights = {"gamma": (own[0], _same), "beta": (own[1], _same)}
        settings.update({} if group else {"affine": True})
    y = g.emit(node, "groupNorm" if group else "instanceNorm", [x], x.layout, settings, weights,
               suffix="normalize" if outside else None)
    return _channel_affine(g, node, y, a["weight"], a["bias"]) if outside else y


# Recurrent layers


GATES = {"lstm": (4, [0, 1, 3, 2]), "gru": (3, [0, 1, 2]), "rnn": (1, [0])}


@handles("lstm", "gru", "rnn_tanh", "rnn_relu")
def _recurrent(g, node, a):
    name = _name(node.target)
    kind = name.split("_")[0]
    if "input" not in a or "has_biases" not in a:
        g.refuse(node, "sequences of one length", "packed ones")
    x = g.node_of(a["input"], node)
    first = bool(a["batch_first"])
    if x.layout.batch != (0 if first else 1) or x.layout.is_merged():
        g.refuse(node, "samples along axis %d" % (0 if first else 1), "layout %s" % (x.layout.shape,))
    if a["dropout"] and a["train"]:
        g.refuse(node, "no dropout between layers", "dropout=%s" % a["dropout"])
    states = list(a["hx"]) if isinstance(a["hx"], (list, tuple)) else [a["hx"]]
    given = not all(isinstance(state, Constant) and not bool(state.tensor.any()) for state in states)
    length = x.layout.shape[1 if first else 0]
    directions = 2 if a["bidirectional"] else 1
    each = 4 if a["has_biases"] else 2
    parameters = list(a["params"])
    path = module_path(node)[0]
    users = {user.args[1]: user for user in node.users if user.target is operator.getitem and user.users}
    cells, lasts, below = [], [], g.reshape(node, x, Layout((g.samples, length, x.layout.shape[2]), g.samples, 0))
    below = Node(below.name, Layout((g.samples, length, x.layout.shape[2]), g.samples, 0))
    for layer in range(a["num_layers"]):
        sides = []
        for direction in range(directions):
            index = layer * directions + direction
            if 2 in users and kind == "lstm":
                # A layer gives its sequence or its cell, not both.
                taken = [_state(g, node, state, index, len(states) and directions * a["num_layers"]) for state in states]
                side, last, cell = _lstm_by_steps(g, node, below, parameters[each * index:each * (index + 1)], taken,
                                                  bool(direction))
                sides.append(side)
                lasts.append(last)
                cells.append(cell)
                units = side.layout.shape[2]
                continue
            own = [g.require_bound(node, source, "weight") for source in parameters[each * index:each * (index + 1)]]
            gates, order = GATES[kind]
            units = own[1].tensor.shape[1]
            weights = {"Wx": (own[0], _gates(gates, order, True)), "Wh": (own[1], _gates(gates, order, True))}
            settings = {"units": units}
            if direction:
                settings["reverse"] = True
            settings["returns"] = "sequence"
            if kind == "rnn":
                settings["activation"] = name.split("_")[1]
            if a["has_biases"]:
                weights.update(b=(own[2], _gates(gates, order, False)), bh=(own[3], _gates(gates, order, False)))
                settings["recurrentBias"] = True
            else:
                weights["b"] = (Constant(g.torch.zeros(gates * units, dtype=g.torch.float64)), _same)
            taken = [below]
            if given:
                taken += [_state(g, node, state, index, directions * a["num_layers"]) for state in states]
            layout = Layout((g.samples, length, units), g.samples, 0)
            label = "%s.l%d%s" % (path, layer, "_reverse" if direction else "")
            if a["num_layers"] == directions == 1:
                label = path or kind
            side = g.emit(node, kind, taken, layout, settings, weights, name=label.strip("."), suffix="layer")
            sides.append(side)
            lasts.append(functools.partial(_selected, g, node, side, 1, 0 if direction else length - 1, suffix="last"))
        below = sides[0] if directions == 1 else g.emit(
            node, "concat", sides, Layout((g.samples, length, directions * units), g.samples, 0), {"axis": 1},
            suffix="concat")
    shape = (g.samples, length, directions * units) if first else (length, g.samples, directions * units)
    sequence = Node(below.name, Layout(shape, g.samples, 0 if first else 1))
    if 0 in users:
        g.show(sequence.name, users[0])
    layout = Layout((len(lasts), g.samples, units), g.samples, 1)
    last = _stacked(g, node, [part() for part in lasts], layout) if 1 in users else None
    if kind != "lstm":
        return [sequence, last]
    return [sequence, last, _stacked(g, node, [part() for part in cells], layout) if 2 in users else None]


def _stacked(g, node, parts, layout):
    """The states of all layers and directions, each of (samples, units), beside each other."""
    parts = [g.as_sample(node, part, layout.shape[2:]) for part in parts]
    if len(parts) > 1:
        return g.emit(node, "stack", parts, layout, {"axis": 0}, suffix="last")
    return g.reshape(node, parts[0], layout)


def _state(g, node, state, index, count):
    """What a layer begins with, of (samples, units)."""
    if isinstance(state, Constant):
        tensor = g._constant_of_sample(node, state.tensor, Layout(state.tensor.shape, g.samples, 1))
        return Node(g.node_of(Constant(tensor[index]), node).name, Layout((g.samples, tensor.shape[-1]), g.samples, 0))
    state = g.node_of(state, node)
    if state.layout.batch is None:
        state = Node(state.name, Layout((count, g.samples, state.layout.shape[-1]), g.samples, 1))
    return _selected(g, node, state, 0, index, suffix="state")


def _lstm_by_steps(g, node, x, parameters, states, reverse):
    """An LSTM, step by step; its sequence, and functions that give its last output and its last cell."""
    length = x.layout.shape[1]
    units = parameters[1].tensor.shape[1]

    def layout(*sample):
        return Layout((g.samples,) + sample, g.samples, 0)

    def affine(value, weight, bias, rows):
        turned = _permuted(g, node, weight, [1, 0], suffix="permute")
        product = g.emit(node, "matmul", [value, turned], layout(rows, 4 * units), suffix="matmul")
        return product if bias is None else g.emit(node, "add", [product, bias], product.layout, suffix="bias")

    biases = parameters[2:] or [None, None]
    inputs = affine(x, parameters[0], biases[0], length)
    hidden, cell = (g.as_sample(node, state, (1, units)) for state in states)
    outputs = []
    for step in reversed(range(length)) if reverse else range(length):
        now = _sliced(g, node, inputs, 1, step, step + 1, suffix="step")
        gates = g.emit(node, "add", [now, affine(hidden, parameters[1], biases[1], 1)], layout(1, 4 * units), suffix="gates")
        parts = []
        for index, kind in enumerate(("sigmoid", "sigmoid", "tanh", "sigmoid")):
            part = _sliced(g, node, gates, 2, index * units, (index + 1) * units, suffix="gate")
            parts.append(g.emit(node, kind, [part], layout(1, units), suffix=kind))
        kept = g.emit(node, "multiply", [parts[1], cell], layout(1, units), suffix="kept")
        new = g.emit(node, "multiply", [parts[0], parts[2]], layout(1, units), suffix="new")
        cell = g.emit(node, "add", [kept, new], layout(1, units), suffix="cell")
        squashed = g.emit(node, "tanh", [cell], layout(1, units), suffix="tanh")
        hidden = g.emit(node, "multiply", [parts[3], squashed], layout(1, units), suffix="hidden")
        outputs.append(hidden)
    outputs = outputs[::-1] if reverse else outputs
    whole = outputs[0]
    if length > 1:
        whole = g.emit(node, "concat", outputs, layout(length, units), {"axis": 0}, suffix="sequence")
    return whole, lambda: hidden, lambda: cell


def _gates(count, order, matrix):
    """Turns torch's weights of gates into ours: (in, gates * units), in our order of the gates."""
    def turn(tensor):
        parts = tensor.reshape((count, -1) + tuple(tensor.shape[1:]))[order]
        parts = parts.reshape((-1,) + tuple(tensor.shape[1:]))
        return parts.T if matrix else parts
    return turn


# What layers mean


def _moving(torch, s, x, axis):
    """The axis of a batch that an axis of a sample is."""
    return axis + 1 if axis >= 0 else axis


def _axes(s):
    return [axis + 1 if axis >= 0 else axis for axis in s["axes"]]


def _reduction(name):
    def meaning(torch, s, xs, p):
        return getattr(torch, name)(xs[0], dim=_axes(s), keepdim=s.get("keep", False))
    return meaning


def _aligned(xs):
    """Batches whose samples have as many axes."""
    rank = max(x.dim() for x in xs)
    return [x.reshape(x.shape[:1] + (1,) * (rank - x.dim()) + x.shape[1:]) for x in xs]


def _folded(function):
    """Of operations elementwise: of two or more."""
    def meaning(torch, s, xs, p):
        result, *others = _aligned(xs)
        for other in others:
            result = getattr(torch, function)(result, other)
        return result
    return meaning


def _elementwise(function):
    return lambda torch, s, xs, p: function(torch, xs[0], s)


def _f(name, *settings):
    return lambda torch, s, xs, p: getattr(torch.nn.functional, name)(xs[0], *[s[key] for key in settings])


def _plain(name):
    return lambda torch, s, xs, p: getattr(torch, name)(xs[0])


def _mean_dense(torch, s, xs, p):
    x = xs[0] if s.get("last") else xs[0].flatten(1)
    return torch.nn.functional.linear(x, p["W"].T, p.get("b"))


def _mean_conv(torch, s, xs, p):
    axes = p["W"].dim() - 2
    function = getattr(torch.nn.functional, "conv%dd" % axes)
    padding = "same" if s.get("same") else s.get("padding", 0)
    return function(xs[0], p["W"], p.get("b"), s.get("stride", 1), padding, s.get("dilation", 1), s.get("groups", 1))


def _mean_conv_transpose(torch, s, xs, p):
    function = getattr(torch.nn.functional, "conv_transpose%dd" % (p["W"].dim() - 2))
    return function(xs[0], p["W"], p.get("b"), s.get("stride", 1), s.get("padding", 0), s.get("outputPadding", 0),
                    s.get("groups", 1), s.get("dilation", 1))


def _mean_max_pool(axes):
    def meaning(torch, s, xs, p):
        function = getattr(torch.nn.functional, "max_pool%dd" % axes)
        return function(xs[0], s["size"], s["stride"], s.get("padding", 0), s.get("dilation", 1), s.get("ceil", False))
    return meaning


def _mean_average_pool(axes):
    def meaning(torch, s, xs, p):
        function = getattr(torch.nn.functional, "avg_pool%dd" % axes)
        return function(xs[0], s["size"], s["stride"], s.get("padding", 0), s.get("ceil", False), s.get("countPadding", True))
    return meaning


def _mean_pad(torch, s, xs, p):
    x, axis = xs[0], s["axis"] + 1
    mode, amounts = s.get("mode", "constant"), [s["before"], s["after"]]
    if mode == "constant":
        return torch.nn.functional.pad(x, [0, 0] * (x.dim() - 1 - axis) + amounts, value=s.get("value", 0.0))
    places = torch.arange(x.shape[axis], dtype=torch.float64).reshape(1, 1, -1)
    index = torch.nn.functional.pad(places, amounts, mode=mode).reshape(-1).long()
    return x.index_select(axis, index)


def _mean_batch_norm(torch, s, xs, p):
    x = xs[0]
    statistics = s.get("statistics", True)
    running = (p["runningMean"].clone(), p["runningVariance"].clone()) if statistics else (None, None)
    return torch.nn.functional.batch_norm(x, *running, p.get("gamma"), p.get("beta"), not statistics or s["training"],
                                          1 - s["momentum"] if statistics else 0.1, s["epsilon"])


def _mean_layer_norm(torch, s, xs, p):
    x = xs[0]
    count = s.get("axes", 0) or x.dim() - 1
    return torch.nn.functional.layer_norm(x, x.shape[-count:], p.get("gamma"), p.get("beta"), s["epsilon"])


def _mean_rms_norm(torch, s, xs, p):
    x = xs[0]
    count = s.get("axes", 0) or x.dim() - 1
    return torch.nn.functional.rms_norm(x, x.shape[-count:], p.get("gamma"), s["epsilon"])


def _mean_attention(torch, s, xs, p):
    mask = xs[3] if len(xs) > 3 else None
    query, key, value = xs[:3]
    if mask is not None:
        mask = _aligned([query, mask])[1]
    return torch.nn.functional.scaled_dot_product_attention(query, key, value, mask, 0.0, s.get("causal", False),
                                                            scale=s.get("scale"))


def _mean_resize(torch, s, xs, p):
    corners = None if s["mode"] == "nearest" else s.get("alignCorners", False)
    return torch.nn.functional.interpolate(xs[0], size=s["size"], mode=s["mode"], align_corners=corners)


def _mean_recurrent(kind):
    def meaning(torch, s, xs, p):
        x, states = xs[0], xs[1:]
        gates, order = GATES[kind]
        units = s["units"]
        back = [order.index(gate) for gate in range(gates)]

        def theirs(tensor):
            parts = tensor.reshape((gates, units) + tuple(tensor.shape[1:]))[back]
            return parts.reshape((-1,) + tuple(tensor.shape[1:]))

        weights = [theirs(p["Wx"].T), theirs(p["Wh"].T), theirs(p["b"]),
                   theirs(p["bh"]) if "bh" in p else torch.zeros_like(p["b"])]
        states = list(states) or [x.new_zeros(x.shape[0], units)] * (2 if kind == "lstm" else 1)
        hidden = tuple(state[None] for state in states)
        if s.get("reverse"):
            x = x.flip(1)
        if kind == "rnn":
            function = torch._VF.rnn_tanh if s.get("activation", "tanh") == "tanh" else torch._VF.rnn_relu
        else:
            function = getattr(torch._VF, kind)
        result = function(x, hidden if kind == "lstm" else hidden[0], weights, True, 1, 0.0, False, False, True)[0]
        return result.flip(1) if s.get("reverse") else result
    return meaning


def _mean_upsample(torch, s, xs, p):
    return xs[0].repeat_interleave(s["factor"][0], 2).repeat_interleave(s["factor"][1], 3)


def _given(name):
    return lambda torch, s, xs, p: p[name][None].expand((s["samples"],) + tuple(p[name].shape))


def _clamped(torch, x, s):
    return torch.clamp(x, s.get("min"), s.get("max"))


def _mean_prelu(torch, s, xs, p):
    return torch.nn.functional.prelu(xs[0], p["alpha"])


# What each type of layer means, in functions of torch: of settings, inputs and own parameters. Batches come first.
MEANINGS = {
    "dense": _mean_dense, "conv1d": _mean_conv, "conv2d": _mean_conv, "convTranspose1d": _mean_conv_transpose,
    "convTranspose2d": _mean_conv_transpose, "maxPool1d": _mean_max_pool(1), "maxPool2d": _mean_max_pool(2),
    "averagePool1d": _mean_average_pool(1), "averagePool2d": _mean_average_pool(2),
    "adaptiveAveragePool1d": _f("adaptive_avg_pool1d", "size"), "adaptiveAveragePool2d": _f("adaptive_avg_pool2d", "size"),
    "adaptiveMaxPool1d": _f("adaptive_max_pool1d", "size"), "adaptiveMaxPool2d": _f("adaptive_max_pool2d", "size"),
    "upsample2d": _mean_upsample, "resize2d": _mean_resize, "pixelShuffle": _f("pixel_shuffle", "factor"),
    "pixelUnshuffle": _f("pixel_unshuffle", "factor"),
    "batchNorm": _mean_batch_norm, "layerNorm": _mean_layer_norm, "rmsNorm": _mean_rms_norm,
    "groupNorm": lambda torch, s, xs, p: torch.nn.functional.group_norm(xs[0], s["groups"], p.get("gamma"), p.get("beta"),
                                                                        s["epsilon"]),
    "instanceNorm": lambda torch, s, xs, p: torch.nn.functional.instance_norm(xs[0], weight=p.get("gamma"),
                                                                             bias=p.get("beta"), eps=s["epsilon"]),
    "relu": _plain("relu"), "sigmoid": _plain("sigmoid"), "tanh": _plain("tanh"), "exp": _plain("exp"), "log": _plain("log"),
    "sqrt": _plain("sqrt"), "rsqrt": _plain("rsqrt"), "abs": _plain("abs"), "negate": _plain("neg"), "sin": _plain("sin"),
    "cos": _plain("cos"), "reciprocal": _plain("reciprocal"), "selu": _plain("selu"),
    "relu6": _f("relu6"), "silu": _f("silu"), "mish": _f("mish"), "hardSwish": _f("hardswish"),
    "hardSigmoid": _f("hardsigmoid"), "logSigmoid": _f("logsigmoid"), "softsign": _f("softsign"), "gelu": _f("gelu"),
    "geluTanh": _elementwise(lambda torch, x, s: torch.nn.functional.gelu(x, approximate="tanh")),
    "leakyRelu": _f("leaky_relu", "alpha"), "elu": _f("elu", "alpha"), "celu": _f("celu", "alpha"),
    "hardTanh": _f("hardtanh", "min", "max"), "clamp": _elementwise(_clamped), "prelu": _mean_prelu,
    "softplus": _elementwise(lambda torch, x, s: torch.nn.functional.softplus(x, s.get("beta", 1.0),
                                                                              s.get("threshold", float("inf")))),
    "glu": lambda torch, s, xs, p: torch.nn.functional.glu(xs[0], s["axis"] + 1),
    "softmax": lambda torch, s, xs, p: torch.softmax(xs[0], s["axis"] + 1 if "axis" in s else -1),
    "logSoftmax": lambda torch, s, xs, p: torch.log_softmax(xs[0], s["axis"] + 1 if "axis" in s else -1),
    "pow": _elementwise(lambda torch, x, s: torch.pow(x, s["exponent"])),
    "scale": _elementwise(lambda torch, x, s: x * s["factor"]), "shift": _elementwise(lambda torch, x, s: x + s["offset"]),
    "add": _folded("add"), "subtract": _folded("sub"), "multiply": _folded("mul"), "divide": _folded("div"),
    "maximum": _folded("maximum"), "minimum": _folded("minimum"),
    "matmul": lambda torch, s, xs, p: torch.matmul(*_aligned(xs)),
    "mean": _reduction("mean"), "sum": _reduction("sum"), "max": _reduction("amax"), "min": _reduction("amin"),
    "constant": _given("constant"), "parameter": _given("value"),
    "dropout": lambda torch, s, xs, p: xs[0], "dropout2d": lambda torch, s, xs, p: xs[0],
    "flatten": lambda torch, s, xs, p: xs[0].flatten(1),
    "reshape": lambda torch, s, xs, p: xs[0].reshape(xs[0].shape[:1] + tuple(s["shape"])),
    "permute": lambda torch, s, xs, p: xs[0].permute([0] + [axis + 1 for axis in s["axes"]]),
    "expand": lambda torch, s, xs, p: xs[0].expand(xs[0].shape[:1] + tuple(s["shape"])) if len(s["shape"]) == (
        xs[0].dim() - 1) else _aligned([xs[0], xs[0].new_empty((1,) * (len(s["shape"]) + 1))])[0].expand(
            xs[0].shape[:1] + tuple(s["shape"])),
    "repeat": lambda torch, s, xs, p: torch.cat([xs[0]] * s["times"], s["axis"] + 1),
    "slice": lambda torch, s, xs, p: xs[0][(slice(None),) * (s["axis"] + 1) + (
        slice(s["start"], s["end"], s.get("step", 1)),)],
    "select": lambda torch, s, xs, p: xs[0].select(s["axis"] + 1, s["index"]),
    "concat": lambda torch, s, xs, p: torch.cat(xs, s["axis"] + 1),
    "stack": lambda torch, s, xs, p: torch.stack(xs, s["axis"] + 1),
    "gather": lambda torch, s, xs, p: xs[0].index_select(s["axis"] + 1, p["index"].long()),
    "pad": _mean_pad,
    "roll": lambda torch, s, xs, p: torch.roll(xs[0], s["shift"], s["axis"] + 1),
    "embedding": lambda torch, s, xs, p: torch.nn.functional.embedding(xs[0], p["W"], s.get("padding")),
    "attention": _mean_attention,
    "lstm": _mean_recurrent("lstm"), "gru": _mean_recurrent("gru"), "rnn": _mean_recurrent("rnn"),
}


# Numbers


class Model:
    """A model, what it is called with, its trace and its translation.

    arguments: tensors; names: theirs in the network file. keyword: whether these are the names of forward's parameters.
    results: tensors that the model returned, by their places among all it returned. outputs: values of the network file
    by the same places.
    """

    def __init__(self, torch, model, arguments, names, keyword=False, forward_only=False, within=contextlib.nullcontext):
        """within: makes a context in which the model is called and traced."""
        self.within = within
        self.torch, self.model, self.names, self.keyword = torch, model, names, keyword
        self.arguments, self.samples, self.forward_only = arguments, len(arguments[0]), forward_only
        self.parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
        self.call()

    def fresh(self):
        """A copy of the model that has the same parameters, but buffers and whatever it remembers of its own."""
        return copy.deepcopy(self.model, {id(parameter): parameter for parameter in self.model.parameters()})

    def leaves(self):
        """The arguments anew; gradients come back to those that are real numbers."""
        return [argument.detach().clone().requires_grad_(argument.is_floating_point() and not self.forward_only)
                for argument in self.arguments]

    def call(self):
        """Calls a copy of the model; notes its results, and returns them and what it was called with."""
        arguments = self.leaves()
        given = [argument.detach().clone() for argument in arguments]
        self.torch.manual_seed(SEED)
        try:
            model = self.fresh()
            with self.torch.set_grad_enabled(not self.forward_only), self.within():
                returned = model(**dict(zip(self.names, arguments))) if self.keyword else model(*arguments)
        except Exception as failure:
            shapes = ", ".join(str(tuple(argument.shape)) for argument in arguments)
            raise RecordingError("from_torch: expected a model that takes the batch of shape %s but got %s"
                                 % (shapes, record._line(failure))) from None
        for before, after in zip(given, arguments):
            if not self.torch.equal(before, after.detach()) and not bool(before.isnan().any()):
                raise RecordingError("from_torch: expected a model that leaves its input as it is")
        import torch.utils._pytree as pytree
        leaves = pytree.tree_leaves(returned, is_leaf=lambda leaf: leaf is None)
        results = {index: leaf for index, leaf in enumerate(leaves)
                   if isinstance(leaf, self.torch.Tensor) and leaf.is_floating_point()}
        if not results:
            raise RecordingError("from_torch: expected a model with numbers as its result but got %s"
                                 % type(returned).__name__)
        for index, result in results.items():
            if result.dtype != self.torch.float64:
                raise RecordingError("from_torch: expected float64 as result %d, or to be recorded with widen=True, but got %s"
                                     % (index, result.dtype))
        before = getattr(self, "results", None)
        self.results = {index: result.detach() for index, result in results.items()}
        if before is not None and (set(before) != set(results) or not all(
                record._same_bits(record._numpy(before[index]), record._numpy(self.results[index])) for index in before)):
            raise RecordingError("from_torch: expected the same numbers from a second call but got others: something in "
                                 "the model is random, or remembers")
        return results, arguments

    def translate(self):
        torch = self.torch
        plain = [argument.detach().clone() for argument in self.arguments]
        with torch.set_grad_enabled(not self.forward_only), self.within():
            self.trace = Trace(torch, self.fresh(), self.fresh(), *(((), dict(zip(self.names, plain))) if self.keyword else
                                                                   (plain, {})))
        # An input whose first axis is not that of samples is the same for each.
        self.trace.dynamic = {name for name, argument in zip(self.trace.inputs, plain)
                              if argument.dim() and len(argument) == self.samples}
        torch.manual_seed(SEED)
        self.traced_leaves = self.leaves()
        with torch.set_grad_enabled(not self.forward_only):
            traced = dict(enumerate(self.trace.run(self.traced_leaves)))
        self.translation = Translation(torch, self.model, self.trace, self.samples)
        self.outputs = {}
        for index, value in enumerate(self.translation.translate(self.names)):
            if value is not None and index in self.results and value.name not in [
                    known.name for known in self.outputs.values()]:
                self.outputs[index] = value
        if not self.outputs:
            raise RecordingError("from_torch: expected a model that computes something of its inputs but got %s"
                                 % type(self.model).__name__)
        self.traced = {index: traced[index] for index in self.outputs}
        self.translation.prune([value.name for value in self.outputs.values()])
        for layer in self.translation.layers:
            if layer["type"] not in MEANINGS:
                raise RecordingError("layer %r: expected a type with a meaning but got %r" % (layer["name"], layer["type"]))
        return self

    def inputs(self):
        """Batches of samples by name, dropout's masks included; new ones."""
        return {given["name"]: self.translation.batches[given["name"]].clone() for given in self.translation.inputs}


def claimed(model, leaves, inputs):
    """What the network file says: the values of all nodes by name, and for each layer the aliases of its inputs.

    leaves: parameters in our layout by name.
    """
    torch, translation = model.torch, model.translation
    values, edges = dict(inputs), {}
    owned = {}
    for key, leaf in leaves.items():
        name, _, last = key.rpartition("/")
        owned.setdefault(name, {})[last] = leaf
    for layer in translation.layers:
        taken = []
        for name in layer["inputs"]:
            tensor = values[name]
            if tensor.requires_grad:
                tensor = tensor.view_as(tensor)
                tensor.retain_grad()
            taken.append(tensor)
        edges[layer["name"]] = taken
        settings = dict(layer, training=translation.mode == "training", samples=translation.samples)
        if layer["type"] not in MEANINGS:
            raise RecordingError("layer %r: expected a type with a meaning but got %r" % (layer["name"], layer["type"]))
        result = MEANINGS[layer["type"]](torch, settings, taken, owned.get(layer["name"], {}))
        expected = (translation.samples,) + translation.layouts[layer["name"]].sample()
        if tuple(result.shape) != expected:
            raise RecordingError("layer %r: expected a result of shape %s but %s gives %s"
                                 % (layer["name"], expected, layer["type"], tuple(result.shape)))
        values[layer["name"]] = result
    return values, edges


class Numbers:
    """What a model computes: results by their places, loss, and gradients of inputs by name and of parameters by identity;
    outputs of layers and gradients of their inputs, both by the names that cases have for them, in our layouts.

    loss: a function of results by place; None for the way forward only.
    """

    def __init__(self, model, loss=None):
        self.loss, self.inputs, self.parameters = None, {}, {}
        results, arguments = model.call()
        self.results = {index: results[index].detach() for index in model.outputs}
        self._clear(model)
        if loss is not None:
            value = loss({index: results[index] for index in model.outputs})
            self._backward(value)
            self.loss = value.detach()
            self.inputs = {name: argument.grad for name, argument in zip(model.names, arguments)}
            self.parameters = {id(parameter): parameter.grad for parameter in model.parameters}
        self._clear(model)
        gradients = list(self.inputs.values()) + list(self.parameters.values())
        self.largest = max([float(gradient.abs().nan_to_num(0, 0, 0).max()) for gradient in gradients
                            if gradient is not None and gradient.numel()], default=0.0)
        self._compare_trace(model, loss)
        self.outputs, self.gradients = {}, {}
        layers = {layer["name"]: layer for layer in model.translation.layers}
        for name, node in model.translation.shown.items():
            self.outputs[name] = model.translation.layouts[name].ours(model.trace.values[node].detach())
            if loss is not None:
                self.gradients.update(_edge_gradients(model, layers[name], model.translation.operations[name]))

    @staticmethod
    def _backward(value):
        try:
            value.backward()
        except RuntimeError as failure:
            raise RecordingError("from_torch: expected a model that gradients come back through but got %s"
                                 % record._line(failure)) from None

    @staticmethod
    def _clear(model):
        for parameter in model.model.parameters():
            parameter.grad = None

    def _compare_trace(self, model, loss):
        """Requires the traced operations to give what the model itself gives."""
        for index, result in self.results.items():
            _require_near("result %d" % index, "the traced operations' to be the model's", model.traced[index], result)
        if loss is None:
            return
        self._backward(loss(model.traced))
        for name, leaf in zip(model.names, model.traced_leaves):
            self.require_gradient("result %r" % ("d" + name), self.inputs[name], leaf.grad)
        for path, parameter in model.model.named_parameters():
            if parameter.requires_grad:
                self.require_gradient("result %r" % path, self.parameters[id(parameter)], parameter.grad)
        self._clear(model)

    def require_gradient(self, place, wanted, found):
        if wanted is None and found is None:
            return
        wanted = found.new_zeros(found.shape) if wanted is None else wanted
        found = wanted.new_zeros(wanted.shape) if found is None else found
        _require_near(place, "the gradient to be what the network file says", found, wanted, 1e-3 * self.largest)


def _edge_gradients(model, layer, node):
    """The gradients that an operation gives for its inputs, by the names that a case has for them."""
    translation, trace, found = model.translation, model.trace, {}
    taken = layer["inputs"]
    for index, name in enumerate(taken):
        arguments = [argument for argument in node.all_input_nodes
                     if getattr(translation.taken.get((node, argument)), "name", None) == name]
        if len(arguments) != 1 or taken.count(name) != 1:
            continue
        aliases = trace.edges.get((node, arguments[0]), [])
        layout = translation.taken[node, arguments[0]].layout
        # What broadcasting does anyway is not in our layout.
        if len(aliases) != 1 or aliases[0].grad is None or layout.batch is None or aliases[0].shape != layout.shape:
            continue
        name = layer["name"] if len(taken) == 1 else "%s[%d]" % (layer["name"], index)
        found[name] = index, layout.ours(aliases[0].grad)
    return found


# How many elements are compared at a time.
CHUNK = 1 << 22


def _require_near(place, expected, found, wanted, scale=0.0):
    """Compares two tensors, chunk by chunk, since there may be little memory left."""
    found, wanted = found.detach(), wanted.detach()
    if found.shape == wanted.shape and bool((found == wanted).all()):
        return
    far = found.shape != wanted.shape
    parts = [[]] if far else list(zip(found.reshape(-1).split(CHUNK), wanted.reshape(-1).split(CHUNK)))
    largest = 0.0 if far else max(record._largest(other.numpy()) for _, other in parts)
    distance = CLAIM * max(scale, largest)
    if far or not all(record._is_near(other.numpy(), part.numpy(), distance) for part, other in parts):
        worst = math.inf if far else max(float(abs(part - other).max()) for part, other in parts)
        raise RecordingError("%s: expected %s but the model gives other numbers, by up to %.3g of %.3g"
                             % (place, expected, worst, largest))


class Claim:
    """What the network file says, computed anew: outputs of layers and results by place, loss, and gradients by what a case
    calls them, ("expected", "dx") or ("input_gradients", "layer"), all in the layouts of the model."""

    def __init__(self, model, own, loss):
        torch, translation = model.torch, model.translation
        inputs = model.inputs()
        for name, tensor in inputs.items():
            tensor.requires_grad_(loss is not None and name in model.names and (
                model.arguments[model.names.index(name)].is_floating_point()))
        parameters = {id(parameter): parameter for parameter in model.model.parameters()}
        own._clear(model)
        with torch.set_grad_enabled(loss is not None):
            leaves = {key: turn(parameters.get(id(tensor), tensor)) for key, (_, tensor, turn) in (
                translation.weights.items())}
            self.values, edges = claimed(model, leaves, inputs)
            self.results = {index: value.layout.theirs(self.values[value.name]) for index, value in model.outputs.items()}
            self.loss, self.gradients = None, {}
            if loss is None:
                return
            value = loss(self.results)
            own._backward(value)
        self.loss = value.detach()
        for name in own.inputs:
            if name in inputs:
                self.gradients["expected", "d" + name] = inputs[name].grad
        for key, (path, tensor, _) in translation.weights.items():
            if id(tensor) in own.parameters:
                self.gradients["expected", key] = parameters[id(tensor)].grad
        for name, (index, _) in own.gradients.items():
            self.gradients["input_gradients", name] = edges[name.split("[")[0]][index].grad
        own._clear(model)


def prove(model, own, loss=None):
    """Computes the network file anew, and requires it to give the model's numbers; returns the claim."""
    translation, claim = model.translation, Claim(model, own, loss)
    for name, tensor in own.outputs.items():
        _require_near("layer %r" % name, "its output to be what the network file says", claim.values[name], tensor)
    for index, wanted in own.results.items():
        _require_near("result %d" % index, "it to be what the network file says", claim.results[index], wanted)
    if loss is None:
        return claim
    _require_near("result 'loss'", "it to be what the network file says", claim.loss, own.loss)
    for name, gradient in own.inputs.items():
        if ("expected", "d" + name) in claim.gradients:
            own.require_gradient("result %r" % ("d" + name), gradient, claim.gradients["expected", "d" + name])
    for key, (path, tensor, _) in translation.weights.items():
        if id(tensor) in own.parameters:
            own.require_gradient("result %r" % key, own.parameters[id(tensor)], claim.gradients["expected", key])
    for name, (_, gradient) in own.gradients.items():
        own.require_gradient("layer %r" % name, gradient, claim.gradients["input_gradients", name])
    return claim


def _hard_sigmoid(torch, settings, inputs, parameters):
    """With its derivative; that of torch's own is float32's 1/6, also for float64."""
    class HardSigmoid(torch.autograd.Function):
        @staticmethod
        def forward(context, x):
            context.save_for_backward(x)
            return torch.nn.functional.hardsigmoid(x)

        @staticmethod
        def backward(context, dout):
            x, = context.saved_tensors
            return torch.where((x > -3) & (x < 3), dout / 6, torch.zeros_like(dout))
    return HardSigmoid.apply(inputs[0])


# Meanings with right gradients, where torch's are off by more than rounding, and why.
MENDED = {"hardSigmoid": (_hard_sigmoid, "torch multiplies hardsigmoid's gradient by float32's 1/6, in float64 too, which is "
                          "off by 2.98e-8 of itself; exact gradients are as far from these as this allows")}


def matches(model, own, loss, claim):
    """Matches and reasons of gradients that torch's derivatives make wrong, by what a case calls them.

    They allow what right derivatives change, and the rounding that the proof allows.
    """
    kinds = [kind for kind in MENDED if any(layer["type"] == kind for layer in model.translation.layers)]
    if loss is None or not kinds:
        return {}
    kept = {kind: MEANINGS[kind] for kind in kinds}
    MEANINGS.update((kind, MENDED[kind][0]) for kind in kinds)
    try:
        mended = Claim(model, own, loss)
    finally:
        MEANINGS.update(kept)
    found = {}
    for name, gradient in claim.gradients.items():
        right = mended.gradients[name]
        if gradient is not None and right is not None and not bool((gradient == right).all()):
            largest = float(gradient.abs().max())
            allowed = float((gradient - right).abs().max()) + CLAIM * largest
            found[name] = {"rtol": 0, "atol": float("%.2g" % (1.1 * allowed))}, "; ".join(MENDED[kind][1] for kind in kinds)
    return found


# Recording


def record_model(torch, model, name, folder, arguments, names, keyword, ends, match, reason, forward_only, drawn, sampling,
                 widen=False, layers=True):
    """Records a model that is a copy already, in float64, in whose calls dropout draws from SEED.

    arguments: tensors; names: theirs. ends: labels, targets, upstream, loss and l2 by name. drawn: the seed of weights that
    are drawn, or None. sampling: how many elements of a tensor are kept, and a seed; None: all. widen: whether the model gets
    float64 where it asks for less. layers: whether what layers give is kept.
    """
    given = (torch, model, arguments, names, keyword, forward_only) + ((functools.partial(widened, torch),) if widen else ())
    with torch.random.fork_rng(devices=[]):
        translated = Model(*given).translate()
        weights = None
        if drawn is not None:
            weights = {"seed": drawn, "kept": _draw(translated, drawn)}
            translated = Model(*given).translate()
        loss, start = (None, {}) if forward_only else _start(translated, **ends)
        own = Numbers(translated, loss)
        claim = prove(translated, own, loss)
        others = matches(translated, own, loss, claim) if match == record.FRAMEWORK_MATCH else {}
        translation = translated.translation
        network = _network(translated, ends, forward_only)
        inputs = {key: record._numpy(tensor) for key, tensor in translated.inputs().items()}
        inputs.update(start)
        record.record_network(
            name, folder, network, _weights(translation), inputs, _expected(translated, own, network, ends),
            {key: record._numpy(tensor) for key, tensor in own.outputs.items() if layers},
            {key: record._numpy(tensor) for key, (_, tensor) in own.gradients.items() if layers}, translation.mode, match=match,
            reason=reason, notes={"torch": torch.__version__}, drawn=weights, sampling=sampling,
            matches=others)


def _start(translated, labels, targets, upstream, loss, l2):
    """What gradients start from: a function of the results by place, and arrays of the case."""
    torch = translated.torch
    places = list(translated.outputs)
    first = translated.results[places[0]]
    if loss is not None or labels is not None or targets is not None or l2:
        given = record._torch_inputs(first, labels, targets, upstream, loss)
        value = translated.outputs[places[0]]
        if value.layout.batch != 0 or value.layout.is_merged():
            raise RecordingError("loss: expected scores with samples along the first axis but got %s" % (first.shape,))
        tensors = {key: torch.tensor(array) for key, array in given.items()}
        function = record._torch_loss(torch, loss)
        penalized = [tensor for key, (_, tensor, _) in translated.translation.weights.items()
                     if l2 and key.rpartition("/")[2].startswith("W")]

        def start(results):
            found = function(results[places[0]], tensors.get("labels", tensors.get("targets")))
            for tensor in penalized:
                found = found + 0.5 * l2 * (tensor * tensor).sum()
            return found
        return start, given
    given = upstream if isinstance(upstream, (tuple, list)) else [upstream] + [None] * (len(places) - 1)
    if len(given) != len(places):
        raise RecordingError("upstream: expected one for each of %d results but got %d" % (len(places), len(given)))
    starts, parts = {}, []
    for place, array in zip(places, given):
        checked = record._torch_inputs(translated.results[place], None, None, array, None)["upstream"]
        starts[place] = torch.tensor(checked)
        parts.append(translated.outputs[place].layout.ours(starts[place]))
    if len(parts) > 1:
        parts = [torch.cat([part.flatten(1) for part in parts], 1)]
    return (lambda results: sum((results[place] * starts[place]).sum() for place in places)), {
        "upstream": record._numpy(parts[0].contiguous())}


# The output of a network of several, from which all gradients start.
ALL = "outputs"


def _network(translated, ends, forward_only):
    """The network file."""
    translation = translated.translation
    outputs = [value.name for value in translated.outputs.values()]
    layers = [dict(layer) for layer in translation.layers]
    if len(outputs) > 1 and ends["loss"] is None and not forward_only:
        flat = []
        for name in outputs:
            flat.append(name)
            if len(translation.layouts[name].sample()) > 1:
                flat[-1] = translation._unique(name + ".flatten")
                layers.append({"type": "flatten", "name": flat[-1], "inputs": [name]})
        whole = translation._unique(ALL)
        layers.append({"type": "concat", "name": whole, "inputs": flat, "axis": 0})
        outputs.insert(0, whole)
    before = translation.inputs[0]["name"] if translation.inputs else None
    for layer in layers:
        if layer["inputs"] == [before]:
            del layer["inputs"]
        before = layer["name"]
    network = {"format": "allclose-network/2", "inputs": translation.inputs,
               "layers": [dict({"type": layer["type"], "name": layer["name"]}, **layer) for layer in layers]}
    if outputs != [layers[-1]["name"]]:
        network["outputs"] = outputs
    if ends["loss"] is not None:
        network["loss"] = record.loss_described(ends["loss"])
    if ends["l2"]:
        network["l2"] = ends["l2"]
    return network


def _weights(translation):
    return {key: record._numpy(turn(tensor)).astype("float64") for key, (_, tensor, turn) in translation.weights.items()}


def _expected(translated, own, network, ends):
    """The results of a case."""
    torch, translation = translated.torch, translated.translation
    arrays = [value.layout.ours(own.results[place]) for place, value in translated.outputs.items()]
    names = [value.name for value in translated.outputs.values()]
    expected = {}
    if network.get("outputs", names[:1])[0] not in names:
        expected["scores"] = record._numpy(torch.cat([array.flatten(1) for array in arrays], 1))
        expected.update((name, record._numpy(array)) for name, array in zip(names, arrays))
    else:
        expected["scores"] = record._numpy(arrays[0])
        expected.update((name, record._numpy(array)) for name, array in zip(names[1:], arrays[1:]))
    if own.loss is None:
        return expected
    if ends["loss"] is not None:
        expected["loss"] = record._numpy(own.loss)
    named = {given["name"] for given in translation.inputs}
    for name, gradient in own.inputs.items():
        argument = translated.arguments[translated.names.index(name)]
        if name in named and argument.is_floating_point():
            expected["d" + name] = record._numpy(torch.zeros_like(argument) if gradient is None else gradient)
    for key, (_, tensor, turn) in translation.weights.items():
        if id(tensor) in own.parameters:
            gradient = own.parameters[id(tensor)]
            expected[key] = record._numpy(turn(torch.zeros_like(tensor) if gradient is None else gradient))
    return expected


def _draw(translated, seed):
    """Gives the model weights that are drawn as drawn_weights says; returns the names of those that are not drawn."""
    torch, translation = translated.torch, translated.translation
    originals = {path: tensor for path, tensor in list(translated.model.named_parameters(remove_duplicate=False)) + list(
        translated.model.named_buffers(remove_duplicate=False))}
    shapes, kept = {}, []
    for key, (path, tensor, turn) in translation.weights.items():
        shapes[key] = tuple(turn(tensor).shape)
        if path not in originals:
            kept.append(key)
    arrays = record.drawn_weights(shapes, seed, kept)
    with torch.no_grad():
        for key, array in arrays.items():
            path, _, turn = translation.weights[key]
            tensor = originals[path]
            # Where each element of the model's own parameter is found in ours.
            places = turn(torch.arange(tensor.numel(), dtype=torch.float64).reshape(tensor.shape)).reshape(-1).long()
            tensor.view(-1)[places] = torch.tensor(array).reshape(-1)
    return kept
