"""Records what Python computes as cases that Java replays. One file, numpy only: copy it into any project.

    from allclose_record import recorder

    with recorder("moving_average", "src/test/resources/cases") as r:
        r.input(x=x)
        r.expect(y=np.convolve(x, np.ones(3), mode="valid") / 3, match={"ulps": 1})

makes the folder moving_average of a case.json and .npy files. Also here: recorded, which records the calls of a
function; record_network, for a network file, its weights and what Python computed with them; from_torch and from_keras,
for a live PyTorch or Keras model.

How near Java must come is the match: "exact" (the same bits; the default), {"ulps": k} (within k units in the last
place of the tensor's largest value) or {"rtol": r, "atol": a} (as numpy.testing.assert_allclose).

Left to itself, numpy picks its kernels by processor and thread count, and the last bits change with both. So record
with

    python3 allclose_record.py my_recording.py

which runs the program twice, in an environment where numpy's bits are the same on every x86-64 processor with AVX2, and
compares both recordings.
"""
import argparse
import contextlib
import ctypes
import filecmp
import functools
import inspect
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import warnings

STRICT = {
    "OPENBLAS_CORETYPE": "Haswell",
    "OPENBLAS_NUM_THREADS": "1",
    "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR",
}
EXACT = "exact"
FRAMEWORK_MATCH = {"ulps": 16}
FRAMEWORK_REASON = "another library's order of operations"
# Their kernels are their own: no environment makes them numpy's.
FRAMEWORKS = {"torch", "tensorflow"}
# Where the second of two runs puts its cases, and where each run notes what it wrote.
ROOT_VARIABLE, LOG_VARIABLE = "ALLCLOSE_RECORD_ROOT", "ALLCLOSE_RECORD_LOG"


class RecordingError(Exception):
    """What was to be recorded cannot be a case."""


# Cases of any function


@contextlib.contextmanager
def recorder(name, folder, function=None):
    """Records one case into folder/name; nothing is written if the block fails.

    function: what Java knows the computation by; default: the name.
    """
    recording = Recording(name, function or name)
    yield recording
    recording.write(folder, depth=4)


class Recording:
    """The arrays of a case on their way into its folder."""

    def __init__(self, name, function=None):
        if not re.fullmatch(r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*", name) or ".." in name:
            raise RecordingError("case name: expected letters, digits, '_', '-', '.' and '/' but got %r" % name)
        self.name, self.function = name, function
        self.arrays = {"inputs": {}, "expected": {}, "outputs": {}, "inputGradients": {}}
        self.notes, self.options = {}, {}
        self.network = self.weights = None
        self.run = {}

    def input(self, **arrays):
        """Notes inputs by name, copies of them; returns nothing."""
        for name, value in arrays.items():
            self._put("inputs", name, value, None, None)

    def expect(self, match=EXACT, reason=None, **arrays):
        """Notes results by name, and how near Java must come to them. The reason says why that is not exact."""
        for name, value in arrays.items():
            self._put("expected", name, value, match, reason)

    def note(self, **facts):
        """Says more of the recording, such as the version of a library; it stands in the case beside numpy's."""
        self.notes.update({name: str(value) for name, value in facts.items()})

    def call(self, function, match=EXACT, reason=None, **arguments):
        """Calls a function twice on copies of the arguments, records these and the results; returns the results.

        An array is recorded as 'result', a tuple as 'result0', 'result1' ..., a dict under its keys. Arguments that are
        no numbers are noted as text.
        """
        return self._call(function, arguments, match, reason)

    def _call(self, function, arguments, match, reason):
        for name, value in arguments.items():
            if _is_numeric(value):
                self._put("inputs", name, value, None, None)
            else:
                self.options[name] = str(value)
        first = _results(function(**_copies(arguments)))
        second = _results(function(**_copies(arguments)))
        if list(first) != list(second) or not all(_same_bits(first[name], second[name]) for name in first):
            raise RecordingError("case %r: expected the same bits from a second call but got others; seed inside the "
                                 "function what is random" % self.name)
        for name, value in first.items():
            self._put("expected", name, value, match, reason)
        return first

    def write(self, folder, depth=3):
        """Writes the case; it replaces the folder of that name as a whole. depth: of the caller that warnings name."""
        if not self.arrays["expected"]:
            raise RecordingError("case %r: expected at least one result but got none" % self.name)
        recorded = dict(provenance(), **self.notes)
        if self.options:
            recorded["arguments"] = self.options
        if recorded["mode"] == "natural" and not FRAMEWORKS & set(self.notes):
            warnings.warn("case %r is recorded in natural mode (%s): its last bits depend on this processor and its "
                          "threads; python3 allclose_record.py %s records in strict mode"
                          % (self.name, recorded["blas"], os.path.basename(sys.argv[0]) or "SCRIPT"), stacklevel=depth)
        folder = os.path.abspath(folder)
        if ROOT_VARIABLE in os.environ:
            folder = os.path.join(os.environ[ROOT_VARIABLE], os.path.relpath(folder, os.path.sep))
        target = os.path.join(folder, *self.name.split("/"))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        temporary = tempfile.mkdtemp(prefix=".recording-", dir=folder)
        try:
            os.chmod(temporary, 0o755)
            self._write_files(temporary, recorded)
            if os.path.isdir(target):
                if not os.path.isfile(os.path.join(target, "case.json")):
                    raise RecordingError("%s: expected a case or nothing there but got another folder" % target)
                shutil.rmtree(target)
            os.rename(temporary, target)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        if LOG_VARIABLE in os.environ:
            with open(os.environ[LOG_VARIABLE], "a", encoding="utf-8") as log:
                log.write(target + "\n")

    def _put(self, kind, name, value, match, reason):
        import numpy as np
        array = np.array(value, order="C")
        if not _is_numeric(array) or array.dtype.kind == "c":
            raise RecordingError("case %r: %s: expected numbers but got dtype %s" % (self.name, name, array.dtype))
        if name in self.arrays[kind]:
            raise RecordingError("case %r: %s: expected it to be recorded once" % (self.name, name))
        if kind == "expected" and array.dtype in (np.float16, np.float32):
            warnings.warn("case %r: %s is %s: Java computes in float64 and will differ in all digits beyond"
                          % (self.name, name, array.dtype), stacklevel=4)
        entry = {} if match is None else {"match": _checked(match)}
        if reason is not None:
            entry["reason"] = reason
        self.arrays[kind][name] = (array, entry)

    def _write_files(self, folder, recorded):
        case = {"format": "allclose-case/1", "name": self.name}
        if self.network is None:
            case["function"] = self.function
        else:
            import numpy as np
            case["network"], case["weights"] = "network.json", "weights.npz"
            _write_json(os.path.join(folder, "network.json"), self.network)
            np.savez(os.path.join(folder, "weights.npz"), **self.weights)
            case.update(self.run)
        for kind, entries in self.arrays.items():
            if entries or kind in ("inputs", "expected"):
                case[kind] = {name: dict(file=_save(folder, kind, name, array), **entry) if entry else
                              _save(folder, kind, name, array) for name, (array, entry) in entries.items()}
        case["recorded"] = recorded
        _write_json(os.path.join(folder, "case.json"), case)


def recorded(folder, name=None, match=EXACT, reason=None, cases=1):
    """A decorator that records the first calls of a function, arguments and results, each as a case.

    The cases are name, name_2, name_3 ...; the default name is the function's. Each recorded call is made twice.
    """
    def decorate(function):
        signature = inspect.signature(function)
        state = {"calls": 0}

        @functools.wraps(function)
        def wrapper(*positional, **named):
            bound = signature.bind(*positional, **named)
            bound.apply_defaults()
            state["calls"] += 1
            if state["calls"] <= cases and not state.get("inside"):
                number = "" if state["calls"] == 1 else "_%d" % state["calls"]
                recording = Recording((name or function.__name__) + number, function.__name__)
                state["inside"] = True
                try:
                    recording._call(functools.partial(_apply, function, signature), dict(bound.arguments), match,
                                    reason)
                    recording.write(folder)
                finally:
                    state["inside"] = False
            return function(*positional, **named)
        return wrapper
    return decorate


# Networks


def record_network(name, folder, network, weights, inputs, expected=None, outputs=None, input_gradients=None,
                   mode="training", seed=None, match=EXACT, reason=None, notes=None):
    """Records what a network computed in Python.

    network: a network file, or its content as a dict. weights: an .npz file, or a dict of arrays under their names, such
    as 'fc1/W'. inputs: x, and one of labels, targets and upstream (the gradient of the scores).

    expected: scores, loss, dx, and the gradient of each parameter under its name, as far as known. outputs: each layer's
    output by the layer's name. input_gradients: for each layer, the gradient of its input. Instead of arrays expected
    may be a function of inputs and weights that gives such a dict: it is called twice. Without expected, the numpy
    reference computes it all, which lies in modules beside this file.

    seed: of the RandomState that dropout draws from in training mode.
    """
    import numpy as np
    recording = Recording(name)
    recording.network = _read_json(network) if isinstance(network, (str, os.PathLike)) else network
    if isinstance(weights, (str, os.PathLike)):
        with np.load(weights) as archive:
            weights = {key: archive[key] for key in archive.files}
    recording.weights = {key: np.array(value, order="C") for key, value in weights.items()}
    recording.run = {"mode": mode} if seed is None else {"mode": mode, "seed": seed}
    recording.input(**inputs)
    recording.note(**(notes or {}))
    if expected is None:
        expected, outputs = _reference(recording.network, recording.weights, inputs, mode, seed)
    if callable(expected):
        compute = expected
        recording._call(lambda: compute(_copies(inputs), _copies(recording.weights)), {}, match, reason)
    else:
        for key, value in expected.items():
            recording._put("expected", key, value, match, reason)
    for kind, arrays in (("outputs", outputs), ("inputGradients", input_gradients)):
        for layer, value in (arrays or {}).items():
            recording._put(kind, layer, value, match, reason)
    recording.write(folder)


def _reference(network, weights, inputs, mode, seed):
    """What the numpy reference computes, twice; expected and outputs."""
    import numpy as np
    try:
        import sequential
    except ImportError:
        raise RecordingError("expected results, or the reference's module 'sequential' beside allclose_record.py to "
                             "compute them") from None
    runs = []
    for _ in range(2):
        copy = _copies(inputs)
        runs.append(sequential.evaluate(
            network, _copies(weights), copy["x"], copy.get("labels", copy.get("targets")), copy.get("upstream"), mode,
            np.random.RandomState(seed)))
    for first, second in zip(*runs):
        for name in first:
            if not _same_bits(first[name], second[name]):
                raise RecordingError("%s: expected the same bits from a second run but got others" % name)
    return runs[0]


# PyTorch and Keras


def from_torch(model, name, folder, x, labels=None, targets=None, upstream=None, loss=None, l2=0.0, mode=None,
               match=None, reason=FRAMEWORK_REASON):
    """Records a torch.nn.Sequential: network, weights, each layer's output, the gradients of all inputs and parameters.

    The model is copied and computes in float64, whatever its own dtype; it is not changed. Layers keep the names they
    have in its state_dict. loss: 'softmax' (cross_entropy of labels), 'meanSquaredError' or 'binaryCrossEntropy' (of
    targets, with logits); without a loss the backward pass starts from upstream, by default ones. mode: 'training' or
    'inference'; default: as the model is. match: default {"ulps": 16}: what small
    networks were seen to need, whose gradients are sums in which much cancels.

    Dropout in training mode is refused: torch draws its masks from a stream of its own. What BatchNorm's running
    statistics become is not recorded: torch keeps the unbiased variance, allclose the biased one.
    """
    import copy
    import numpy as np
    import torch
    mode = mode or ("training" if model.training else "inference")
    model = copy.deepcopy(model).to(device="cpu", dtype=torch.float64).train(mode == "training")
    x = torch.tensor(np.asarray(x, dtype=np.float64), requires_grad=True)
    layers, weights, trained, tensors, regularized = [], {}, {}, [("", x)], []
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        for path, module in _leaves(model, ""):
            layer = _torch_layer(path, module, mode)
            if hasattr(module, "inplace"):
                module.inplace = False
            for key, parameter in _torch_parameters(path, module).items():
                # As they are before the forward pass, which moves running statistics.
                weights[key] = _torch_orient(parameter, key)
                if parameter.requires_grad:
                    trained[key] = parameter
            out = module(tensors[-1][1])
            if layer is None:
                tensors[-1] = (tensors[-1][0], out)
                continue
            layer["name"] = path
            regularized += [module.weight] if layer["type"] in ("dense", "conv2d") else []
            layers.append(layer)
            tensors.append((path, out))
        for _, tensor in tensors:
            tensor.retain_grad()
        scores = tensors[-1][1]
        inputs, value = _torch_loss(scores, labels, targets, upstream, loss)
        for weight in regularized if l2 else []:
            value = value + 0.5 * l2 * (weight * weight).sum()
        value.backward()
        expected = {"scores": _numpy(scores)}
        if loss:
            expected["loss"] = _numpy(value)
        expected["dx"] = _numpy(x.grad)
        for key, parameter in trained.items():
            if parameter.grad is not None:
                expected[key] = _torch_orient(parameter.grad, key)
    finally:
        torch.set_num_threads(threads)
    network = {"format": "allclose-network/1", "input": list(x.shape[1:]), "layers": layers}
    if loss:
        network["loss"] = {"type": loss}
        if l2:
            network["l2"] = l2
    record_network(
        name, folder, network, weights, dict(inputs, x=_numpy(x)), expected, {path: _numpy(tensor) for path, tensor in tensors[1:]},
        {path: _numpy(before.grad) for (_, before), (path, _) in zip(tensors, tensors[1:])}, mode,
        match=match or FRAMEWORK_MATCH, reason=reason, notes={"torch": torch.__version__})


def _leaves(module, path):
    """The layers of nested Sequentials, with their names in the state_dict."""
    import torch
    if not isinstance(module, torch.nn.Sequential):
        yield path, module
        return
    for name, child in module.named_children():
        yield from _leaves(child, path + "." + name if path else name)


def _torch_layer(path, module, mode):
    """The layer of a network file that a module is; None if it does nothing."""
    kind = type(module).__name__

    def require(condition, what):
        if not condition:
            raise RecordingError("layer %r: %s: expected %s but got %r" % (path, kind, what, module))

    def unpadded():
        require(module.padding in (0, (0, 0)) and not module.ceil_mode, "a pool without padding and ceil_mode")
        return {"size": _pair(module.kernel_size), "stride": _pair(module.stride or module.kernel_size)}

    if kind == "Identity":
        return None
    if kind == "Linear":
        return dict({"type": "dense", "units": module.out_features}, **_bias(module.bias is not None))
    if kind == "Conv2d":
        require(module.groups == 1 and _pair(module.dilation) == [1, 1] and module.padding_mode == "zeros"
                and not isinstance(module.padding, str), "groups=1, dilation=1 and a padding of zeros in numbers")
        return dict({"type": "conv2d", "filters": module.out_channels, "kernel": _pair(module.kernel_size),
                     "stride": _pair(module.stride), "padding": _pair(module.padding)}, **_bias(module.bias is not None))
    if kind == "MaxPool2d":
        require(_pair(module.dilation) == [1, 1], "dilation=1")
        return dict({"type": "maxPool2d"}, **unpadded())
    if kind == "AvgPool2d":
        require(module.divisor_override is None, "no divisor_override")
        return dict({"type": "averagePool2d"}, **unpadded())
    if kind in ("BatchNorm1d", "BatchNorm2d"):
        require(module.affine and module.track_running_stats and module.momentum is not None,
                "affine=True, track_running_stats=True and a momentum")
        return {"type": "batchNorm", "epsilon": module.eps, "momentum": 1 - module.momentum}
    if kind == "LayerNorm":
        require(module.elementwise_affine, "elementwise_affine=True")
        return {"type": "layerNorm", "epsilon": module.eps}
    if kind == "GroupNorm":
        require(module.affine, "affine=True")
        return {"type": "groupNorm", "groups": module.num_groups, "epsilon": module.eps}
    if kind in ("Dropout", "Dropout2d", "AlphaDropout"):
        require(mode == "inference" and kind == "Dropout", "a Dropout, and inference mode")
        return {"type": "dropout", "keep": 1 - module.p}
    if kind == "Flatten":
        require(module.start_dim == 1 and module.end_dim == -1, "all axes but the first to be flattened")
        return {"type": "flatten"}
    if kind in ("LeakyReLU", "ELU"):
        return ({"type": "leakyRelu", "alpha": module.negative_slope} if kind == "LeakyReLU" else
                {"type": "elu", "alpha": module.alpha})
    if kind == "Softplus":
        require(module.beta == 1, "beta=1")
    if kind == "Softmax":
        require(module.dim in (1, -1), "the softmax of axis 1")
    if kind == "GELU" and getattr(module, "approximate", "none") == "tanh":
        return {"type": "geluTanh"}
    plain = {"ReLU": "relu", "Sigmoid": "sigmoid", "Tanh": "tanh", "Softplus": "softplus", "Softmax": "softmax",
             "GELU": "gelu"}
    require(kind in plain, "a layer that network files know")
    return {"type": plain[kind]}


def _torch_parameters(path, module):
    names = ({"weight": "W", "bias": "b"} if type(module).__name__ in ("Linear", "Conv2d") else
             {"weight": "gamma", "bias": "beta", "running_mean": "runningMean", "running_var": "runningVariance"})
    found = {ours: getattr(module, theirs, None) for theirs, ours in names.items()}
    return {path + "/" + ours: tensor for ours, tensor in found.items() if tensor is not None}


def _torch_orient(tensor, key):
    """A parameter or its gradient in our layout: torch keeps a Linear's weight as (out, in)."""
    return _numpy(tensor.T if key.endswith("/W") and tensor.dim() == 2 else tensor)


def _torch_loss(scores, labels, targets, upstream, loss):
    """The inputs beside x, and what the backward pass starts from."""
    import numpy as np
    import torch
    functions = {"softmax": torch.nn.functional.cross_entropy, "meanSquaredError": torch.nn.functional.mse_loss,
                 "binaryCrossEntropy": torch.nn.functional.binary_cross_entropy_with_logits}
    if loss is None:
        upstream = np.ones(scores.shape) if upstream is None else np.asarray(upstream, dtype=np.float64)
        return {"upstream": upstream}, (scores * torch.tensor(upstream)).sum()
    if loss not in functions or (labels is None) == (targets is None):
        raise RecordingError("loss: expected one of %s with labels or targets but got %r" % (sorted(functions), loss))
    if labels is not None:
        labels = np.asarray(labels, dtype=np.int64)
        return {"labels": labels}, functions[loss](scores, torch.tensor(labels))
    targets = np.asarray(targets, dtype=np.float64)
    return {"targets": targets}, functions[loss](scores, torch.tensor(targets))


def from_keras(model, name, folder, x, labels=None, targets=None, upstream=None, mode="inference", match=None):
    """Records a keras.Sequential on TensorFlow: network, weights, each layer's output and input gradient, all gradients.

    Keras keeps images as (N, H, W, C), allclose as (N, C, H, W): input, outputs and weights are turned, and what belongs
    to the values behind a Flatten put into our order. The model has to be of float64 (keras.backend.set_floatx("float64")
    before it is built). With labels the loss is the softmax loss of the last layer's output as logits, with targets the
    mean squared error; without them the backward pass starts from upstream, by default ones. Not recorded: what
    BatchNormalization's statistics become.
    """
    import numpy as np
    import tensorflow as tf
    x = tf.convert_to_tensor(np.asarray(x, dtype=np.float64))
    layers, weights, variables, given, outputs, orders = [], {}, {}, {}, {}, {}
    scores, image = x, None
    with tf.GradientTape() as tape:
        tape.watch(x)
        for module in model.layers:
            steps, names = _keras_layers(module, mode)
            if not steps:
                continue
            given[module.name] = (scores, image)
            before, scores = scores, module(scores, training=mode == "training")
            kind = steps[0]["type"]
            if kind == "flatten" and len(before.shape) == 4:
                image = tuple(before.shape[1:])
            for ours, theirs in names.items():
                key = module.name + "/" + ours
                weights[key] = variables[key] = theirs
                # One row, or value, for each value of the image that was flattened.
                if image is not None and (kind == "batchNorm" or kind == "dense" and ours == "W"):
                    orders[key] = image
            image = None if kind == "dense" else image
            for index, step in enumerate(steps):
                step["name"] = module.name if index == 0 else module.name + "_" + step["type"]
                layers.append(step)
            # With a fused activation only the output behind it is at hand; it belongs to the last of the steps.
            outputs[steps[-1]["name"]] = _turned(scores, image)
        if labels is not None:
            value = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(np.asarray(labels), scores))
        elif targets is not None:
            value = tf.reduce_mean((scores - np.asarray(targets, dtype=np.float64)) ** 2)
        else:
            upstream = np.ones(scores.shape) if upstream is None else np.asarray(upstream, dtype=np.float64)
            value = tf.reduce_sum(scores * upstream)
    trained = {key: value for key, value in variables.items() if value.trainable}
    befores, gradients = tape.gradient(value, [[tensor for tensor, _ in given.values()], list(trained.values())])
    input_gradients = {layer: _turned(gradient, order) for (layer, (_, order)), gradient in zip(given.items(), befores)}
    expected = {"scores": _turned(scores, image), "dx": _turned(befores[0])}
    network = {"format": "allclose-network/1", "input": list(_turned(x).shape[1:]), "layers": layers}
    inputs = {"x": _turned(x)}
    if labels is not None or targets is not None:
        expected["loss"] = value.numpy()
        network["loss"] = {"type": "softmax" if labels is not None else "meanSquaredError"}
        inputs.update({"labels": np.asarray(labels)} if labels is not None else {"targets": _turned(targets, image)})
    else:
        inputs["upstream"] = _turned(upstream, image)
    for key, gradient in zip(trained, gradients):
        expected[key] = _keras_orient(gradient.numpy(), key, orders)
    record_network(name, folder, network,
                   {key: _keras_orient(value.numpy(), key, orders) for key, value in weights.items()}, inputs, expected,
                   outputs, input_gradients, mode,
                   match=match or FRAMEWORK_MATCH, reason=FRAMEWORK_REASON, notes={"tensorflow": tf.__version__})


def _keras_layers(module, mode):
    """The layers of a network file that a Keras layer is, and its variables by our names."""
    kind = type(module).__name__

    def require(condition, what):
        if not condition:
            raise RecordingError("layer %r: %s: expected %s" % (module.name, kind, what))

    activations = {"relu": "relu", "sigmoid": "sigmoid", "tanh": "tanh", "softmax": "softmax", "softplus": "softplus",
                   "elu": "elu", "gelu": "gelu"}

    def activation():
        name = getattr(getattr(module, "activation", None), "__name__", "linear")
        require(name == "linear" or name in activations, "an activation among %s but got %s"
                % (sorted(activations), name))
        return [] if name == "linear" else [{"type": activations[name]}]

    if kind == "InputLayer":
        return [], {}
    if kind in ("Dense", "Conv2D"):
        names = {"W": module.kernel} if module.bias is None else {"W": module.kernel, "b": module.bias}
        if kind == "Dense":
            layer = {"type": "dense", "units": module.units}
        else:
            require(module.data_format == "channels_last" and module.groups == 1 and
                    _pair(module.dilation_rate) == [1, 1], "channels_last, groups=1 and dilation_rate=1")
            kernel, stride = _pair(module.kernel_size), _pair(module.strides)
            require(module.padding == "valid" or (stride == [1, 1] and all(k % 2 for k in kernel)),
                    "padding='valid', or 'same' with an odd kernel and stride 1")
            padding = [0, 0] if module.padding == "valid" else [k // 2 for k in kernel]
            layer = {"type": "conv2d", "filters": module.filters, "kernel": kernel, "stride": stride, "padding": padding}
        return [dict(layer, **_bias(module.bias is not None))] + activation(), names
    if kind in ("MaxPooling2D", "AveragePooling2D"):
        require(module.padding == "valid" and module.data_format == "channels_last", "padding='valid', channels_last")
        return [{"type": "maxPool2d" if kind == "MaxPooling2D" else "averagePool2d", "size": _pair(module.pool_size),
                 "stride": _pair(module.strides)}], {}
    if kind == "BatchNormalization":
        require(module.scale and module.center, "scale=True and center=True")
        return [{"type": "batchNorm", "epsilon": module.epsilon, "momentum": module.momentum}], {
            "gamma": module.gamma, "beta": module.beta, "runningMean": module.moving_mean,
            "runningVariance": module.moving_variance}
    if kind == "Dropout":
        require(mode == "inference", "inference mode: Keras draws masks from a stream of its own")
        return [{"type": "dropout", "keep": 1 - module.rate}], {}
    if kind == "LeakyReLU":
        import numpy as np
        slope = getattr(module, "negative_slope", getattr(module, "alpha", 0.3))
        # TensorFlow keeps it in single precision, whatever it multiplies.
        return [{"type": "leakyRelu", "alpha": float(np.float32(slope))}], {}
    if kind == "Activation":
        return activation(), {}
    plain = {"Flatten": "flatten", "ReLU": "relu", "Softmax": "softmax"}
    require(kind in plain, "a layer that network files know")
    return [{"type": plain[kind]}], {}


def _keras_orient(array, key, orders):
    """A parameter or its gradient in our layout."""
    if key.endswith("/W") and array.ndim == 4:
        return array.transpose(3, 2, 0, 1)
    if key in orders:
        return array.reshape(orders[key] + (-1,)).transpose(2, 0, 1, 3).reshape(array.shape)
    return array


def _turned(tensor, image=None):
    """Images as (N, C, H, W), flattened ones of a shape (H, W, C) likewise, anything else as it is."""
    import numpy as np
    array = np.asarray(tensor)
    if array.ndim == 4:
        return array.transpose(0, 3, 1, 2)
    return array if image is None else array.reshape((-1,) + image).transpose(0, 3, 1, 2).reshape(array.shape)


# Helpers


def _bias(present):
    return {} if present else {"bias": False}


def _pair(value):
    return [int(value)] * 2 if isinstance(value, int) else [int(part) for part in value]


def _numpy(tensor):
    return tensor.detach().numpy().copy()


def _is_numeric(value):
    import numpy as np
    try:
        return np.asarray(value).dtype.kind in "biufc"
    except ValueError:
        return False


def _copies(arguments):
    import copy
    return {name: copy.deepcopy(value) for name, value in arguments.items()}


def _results(value):
    """What a function returned, by name."""
    if isinstance(value, dict):
        return dict(value)
    if hasattr(value, "_asdict"):
        return dict(value._asdict())
    if isinstance(value, tuple):
        return {"result%d" % index: part for index, part in enumerate(value)}
    return {"result": value}


def _apply(function, signature, **arguments):
    """Calls a function with arguments by name, where some of its parameters take them by position alone."""
    bound = signature.bind_partial()
    bound.arguments.update(arguments)
    return function(*bound.args, **bound.kwargs)


def _same_bits(first, second):
    import numpy as np
    a, b = np.asarray(first), np.asarray(second)
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


def _checked(match):
    """A match as it stands in a case."""
    if match == EXACT:
        return match
    if isinstance(match, dict) and set(match) in ({"ulps"}, {"rtol", "atol"}):
        return match
    raise RecordingError("match: expected 'exact', {'ulps': k} or {'rtol': r, 'atol': a} but got %r" % (match,))


def _save(folder, kind, key, array):
    """Saves an array; returns the file's name relative to the folder."""
    import numpy as np
    name = "%s/%s.npy" % (kind, key.replace("/", "_"))
    os.makedirs(os.path.join(folder, kind), exist_ok=True)
    if os.path.exists(os.path.join(folder, name)):
        raise RecordingError("%s: expected names that differ in more than '/' and '_'" % key)
    np.save(os.path.join(folder, name), array)
    return name


def _read_json(path):
    with open(path, encoding="utf-8") as source:
        return json.load(source)


def _write_json(path, value):
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        json.dump(value, out, indent=1)
        out.write("\n")


# With what a case is recorded


def provenance():
    """What a case says of its recording: versions, BLAS with its kernels and threads, and the mode.

    The mode is strict if the variables of STRICT are set and OpenBLAS follows them, else natural.
    """
    import numpy
    library = blas()
    strict = (all(os.environ.get(name) == value for name, value in STRICT.items())
              and library.endswith(" Haswell, 1 thread"))
    facts = {"numpy": numpy.__version__, "blas": library, "libc": " ".join(platform.libc_ver()).strip() or "unknown",
             "python": platform.python_version(), "machine": platform.machine(),
             "mode": "strict" if strict else "natural"}
    if not strict:
        facts["kernels"] = " ".join(_cpu_features()) or "unknown"
    facts["script"] = os.path.basename(sys.argv[0]) or "interactive"
    return facts


def blas():
    """The loaded BLAS as it describes itself, such as 'OpenBLAS 0.3.31 Haswell, 1 thread'."""
    import numpy  # loads the library that is looked for
    assert numpy
    try:
        with open("/proc/self/maps") as maps:
            libraries = sorted(set(re.findall(r"/\S*openblas\S*\.so\S*", maps.read())))
    except OSError:
        return "unknown"
    for path in libraries:
        library = ctypes.CDLL(path)
        for prefix, suffix in (("scipy_", "64_"), ("", "64_"), ("scipy_", ""), ("", "")):
            try:
                config = getattr(library, prefix + "openblas_get_config" + suffix)
                core = getattr(library, prefix + "openblas_get_corename" + suffix)
                threads = getattr(library, prefix + "openblas_get_num_threads" + suffix)
            except AttributeError:
                continue
            config.restype = core.restype = ctypes.c_char_p
            version = re.match(r"OpenBLAS (\d+\.\d+\.\d+)", config().decode())
            count = threads()
            return "OpenBLAS %s %s, %d thread%s" % (version.group(1) if version else "unknown", core().decode(), count,
                                                    "" if count == 1 else "s")
    return "unknown"


def _cpu_features():
    """The processor features that numpy's own loops use."""
    try:
        from numpy._core import _multiarray_umath as core
    except ImportError:
        from numpy.core import _multiarray_umath as core
    features = getattr(core, "__cpu_features__", {})
    return [name for name in getattr(core, "__cpu_dispatch__", []) if features.get(name)]


# The program


def main():
    parser = argparse.ArgumentParser(description="Run a recording program twice in the same environment and compare "
                                     "what it records.")
    parser.add_argument("--mode", choices=["strict", "natural"], default="strict",
                        help="strict: OpenBLAS with Haswell kernels on one thread, numpy's exp and log from the C "
                        "library; natural: numpy as it is here")
    parser.add_argument("--once", action="store_true", help="do not run it a second time")
    parser.add_argument("script", help="the program, which uses recorder, recorded, record_network or from_torch")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="its arguments")
    arguments = parser.parse_args()
    environment = {name: value for name, value in os.environ.items() if name not in STRICT}
    environment.update(STRICT if arguments.mode == "strict" else {})
    # numpy warns of processor features in the list that it does not know or this machine does not have.
    environment["PYTHONWARNINGS"] = "ignore::ImportWarning" + (",ignore::RuntimeWarning" if arguments.mode == "strict"
                                                               else "")
    own = os.path.dirname(os.path.abspath(__file__))
    environment["PYTHONPATH"] = os.pathsep.join([own] + environment.get("PYTHONPATH", "").split(os.pathsep)).rstrip(
        os.pathsep)
    command = [sys.executable, arguments.script] + arguments.arguments
    with tempfile.TemporaryDirectory(prefix="allclose-record-") as scratch:
        cases = _run(command, dict(environment, **{LOG_VARIABLE: os.path.join(scratch, "first")}))
        if not cases:
            sys.exit("%s: expected it to record at least one case but got none" % arguments.script)
        if not arguments.once:
            root = os.path.join(scratch, "again")
            again = _run(command, dict(environment, **{LOG_VARIABLE: os.path.join(scratch, "second"),
                                                       ROOT_VARIABLE: root}))
            differing = _differing(cases, {os.path.sep + os.path.relpath(case, root) for case in again}, root)
            if differing:
                sys.exit("recorded twice: expected the same files but these differ:\n  " + "\n  ".join(differing))
    print("recorded %d case%s%s" % (len(cases), "" if len(cases) == 1 else "s",
                                    "" if arguments.once else ", twice with the same bytes"))


def _run(command, environment):
    status = subprocess.call(command, env=environment)
    if status != 0:
        sys.exit(status if status > 0 else 1)
    log = environment[LOG_VARIABLE]
    if not os.path.exists(log):
        return []
    with open(log, encoding="utf-8") as lines:
        return sorted(set(lines.read().splitlines()))


def _differing(cases, again, root):
    """The files that are not the same in both recordings, and the cases that only one has."""
    differing = sorted(set(cases) ^ again)
    for case in sorted(set(cases) & again):
        copy = os.path.join(root, os.path.relpath(case, os.path.sep))
        names = {os.path.relpath(os.path.join(folder, file), start)
                 for start in (case, copy) for folder, _, files in os.walk(start) for file in files}
        differing += [os.path.join(case, name) for name in sorted(names)
                      if not (os.path.exists(os.path.join(case, name)) and os.path.exists(os.path.join(copy, name))
                              and filecmp.cmp(os.path.join(case, name), os.path.join(copy, name), shallow=False))]
    return differing


if __name__ == "__main__":
    main()
