"""Records any Keras model on TensorFlow: what from_keras of allclose_record does with a model whose layers form no chain.

A functional model is a graph of operations; of a model or a layer that has a call of its own, Keras makes such a graph, where
the call consists of layers and of keras.ops. Each operation becomes a node of a network file, or several.

Keras has channels on the last axis, allclose on the first one of a sample. What comes out of convolutions and their kind is
'turned' here, with the channels first, and stays so for what does not care; before everything else a node of the type
'permute' turns it back. Images that go in are turned.

The numbers are the model's own: model(x) gives scores, and TensorFlow's tape the gradients; running its operations one by one
gives what is between them, and has to give the same scores. Before anything is written, the network file is computed anew,
each layer by what its type means, and has to give the same numbers.
"""
import math

import allclose_record as record
from allclose_record import RecordingError

CLAIM = record.REORDERED_CLAIM
HANDLERS = {}


def handles(*kinds):
    """Registers the translation of layers, or of operations, by the names of their classes."""
    def register(function):
        HANDLERS.update((kind, function) for kind in kinds)
        return function
    return register


class Value:
    """What a node of the network file gives.

    tensor: the model's own, where it is known. turned: whether our samples have the channels first. tokens: whether these are
    whole numbers. uses: by how many nodes it is taken, and the place in the last of them.
    """

    def __init__(self, node, shape, turned=False, tensor=None, tokens=False):
        self.node, self.shape, self.turned, self.tensor, self.tokens = node, tuple(shape), turned, tensor, tokens
        self.uses, self.place = 0, None

    def sample(self):
        """The shape of one of our samples."""
        return self.shape[-1:] + self.shape[:-1] if self.turned else self.shape


def turned(array):
    """A batch of Keras' with the channels first."""
    import numpy as np
    return np.ascontiguousarray(np.moveaxis(np.asarray(array), -1, 1))


def ours(array, is_turned):
    import numpy as np
    return turned(array) if is_turned else np.array(array)


class Translation:
    """The nodes of a network file that a model becomes.

    sources: Keras' variable, and what brings it into our layout, by our parameters' names. constants: parameters that nobody
    trains. edges: arguments of operations, by the place that has their gradient. shown: values of Keras by our nodes.
    """

    def __init__(self, tf, keras, training, forward_only):
        self.tf, self.keras, self.training, self.forward_only = tf, keras, training, forward_only
        self.layers, self.sources, self.constants, self.edges, self.shown = [], {}, {}, [], {}
        self.names, self.given, self.shared = set(), {}, set()
        self.place = ""

    def refuse(self, expected, got):
        raise RecordingError("layer %s: expected %s but got %s" % (self.place, expected, got))

    # The graph

    def walk(self, function, values, prefix=""):
        """Translates the operations of a graph; values: of its inputs. Returns those of its outputs."""
        known = {id(tensor): value for tensor, value in zip(function.inputs, values)}
        for depth in sorted(function._nodes_by_depth, reverse=True):
            for node in function._nodes_by_depth[depth]:
                if node.is_input or not all(id(tensor) in known for tensor in node.input_tensors):
                    continue
                arguments, named = node.arguments.convert(lambda given: known.get(id(given), given))
                results = self.operation(node.operation, arguments, named, prefix)
                known.update((id(tensor), value) for tensor, value in zip(node.outputs, results))
        return [known[id(tensor)] for tensor in function.outputs]

    def operation(self, operation, arguments, named, prefix):
        kind = type(operation).__name__
        is_layer = isinstance(operation, self.keras.Layer)
        name = prefix + (operation.name if is_layer else kind[0].lower() + kind[1:])
        self.place = "%r: %s" % (name, kind)
        if is_layer:
            self.check(operation)
        flat = [value for value in self.keras.tree.flatten((arguments, named)) if isinstance(value, Value)]
        graph = getattr(operation, "_functional", operation)
        if hasattr(graph, "_nodes_by_depth"):
            return self.walk(graph, flat, name + "/")
        module = type(operation).__module__
        handler = HANDLERS.get(kind) if module.startswith("keras.src.") else None
        if handler is None:
            return self.expand(operation, arguments, named, name)
        arguments, named = self.keras.tree.map_structure(self.edge, (arguments, named))
        output = self.compute(operation, arguments, named)
        self.name, self.operand = name, operation
        results = handler(self, operation, *arguments, **{key: given for key, given in named.items()
                                                          if key not in ("training", "mask") and given is not None})
        results = results if isinstance(results, (list, tuple)) else [results]
        for result, tensor in zip(results, self.keras.tree.flatten(output)):
            result.tensor = tensor
            if result.shape != tuple(tensor.shape[1:]):
                self.refuse("samples of shape %s" % (tuple(tensor.shape[1:]),), "a translation to %s" % (result.shape,))
            if result.node not in self.shown and result.node in self.names:
                self.shown[result.node] = (tensor, result.turned)
        return results

    def edge(self, value):
        """An argument of an operation: the same numbers, with a gradient of their own."""
        if not isinstance(value, Value):
            return value
        edge = Value(value.node, value.shape, value.turned, self.tf.identity(value.tensor), value.tokens)
        if not value.tokens:
            self.edges.append(edge)
        return edge

    def compute(self, operation, arguments, named):
        """What Keras computes."""
        arguments, named = self.keras.tree.map_structure(
            lambda given: given.tensor if isinstance(given, Value) else given, (arguments, named))
        if "training" in getattr(operation, "_call_context_args", {}):
            named["training"] = self.training
        return operation(*arguments, **named)

    def check(self, layer):
        if "call" in vars(layer):
            raise RecordingError("layer %s: expected the call of its class but got another" % self.place)
        if layer.compute_dtype != "float64":
            self.refuse("a layer of float64", "%s; set keras.backend.set_floatx('float64') before it is made"
                        % layer.compute_dtype)
        if getattr(layer, "data_format", "channels_last") not in ("channels_last", None):
            self.refuse("data_format='channels_last'", repr(layer.data_format))
        for key, value in vars(layer).items():
            if key.endswith("_regularizer") and value is not None and not self.forward_only:
                self.refuse("%s=None" % key, type(value).__name__)
        if self.training and not layer.trainable and type(layer).__name__ == "BatchNormalization":
            self.refuse("training mode as the model", "a frozen layer: a network file has one mode")

    def expand(self, operation, arguments, named, name):
        """Translates what a layer of the model's own does, as Keras tells it of symbols."""
        import inspect
        place, symbols, values = self.place, [], []

        def symbol(given):
            if not isinstance(given, Value):
                return given
            values.append(given)
            symbols.append(self.keras.KerasTensor((len(given.tensor),) + given.shape, given.tensor.dtype.name))
            return symbols[-1]

        arguments, named = self.keras.tree.map_structure(symbol, (arguments, named))
        if "training" in inspect.signature(operation.call).parameters:
            named["training"] = self.training
        try:
            results = self.keras.tree.flatten(operation.call(*arguments, **named))
            through = [result for result in results if not any(result is given for given in symbols)]
            function = self.keras.src.ops.function.Function(symbols, through) if through else None
        except RecordingError:
            raise
        except Exception as failure:
            raise RecordingError("layer %s: expected a layer that network files know, or one whose call consists of layers "
                                 "and keras.ops, but got %s" % (place, record._line(failure))) from None
        found = iter(self.walk(function, values, name + "/") if through else ())
        return [values[[given is result for given in symbols].index(True)] if any(given is result for given in symbols)
                else next(found) for result in results]

    # Nodes

    def emit(self, kind, values, gives, is_turned=False, parameters=None, suffix=None, **settings):
        """Adds a node; gives: Keras' shape of a sample of its output. parameters: ours by name, with Keras' variable and what
        brings it into our layout, or with an array. Returns what it gives."""
        import numpy as np
        name = self.unique(self.name + ("/" + suffix if suffix else ""))
        entry = dict({"type": kind, "name": name}, **settings)
        entry["inputs"] = [value.node for value in values]
        self.layers.append(entry)
        self.names.add(name)
        for place, value in enumerate(values):
            value.uses += 1
            value.place = name if len(values) == 1 else "%s[%d]" % (name, place)
        for key, source in (parameters or {}).items():
            if isinstance(source, np.ndarray):
                self.constants[name + "/" + key] = source
                continue
            variable, orient = source if isinstance(source, tuple) else (source, np.asarray)
            if any(variable is other and not place.startswith(name + "/")
                   for place, (other, _) in self.sources.items()):
                raise RecordingError("layer %s: expected it to be called once but the model calls it again: a network file "
                                     "can share parameters of Dense alone" % self.place)
            self.sources[name + "/" + key] = (variable, orient)
        return Value(name, gives, is_turned)

    def unique(self, name):
        name, number = record.re.sub(r"[^A-Za-z0-9_./-]", "_", name), 1
        while name + ("_%d" % number if number > 1 else "") in self.names:
            number += 1
        return name + ("_%d" % number if number > 1 else "")

    def turn(self, value):
        """The value with its channels first."""
        if value.turned or len(value.shape) < 2:
            return value
        rank = len(value.shape)
        return self.emit("permute", [value], value.shape, True, suffix="turn", axes=[rank - 1] + list(range(rank - 1)))

    def plain(self, value):
        """The value as Keras has it."""
        if not value.turned:
            return value
        return self.emit("permute", [value], value.shape, suffix="turn_back",
                         axes=list(range(1, len(value.shape))) + [0])

    def same(self, kind, value, suffix=None, **settings):
        """Element by element."""
        return self.emit(kind, [value], value.shape, value.turned, suffix=suffix, **settings)

    def reshape(self, value, shape, suffix="reshape"):
        """Another shape of what is as Keras has it."""
        return value if value.shape == tuple(shape) else self.emit("reshape", [value], shape, suffix=suffix,
                                                                   shape=list(shape))

    def aligned(self, values):
        """Values, variables and arrays of one rank as values that are all turned, or none."""
        import numpy as np
        rank = max(len(self.keras_shape(value)) for value in values)
        with_images = any(isinstance(value, Value) and value.turned for value in values)
        is_turned = with_images and all(not isinstance(value, Value) or len(value.shape) == rank for value in values)
        found = []
        for value in values:
            if isinstance(value, Value):
                found.append(self.turn(value) if is_turned else self.plain(value))
                continue
            shape = self.keras_shape(value)
            full = (1,) * (rank - len(shape)) + shape if is_turned else shape or (1,)
            sample = full[-1:] + full[:-1] if is_turned else full

            def orient(array, full=full, sample=sample):
                array = np.asarray(array).reshape(full)
                return np.moveaxis(array, -1, 0).reshape(sample) if is_turned else array

            if isinstance(value, self.keras.Variable):
                found.append(self.emit("parameter", [], full, is_turned, {"value": (value, orient)}, suffix="value",
                                       shape=list(sample)))
            else:
                found.append(self.emit("constant", [], full, is_turned, {"constant": orient(value)}, suffix="constant",
                                       shape=list(sample)))
        return found, is_turned

    def shared_parameter(self, variable, suffix):
        """A parameter that several nodes take."""
        if id(variable) not in self.given:
            import numpy as np
            shape = tuple(variable.shape)
            self.given[id(variable)] = self.emit("parameter", [], shape, parameters={"value": (variable, np.asarray)},
                                                 suffix=suffix, shape=list(shape))
        return self.given[id(variable)]

    def keras_shape(self, value):
        import numpy as np
        shape = tuple(value.shape) if hasattr(value, "shape") else np.shape(value)
        # A constant for each sample of a batch of one.
        return shape[1:] if not isinstance(value, Value) and len(shape) > 1 and shape[0] == 1 and not isinstance(
            value, self.keras.Variable) else shape

    def activation(self, function, value, suffix="activation"):
        """What a function of keras.activations does."""
        name = getattr(function, "__name__", type(function).__name__)
        if function is None or function is self.keras.activations.linear:
            return value
        known = getattr(self.keras.activations, name, None)
        if name not in ACTIVATIONS or function is not known:
            self.refuse("an activation among %s" % sorted(ACTIVATIONS), name)
        if name in ("softmax", "log_softmax"):
            return self.same(ACTIVATIONS[name][0], self.plain(value), suffix, axis=len(value.shape) - 1)
        kind, settings = ACTIVATIONS[name]
        return self.same(kind, value, suffix, **settings)


ACTIVATIONS = {
    "relu": ("relu", {}), "relu6": ("relu6", {}), "silu": ("silu", {}), "swish": ("silu", {}), "gelu": ("gelu", {}),
    "hard_silu": ("hardSwish", {}), "hard_swish": ("hardSwish", {}), "hard_sigmoid": ("hardSigmoid", {}),
    "sigmoid": ("sigmoid", {}), "tanh": ("tanh", {}), "elu": ("elu", {}), "selu": ("selu", {}), "celu": ("celu", {}),
    "softplus": ("softplus", {}), "softsign": ("softsign", {}), "mish": ("mish", {}), "exponential": ("exp", {}),
    "softmax": ("softmax", {}), "log_softmax": ("logSoftmax", {}), "log_sigmoid": ("logSigmoid", {}),
    "leaky_relu": ("leakyRelu", {"alpha": 0.2}),
}


# Layers with weights


def _affine(layer, orient):
    return dict({"W": (layer.kernel, orient)}, **({} if layer.bias is None else {"b": layer.bias}))


def _conv_settings(layer, filters, axes):
    settings = {"filters": filters, "kernel": list(layer.kernel_size), "stride": list(layer.strides),
                "dilation": list(layer.dilation_rate)}
    if axes == 1:
        settings = {key: value[0] if isinstance(value, list) else value for key, value in settings.items()}
    return dict(settings, **({"same": True} if layer.padding == "same" else {}),
                **({} if layer.use_bias else {"bias": False}))


@handles("Conv2D", "Conv1D")
def _conv(t, layer, x):
    import numpy as np
    axes = len(x.shape) - 1
    x, shape = t.turn(x), layer.compute_output_shape((1,) + x.shape)[1:]
    if layer.padding == "causal":
        before = layer.dilation_rate[0] * (layer.kernel_size[0] - 1)
        x = t.emit("pad", [x], (x.shape[0] + before, x.shape[1]), True, suffix="pad", axis=1, before=before, after=0)
    settings = _conv_settings(layer, layer.filters, axes)
    if layer.groups > 1:
        settings["groups"] = layer.groups
    order = (axes + 1, axes) + tuple(range(axes))
    y = t.emit("conv%dd" % axes, [x], shape, True, _affine(layer, lambda kernel: np.transpose(kernel, order)), **settings)
    return t.activation(layer.activation, y)


def _depthwise(layer):
    import numpy as np
    return lambda kernel: np.transpose(kernel, (2, 3, 0, 1)).reshape((-1, 1) + kernel.shape[:2])


@handles("DepthwiseConv2D")
def _depthwise_conv(t, layer, x):
    channels = x.shape[-1]
    parameters = {"W": (layer.kernel, _depthwise(layer))}
    if layer.use_bias:
        parameters["b"] = layer.bias
    y = t.emit("conv2d", [t.turn(x)], layer.compute_output_shape((1,) + x.shape)[1:], True, parameters,
               **_conv_settings(layer, channels * layer.depth_multiplier, 2), groups=channels)
    return t.activation(layer.activation, y)


@handles("SeparableConv2D")
def _separable_conv(t, layer, x):
    import numpy as np
    channels, shape = x.shape[-1], layer.compute_output_shape((1,) + x.shape)[1:]
    filters = channels * layer.depth_multiplier
    settings = dict(_conv_settings(layer, filters, 2), bias=False)
    y = t.emit("conv2d", [t.turn(x)], shape[:-1] + (filters,), True, {"W": (layer.depthwise_kernel, _depthwise(layer))},
               suffix="depthwise", **settings, groups=channels)
    parameters = {"W": (layer.pointwise_kernel, lambda kernel: np.transpose(kernel, (3, 2, 0, 1)))}
    if layer.use_bias:
        parameters["b"] = layer.bias
    y = t.emit("conv2d", [y], shape, True, parameters, filters=layer.filters, kernel=[1, 1],
               **({} if layer.use_bias else {"bias": False}))
    return t.activation(layer.activation, y)


@handles("Conv2DTranspose")
def _conv_transpose(t, layer, x):
    import numpy as np
    if layer.output_padding is not None or record._pair(layer.dilation_rate) != [1, 1]:
        t.refuse("no output_padding and no dilation", "%r and %r" % (layer.output_padding, layer.dilation_rate))
    shape = layer.compute_output_shape((1,) + x.shape)[1:]
    whole = [(x.shape[axis] - 1) * layer.strides[axis] + layer.kernel_size[axis] for axis in (0, 1)]
    y = t.emit("convTranspose2d", [t.turn(x)], tuple(whole) + shape[-1:], True,
               _affine(layer, lambda kernel: np.transpose(kernel, (3, 2, 0, 1))), filters=layer.filters,
               kernel=list(layer.kernel_size), stride=list(layer.strides), **({} if layer.use_bias else {"bias": False}))
    for axis in (0, 1):
        if whole[axis] < shape[axis]:
            y = t.emit("pad", [y], y.shape[:axis] + (shape[axis],) + y.shape[axis + 1:], True, suffix="pad", axis=axis + 1,
                       before=0, after=shape[axis] - whole[axis])
        elif whole[axis] > shape[axis]:
            start = (whole[axis] - shape[axis]) // 2
            y = t.emit("slice", [y], y.shape[:axis] + (shape[axis],) + y.shape[axis + 1:], True, suffix="crop",
                       axis=axis + 1, start=start, end=start + shape[axis])
    return t.activation(layer.activation, y)


@handles("Dense")
def _dense(t, layer, x):
    x = t.plain(x)
    settings = dict({"units": layer.units}, **({} if layer.use_bias else {"bias": False}),
                    **({"last": True} if len(x.shape) > 1 else {}))
    import numpy as np
    shape = x.shape[:-1] + (layer.units,)
    if id(layer) not in t.shared:
        return t.activation(layer.activation, t.emit("dense", [x], shape, parameters=_affine(layer, np.asarray), **settings))
    rows = t.reshape(x, (1,) + x.shape, "row") if len(x.shape) == 1 else x
    y = t.emit("matmul", [rows, t.shared_parameter(layer.kernel, "W")], rows.shape[:-1] + (layer.units,), suffix="matmul")
    y = t.reshape(y, shape, "vector")
    if layer.use_bias:
        y = t.emit("add", [y, t.shared_parameter(layer.bias, "b")], shape)
    return t.activation(layer.activation, y)


@handles("Embedding")
def _embedding(t, layer, x):
    if layer.mask_zero:
        t.refuse("mask_zero=False", "True")
    return t.emit("embedding", [x], x.shape + (layer.output_dim,), parameters={"W": layer.embeddings},
                  vocabulary=layer.input_dim, features=layer.output_dim)


@handles("BatchNormalization")
def _batch_norm(t, layer, x):
    if layer.axis not in (-1, len(x.shape)):
        t.refuse("the last axis normalized", "axis=%r" % layer.axis)
    x = t.turn(x)
    parameters = {"runningMean": layer.moving_mean, "runningVariance": layer.moving_variance}
    settings = {"epsilon": layer.epsilon, "momentum": layer.momentum}
    if layer.scale and layer.center:
        return t.emit("batchNorm", [x], x.shape, x.turned, dict({"gamma": layer.gamma, "beta": layer.beta}, **parameters),
                      **settings)
    affine = [("multiply", layer.gamma)] * layer.scale + [("add", layer.beta)] * layer.center
    y = t.emit("batchNorm", [x], x.shape, x.turned, parameters, suffix="normalized" if affine else None, affine=False,
               **settings)
    for kind, variable in affine:
        (y, other), is_turned = t.aligned([y, variable])
        y = t.emit(kind, [y, other], x.shape, is_turned)
    return y


@handles("LayerNormalization")
def _layer_norm(t, layer, x):
    axis = layer.axis if isinstance(layer.axis, int) else layer.axis[0] if len(layer.axis) == 1 else None
    if axis not in (-1, len(x.shape)):
        t.refuse("the last axis normalized", "axis=%r" % (layer.axis,))
    if getattr(layer, "rms_scaling", False):
        t.refuse("rms_scaling=False", "True")
    x = t.plain(x)
    parameters = {"gamma": layer.gamma, "beta": layer.beta} if layer.scale and layer.center else {}
    if layer.scale != layer.center:
        t.refuse("both center and scale, or none", "center=%r, scale=%r" % (layer.center, layer.scale))
    return t.emit("layerNorm", [x], x.shape, parameters=parameters, axes=1, epsilon=layer.epsilon,
                  **({} if parameters else {"affine": False}))


@handles("GroupNormalization")
def _group_norm(t, layer, x):
    if layer.axis not in (-1, len(x.shape)) or not (layer.scale and layer.center):
        t.refuse("the last axis normalized, with center and scale",
                 "axis=%r, center=%r, scale=%r" % (layer.axis, layer.center, layer.scale))
    groups = x.shape[-1] if layer.groups == -1 else layer.groups
    return t.emit("groupNorm", [t.turn(x)], x.shape, True, {"gamma": layer.gamma, "beta": layer.beta}, groups=groups,
                  epsilon=layer.epsilon)


@handles("Normalization")
def _normalization(t, layer, x):
    import numpy as np
    deviation = np.maximum(np.sqrt(np.asarray(layer.variance)), t.keras.backend.epsilon())
    (x, mean), is_turned = t.aligned([x, np.asarray(layer.mean)])
    y = t.emit("subtract", [x, mean], x.shape, is_turned, suffix="subtract")
    (y, scale), is_turned = t.aligned([y, deviation])
    return t.emit("divide", [y, scale], x.shape, is_turned)


@handles("Rescaling")
def _rescaling(t, layer, x):
    import numpy as np
    # As Keras has them, which may be in single precision.
    scale, offset = (np.asarray(t.keras.ops.cast(value, layer.compute_dtype)) for value in (layer.scale, layer.offset))
    if scale.size > 1 or offset.size > 1:
        (x, scale), is_turned = t.aligned([x, scale])
        y = t.emit("multiply", [x, scale], x.shape, is_turned, suffix="scale")
        (y, offset), is_turned = t.aligned([y, offset])
        return t.emit("add", [y, offset], x.shape, is_turned)
    return t.same("shift", t.same("scale", x, "scale", factor=float(scale)), offset=float(offset))


# Recurrent layers and attention


def _gates(count, order):
    """Keras' gates beside each other in our order."""
    import numpy as np
    return lambda array: np.concatenate([np.split(np.asarray(array), count, axis=-1)[gate] for gate in order], axis=-1)


RECURRENT = {"LSTM": ("lstm", 4, [0, 1, 3, 2]), "GRU": ("gru", 3, [1, 0, 2]), "SimpleRNN": ("rnn", 1, [0])}


@handles("LSTM", "GRU", "SimpleRNN")
def _recurrent(t, layer, x, sequence=None, initial_state=None):
    if layer.go_backwards and layer.return_sequences:
        t.refuse("go_backwards without return_sequences", "both")
    states = [] if initial_state is None else initial_state if isinstance(initial_state, (list, tuple)) else [initial_state]
    return _run_through(t, layer, [x] + list(states))


def _run_through(t, layer, given):
    """A recurrent layer whose states are in the places of their steps; given: the sequences, and states before the first."""
    import numpy as np
    kind, count, order = RECURRENT[type(layer).__name__]
    cell = layer.cell
    names = [getattr(cell.activation, "__name__", ""), getattr(getattr(cell, "recurrent_activation", None), "__name__", "")]
    known = [["tanh", ""], ["relu", ""]] if kind == "rnn" else [["tanh", "sigmoid"]]
    if names not in known or layer.return_state or cell.dropout or cell.recurrent_dropout or layer.stateful:
        t.refuse("tanh and sigmoid, no dropout, no state that is kept or returned", "%s%s" % (
            names, "" if not layer.return_state else ", return_state=True"))
    turn = _gates(count, order)
    parameters = {"Wx": (cell.kernel, turn), "Wh": (cell.recurrent_kernel, turn)}
    units, settings = layer.units, {}
    if not cell.use_bias:
        parameters["b"] = np.zeros(count * units)
    elif len(cell.bias.shape) == 2:
        parameters.update(b=(cell.bias, lambda bias: turn(np.asarray(bias)[0])), bh=(cell.bias, lambda bias: turn(
            np.asarray(bias)[1])))
        settings["recurrentBias"] = True
    else:
        parameters["b"] = (cell.bias, turn)
    if kind == "gru" and not layer.reset_after:
        settings["resetAfter"] = False
    if names[0] == "relu":
        settings["activation"] = "relu"
    if layer.go_backwards:
        settings["reverse"] = True
    shape = (given[0].shape[0], units) if layer.return_sequences else (units,)
    return t.emit(kind, [t.plain(value) for value in given], shape, parameters=parameters, units=units,
                  returns="sequence" if layer.return_sequences else "last", **settings)


@handles("Bidirectional")
def _bidirectional(t, layer, x, initial_state=None):
    if initial_state is not None or layer.merge_mode not in ("concat", "sum", "mul", "ave"):
        t.refuse("no initial_state and merge_mode 'concat', 'sum', 'mul' or 'ave'", repr(layer.merge_mode))
    name, sides = t.name, []
    for side, backward in ((layer.forward_layer, False), (layer.backward_layer, True)):
        if type(side).__name__ not in RECURRENT or bool(side.go_backwards) != backward:
            t.refuse("a forward layer and a backward layer among %s" % sorted(RECURRENT), type(side).__name__)
        t.name = "%s/%s" % (name, side.name)
        sides.append(_run_through(t, side, [x]))
    t.name = name
    first, second = sides
    if layer.merge_mode == "concat":
        return t.emit("concat", sides, first.shape[:-1] + (first.shape[-1] + second.shape[-1],), axis=len(first.shape) - 1)
    y = t.emit("multiply" if layer.merge_mode == "mul" else "add", sides, first.shape,
               suffix="sum" if layer.merge_mode == "ave" else None)
    return t.same("scale", y, factor=0.5) if layer.merge_mode == "ave" else y


@handles("TimeDistributed")
def _time_distributed(t, layer, x):
    inner = layer.layer
    kind = type(inner).__name__
    if kind not in ("Dense", "Activation", "ReLU", "LeakyReLU", "ELU", "Dropout", "LayerNormalization"):
        t.refuse("a layer of the last axis or of elements", kind)
    if kind == "LayerNormalization" and inner.axis not in (-1, [-1], (-1,)) and len(x.shape) != 2:
        t.refuse("the last axis normalized", "axis=%r" % (inner.axis,))
    if kind == "Dense" and len(x.shape) < 2:
        t.refuse("a sequence", "samples of shape %s" % (x.shape,))
    return HANDLERS[kind](t, inner, x)


@handles("MultiHeadAttention")
def _multi_head_attention(t, layer, query, value, key=None, query_mask=None, value_mask=None, key_mask=None,
                          attention_mask=None, return_attention_scores=False, use_causal_mask=False):
    import numpy as np
    if return_attention_scores or any(mask is not None for mask in (query_mask, value_mask, key_mask, attention_mask)):
        t.refuse("no mask but the causal one, and no scores returned", "others")
    if len(query.shape) != 2 or getattr(layer, "_use_gate", False) or getattr(layer, "_sliding_window", None):
        t.refuse("sequences (steps, features), without gate and window", "samples of shape %s" % (query.shape,))
    query, value = t.plain(query), t.plain(value)
    key = value if key is None else t.plain(key)
    heads, width, value_width = layer.num_heads, layer.key_dim, layer.value_dim
    parts = [("q", layer._query_dense, query), ("k", layer._key_dense, key), ("v", layer._value_dense, value)]

    def matrix(rows):
        return lambda array: np.asarray(array).reshape((rows, -1) if rows else -1)

    # Keras has this number in single precision.
    scale = record._single(1 / math.sqrt(width))
    if (heads * width == query.shape[1] == layer._output_dense.kernel.shape[-1] and value_width == width and
            scale == 1 / math.sqrt(width)):
        parameters = {}
        for part, dense, source in parts + [("o", layer._output_dense, query)]:
            parameters["W" + part] = (dense.kernel, matrix(source.shape[1]))
            if layer._use_bias:
                parameters["b" + part] = (dense.bias, matrix(None))
        return t.emit("multiHeadAttention", [query, key, value], query.shape, parameters=parameters, heads=heads,
                      **dict({"causal": True} if use_causal_mask else {}, **({} if layer._use_bias else {"bias": False})))

    def dense(own, x, suffix, rows, units):
        parameters = dict({"W": (own.kernel, matrix(rows))}, **({"b": (own.bias, matrix(None))} if layer._use_bias else {}))
        return t.emit("dense", [x], (x.shape[0], units), parameters=parameters, suffix=suffix, units=units, last=True,
                      **({} if layer._use_bias else {"bias": False}))

    split = []
    for part, own, x in parts:
        each = value_width if part == "v" else width
        y = dense(own, x, {"q": "query", "k": "key", "v": "value"}[part], x.shape[1], heads * each)
        y = t.reshape(y, (x.shape[0], heads, each), part + "_split")
        split.append(t.emit("permute", [y], (heads, x.shape[0], each), suffix=part + "_heads", axes=[1, 0, 2]))
    y = t.emit("attention", split, (heads, query.shape[0], value_width), suffix="attention", scale=scale,
               **({"causal": True} if use_causal_mask else {}))
    y = t.emit("permute", [y], (query.shape[0], heads, value_width), suffix="steps", axes=[1, 0, 2])
    y = t.emit("reshape", [y], (query.shape[0], heads * value_width), suffix="merge", shape=[query.shape[0],
                                                                                              heads * value_width])
    return dense(layer._output_dense, y, "attention_output", heads * value_width, layer._output_dense.kernel.shape[-1])


# Windows


def _window_settings(layer, size, axes):
    settings = {"size": list(size), "stride": list(layer.strides)}
    if axes == 1:
        settings = {key: value[0] for key, value in settings.items()}
    return dict(settings, **({"same": True} if layer.padding == "same" else {}))


@handles("MaxPooling2D", "MaxPooling1D", "AveragePooling2D", "AveragePooling1D")
def _pool(t, layer, x):
    axes = len(x.shape) - 1
    kind = "maxPool" if type(layer).__name__.startswith("Max") else "averagePool"
    return t.emit("%s%dd" % (kind, axes), [t.turn(x)], layer.compute_output_shape((1,) + x.shape)[1:], True,
                  **_window_settings(layer, layer.pool_size, axes))


@handles("GlobalAveragePooling2D", "GlobalMaxPooling2D", "GlobalAveragePooling1D", "GlobalMaxPooling1D")
def _global_pool(t, layer, x):
    kind = "globalAveragePool" if "Average" in type(layer).__name__ else "globalMaxPool"
    y = t.emit(kind, [t.turn(x)], x.shape[-1:])
    return t.reshape(y, (1,) * (len(x.shape) - 1) + x.shape[-1:]) if layer.keepdims else y


@handles("UpSampling2D")
def _upsampling(t, layer, x):
    shape = layer.compute_output_shape((1,) + x.shape)[1:]
    if layer.interpolation == "nearest":
        return t.emit("upsample2d", [t.turn(x)], shape, True, factor=record._pair(layer.size))
    if layer.interpolation != "bilinear":
        t.refuse("interpolation 'nearest' or 'bilinear'", repr(layer.interpolation))
    return t.emit("resize2d", [t.turn(x)], shape, True, size=list(shape[:2]), mode="bilinear")


@handles("ZeroPadding2D", "ZeroPadding1D")
def _zero_padding(t, layer, x):
    margins = layer.padding if isinstance(layer.padding[0], (tuple, list)) else [layer.padding]
    y = x
    for axis, (before, after) in enumerate(margins):
        if before or after:
            shape = y.shape[:axis] + (y.shape[axis] + before + after,) + y.shape[axis + 1:]
            y = t.emit("pad", [y], shape, y.turned, suffix="axis%d" % axis, axis=axis + 1 if y.turned else axis,
                       before=int(before), after=int(after))
    return y


@handles("Cropping2D", "Cropping1D")
def _cropping(t, layer, x):
    margins = layer.cropping if isinstance(layer.cropping[0], (tuple, list)) else [layer.cropping]
    y = x
    for axis, (before, after) in enumerate(margins):
        if before or after:
            length = y.shape[axis] - before - after
            y = t.emit("slice", [y], y.shape[:axis] + (length,) + y.shape[axis + 1:], y.turned, suffix="axis%d" % axis,
                       axis=axis + 1 if y.turned else axis, start=int(before), end=int(before + length))
    return y


# Elements


@handles("Dropout", "SpatialDropout1D", "SpatialDropout2D", "GaussianNoise", "GaussianDropout", "AlphaDropout")
def _dropout(t, layer, x):
    if t.training and getattr(layer, "rate", getattr(layer, "stddev", 1)):
        t.refuse("inference mode: Keras draws masks from a stream of its own", "training mode")
    return x


@handles("Identity", "ActivityRegularization", "StopGradient")
def _identity(t, layer, x):
    return x


@handles("Activation")
def _activation(t, layer, x):
    return t.activation(layer.activation, x, suffix=None)


@handles("ReLU")
def _relu(t, layer, x):
    limit = getattr(layer, "max_value", None)
    if getattr(layer, "threshold", 0):
        t.refuse("threshold=0.0", repr(layer.threshold))
    if getattr(layer, "negative_slope", 0):
        if limit is not None:
            t.refuse("no max_value beside negative_slope", repr(limit))
        return t.same("leakyRelu", x, alpha=record._single(layer.negative_slope))
    if limit is None:
        return t.same("relu", x)
    return t.same("relu6", x) if limit == 6 else t.same("clamp", x, min=0.0, max=float(limit))


@handles("LeakyReLU")
def _leaky_relu(t, layer, x):
    return t.same("leakyRelu", x, alpha=record._single(layer.negative_slope))


@handles("ELU")
def _elu(t, layer, x):
    return t.same("elu", x, alpha=float(layer.alpha))


@handles("Softmax")
def _softmax(t, layer, x):
    if not isinstance(layer.axis, int):
        t.refuse("one axis", repr(layer.axis))
    axis = layer.axis - 1 if layer.axis > 0 else len(x.shape) + layer.axis
    return t.same("softmax", t.plain(x), axis=axis)


# Shapes


@handles("Flatten")
def _flatten(t, layer, x):
    x = t.plain(x)
    return t.emit("flatten", [x], (math.prod(x.shape),))


@handles("Reshape")
def _reshape(t, layer, x, newshape=None):
    x = t.plain(x)
    wanted = list(getattr(layer, "target_shape", None) or tuple(layer.newshape)[1:])
    if -1 in wanted:
        wanted[wanted.index(-1)] = math.prod(x.shape) // -math.prod(wanted)
    return t.emit("reshape", [x], wanted, shape=[int(length) for length in wanted])


@handles("Permute")
def _permute(t, layer, x):
    x = t.plain(x)
    axes = [axis - 1 for axis in layer.dims]
    return t.emit("permute", [x], [x.shape[axis] for axis in axes], axes=axes)


@handles("RepeatVector")
def _repeat_vector(t, layer, x):
    return t.emit("expand", [t.reshape(x, (1,) + x.shape)], (layer.n,) + x.shape, shape=[layer.n] + list(x.shape))


# Several inputs


def _combined(kind):
    def combined(t, layer, *values):
        values = values[0] if len(values) == 1 else values
        return _fold(t, kind, list(values))
    return combined


def _fold(t, kind, values):
    import numpy as np
    if any(np.ndim(value) == 0 and not hasattr(value, "shape") for value in values):
        return _scaled(t, kind, values)
    values, is_turned = t.aligned(values)
    shape = np.broadcast_shapes(*[value.shape for value in values])
    if kind != "add" or len(values) == 2:
        while len(values) > 2:
            values = [t.emit(kind, values[:2], np.broadcast_shapes(values[0].shape, values[1].shape), is_turned,
                             suffix="part")] + values[2:]
    return t.emit(kind, values, shape, is_turned)


def _scaled(t, kind, values):
    """Arithmetic of a value and a number."""
    first, second = values
    if isinstance(first, Value):
        number = float(second)
        return (t.same("shift", first, offset=number) if kind == "add" else
                t.same("shift", first, offset=-number) if kind == "subtract" else
                t.same("scale", first, factor=number) if kind == "multiply" else
                t.same("scale", first, factor=1 / number) if kind == "divide" else
                t.same("clamp", first, **{"min" if kind == "maximum" else "max": number}))
    number = float(first)
    if kind in ("add", "multiply", "maximum", "minimum"):
        return _scaled(t, kind, [second, first])
    if kind == "subtract":
        return t.same("shift", t.same("negate", second, "negate"), offset=number)
    return t.same("scale", t.same("reciprocal", second, "reciprocal"), factor=number)


for _kinds, _type in ((("Add",), "add"), (("Subtract",), "subtract"), (("Multiply",), "multiply"),
                      (("Divide", "TrueDivide"), "divide"), (("Maximum",), "maximum"), (("Minimum",), "minimum")):
    HANDLERS.update((_kind, _combined(_type)) for _kind in _kinds)


@handles("Average")
def _average(t, layer, values):
    y = t.aligned(values)[0]
    total = t.emit("add", y, y[0].shape, y[0].turned, suffix="sum")
    return t.same("scale", total, factor=1 / len(values))


@handles("Concatenate")
def _concatenate(t, layer, values):
    rank = len(values[0].shape)
    axis = layer.axis - 1 if layer.axis > 0 else rank + layer.axis
    values, is_turned = t.aligned(values)
    shape = list(values[0].shape)
    shape[axis] = sum(value.shape[axis] for value in values)
    return t.emit("concat", values, shape, is_turned, axis=(axis + 1) % rank if is_turned else axis)


# keras.ops


for _kind, _type in (("Negative", "negate"), ("Exp", "exp"), ("Log", "log"), ("Sqrt", "sqrt"), ("Rsqrt", "rsqrt"),
                     ("Absolute", "abs"), ("Abs", "abs"), ("Reciprocal", "reciprocal"), ("Sin", "sin"), ("Cos", "cos"),
                     ("Relu", "relu"), ("Relu6", "relu6"), ("Sigmoid", "sigmoid"), ("Tanh", "tanh"), ("Silu", "silu"),
                     ("HardSilu", "hardSwish"), ("HardSigmoid", "hardSigmoid"), ("Softplus", "softplus"),
                     ("Softsign", "softsign"), ("Selu", "selu"), ("Mish", "mish")):
    HANDLERS[_kind] = lambda t, operation, x, _type=_type: t.same(_type, x)


@handles("Square")
def _square(t, operation, x):
    return t.same("pow", x, exponent=2.0)


@handles("Power")
def _power(t, operation, x, exponent):
    if not isinstance(exponent, (int, float)):
        t.refuse("a number as the exponent", type(exponent).__name__)
    return t.same("pow", x, exponent=float(exponent))


@handles("Gelu")
def _gelu(t, operation, x):
    return t.same("geluTanh" if operation.approximate else "gelu", x)


@handles("Mean", "Sum", "Max", "Min")
def _reduced(t, operation, x):
    axes = operation.axis if isinstance(operation.axis, (list, tuple)) else [operation.axis]
    rank = len(x.shape) + 1
    if None in axes or any(axis % rank == 0 for axis in axes):
        t.refuse("axes of a sample", "axis=%r" % (operation.axis,))
    axes = sorted(axis % rank - 1 for axis in axes)
    x = t.plain(x)
    shape = [1 if axis in axes else length for axis, length in enumerate(x.shape) if operation.keepdims or axis not in axes]
    return t.emit(type(operation).__name__.lower(), [x], shape or (1,), axes=axes,
                  **({"keep": True} if operation.keepdims else {}))


@handles("Matmul")
def _matmul(t, operation, first, second):
    import numpy as np
    first, second = (t.plain(value) if isinstance(value, Value) else value for value in (first, second))
    is_row = isinstance(first, Value) and len(first.shape) == 1
    if is_row:
        first = t.reshape(first, (1,) + first.shape, "row")
    (first, second), _ = t.aligned([first, second])
    shape = np.broadcast_shapes(first.shape[:-2], second.shape[:-2]) + (first.shape[-2], second.shape[-1])
    y = t.emit("matmul", [first, second], shape)
    return t.reshape(y, shape[:-2] + shape[-1:], "vector") if is_row else y


@handles("Transpose")
def _transpose(t, operation, x):
    x = t.plain(x)
    axes = list(operation.axes) if operation.axes else None
    if not axes or axes[0] != 0:
        t.refuse("axes that leave the batch in its place", repr(operation.axes))
    axes = [axis - 1 for axis in axes[1:]]
    return t.emit("permute", [x], [x.shape[axis] for axis in axes], axes=axes)


@handles("ExpandDims")
def _expand_dims(t, operation, x):
    x = t.plain(x)
    axis = operation.axis if isinstance(operation.axis, int) else operation.axis[0]
    axis = axis % (len(x.shape) + 2) - 1
    if axis < 0:
        t.refuse("an axis behind the batch", repr(operation.axis))
    return t.reshape(x, x.shape[:axis] + (1,) + x.shape[axis:], suffix=None)


@handles("Squeeze")
def _squeeze(t, operation, x):
    x = t.plain(x)
    axes = operation.axis if isinstance(operation.axis, (list, tuple)) else [operation.axis]
    if None in axes:
        t.refuse("an axis", "none")
    axes = [axis % (len(x.shape) + 1) - 1 for axis in axes]
    return t.reshape(x, [length for axis, length in enumerate(x.shape) if axis not in axes], suffix=None)


@handles("GetItem")
def _get_item(t, operation, x, key):
    key = key if isinstance(key, tuple) else (key,)
    if any(part is Ellipsis or part is None for part in key) or key[0] != slice(None):
        t.refuse("slices of all samples", repr(key))
    y, axis = t.plain(x), 0
    for part in key[1:]:
        if isinstance(part, int):
            y = t.emit("select", [y], y.shape[:axis] + y.shape[axis + 1:] or (1,), suffix="select%d" % axis, axis=axis,
                       index=part % y.shape[axis])
            continue
        start, end, step = part.indices(y.shape[axis])
        if step < 1:
            t.refuse("slices forward", repr(key))
        if (start, end, step) != (0, y.shape[axis], 1):
            y = t.emit("slice", [y], y.shape[:axis] + (len(range(start, end, step)),) + y.shape[axis + 1:],
                       suffix="slice%d" % axis, axis=axis, start=start, end=end, **({"step": step} if step > 1 else {}))
        axis += 1
    return y


@handles("Stack")
def _stack(t, operation, values):
    values = [t.plain(value) for value in values]
    axis = operation.axis % (len(values[0].shape) + 2) - 1
    return t.emit("stack", values, values[0].shape[:axis] + (len(values),) + values[0].shape[axis:], axis=axis)


# What the types of network files mean, in functions of TensorFlow: xs are batches of samples, s the settings, p parameters.


def _windows(tf, x, s, size, value=0.0):
    """Pads as 'same' does."""
    if not s.get("same"):
        return x
    margins = [[0, 0], [0, 0]]
    for axis, length in enumerate(size):
        stride, dilation = s["stride"][axis], s.get("dilation", [1, 1])[axis]
        total = max((-(-x.shape[2 + axis] // stride) - 1) * stride + dilation * (length - 1) + 1 - x.shape[2 + axis], 0)
        margins.append([total // 2, total - total // 2])
    return tf.pad(x, margins, constant_values=value)


def _last(tf, x):
    return tf.transpose(x, (0, 2, 3, 1))


def _first(tf, x):
    return tf.transpose(x, (0, 3, 1, 2))


def _bias(tf, y, p):
    return y + tf.reshape(p["b"], (1, -1) + (1,) * (len(y.shape) - 2)) if "b" in p else y


def _mean_conv(tf, xs, s, p):
    s = dict(s, stride=s.get("stride", [1, 1]), dilation=s.get("dilation", [1, 1]))
    x, w = _windows(tf, xs[0], s, s["kernel"]), p["W"]
    groups = s.get("groups", 1)
    if groups > 1 and groups == x.shape[1]:
        return _bias(tf, _depthwise_products(tf, x, w, s), p)
    parts = [tf.nn.conv2d(_last(tf, part), tf.transpose(kernel, (2, 3, 1, 0)), s["stride"], "VALID",
                          dilations=s["dilation"])
             for part, kernel in zip(tf.split(x, groups, 1), tf.split(w, groups, 0))]
    return _bias(tf, _first(tf, tf.concat(parts, 3)), p)


def _depthwise_products(tf, x, w, s):
    """One channel after another for each place of the kernel."""
    channels, (rows, columns) = x.shape[1], s["kernel"]
    (down, right), (far_down, far_right) = s["stride"], s["dilation"]
    high = (x.shape[2] - far_down * (rows - 1) - 1) // down + 1
    wide = (x.shape[3] - far_right * (columns - 1) - 1) // right + 1
    w = tf.reshape(w, (channels, -1, rows, columns))
    y = 0.0
    for i in range(rows):
        for j in range(columns):
            window = x[:, :, i * far_down:i * far_down + (high - 1) * down + 1:down,
                       j * far_right:j * far_right + (wide - 1) * right + 1:right]
            y = y + window[:, :, None] * w[None, :, :, i, j, None, None]
    return tf.reshape(y, (x.shape[0], -1, high, wide))


def _mean_conv1d(tf, xs, s, p):
    images = dict(s, **{key: [1, s[key]] for key in ("kernel", "stride", "dilation") if key in s})
    return _mean_conv(tf, [xs[0][:, :, None]], images, dict(p, W=p["W"][:, :, None]))[:, :, 0]


def _mean_conv_transpose(tf, xs, s, p):
    x = xs[0]
    shape = [(x.shape[2 + axis] - 1) * s["stride"][axis] + s["kernel"][axis] for axis in (0, 1)]
    y = tf.nn.conv2d_transpose(_last(tf, x), tf.transpose(p["W"], (2, 3, 1, 0)), [x.shape[0]] + shape + [s["filters"]],
                               s["stride"], "VALID")
    return _bias(tf, _first(tf, y), p)


def _mean_pool(tf, xs, s, p):
    size = s["size"]
    if s["type"].startswith("max"):
        x = _windows(tf, xs[0], s, size, -math.inf)
        return _first(tf, tf.nn.max_pool2d(_last(tf, x), size, s["stride"], "VALID"))
    sums = tf.nn.avg_pool2d(_last(tf, _windows(tf, xs[0], s, size)), size, s["stride"], "VALID")
    counts = tf.nn.avg_pool2d(_last(tf, _windows(tf, tf.ones_like(xs[0]), s, size)), size, s["stride"], "VALID")
    return _first(tf, sums / counts)


def _mean_pool1d(tf, xs, s, p):
    images = dict(s, size=[1, s["size"]], stride=[1, s["stride"]])
    return _mean_pool(tf, [xs[0][:, :, None]], images, p)[:, :, 0]


def _mean_batch_norm(tf, xs, s, p):
    x = xs[0]
    shape = (1, -1) + (1,) * (len(x.shape) - 2)
    mean, variance = (tf.nn.moments(x, [0] + list(range(2, len(x.shape)))) if s["training"] else
                      (p["runningMean"], p["runningVariance"]))
    y = (x - tf.reshape(mean, shape)) / tf.sqrt(tf.reshape(variance, shape) + s["epsilon"])
    return y if s.get("affine") is False else y * tf.reshape(p["gamma"], shape) + tf.reshape(p["beta"], shape)


def _mean_layer_norm(tf, xs, s, p):
    mean, variance = tf.nn.moments(xs[0], [-1], keepdims=True)
    y = (xs[0] - mean) / tf.sqrt(variance + s["epsilon"])
    return y * p["gamma"] + p["beta"] if "gamma" in p else y


def _mean_group_norm(tf, xs, s, p):
    x = xs[0]
    grouped = tf.reshape(x, (x.shape[0], s["groups"], -1))
    mean, variance = tf.nn.moments(grouped, [2], keepdims=True)
    shape = (1, -1) + (1,) * (len(x.shape) - 2)
    y = tf.reshape((grouped - mean) / tf.sqrt(variance + s["epsilon"]), x.shape)
    return y * tf.reshape(p["gamma"], shape) + tf.reshape(p["beta"], shape)


def _mean_recurrent(tf, xs, s, p):
    zeros = tf.zeros((xs[0].shape[0], s["units"]), xs[0].dtype)
    outputs, (h, c) = [], (list(xs[1:]) + [zeros, zeros])[:2]
    steps = tf.unstack(xs[0], axis=1)
    for x in reversed(steps) if s.get("reverse") else steps:
        ax, ah = tf.matmul(x, p["Wx"]) + p["b"], tf.matmul(h, p["Wh"]) + p.get("bh", 0.0)
        a = ax + ah
        if s["type"] == "rnn":
            h = tf.nn.relu(a) if s.get("activation") == "relu" else tf.tanh(a)
        elif s["type"] == "gru":
            r, z = tf.split(tf.sigmoid(a[:, :2 * s["units"]]), 2, axis=1)
            xn, hn = ax[:, 2 * s["units"]:], ah[:, 2 * s["units"]:]
            if not s.get("resetAfter", True):
                hn = (tf.matmul(r * h, p["Wh"]) + p.get("bh", 0.0))[:, 2 * s["units"]:]
            n = tf.tanh(xn + (r * hn if s.get("resetAfter", True) else hn))
            h = (1 - z) * n + z * h
        else:
            i, f, o, g = tf.split(a, 4, axis=1)
            c = tf.sigmoid(f) * c + tf.sigmoid(i) * tf.tanh(g)
            h = tf.sigmoid(o) * tf.tanh(c)
        outputs.append(h)
    if s["returns"] != "sequence":
        return h
    return tf.stack(outputs[::-1] if s.get("reverse") else outputs, 1)


def _mean_attention(tf, xs, s, p):
    q, k, v = xs
    scores = tf.matmul(q, k, transpose_b=True) * s.get("scale", 1 / math.sqrt(q.shape[-1]))
    if s.get("causal"):
        reach = tf.linalg.band_part(tf.ones(scores.shape[-2:], bool), -1, 0)
        scores = tf.where(reach, scores, tf.constant(-math.inf, scores.dtype))
    return tf.matmul(tf.nn.softmax(scores), v)


def _mean_multi_head(tf, xs, s, p):
    parts = []
    for part, x in zip("qkv", xs if len(xs) > 1 else xs * 3):
        y = tf.tensordot(x, p["W" + part], 1) + p.get("b" + part, 0.0)
        parts.append(tf.transpose(tf.reshape(y, (y.shape[0], y.shape[1], s["heads"], -1)), (0, 2, 1, 3)))
    y = tf.transpose(_mean_attention(tf, parts, s, p), (0, 2, 1, 3))
    return tf.tensordot(tf.reshape(y, (y.shape[0], y.shape[1], -1)), p["Wo"], 1) + p.get("bo", 0.0)


def _broadcast(tf, xs):
    """Samples of one rank."""
    rank = max(len(x.shape) for x in xs)
    return [tf.reshape(x, [x.shape[0]] + [1] * (rank - len(x.shape)) + list(x.shape[1:])) for x in xs]


def _folded(function):
    def meaning(tf, xs, s, p):
        xs = _broadcast(tf, xs)
        y = xs[0]
        for other in xs[1:]:
            y = function(tf, y, other)
        return y
    return meaning


def _unary(function):
    return lambda tf, xs, s, p: function(tf, xs[0], s)


def _reduction(name):
    return lambda tf, xs, s, p: getattr(tf, "reduce_" + name)(xs[0], [axis + 1 for axis in s["axes"]],
                                                              keepdims=s.get("keep", False))


def _sliced(tf, xs, s, p):
    return xs[0][(slice(None),) * (s["axis"] + 1) + (slice(s["start"], s["end"], s.get("step", 1)),)]


def _padded(tf, xs, s, p):
    margins = [[0, 0] for _ in xs[0].shape]
    margins[s["axis"] + 1] = [s["before"], s["after"]]
    return tf.pad(xs[0], margins)


def _given(tf, xs, s, p):
    value = p.get("value", p.get("constant"))
    return tf.broadcast_to(value, [s["samples"]] + list(value.shape))


MEANINGS = {
    "conv2d": _mean_conv, "conv1d": _mean_conv1d, "convTranspose2d": _mean_conv_transpose,
    "dense": lambda tf, xs, s, p: tf.tensordot(xs[0], p["W"], 1) + p.get("b", 0) if s.get("last") else
    tf.matmul(tf.reshape(xs[0], (xs[0].shape[0], -1)), p["W"]) + p.get("b", 0),
    "embedding": lambda tf, xs, s, p: tf.gather(p["W"], xs[0]),
    "maxPool2d": _mean_pool, "averagePool2d": _mean_pool, "maxPool1d": _mean_pool1d, "averagePool1d": _mean_pool1d,
    "globalAveragePool": _unary(lambda tf, x, s: tf.reduce_mean(x, list(range(2, len(x.shape))))),
    "globalMaxPool": _unary(lambda tf, x, s: tf.reduce_max(x, list(range(2, len(x.shape))))),
    "batchNorm": _mean_batch_norm, "layerNorm": _mean_layer_norm, "groupNorm": _mean_group_norm,
    "lstm": _mean_recurrent, "gru": _mean_recurrent, "rnn": _mean_recurrent,
    "attention": _mean_attention, "multiHeadAttention": _mean_multi_head,
    "upsample2d": _unary(lambda tf, x, s: tf.repeat(tf.repeat(x, s["factor"][0], 2), s["factor"][1], 3)),
    "resize2d": _unary(lambda tf, x, s: _first(tf, tf.cast(tf.image.resize(_last(tf, x), s["size"]), x.dtype))),
    "add": _folded(lambda tf, a, b: a + b), "subtract": _folded(lambda tf, a, b: a - b),
    "multiply": _folded(lambda tf, a, b: a * b), "divide": _folded(lambda tf, a, b: a / b),
    "maximum": _folded(lambda tf, a, b: tf.maximum(a, b)), "minimum": _folded(lambda tf, a, b: tf.minimum(a, b)),
    "matmul": lambda tf, xs, s, p: tf.matmul(*_broadcast(tf, xs)),
    "concat": lambda tf, xs, s, p: tf.concat(xs, s["axis"] + 1), "stack": lambda tf, xs, s, p: tf.stack(xs, s["axis"] + 1),
    "mean": _reduction("mean"), "sum": _reduction("sum"), "max": _reduction("max"), "min": _reduction("min"),
    "constant": _given, "parameter": _given,
    "flatten": _unary(lambda tf, x, s: tf.reshape(x, (x.shape[0], -1))),
    "reshape": _unary(lambda tf, x, s: tf.reshape(x, [x.shape[0]] + list(s["shape"]))),
    "expand": _unary(lambda tf, x, s: tf.broadcast_to(x, [x.shape[0]] + list(s["shape"]))),
    "permute": _unary(lambda tf, x, s: tf.transpose(x, [0] + [axis + 1 for axis in s["axes"]])),
    "slice": _sliced, "pad": _padded,
    "select": _unary(lambda tf, x, s: tf.gather(x, s["index"], axis=s["axis"] + 1)),
    "scale": _unary(lambda tf, x, s: x * s["factor"]), "shift": _unary(lambda tf, x, s: x + s["offset"]),
    "pow": _unary(lambda tf, x, s: tf.pow(x, tf.constant(s["exponent"], x.dtype))),
    "clamp": _unary(lambda tf, x, s: tf.minimum(tf.maximum(x, tf.constant(s.get("min", -math.inf), x.dtype)),
                                                tf.constant(s.get("max", math.inf), x.dtype))),
    "softmax": _unary(lambda tf, x, s: tf.nn.softmax(x, s["axis"] + 1)),
    "logSoftmax": _unary(lambda tf, x, s: tf.nn.log_softmax(x, s["axis"] + 1)),
    "relu": _unary(lambda tf, x, s: tf.nn.relu(x)), "relu6": _unary(lambda tf, x, s: tf.nn.relu6(x)),
    "leakyRelu": _unary(lambda tf, x, s: tf.where(x > 0, x, s["alpha"] * x)),
    "elu": _unary(lambda tf, x, s: tf.where(x > 0, x, s.get("alpha", 1.0) * tf.math.expm1(tf.minimum(x, 0)))),
    "celu": _unary(lambda tf, x, s: tf.where(x > 0, x, tf.math.expm1(tf.minimum(x, 0)))),
    "selu": _unary(lambda tf, x, s: tf.nn.selu(x)), "silu": _unary(lambda tf, x, s: x * tf.sigmoid(x)),
    "hardSwish": _unary(lambda tf, x, s: x * tf.nn.relu6(x + 3) / 6),
    "hardSigmoid": _unary(lambda tf, x, s: tf.nn.relu6(x + 3) / 6),
    "mish": _unary(lambda tf, x, s: x * tf.tanh(tf.math.softplus(x))),
    "softsign": _unary(lambda tf, x, s: tf.nn.softsign(x)), "logSigmoid": _unary(lambda tf, x, s: tf.math.log_sigmoid(x)),
    "sigmoid": _unary(lambda tf, x, s: tf.sigmoid(x)), "tanh": _unary(lambda tf, x, s: tf.tanh(x)),
    "softplus": _unary(lambda tf, x, s: tf.math.softplus(x)),
    "gelu": _unary(lambda tf, x, s: tf.nn.gelu(x, approximate=False)),
    "geluTanh": _unary(lambda tf, x, s: tf.nn.gelu(x, approximate=True)),
    "exp": _unary(lambda tf, x, s: tf.exp(x)), "log": _unary(lambda tf, x, s: tf.math.log(x)),
    "sqrt": _unary(lambda tf, x, s: tf.sqrt(x)), "rsqrt": _unary(lambda tf, x, s: tf.math.rsqrt(x)),
    "abs": _unary(lambda tf, x, s: tf.abs(x)), "negate": _unary(lambda tf, x, s: -x),
    "reciprocal": _unary(lambda tf, x, s: 1 / x), "sin": _unary(lambda tf, x, s: tf.sin(x)),
    "cos": _unary(lambda tf, x, s: tf.cos(x)),
}


# A model


def called_again(graph):
    """The operations that are called more than once."""
    count = {}

    def visit(function):
        for nodes in function._nodes_by_depth.values():
            for node in nodes:
                if node.is_input:
                    continue
                inner = getattr(node.operation, "_functional", node.operation)
                count[id(node.operation)] = count.get(id(node.operation), 0) + 1
                if hasattr(inner, "_nodes_by_depth"):
                    visit(inner)
    visit(graph)
    return {operation for operation, calls in count.items() if calls > 1}


def graph_of(keras, model, inputs):
    """A functional model, or the graph of one that has a call of its own."""
    graph = getattr(model, "_functional", None) or model
    if hasattr(graph, "_nodes_by_depth"):
        return graph
    symbols = [keras.KerasTensor(array.shape, array.dtype.name) for array in inputs]
    try:
        import inspect
        named = {"training": False} if "training" in inspect.signature(model.call).parameters else {}
        results = model.call(symbols[0] if len(symbols) == 1 else symbols, **named)
        return keras.src.ops.function.Function(symbols, keras.tree.flatten(results))
    except Exception as failure:
        raise RecordingError("from_keras: expected a functional model, or one whose call consists of layers and keras.ops, "
                             "but got %s" % record._line(failure)) from None


def record_graph(tf, keras, model, name, folder, x, labels, targets, upstream, mode, match, forward_only, drawn=None,
                 sampling=None):
    """Records a model whose layers form no chain. x: a batch, or a list or dict of one for each input.

    drawn: the seed of weights that are drawn, or None. sampling: how many elements of a tensor are kept, and a seed.
    """
    import numpy as np
    training = mode == "training"
    given = list(x.values()) if isinstance(x, dict) else list(x) if isinstance(x, (list, tuple)) else [x]
    arrays = [tf.convert_to_tensor(array if np.asarray(array).dtype.kind in "iu" else record._values("x", array))
              for array in given]
    graph = graph_of(keras, model, arrays)
    names = _input_names(graph, x)
    if len(arrays) != len(names):
        raise RecordingError("from_keras: expected %d inputs but got %d" % (len(names), len(arrays)))
    before = {id(variable): np.array(variable) for variable in model.variables}
    trained = list(model.trainable_variables)

    def begin():
        t = Translation(tf, keras, training, forward_only)
        t.names.update(names)
        t.shared = called_again(graph)
        return t, [Value(key, array.shape[1:], len(array.shape) == 4 and array.dtype.is_floating, array,
                         not array.dtype.is_floating) for key, array in zip(names, arrays)]

    try:
        if drawn is not None:
            draft, values = begin()
            _prune(draft, [output.node for output in draft.walk(graph, values)])
            _draw(draft, drawn)
        used = {id(variable): np.array(variable) for variable in model.variables}
        t, values = begin()
        with tf.GradientTape(persistent=True) as tape:
            tape.watch([array for array in arrays if array.dtype.is_floating])
            result = keras.tree.flatten(model(arrays[0] if len(arrays) == 1 else dict(zip(x, arrays)) if isinstance(x, dict)
                                              else arrays, training=training))
            for variable in model.variables:
                variable.assign(used[id(variable)])
            outputs = t.walk(graph, values)
            ends = {} if forward_only else record._keras_inputs(result[0], labels, targets, upstream)
            value = record._keras_loss(tf, result[0], ends)
            traced = record._keras_loss(tf, outputs[0].tensor, ends)
    finally:
        for variable in model.variables:
            variable.assign(before[id(variable)])
    for index, (mine, walked) in enumerate(zip(result, outputs)):
        if not record._is_near(np.asarray(mine), np.asarray(walked.tensor),
                               CLAIM * record._largest(np.asarray(mine))):
            raise RecordingError("from_keras: expected output %d to be what its operations give one by one but the model "
                                 "gives other numbers" % index)
    if not t.layers:
        raise RecordingError("from_keras: expected a model of at least one layer but got %r" % model.name)
    _prune(t, [output.node for output in outputs])
    network = _network(t, names, values, outputs, value, ends)
    weights = {key: np.array(orient(used[id(variable)])) for key, (variable, orient) in t.sources.items()}
    weights.update(t.constants)
    own = {"expected": {}, "outputs": {node: ours(tensor, flag) for node, (tensor, flag) in t.shown.items()},
           "input_gradients": {}}
    own["expected"]["scores"] = ours(result[0], outputs[0].turned)
    for mine, output in zip(result[1:], outputs[1:]):
        own["expected"][output.node] = ours(mine, output.turned)
    turned_ends = {key: array if key == "labels" else ours(array, outputs[0].turned) for key, array in ends.items()}
    batches = {key: ours(value.tensor, value.turned) for key, value in zip(names, values)}
    trainable = {key: source for key, source in t.sources.items() if any(source[0] is other for other in trained)}
    if value is not None:
        if value[1]:
            own["expected"]["loss"] = value[0].numpy()
        given = [(key, array, place) for key, array, place in zip(names, arrays, values) if not place.tokens]
        found = _gradients(tf, tape, value[0], [array for _, array, _ in given] + [
            variable.value for variable, _ in trainable.values()])
        for (key, _, place), gradient in zip(given, found):
            own["expected"]["d" + key] = ours(gradient, place.turned)
        for (key, (_, orient)), gradient in zip(trainable.items(), found[len(given):]):
            own["expected"][key] = np.array(orient(gradient))
        edges = [edge for edge in t.edges if edge.uses == 1]
        own["input_gradients"] = {edge.place: ours(gradient, edge.turned) for edge, gradient in zip(
            edges, _gradients(tf, tape, traced[0], [edge.tensor for edge in edges]))}
    del tape
    for key in t.sources:
        if key not in trainable and key.rpartition("/")[2] not in ("runningMean", "runningVariance"):
            record._say("%s: no gradient recorded, since Keras does not train it" % key)
    record._require_same(own, _claim(tf, network, names, batches, weights, turned_ends, own, training), CLAIM)
    record.record_network(name, folder, network, weights, dict(batches, **turned_ends), own["expected"], own["outputs"],
                          own["input_gradients"], mode, match=match or record.FRAMEWORK_MATCH,
                          reason=record.FRAMEWORK_REASON, notes={"tensorflow": tf.__version__},
                          drawn=None if drawn is None else {"seed": drawn, "kept": list(t.constants)}, sampling=sampling)


def _draw(t, seed):
    """Gives the model weights that are drawn as drawn_weights says."""
    import numpy as np
    # Where each element of the model's own parameters is found in ours.
    places = {key: np.asarray(orient(np.arange(math.prod(variable.shape), dtype=np.float64).reshape(variable.shape)))
              for key, (variable, orient) in t.sources.items()}
    for key, array in record.drawn_weights({key: place.shape for key, place in places.items()}, seed).items():
        variable = t.sources[key][0]
        flat = np.array(variable).reshape(-1)
        flat[places[key].reshape(-1).astype(np.int64)] = array.reshape(-1)
        variable.assign(flat.reshape(variable.shape))


def _gradients(tf, tape, value, tensors):
    """The gradients of all tensors, 0 where none comes back."""
    found = tape.gradient(value, tensors, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    return [tf.convert_to_tensor(gradient).numpy() for gradient in found]


def _input_names(graph, x):
    names = list(x) if isinstance(x, dict) else [tensor.name for tensor in graph.inputs]
    if len(names) == 1:
        return ["x"]
    names = [record.re.sub(r"[^A-Za-z0-9_.-]", "_", str(name)) for name in names]
    return names if len(set(names)) == len(names) else ["x%d" % index for index in range(len(names))]


def _prune(t, outputs):
    """Leaves out what nothing takes."""
    wanted = set(outputs)
    for layer in reversed(t.layers):
        if layer["name"] in wanted:
            wanted.update(layer["inputs"])
    t.layers = [layer for layer in t.layers if layer["name"] in wanted]
    names = {layer["name"] for layer in t.layers}
    t.sources = {key: source for key, source in t.sources.items() if key.rpartition("/")[0] in names}
    t.constants = {key: array for key, array in t.constants.items() if key.rpartition("/")[0] in names}
    t.shown = {node: shown for node, shown in t.shown.items() if node in names}
    t.edges = [edge for edge in t.edges if edge.place and edge.place.split("[")[0] in names]


def _network(t, names, values, outputs, value, ends):
    network = {"format": "allclose-network/2"}
    network["inputs"] = [dict({"name": name, "shape": list(given.sample())}, **({"type": "tokens"} if given.tokens else {}))
                         for name, given in zip(names, values)]
    network["layers"] = t.layers
    shown = [output.node for output in outputs]
    if len(set(shown)) < len(shown) or set(shown) & set(names):
        raise RecordingError("from_keras: expected outputs that different layers give but got %s" % shown)
    network["outputs"] = shown
    if value is not None and value[1]:
        network["loss"] = {"type": "softmax" if "labels" in ends else "meanSquaredError"}
    return network


def _claim(tf, network, names, batches, weights, ends, own, training):
    """What the network file and the weights say, computed without the model."""
    values = {name: tf.convert_to_tensor(batch) for name, batch in batches.items()}
    leaves = {key: tf.convert_to_tensor(array) for key, array in weights.items()}
    places = {}
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([value for value in list(values.values()) + list(leaves.values()) if value.dtype.is_floating])
        for layer in network["layers"]:
            prefix = layer["name"] + "/"
            own_parameters = {key[len(prefix):]: leaf for key, leaf in leaves.items()
                              if key.startswith(prefix) and "/" not in key[len(prefix):]}
            taken = []
            for index, node in enumerate(layer["inputs"]):
                place = layer["name"] if len(layer["inputs"]) == 1 else "%s[%d]" % (layer["name"], index)
                places[place] = tf.identity(values[node])
                taken.append(places[place])
            settings = dict(layer, training=training, samples=len(next(iter(batches.values()))))
            if layer["type"] not in MEANINGS:
                raise RecordingError("layer %r: expected a type with a meaning but got %r" % (layer["name"], layer["type"]))
            values[layer["name"]] = MEANINGS[layer["type"]](tf, taken, settings, own_parameters)
        value = record._keras_loss(tf, values[network["outputs"][0]], ends)
    claim = {"expected": {"scores": values[network["outputs"][0]].numpy()},
             "outputs": {node: values[node].numpy() for node in own["outputs"]}, "input_gradients": {}}
    claim["expected"].update((node, values[node].numpy()) for node in network["outputs"][1:])
    if value is None:
        return claim
    if value[1]:
        claim["expected"]["loss"] = value[0].numpy()
    wanted = {key: values[key[1:]] if key[1:] in names and key not in leaves else leaves[key]
              for key in own["expected"] if key not in claim["expected"]}
    shown = list(own["input_gradients"])
    found = _gradients(tf, tape, value[0], list(wanted.values()) + [places[place] for place in shown])
    claim["expected"].update(zip(wanted, found))
    claim["input_gradients"] = dict(zip(shown, found[len(wanted):]))
    return claim
