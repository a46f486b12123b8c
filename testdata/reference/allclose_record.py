"""Records what Python computes as cases that Java replays. One file, numpy only: copy it into any project.

    from allclose_record import recorder

    with recorder("moving_average", "src/test/resources/cases") as r:
        r.input(x=x)
        r.expect(y=np.convolve(x, np.ones(3), mode="valid") / 3, match={"ulps": 1})

makes the folder moving_average of a case.json and .npy files. Also here: recorded, which records the calls of a
function; record_network, for a network file, its weights and what Python computed with them; from_torch and from_keras,
for a live PyTorch or Keras model.

How near Java must come is the match: "exact" (the same bits; the default), {"zeros": "equal"} (the same bits but for the
sign of zero), {"ulps": k} (within k units in the last place of the tensor's largest value), {"rtol": r, "atol": a} (as
numpy.testing.assert_allclose) or, for networks, {"rounding": k} (within k times the rounding error that another order of
summation may make: the default of recordings of PyTorch and Keras).

Left to itself, numpy picks its kernels by processor and thread count, and the last bits change with both. So record
with

    python3 allclose_record.py my_recording.py

which runs the program twice, in an environment where numpy's bits are the same on every x86-64 processor with AVX2, and
compares both recordings.
"""
import argparse
import contextlib
import copy
import ctypes
import filecmp
import functools
import importlib
import inspect
import json
import numbers
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import traceback
import warnings
import zlib

STRICT = {
    "OPENBLAS_CORETYPE": "Haswell",
    "OPENBLAS_NUM_THREADS": "1",
    "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR",
}
EXACT = "exact"
FRAMEWORK_MATCH = {"rounding": 16}
FRAMEWORK_REASON = "another library's order of operations"
# Their kernels are their own: no environment makes them numpy's.
FRAMEWORKS = {"torch", "tensorflow"}
# What the backward pass starts from.
ENDS = {"labels", "targets", "upstream"}
LOSSES_OF_LABELS = ("softmax", "hinge", "nll")
# How near a translation must come to the model, relative to the largest element.
CLAIM = 1e-13
# Likewise, where images are turned for it, so that sums are taken in another order.
REORDERED_CLAIM = 1e-11
# The names that layers of network files can have; in version 2 also parts of them behind '/'.
NAME = r"[A-Za-z0-9_.-]+"
PATH = NAME + "(/" + NAME + ")*"
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
        self.notes, self.arguments, self.results = {}, {}, {}
        self.network = self.weights = self.drawn = self.sampling = None
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

    def call(self, function, /, match=EXACT, reason=None, compare=None, **arguments):
        """Calls a function twice on copies of the arguments, records these and the results; returns what it returned.

        Arguments and results can be arrays, numbers, and tuples, lists and dicts of them, such as the caches of cs231n's
        layers. A result is recorded as 'result', its parts by their paths: out, (x, w) as 'result.0', 'result.1.0' and
        'result.1.1', a dict under its keys; the parts of an argument 'cache' as 'cache.0' and so on. compare: the names of
        the results that Java is to give, or of what they are parts of; default: all. What is no number is said, and noted
        in the case.
        """
        return self._call(function, arguments, match, reason, compare)

    def _call(self, function, arguments, match, reason, compare=None):
        for name, value in arguments.items():
            arrays, others = _parts(name, value)
            for path, array in arrays.items():
                self._put("inputs", path, array, None, None)
            for path, other in others.items():
                _say("case %r: argument %r is %s: noted, not recorded as an input" % (self.name, path, _kind(other)))
                self.arguments[path] = _text(other)
        returned, arrays, others = self._twice(lambda: function(**self._copies(arguments)))
        for path, other in others.items():
            _say("case %r: %r is %s: noted, not compared" % (self.name, path, _kind(other)))
            self.results[path] = _text(other)
        if not arrays:
            raise RecordingError("case %r: expected numbers among the results but got %s" % (self.name, _kind(returned)))
        for wanted in compare or ():
            if not any(_is_part(name, wanted) for name in arrays):
                raise RecordingError("case %r: compare: expected results among %s but got %r"
                                     % (self.name, list(arrays), wanted))
        for name, value in arrays.items():
            if compare is None or any(_is_part(name, wanted) for wanted in compare):
                self._put("expected", name, value, match, reason)
            else:
                self.results[name] = "not compared"
        return returned

    def _twice(self, compute):
        """What a computation returns, and its numbers and what is none, by name; a second run has to give the same bits."""
        returned = compute()
        arrays, others = _results(returned)
        # The second run may return the same memory.
        arrays = {name: copy.deepcopy(array) for name, array in arrays.items()}
        again, _ = _results(compute())
        if list(arrays) != list(again) or not all(_same_bits(arrays[name], again[name]) for name in arrays):
            raise RecordingError("case %r: expected the same bits from a second call but got others; seed inside the "
                                 "function what is random" % self.name)
        return returned, arrays, others

    def _copies(self, arguments):
        try:
            return _copies(arguments)
        except Exception as failure:
            raise RecordingError("case %r: expected arguments that can be copied but got %s"
                                 % (self.name, _line(failure))) from None

    def write(self, folder, depth=3):
        """Writes the case; it replaces the folder of that name as a whole. depth: of the caller that warnings name."""
        if not self.arrays["expected"]:
            raise RecordingError("case %r: expected at least one result but got none" % self.name)
        recorded = dict(provenance(), **self.notes)
        recorded.update((key, noted) for key, noted in (("arguments", self.arguments), ("results", self.results)) if noted)
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
            kept = self.weights
            if self.drawn is not None:
                kept = {name: self.weights[name] for name in self.drawn["kept"]}
                case["weights"] = dict({"seed": self.drawn["seed"]}, **({"file": "weights.npz"} if kept else {}))
            if kept or self.drawn is None:
                np.savez(os.path.join(folder, "weights.npz"), **kept)
            case.update(self.run)
        for kind, entries in self.arrays.items():
            if entries or kind in ("inputs", "expected"):
                given = {name: (array, entry) if kind == "inputs" else self._sampled(folder, kind, name, array, entry)
                         for name, (array, entry) in entries.items()}
                files = {name: _save(folder, kind, name, array) for name, (array, _) in given.items()}
                case[kind] = {name: dict(file=files[name], **entry) if entry else files[name]
                              for name, (_, entry) in given.items()}
        case["recorded"] = recorded
        _write_json(os.path.join(folder, "case.json"), case)


    def _sampled(self, folder, kind, name, array, entry):
        """An array and its entry, or, if it is too large, some of its elements and what is said of all."""
        import numpy as np
        if self.sampling is None or array.size <= self.sampling[0]:
            return array, entry
        count, seed = self.sampling
        # Each array has its own places.
        random = np.random.RandomState([seed, zlib.crc32(("%s/%s" % (kind, name)).encode())])
        places = np.unique(random.randint(array.size, size=2 * count))
        while len(places) < count:
            places = np.unique(np.append(places, random.randint(array.size, size=2 * count)))
        places = np.sort(random.permutation(places)[:count]).astype(np.int64)
        sampled = {"shape": list(array.shape), "indices": _save(folder, kind, name + ".indices", places)}
        sampled.update((key, float(value)) for key, value in (("sum", np.sum(array)), ("norm", np.sqrt(np.sum(
            array * array)))) if np.isfinite(value))
        return array.reshape(-1)[places], dict(entry, sampled=sampled)


def recorded(folder, name=None, match=EXACT, reason=None, cases=1, compare=None):
    """A decorator that records the first calls of a function, arguments and results, each as a case.

    The cases are name, name_2, name_3 ...; the default name is the function's. Each recorded call is made twice. Arguments,
    results and compare are as those of Recording.call.
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
                                    reason, compare)
                    recording.write(folder)
                finally:
                    state["inside"] = False
            return function(*positional, **named)
        return wrapper
    return decorate


# Networks


def record_network(name, folder, network, weights, inputs, expected=None, outputs=None, input_gradients=None,
                   mode="training", seed=None, match=EXACT, reason=None, notes=None, drawn=None, sampling=None,
                   matches=None):
    """Records what a network computed in Python.

    network: a network file, or its content as a dict. weights: an .npz file, or a dict of arrays under their names, such
    as 'fc1/W'. inputs: x, or each input of a network of several under its name, and one of labels, targets and upstream
    (the gradient of the scores); inputs alone to record the way forward only, scores and outputs.

    expected: scores, loss, dx, and the gradient of each parameter under its name, as far as known; of a network file of
    version 2 also further outputs, and d and the name for each of several inputs. outputs: each layer's output by the
    layer's name. input_gradients: for each layer, the gradient of its input, for one of several inputs under NAME[0],
    NAME[1] and so on. Instead of arrays expected
    may be a function of inputs and weights that gives such a dict: it is called twice. Without expected, the numpy
    reference computes it all, which lies in modules beside this file.

    seed: of the RandomState that dropout draws from in training mode. drawn: {"seed": s, "kept": names} of weights that
    are as drawn_weights gives them, all but the kept ones, so that the case need not have them. sampling: the most elements
    that are kept of an array of results, and a seed for their places; default: all are kept. matches: where they are others
    than match and reason, both by kind and name, such as ("expected", "dx") or ("input_gradients", "fc1").

    What Java could not build, or not run with these weights and inputs, is refused; layers that this file does not know
    are left to Java.
    """
    import numpy as np
    if mode not in ("training", "inference"):
        raise RecordingError("mode: expected 'training' or 'inference' but got %r" % (mode,))
    recording = Recording(name)
    recording.drawn, recording.sampling = drawn, sampling
    recording.network = _read_json(network) if isinstance(network, (str, os.PathLike)) else network
    if isinstance(weights, (str, os.PathLike)):
        with np.load(weights) as archive:
            weights = {key: archive[key] for key in archive.files}
    recording.weights = {key: np.array(value, order="C") for key, value in weights.items()}
    recording.run = {"mode": mode} if seed is None else {"mode": mode, "seed": seed}
    recording.input(**inputs)
    recording.note(**(notes or {}))
    _check_network(recording.network, recording.weights, inputs)
    if expected is None:
        expected, outputs = _reference(recording.network, recording.weights, inputs, mode, seed)
    if callable(expected):
        compute = expected
        _, expected, _ = recording._twice(lambda: compute(_copies(inputs), _copies(recording.weights)))
    given = {"scores"} | set(recording.network.get("outputs", []))
    if not set(inputs) & ENDS and (not set(expected) <= given or "scores" not in expected or input_gradients):
        raise RecordingError("case %r: expected scores alone, since there are no labels, targets or upstream, but got %s"
                             % (name, sorted(expected)))
    for argument, kind, arrays in (("expected", "expected", expected), ("outputs", "outputs", outputs),
                                   ("input_gradients", "inputGradients", input_gradients)):
        for key, value in (arrays or {}).items():
            recording._put(kind, key, value, *(matches or {}).get((argument, key), (match, reason)))
    recording.write(folder)


def drawn_weights(shapes, seed, kept=()):
    """Parameters by name that a case need not keep: "weights": {"seed": seed} in it has Java draw them, too.

    shapes: those of all parameters by name, in the order of the network. kept: the names of those that are not drawn; a
    case has them as "weights": {"seed": seed, "file": "constants.npz"}. Weights, whose last names start with W, are
    sqrt(2 / fan) * randn(*shape), fan being the number of elements for one of the first axis, or for matrices the length
    of that axis; then come all others, 0.3 * rand(*shape), and 1 more for gamma and runningVariance.
    """
    import numpy as np
    random, drawn = np.random.RandomState(seed), {}
    names = [name for name in shapes if name not in kept]
    for name in names:
        shape = shapes[name]
        if name.split("/")[-1].startswith("W"):
            fan = _size(shape) // shape[0] if len(shape) > 2 else shape[0]
            drawn[name] = np.sqrt(2.0 / fan) * random.randn(*shape)
    for name in names:
        if name not in drawn:
            start = 1.0 if name.split("/")[-1] in ("gamma", "runningVariance") else 0.0
            drawn[name] = start + 0.3 * random.rand(*shapes[name])
    return {name: drawn[name] for name in names}


def _reference(network, weights, inputs, mode, seed):
    """What the numpy reference computes, twice; expected and outputs."""
    import numpy as np
    try:
        from graph import evaluate
    except ImportError:
        raise RecordingError("expected results, or the reference's module 'graph' beside allclose_record.py to compute "
                             "them") from None
    runs = []
    for _ in range(2):
        given = _copies(inputs)
        x = {key: array for key, array in given.items() if not _is_end(key)} if "inputs" in network else given["x"]
        several = {key.partition("/")[2]: array for key, array in given.items() if _is_end(key) and key not in ENDS}
        runs.append(evaluate(network, _copies(weights), x, several or given.get("labels", given.get("targets")),
                             given.get("upstream"), mode, np.random.RandomState(seed)))
    for first, second in zip(*runs):
        for name in first:
            if not _same_bits(first[name], second[name]):
                raise RecordingError("%s: expected the same bits from a second run but got others" % name)
    return runs[0]


def _is_end(key):
    """Whether an input is what the backward pass starts from: labels, or labels/OUTPUT where there are several losses."""
    return key in ENDS or key.partition("/")[0] in ENDS - {"upstream"}


# What Java checks of network files


def _shape_of_dense(layer, sample):
    last, units = layer.get("last"), (layer["units"],)
    w = (sample[-1] if last else _size(sample),) + units
    return sample[:-1] + units if last else units, dict(_weights(layer, w, 1), **({"b": units} if layer.get("bias", True) else {}))


def _weights(layer, shape, axis):
    """The weights, or what they are computed of; axis: that of their units."""
    return {"v": shape, "g": (shape[axis],)} if layer.get("weightNorm") else {"W": shape}


def _shape_of_convolution(rank):
    """Of a convolution of images (rank 2) or sequences (rank 1)."""
    def shape(layer, sample):
        _expect_axes(sample, rank)
        size, groups = _each(layer["kernel"], rank), _expect_groups(layer, sample)
        spans, stride, padding = _spans(layer, size), _each(layer.get("stride", 1), rank), _each(layer.get("padding", 0), rank)
        if layer.get("same"):
            lengths = [max((-(-length // step) - 1) * step + span, length)
                       for length, span, step in zip(sample[1:], spans, stride)]
        else:
            lengths = [length + 2 * margin for length, margin in zip(sample[1:], padding)]
        if any(span > length for span, length in zip(spans, lengths)):
            raise ValueError("expected a window of at most %s, the padded input, but got %s" % (lengths, spans))
        if layer.get("exact") and any((length - span) % step for length, span, step in zip(lengths, spans, stride)):
            raise ValueError("expected windows of %s at stride %s to cover the padded input %s exactly but some is left over"
                             % (spans, stride, lengths))
        outputs = tuple((length - span) // step + 1 for length, span, step in zip(lengths, spans, stride))
        return (layer["filters"],) + outputs, _filters(layer, (layer["filters"], sample[0] // groups), size)
    return shape


def _shape_of_transposed_convolution(rank):
    """Of a transposed convolution of images (rank 2) or sequences (rank 1)."""
    def shape(layer, sample):
        _expect_axes(sample, rank)
        size, groups = _each(layer["kernel"], rank), _expect_groups(layer, sample)
        stride, padding, more = [_each(layer.get(key, value), rank)
                                 for key, value in (("stride", 1), ("padding", 0), ("outputPadding", 0))]
        outputs = tuple((length - 1) * step - 2 * margin + span + rest for length, step, margin, span, rest
                        in zip(sample[1:], stride, padding, _spans(layer, size), more))
        if min(outputs) < 1:
            raise ValueError("expected padding that leaves some output but got %s" % (outputs,))
        return (layer["filters"],) + outputs, _filters(layer, (sample[0], layer["filters"] // groups), size)
    return shape


def _each(value, rank):
    return [int(value)] * rank if isinstance(value, int) else [int(part) for part in value]


def _spans(layer, size):
    return [step * (places - 1) + 1 for places, step in zip(size, _each(layer.get("dilation", 1), len(size)))]


def _filters(layer, first, size):
    return dict(_weights(layer, first + tuple(size), 0), **({"b": (layer["filters"],)} if layer.get("bias", True) else {}))


def _expect_groups(layer, sample):
    groups = layer.get("groups", 1)
    if sample[0] % groups or layer["filters"] % groups:
        raise ValueError("expected groups that divide the %d channels and the %d filters but got %d"
                         % (sample[0], layer["filters"], groups))
    return groups


def _expect_axes(sample, rank):
    if len(sample) != rank + 1:
        raise ValueError("expected input of shape (N, channels, %s) but got %s"
                         % ("height, width" if rank == 2 else "length", _batch(sample)))


def _shape_of_pool(layer, sample):
    _expect_images(sample)
    size = _pair(layer["size"])
    settings = [_pair(layer.get(*key)) for key in (("stride", size), ("padding", 0), ("dilation", 1))]
    return (sample[0],) + tuple(map(functools.partial(_pool_outputs, layer), sample[1:], size, *settings)), {}


def _shape_of_pool1d(layer, sample):
    if len(sample) != 2:
        raise ValueError("expected input of shape (N, channels, length) but got %s" % _batch(sample))
    size = layer["size"]
    return (sample[0], _pool_outputs(layer, sample[1], size, layer.get("stride", size), layer.get("padding", 0),
                                     layer.get("dilation", 1))), {}


def _pool_outputs(layer, length, size, stride, padding, dilation):
    """How many windows of a pool lie along an axis."""
    span = (size - 1) * dilation + 1
    if padding > span // 2:
        raise ValueError("expected a padding of at most half of the window %d but got %d" % (span, padding))
    if layer.get("same"):
        return -(-length // stride)
    left, rest = length + 2 * padding - span, stride - 1 if layer.get("ceil") else 0
    if left + rest < 0:
        raise ValueError("expected a window of at most %d, the padded input, but got %d" % (left + rest + span, span))
    if layer.get("exact") and left % stride:
        raise ValueError("expected windows of %d at stride %d to cover the padded input %d exactly but some is left over"
                         % (span, stride, left + span))
    outputs = (left + rest) // stride + 1
    return outputs - 1 if layer.get("ceil") and (outputs - 1) * stride >= length + padding else outputs


def _shape_of_adaptive(layer, sample):
    _expect_images(sample)
    return (sample[0],) + tuple(_pair(layer["size"])), {}


def _shape_of_adaptive1d(layer, sample):
    if len(sample) != 2:
        raise ValueError("expected input of shape (N, channels, length) but got %s" % _batch(sample))
    return (sample[0], layer["size"]), {}


def _shape_of_channels(layer, sample):
    if len(sample) < 2:
        raise ValueError("expected input of shape (N, channels, ...) with an axis behind the channels but got %s"
                         % _batch(sample))
    return sample[:1], {}


def _shape_of_shuffle(layer, sample):
    _expect_images(sample)
    r = layer["factor"]
    if sample[0] % (r * r):
        raise ValueError("expected channels that are a multiple of %d but got %s" % (r * r, _batch(sample)))
    return (sample[0] // (r * r), sample[1] * r, sample[2] * r), {}


def _shape_of_unshuffle(layer, sample):
    _expect_images(sample)
    r = layer["factor"]
    if sample[1] % r or sample[2] % r:
        raise ValueError("expected height and width that are multiples of %d but got %s" % (r, _batch(sample)))
    return (sample[0] * r * r, sample[1] // r, sample[2] // r), {}


def _shape_of_resize2d(layer, sample):
    if layer.get("alignCorners") and layer.get("mode", "nearest") == "nearest":
        raise ValueError("alignCorners: expected mode bilinear or bicubic beside it but got nearest")
    return _shape_of_adaptive(layer, sample)


def _shape_of_response_norm(layer, sample):
    _shape_of_channels(layer, sample)
    return sample, {}


def _windows(layer, sample, size, stride, padding):
    """How many windows lie below and beside each other."""
    _expect_images(sample)
    padded = [length + 2 * margin for length, margin in zip(sample[1:], padding)]
    if any(window > length for window, length in zip(size, padded)):
        raise ValueError("expected a window of at most %s, the padded input, but got %s" % (padded, size))
    if layer.get("exact") and any((length - window) % step for length, window, step in zip(padded, size, stride)):
        raise ValueError("expected windows of %s at stride %s to cover the padded input %s exactly but some is left over"
                         % (size, stride, padded))
    return tuple((length - window) // step + 1 for length, window, step in zip(padded, size, stride))


def _expect_images(sample):
    if len(sample) != 3:
        raise ValueError("expected input of shape (N, channels, height, width) but got %s" % _batch(sample))


def _shape_of_batch_norm(layer, sample):
    if len(sample) > 3:
        raise ValueError("expected input of shape (N, features), (N, channels, length) or (N, channels, height, width) "
                         "but got %s" % _batch(sample))
    return sample, dict(_affine(layer, sample[:1]), **{
        name: sample[:1] for name in ("runningMean", "runningVariance") if layer.get("statistics", True)})


def _affine(layer, shape, default=True):
    return {"gamma": shape, "beta": shape} if layer.get("affine", default) else {}


def _last_axes(layer, sample):
    if layer.get("axes", 0) > len(sample):
        raise ValueError("expected input with at least %d axes behind the batch but got %s"
                         % (layer["axes"], _batch(sample)))
    return sample[-layer.get("axes", 0):]


def _shape_of_layer_norm(layer, sample):
    return sample, _affine(layer, _last_axes(layer, sample))


def _shape_of_rms_norm(layer, sample):
    shape = _last_axes(layer, sample)
    return sample, {"gamma": shape} if layer.get("affine", True) else {}


def _shape_of_group_norm(layer, sample):
    if sample[0] % layer["groups"]:
        raise ValueError("expected groups that divide the %d channels but got %d" % (sample[0], layer["groups"]))
    return sample, _affine(layer, sample[:1])


def _shape_of_instance_norm(layer, sample):
    if len(sample) < 2:
        raise ValueError("expected input of shape (N, channels, ...) but got %s" % _batch(sample))
    return sample, _affine(layer, sample[:1], default=False)


def _shape_of_dropout(layer, sample):
    if not 0 < layer["keep"] <= 1:
        raise ValueError("expected to keep with a probability above 0 and at most 1 but got %r" % layer["keep"])
    return sample, {}


def _shape_of_reshape(layer, sample):
    if _size(layer["shape"]) != _size(sample):
        raise ValueError("expected input of %d values but got %s" % (_size(layer["shape"]), _batch(sample)))
    return tuple(layer["shape"]), {}


def _shape_of_glu(layer, sample):
    axis = layer.get("axis", -1)
    if not -len(sample) <= axis < len(sample):
        raise ValueError("expected an axis from %d to %d but got %d" % (-len(sample), len(sample) - 1, axis))
    if sample[axis] % 2:
        raise ValueError("expected an even length of axis %d but got %s" % (axis, _batch(sample)))
    halved = list(sample)
    halved[axis] //= 2
    return tuple(halved), {}


def _shape_of_dropout2d(layer, sample):
    if len(sample) < 2:
        raise ValueError("expected input of shape (N, channels, ...) with places but got %s" % _batch(sample))
    return sample, {}


def _shape_of_softmax(layer, sample):
    _axes_of([layer.get("axis", -1)], sample)
    return sample, {}


def _axes_of(axes, sample):
    """Axes of a sample, counted from 0, in order."""
    for axis in axes:
        if not -len(sample) <= axis < len(sample):
            raise ValueError("expected input with an axis %r but got %s" % (axis, _batch(sample)))
    resolved = sorted(axis % len(sample) for axis in axes)
    if len(set(resolved)) < len(resolved) or not resolved:
        raise ValueError("expected axes that differ, at least one, but got %s" % (axes,))
    return resolved


def _shape_of_reduction(layer, sample):
    axes = _axes_of(layer["axes"], sample)
    return tuple(1 if axis in axes else length for axis, length in enumerate(sample)
                 if layer.get("keep", False) or axis not in axes), {}


def _shape_of_residual(layer, sample):
    checked = _shapes(layer["layers"], sample)
    if checked is None:
        return None
    if checked[0] != sample:
        raise ValueError("expected a block that keeps the shape %s but got output %s"
                         % (_batch(sample), _batch(checked[0])))
    return checked


def _shape_of_upsample2d(layer, sample):
    _expect_images(sample)
    factor = _pair(layer["factor"])
    if min(factor) < 1:
        raise ValueError("expected factors of at least 1 but got %s" % factor)
    return (sample[0], sample[1] * factor[0], sample[2] * factor[1]), {}


def _shape_of_flatten(layer, sample):
    start, end = [axis + len(sample) if axis < 0 else axis for axis in (layer.get("start", 0), layer.get("end", -1))]
    if not 0 <= start <= end < len(sample):
        raise ValueError("expected input with axes %d to %d but got %s"
                         % (layer.get("start", 0), layer.get("end", -1), _batch(sample)))
    return sample[:start] + (_size(sample[start:end + 1]),) + sample[end + 1:], {}


def _along(length):
    """A layer that changes an axis of its input; length gives the new one, none if the axis goes."""
    def shape(layer, sample):
        axis = layer.get("axis", 0)
        if not 0 <= axis < len(sample):
            raise ValueError("expected input with an axis %r but got %s" % (axis, _batch(sample)))
        new = length(layer, sample[axis])
        return sample[:axis] + (() if new is None else (new,)) + sample[axis + 1:], _index(layer)
    return shape


def _index(layer):
    return {"index": (layer["count"],)} if layer["type"] == "gather" else {}


def _slice_length(layer, length):
    part = slice(layer.get("start", 0), layer.get("end"), layer.get("step", 1))
    if not range(length)[part]:
        raise ValueError("expected a part of %d elements but got nothing" % length)
    return len(range(length)[part])


def _select_length(layer, length):
    if not -length <= layer["index"] < length:
        raise ValueError("expected an index of %d elements but got %d" % (length, layer["index"]))


def _pad_length(layer, length):
    before, after = layer["before"], layer.get("after", 0)
    most = {"reflect": length - 1, "circular": length}.get(layer.get("mode"), max(before, after))
    if not 0 <= max(before, after) <= most:
        raise ValueError("expected to pad by at most %d but got %d" % (most, max(before, after)))
    return before + length + after


def _shape_of_permute(layer, sample):
    if sorted(layer["axes"]) != list(range(len(sample))):
        raise ValueError("expected input of %d axes but got %s" % (len(layer["axes"]), _batch(sample)))
    return tuple(sample[axis] for axis in layer["axes"]), {}


def _shape_of_expand(layer, sample):
    shape = tuple(layer["shape"])
    ends = shape[len(shape) - len(sample):]
    if len(sample) > len(shape) or any(length not in (1, end) for length, end in zip(sample, ends)):
        raise ValueError("expected input that can be copied to shape %s but got %s" % (shape, _batch(sample)))
    return shape, {}


def _same_shape(layer, sample):
    return sample, {}


def _shape_of_sequence(layer, sample):
    if len(sample) < 2 or layer["type"] == "rotaryEmbedding" and sample[-1] % 2:
        raise ValueError("expected input of shape (N, ..., steps, features) but got %s" % _batch(sample))
    own = {"W": (layer.get("positions", sample[-2]), sample[-1])} if layer["type"] == "positionalEmbedding" else {}
    return sample, own


def _one_shape(layer, samples):
    if len(set(samples)) > 1:
        raise ValueError("expected inputs of one shape but got %s" % ", ".join(map(_batch, samples)))
    return samples[0], {}


def _broadcast(layer, samples):
    rank, axes = max(map(len, samples)), []
    for lengths in zip(*[(1,) * (rank - len(sample)) + tuple(sample) for sample in samples]):
        longer = set(lengths) - {1}
        if len(longer) > 1:
            raise ValueError("expected inputs whose axes, from the last, are equal or 1 but got %s"
                             % ", ".join(map(_batch, samples)))
        axes.append(longer.pop() if longer else 1)
    return tuple(axes), {}


def _shape_of_matmul(layer, samples):
    a, b = samples
    if min(len(a), len(b)) < 2 or a[-1] != b[-2]:
        raise ValueError("expected inputs (N, ..., m, k) and (N, ..., k, p) but got %s" % ", ".join(map(_batch, samples)))
    lead, _ = _broadcast(layer, [a[:-2], b[:-2]])
    return lead + (a[-2], b[-1]), {}


def _shape_of_concat(layer, samples):
    axis = layer.get("axis", 0)
    if not 0 <= axis < len(samples[0]):
        raise ValueError("expected an axis from 0 to %d but got %r" % (len(samples[0]) - 1, axis))
    if len({sample[:axis] + (0,) + sample[axis + 1:] for sample in samples}) > 1 or len(set(map(len, samples))) > 1:
        raise ValueError("expected inputs of one shape but for axis %d but got %s"
                         % (axis, ", ".join(map(_batch, samples))))
    return samples[0][:axis] + (sum(sample[axis] for sample in samples),) + samples[0][axis + 1:], {}


def _shape_of_stack(layer, samples):
    sample, axis = _one_shape(layer, samples)[0], layer.get("axis", 0)
    if not 0 <= axis <= len(sample):
        raise ValueError("expected an axis from 0 to %d but got %r" % (len(sample), axis))
    return sample[:axis] + (len(samples),) + sample[axis:], {}


# What Java checks of the layers of network files: functions of a layer and the shape of a sample that give the shapes of
# its output and its parameters, or a ValueError.
def _shape_of_embedding(layer, sample):
    return sample + (layer["features"],), {"W": (layer["vocabulary"], layer["features"])}


def _shape_of_recurrent(gates, states):
    """Of a layer that goes through a sequence: it takes x, then states, then lengths where its setting says so."""
    def shape(layer, samples):
        x, units = samples[0], layer["units"]
        if len(x) != 2:
            raise ValueError("expected input of shape (N, steps, features) but got %s" % _batch(x))
        given = samples[1:-1] if layer.get("lengths") else samples[1:]
        if layer.get("lengths") and samples[1:][-1:] != [(1,)] or len(given) > states \
                or any(state != (units,) for state in given):
            raise ValueError("expected a sequence, then at most %d states of shape (N, %d)%s but got %s" % (
                states, units, ", then lengths of shape (N, 1)" if layer.get("lengths") else "",
                ", ".join(map(_batch, samples))))
        wide = gates * units
        own = {"Wx": (x[1], wide), "Wh": (units, wide), "b": (wide,)}
        return x[:1] + (units,) if layer.get("returns", "sequence") == "sequence" else (units,), dict(
            own, bh=(wide,)) if layer.get("recurrentBias") else own
    return shape


def _shape_of_attention(layer, samples):
    q, k, v = samples[:3]
    if len(q) < 2 or len(k) < 2 or len(v) < 2 or q[:-2] != k[:-2] or q[:-2] != v[:-2] or q[-1] != k[-1] or k[-2] != v[-2]:
        raise ValueError("expected queries and keys of as many features, and keys and values of as many steps, but got "
                         + ", ".join(map(_batch, samples[:3])))
    return q[:-1] + v[-1:], {}


def _shape_of_multi_head_attention(layer, samples):
    q, k, v = samples[:3] if len(samples) >= 3 else samples[:1] * 3
    if any(len(sample) != 2 for sample in (q, k, v)) or k[0] != v[0] or q[1] % layer["heads"]:
        raise ValueError("expected sequences whose features %d heads divide, and keys and values of as many steps, but got %s"
                         % (layer["heads"], ", ".join(map(_batch, (q, k, v)))))
    own = {"W" + name: (sample[1], q[1]) for name, sample in zip("qkvo", (q, k, v, q))}
    return q, dict(own, **({"b" + name: (q[1],) for name in "qkvo"} if layer.get("bias", True) else {}))


def _takes_tokens(layer, index, count):
    """Whether an input of a layer is one of whole numbers."""
    return layer["type"] == "embedding" or bool(layer.get("lengths")) and 0 < index == count - 1


LAYERS = dict({
    "dense": _shape_of_dense,
    "embedding": _shape_of_embedding,
    "conv2d": _shape_of_convolution(2),
    "conv1d": _shape_of_convolution(1),
    "convTranspose2d": _shape_of_transposed_convolution(2),
    "convTranspose1d": _shape_of_transposed_convolution(1),
    "maxPool2d": _shape_of_pool,
    "averagePool2d": _shape_of_pool,
    "maxPool1d": _shape_of_pool1d,
    "averagePool1d": _shape_of_pool1d,
    "adaptiveMaxPool2d": _shape_of_adaptive,
    "adaptiveAveragePool2d": _shape_of_adaptive,
    "adaptiveMaxPool1d": _shape_of_adaptive1d,
    "adaptiveAveragePool1d": _shape_of_adaptive1d,
    "globalMaxPool": _shape_of_channels,
    "globalAveragePool": _shape_of_channels,
    "pixelShuffle": _shape_of_shuffle,
    "pixelUnshuffle": _shape_of_unshuffle,
    "resize2d": _shape_of_resize2d,
    "localResponseNorm": _shape_of_response_norm,
    "batchNorm": _shape_of_batch_norm,
    "layerNorm": _shape_of_layer_norm,
    "groupNorm": _shape_of_group_norm,
    "instanceNorm": _shape_of_instance_norm,
    "rmsNorm": _shape_of_rms_norm,
    "dropout": _shape_of_dropout,
    "flatten": _shape_of_flatten,
    "permute": _shape_of_permute,
    "expand": _shape_of_expand,
    "slice": _along(_slice_length),
    "select": _along(_select_length),
    "repeat": _along(lambda layer, length: length * layer["times"]),
    "roll": _along(lambda layer, length: length),
    "pad": _along(_pad_length),
    "gather": _along(lambda layer, length: layer["count"]),
    "reshape": _shape_of_reshape,
    "residual": _shape_of_residual,
    "softmax": _shape_of_softmax,
    "prelu": lambda layer, sample: (sample, {"alpha": (sample[0] if layer.get("channels") else 1,)}),
    "glu": _shape_of_glu,
    "dropout2d": _shape_of_dropout2d,
    "logSoftmax": _shape_of_softmax,
    "sum": _shape_of_reduction,
    "mean": _shape_of_reduction,
    "max": _shape_of_reduction,
    "min": _shape_of_reduction,
    "upsample2d": _shape_of_upsample2d,
    "positionalEncoding": _shape_of_sequence,
    "positionalEmbedding": _shape_of_sequence,
    "rotaryEmbedding": _shape_of_sequence,
}, **{kind: _same_shape for kind in (
    "relu", "leakyRelu", "elu", "sigmoid", "tanh", "softplus", "gelu", "geluTanh", "relu6", "hardTanh", "hardSigmoid",
    "hardSwish", "silu", "quickGelu", "mish", "softsign", "logSigmoid", "selu", "celu", "stochasticDepth", "scale",
    "shift", "pow", "exp", "log", "sqrt", "rsqrt", "reciprocal", "abs", "negate", "sin", "cos", "clamp")})


# The same of layers of several inputs, with the least and the most inputs; the functions get a list of shapes.
COMBINATIONS = {
    "constant": (0, 0, lambda layer, samples: (tuple(layer["shape"]), {"constant": layer["shape"]})),
    "parameter": (0, 0, lambda layer, samples: (tuple(layer["shape"]), {"value": layer["shape"]})),
    "add": (2, None, _broadcast),
    "subtract": (2, 2, _broadcast),
    "multiply": (2, 2, _broadcast),
    "divide": (2, 2, _broadcast),
    "maximum": (2, 2, _broadcast),
    "minimum": (2, 2, _broadcast),
    "matmul": (2, 2, _shape_of_matmul),
    "concat": (2, None, _shape_of_concat),
    "stack": (2, None, _shape_of_stack),
    "rnn": (1, 3, _shape_of_recurrent(1, 1)),
    "gru": (1, 3, _shape_of_recurrent(3, 1)),
    "lstm": (1, 4, _shape_of_recurrent(4, 2)),
    "attention": (3, 4, _shape_of_attention),
    "multiHeadAttention": (1, 4, _shape_of_multi_head_attention),
}


def _check_network(network, weights, inputs):
    """Refuses what Java could not build or run."""
    checked = network_shapes(network)
    if checked is None:
        return
    samples, parameters = checked
    if set(weights) != set(parameters):
        raise RecordingError("weights: expected %s but got %s" % (sorted(parameters), sorted(weights)))
    for name, shape in parameters.items():
        _expect_shape("weights: " + name, weights[name], shape)
    if network.get("l2") and "loss" not in network and "losses" not in network:
        raise RecordingError("l2: expected a loss beside it but got none")
    outputs = network.get("outputs", [network["layers"][-1]["name"]])
    for loss in network.get("losses", [network.get("loss", {})]):
        if loss.get("input", outputs[0]) not in outputs:
            raise RecordingError("loss: input: expected one of the outputs %s but got %r" % (outputs, loss["input"]))
    scored = network.get("loss", {}).get("input", outputs[0])
    _check_inputs(network, inputs, samples[outputs[0] if "upstream" in inputs else scored])
    _check_losses(network, inputs, samples, outputs)


def network_shapes(network):
    """The shapes of samples behind the layers by name, and those of all parameters; None where that is not known here.

    Of a file of version 1 only the last layer's.
    """
    layers = network.get("layers", [])
    if network.get("format") == "allclose-network/2":
        return _graph_shapes(network, layers)
    checked = _shapes(layers, tuple(network.get("input", ())))
    if checked is None or network.get("format") != "allclose-network/1":
        return None
    return {layers[-1]["name"]: checked[0]}, checked[1]


def _graph_shapes(network, layers):
    """The same of a file of version 2."""
    if not layers:
        raise RecordingError("layers: expected at least one but got none")
    samples, tokens = _graph_inputs(network)
    parameters, used, before = {}, set(network.get("outputs", layers[-1:] and [layers[-1].get("name")])), next(iter(samples))
    for number, layer in enumerate(layers, 1):
        name, kind = layer.get("name"), layer.get("type")
        if name is None or kind not in LAYERS and kind not in COMBINATIONS or kind == "residual":
            return None
        place = "layer %d %r" % (number, name)
        _expect_new_name(place, name, samples)
        taken = layer.get("inputs", [before])
        least, most, function = COMBINATIONS.get(kind, (1, 1, LAYERS.get(kind)))
        if len(taken) < least or most is not None and len(taken) > most:
            raise RecordingError("%s: %s: expected %s but got %d" % (place, kind, _count(least, most), len(taken)))
        for index, other in enumerate(taken):
            whole = _takes_tokens(layer, index, len(taken))
            if other not in samples or (other in tokens) != whole:
                raise RecordingError("%s: inputs: expected %s from among %s but got %r" % (
                    place, "tokens" if whole else "numbers",
                    [known for known in samples if (known in tokens) == whole], other))
        given = [samples[other] for other in taken]
        sample, own = _own_shapes(place, kind, function, layer, given if kind in COMBINATIONS else given[0])
        samples[name] = tuple(sample)
        parameters.update((name + "/" + key, tuple(shape)) for key, shape in own.items())
        used.update(taken)
        before = name
    _check_outputs(network, samples, parameters)
    for name in samples:
        if name not in used:
            raise RecordingError("%r: expected it to be used but no layer takes it and it is no output" % name)
    return samples, parameters


def _count(least, most):
    if most == 0:
        return "no inputs"
    if most is not None and least < most:
        return "%d to %d inputs" % (least, most)
    return ("1 input" if most == 1 else "%d inputs" % least) if least == most else "at least %d inputs" % least


def _graph_inputs(network):
    """The shapes of samples of the inputs by name, and the names of those that are tokens."""
    if ("input" in network) == ("inputs" in network):
        raise RecordingError("input: expected either it or inputs but got %s" % ("both" if "input" in network else "none"))
    if "input" in network:
        return {"input": tuple(network["input"])}, set()
    samples, tokens = {}, set()
    for given in network["inputs"]:
        if given["name"] in ENDS or given.get("type", "tokens") != "tokens":
            raise RecordingError("inputs: expected names but %s, and no type but 'tokens', but got %s"
                                 % (sorted(ENDS), given))
        _expect_new_name("inputs", given["name"], samples)
        samples[given["name"]] = tuple(given["shape"])
        if "type" in given:
            tokens.add(given["name"])
    if not samples:
        raise RecordingError("inputs: expected at least one but got none")
    return samples, tokens


def _check_outputs(network, samples, parameters):
    """Refuses outputs that are no layers, or whose results would have the name of another."""
    outputs = network.get("outputs", [network["layers"][-1]["name"]])
    names = [layer["name"] for layer in network["layers"]]
    if not outputs or len(set(outputs)) < len(outputs) or not set(outputs) <= set(names):
        raise RecordingError("outputs: expected different layers but got %s" % outputs)
    gradients = ["d" + given["name"] for given in network.get("inputs", [{"name": "x"}])]
    for name in outputs[1:]:
        if name in ["scores", "loss", "accuracy"] + gradients + list(parameters):
            raise RecordingError("outputs: expected names that no other result has but got %r" % name)


def _expect_new_name(place, name, names):
    if not re.fullmatch(PATH, name):
        raise RecordingError("%s: expected a name of letters, digits, '_', '-', '.' and '/' but got %r" % (place, name))
    if name in names:
        raise RecordingError("%s: expected a name not used yet but got %r" % (place, name))


def _own_shapes(place, kind, function, layer, sample):
    """What the function of a layer type says, or its error at a place."""
    try:
        return function(layer, sample)
    except (ValueError, KeyError) as error:
        told = "expected the key %s" % error if isinstance(error, KeyError) else error
        raise RecordingError("%s: %s: %s" % (place, kind, told)) from error


def _shapes(layers, sample):
    """The shape of a sample behind the layers, and those of all parameters; None where that is not known here."""
    if not layers:
        raise RecordingError("layers: expected at least one but got none")
    parameters, names = {}, set()
    for number, layer in enumerate(layers, 1):
        name, kind = layer.get("name"), layer.get("type")
        if name is None or kind not in LAYERS or "inputs" in layer:
            return None
        place = "layer %d %r" % (number, name)
        if not re.fullmatch(NAME, name):
            raise RecordingError("layer %d: expected a name of letters, digits, '_', '-' and '.' but got %r"
                                 % (number, name))
        if name in names:
            raise RecordingError("%s: expected a name not used yet" % place)
        names.add(name)
        checked = _own_shapes(place, kind, LAYERS[kind], layer, sample)
        if checked is None:
            return None
        sample = checked[0]
        parameters.update((name + "/" + key, tuple(shape)) for key, shape in checked[1].items())
    return sample, parameters


def _check_inputs(network, inputs, scores):
    """Refuses a batch that does not fit the network, or its loss; scores: the shape of a sample's."""
    import numpy as np
    wanted = network.get("inputs") or [{"name": "x", "shape": network["input"]}]
    own = {key for key in inputs if not _is_end(key)}
    if "inputs" in network and own != {other["name"] for other in wanted}:
        raise RecordingError("inputs: expected %s but got %s" % (sorted(other["name"] for other in wanted), sorted(own)))
    for other in wanted:
        x = np.asarray(inputs[other["name"]])
        if not x.size or x.shape[1:] != tuple(other["shape"]):
            raise RecordingError("%s: expected shape %s, of at least one sample, but got %s"
                                 % (other["name"], _batch(other["shape"]), x.shape))
        if len(x) != len(inputs[wanted[0]["name"]]):
            raise RecordingError("%s: expected %d samples but got %d"
                                 % (other["name"], len(inputs[wanted[0]["name"]]), len(x)))
        if other.get("type") == "tokens" and x.dtype.kind not in "iu":
            raise RecordingError("%s: expected tokens, whole numbers, but got dtype %s" % (other["name"], x.dtype))
    given = [key for key in ("labels", "targets", "upstream") if key in inputs]
    if len(given) > 1:
        raise RecordingError("inputs: expected one of labels, targets and upstream but got %s" % given)
    if given and given != ["upstream"] and "loss" not in network:
        raise RecordingError("loss: expected one beside %s but got none" % given[0])
    if "loss" in network:
        _check_scores(network["loss"], scores)
    for key in given:
        _check_targets(key, np.asarray(inputs[key]), network.get("loss"), len(x), scores)


def _check_losses(network, inputs, samples, outputs):
    """Refuses targets that are not those of several losses."""
    import numpy as np
    losses = {loss.get("input", outputs[0]): loss for loss in network.get("losses", ())}
    given = {key.partition("/")[2]: key for key in inputs if _is_end(key) and key not in ENDS}
    if len(losses) < len(network.get("losses", ())):
        raise RecordingError("losses: expected each of another output but got two of the same")
    if set(given) != set(losses) and (given or not ENDS.intersection(inputs) - {"upstream"}) and "upstream" not in inputs:
        raise RecordingError("inputs: expected labels or targets for each of %s but got %s" % (sorted(losses), sorted(given)))
    for output, key in given.items():
        samples_of = len(np.asarray(inputs[key]))
        _check_scores(losses[output], samples[output])
        _check_targets(key, np.asarray(inputs[key]), losses[output], samples_of, samples[output])


def _check_scores(loss, scores):
    if loss["type"] in LOSSES_OF_LABELS and len(scores) != 1 and not loss.get("perPosition"):
        raise RecordingError("loss: %s: expected scores of shape (N, classes) but got %s" % (loss["type"], _batch(scores)))


def _check_targets(key, array, loss, samples, scores):
    if key.partition("/")[0] == "labels":
        _check_labels(key, array, loss, samples, scores)
    else:
        _expect_shape(key, array, (samples,) + scores)


def _check_labels(key, labels, loss, samples, scores):
    import numpy as np
    if loss["type"] not in LOSSES_OF_LABELS:
        raise RecordingError("loss: %s: expected targets but got labels" % loss["type"])
    _expect_shape(key, labels, (samples,) + scores[:-1])
    for index in np.ndindex(*labels.shape):
        if labels[index] not in range(scores[-1]) and labels[index] != loss.get("ignored"):
            raise RecordingError("%s[%s]: expected a class from 0 to %d but got %r"
                                 % (key, ", ".join(map(str, index)), scores[-1] - 1, labels[index].item()))


def _expect_shape(name, array, shape):
    import numpy as np
    if np.shape(array) != tuple(shape):
        raise RecordingError("%s: expected shape %s but got %s" % (name, tuple(shape), np.shape(array)))


def _size(shape):
    size = 1
    for length in shape:
        size *= length
    return size


def _batch(sample):
    """How a batch of samples of that shape is written: (N, 3, 8, 8)."""
    return "(%s)" % ", ".join(["N"] + [str(length) for length in sample])


# PyTorch


def from_torch(model, name, folder, x, labels=None, targets=None, upstream=None, loss=None, l2=0.0, mode=None,
               match=None, reason=FRAMEWORK_REASON, forward_only=False, samples=None, seed=0, weights=None,
               widen=False, layers=True):
    """Records a torch.nn.Module: network, weights, outputs, all gradients.

    The numbers are the model's own: model(x) is called on a copy in float64, in the model's own modes, and torch's autograd
    gives the gradients. The network file is a translation: of the layers that hooks saw called, where they form a chain;
    else of the operations that torch.export traces, for which allclose_torch.py lies beside this file. Before anything is
    written, what it says is computed anew and has to give the model's numbers. What cannot be translated is refused with
    the module and the reason. Layers are named as in the state_dict.

    x: a batch; or several, as a tuple of what forward takes or a dict by the names of its parameters; whole numbers are
    tokens where they are looked up. Of several results each is an output; upstream is then a list of their gradients, and
    the network gives an output 'outputs' of all of them beside each other, from which it goes backward.

    samples: the most elements that are kept of a tensor; of larger ones these, at places drawn from seed, sum and norm.
    weights: {"seed": s} draws the parameters as drawn_weights says, instead of the model's own, and a case keeps none.
    layers: whether outputs of layers and gradients of their inputs are kept; without, a case is a third as large, and a
    report cannot say where a difference began. widen: gives the model float64 where it asks for a narrower type, as norms and softmaxes of language models do.

    loss: a name of _TORCH_LOSSES, such as 'softmax' (cross_entropy of labels, or of targets that are probabilities),
    'meanSquaredError' or 'binaryCrossEntropy' (of targets, with logits), or with settings as network files have them,
    {"type": "softmax", "smoothing": 0.1, "ignored": -100}; without a loss the backward pass starts from upstream, by default ones.
    forward_only: no gradients at all. mode: 'training' or 'inference' calls train() or eval() on a copy that is in the
    other; default: as the model is. match: default FRAMEWORK_MATCH.

    Dropout in training mode is refused: torch draws its masks from a stream of its own. What BatchNorm's running
    statistics become is not recorded: torch keeps the unbiased variance, allclose the biased one.
    """
    torch = _framework("from_torch", "torch")
    if forward_only and (loss or labels is not None or targets is not None or upstream is not None):
        raise RecordingError("from_torch: expected no loss, labels, targets and upstream with forward_only")
    if set(weights or {"seed": 0}) != {"seed"}:
        raise RecordingError("weights: expected {'seed': s} but got %r" % (weights,))
    sampling = None if samples is None else (samples, seed)
    ends = {"labels": labels, "targets": targets, "upstream": upstream, "loss": loss, "l2": l2}
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.inference_mode(False), torch.set_grad_enabled(not forward_only):
            arguments, names, keyword = _torch_arguments(torch, model, x)
            refusal = None
            if keyword is None and arguments[0].is_floating_point() and weights is None:
                try:
                    chain = _torch_chain(torch, model, arguments[0], mode, forward_only)
                except _NoChain as no_chain:
                    refusal = no_chain
                else:
                    _record_chain(torch, chain, name, folder, ends, match, reason, forward_only, sampling, layers)
                    return
            try:
                graph = importlib.import_module("allclose_torch")
            except ImportError:
                raise RecordingError("%s; for other models expected allclose_torch.py beside allclose_record.py"
                                     % (refusal or "from_torch: expected one batch of real numbers")) from None
            graph.record_model(torch, _torch_copy(torch, model, mode, refusal), name, folder, arguments, names,
                               bool(keyword), ends, match or FRAMEWORK_MATCH, reason, forward_only,
                               None if weights is None else weights["seed"], sampling, widen, layers)
    finally:
        torch.set_num_threads(threads)


class _NoChain(RecordingError):
    """A model whose layers form no chain, or one of a layer that has its own name for nothing."""


def _torch_arguments(torch, model, x):
    """What a model is called with: tensors, their names, and whether these are parameters of forward; None: one x."""
    several = isinstance(x, (tuple, dict))
    names = list(x) if isinstance(x, dict) else ["x"]
    if isinstance(x, tuple):
        known = [key for key, parameter in inspect.signature(model.forward).parameters.items()
                 if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)]
        names = (known + ["x%d" % index for index in range(len(known), len(x))])[:len(x)]
    arguments = []
    for key, value in zip(names, x.values() if isinstance(x, dict) else x if several else [x]):
        plain = _plain(value)
        whole = str(getattr(plain, "dtype", "")).split(".")[-1]
        if whole.startswith(("int", "uint", "bool")):
            import numpy as np
            arguments.append(torch.tensor(np.array(plain, dtype=bool if whole == "bool" else np.int64)))
        else:
            arguments.append(torch.tensor(_values(key, value)))
    if not arguments or any(not argument.dim() for argument in arguments):
        raise RecordingError("x: expected batches but got none, or a number")
    return arguments, names, isinstance(x, dict) if several else None


def _torch_chain(torch, model, x, mode, forward_only):
    """The layers that a model calls, which have to form a chain."""
    model = _torch_copy(torch, model, mode)
    x = x.clone().requires_grad_(not forward_only)
    try:
        _require_own(model)
        return _TorchChain(torch, model, x)
    except RecordingError as refusal:
        raise _NoChain(str(refusal)) from None


def _record_chain(torch, chain, name, folder, ends, match, reason, forward_only, sampling, layers):
    loss, l2 = ends["loss"], ends["l2"]
    x = chain.tensors[0][1]
    inputs = {} if forward_only else _torch_inputs(chain.result, ends["labels"], ends["targets"], ends["upstream"], loss)
    own = _torch_numbers(torch, x, chain.tensors, chain.parameters, inputs, loss, l2)
    claim = _torch_claim(torch, chain, _numpy(x), inputs, loss, l2)
    _require_same(own, claim)
    network = {"format": "allclose-network/1", "input": list(x.shape[1:]), "layers": chain.layers}
    if loss:
        network["loss"] = loss_described(loss)
    if l2:
        network["l2"] = l2
    record_network(name, folder, network, chain.weights, dict(inputs, x=_numpy(x)), own["expected"],
                   own["outputs"] if layers else {}, own["input_gradients"] if layers else {}, chain.mode, match=match or FRAMEWORK_MATCH, reason=reason,
                   notes={"torch": torch.__version__}, sampling=sampling)


def _torch_copy(torch, model, mode, refusal=None):
    """A copy of a model in float64 on the CPU, which does what the model does."""
    if not isinstance(model, torch.nn.Module):
        raise RecordingError("from_torch: expected a torch.nn.Module but got %s" % type(model).__name__)
    if mode not in (None, "training", "inference"):
        raise RecordingError("mode: expected 'training' or 'inference' but got %r" % (mode,))
    _require_copyable(torch, model)
    try:
        model = copy.deepcopy(model).to(device="cpu", dtype=torch.float64)
    except Exception as failure:
        raise refusal or RecordingError("from_torch: expected a model that can be copied but got %s"
                                        % _line(failure)) from None
    # One that is in that mode already stays as it is, with what it has frozen.
    return model if mode is None or model.training == (mode == "training") else model.train(mode == "training")


def _require_copyable(torch, model):
    """Refuses parameters that a copy would not have as they are, or a network file cannot have."""
    memory = []
    for path, module in model.named_modules():
        place = "layer %r: %s" % (path, type(module).__name__)
        if isinstance(module, torch.jit.ScriptModule):
            raise RecordingError("%s: expected a module of Python, whose calls can be watched, but got a script" % place)
        own = dict(module.named_parameters(recurse=False), **dict(module.named_buffers(recurse=False)))
        for attribute, what, remedy in _COMPUTED[:1]:
            if hasattr(module, attribute):
                raise RecordingError(_COMPUTED_REFUSAL % (path, what, remedy))
        if any(hasattr(tensor, "detach") and tensor.grad_fn is not None for tensor in vars(module).values()):
            raise RecordingError("%s: expected plain parameters but got one that is computed anew, as pruning does" % place)
        for key, tensor in own.items():
            _require_plain(torch, "parameter %r" % (path + "." + key if path else key), tensor)
            first, last = tensor.data_ptr(), tensor.data_ptr() + _extent(tensor)
            for other, start, end, known in memory:
                if first < end and start < last and known is not tensor:
                    raise RecordingError("%s: expected parameters of its own but layer %r has the same: a network file "
                                         "cannot share parameters" % (place, other))
            memory.append((path, first, last, tensor))


# Attributes of modules whose weights are computed from others, what these are, and what takes them off.
_COMPUTED = (("weight_g", "a weight_norm", "remove_weight_norm"),
             ("parametrizations", "a parametrization", "parametrize.remove_parametrizations"))
_COMPUTED_REFUSAL = "layer %r: expected plain parameters but got %s; take it off with torch.nn.utils.%s"


def _require_own(model):
    """Refuses what layers of a chain cannot have: computed parameters, and such as several share."""
    seen = {}
    for path, module in model.named_modules():
        place = "layer %r: %s" % (path, type(module).__name__)
        for attribute, what, remedy in _COMPUTED:
            if hasattr(module, attribute):
                raise RecordingError(_COMPUTED_REFUSAL % (path, what, remedy))
        own = dict(module.named_parameters(recurse=False), **dict(module.named_buffers(recurse=False)))
        if type(module).__name__ in _TORCH_MODULES and any(
                hasattr(tensor, "detach") and own.get(key) is not tensor for key, tensor in vars(module).items()):
            raise RecordingError("%s: expected plain parameters but got one that is computed anew, as pruning does" % place)
        for tensor in own.values():
            if id(tensor) in seen:
                raise RecordingError("%s: expected parameters of its own but layer %r has the same: a network file "
                                     "cannot share parameters" % (place, seen[id(tensor)]))
            seen[id(tensor)] = path


def _require_plain(torch, place, tensor):
    if torch.nn.parameter.is_lazy(tensor):
        raise RecordingError("%s: expected a shape but got a lazy module; call the model once first" % place)
    if tensor.is_complex():
        raise RecordingError("%s: expected real numbers but got %s" % (place, tensor.dtype))
    if tensor._backward_hooks or getattr(tensor, "_post_accumulate_grad_hooks", None):
        raise RecordingError("%s: expected no hook on its gradient: a recording would lose it" % place)
    if tensor.layout is not torch.strided or tensor.device.type == "meta":
        raise RecordingError("%s: expected a dense tensor with values but got one of layout %s on %s"
                             % (place, tensor.layout, tensor.device))


def _extent(tensor):
    """How many bytes lie between the first element of a tensor and what is behind its last."""
    reach = sum((length - 1) * stride for length, stride in zip(tensor.shape, tensor.stride()))
    return tensor.element_size() * (reach + 1) if tensor.numel() else 0


def _is_torch_layer(torch, module):
    """Whether a module is of a class in the table; of a subclass nothing is known."""
    kind = type(module).__name__
    return kind in _TORCH_MODULES and type(module) is getattr(torch.nn, kind, None)


class _TorchChain:
    """The layers that a model called, one after the other, and their translation.

    layers: those of a network file. weights: parameters and statistics as they were before, in our layout, by our names.
    parameters: those that can be trained, tensors in torch's layout. tensors: names and values between the layers, the
    input first. mode: in which the layers were.
    """

    def __init__(self, torch, model, x):
        self.torch = torch
        self.layers, self.weights, self.parameters, self.tensors = [], {}, {}, [("", x)]
        self._modes, self._seen = {}, {}
        self._paths = {}
        for path, module in model.named_modules(remove_duplicate=False):
            self._paths.setdefault(id(module), []).append(path)
        self._values = {id(module): _torch_parameters(module) for module in model.modules()}
        before = x.detach().clone()
        calls, self.result, again = _torch_call(torch, model, x)
        if not _same_bits(_numpy(before), _numpy(x)):
            raise RecordingError("from_torch: expected a model that leaves its input as it is")
        version = x._version
        for call in calls:
            self._append(call, version)
            version = call.after
        if not self.layers:
            raise RecordingError("from_torch: expected a model of at least one layer but got %s" % type(model).__name__)
        if self.result is not self.tensors[-1][1] or self.result._version != version:
            raise RecordingError("layer %r: expected its output to be the model's but something is done to it behind the "
                                 "layer" % self.tensors[-1][0])
        modes = set(self._modes.values())
        if len(modes) > 1:
            majority = "training" if model.training else "inference"
            path = next(path for path, other in self._modes.items() if other != majority)
            raise RecordingError("layer %r: expected %s mode as the model but got %s mode: a network file has one mode"
                                 % (path, majority, self._modes[path]))
        self.mode = modes.pop() if modes else "training" if model.training else "inference"
        if not isinstance(again, torch.Tensor) or not _same_bits(_numpy(self.result), _numpy(again)):
            raise RecordingError("from_torch: expected the same numbers from a second call but got others: something in "
                                 "the model is random, or remembers")
        called = {id(call.module) for call in calls}
        for path, module in model.named_modules():
            if id(module) not in called and list(module.parameters(recurse=False)):
                _say("layer %r: %s: not recorded, since the model does not call it" % (path, type(module).__name__))

    def _append(self, call, version):
        """Adds a layer; version: of its input, when it came into being."""
        module, output = call.module, call.output
        paths = self._paths[id(module)]
        count = self._seen[id(module)] = self._seen.get(id(module), 0) + 1
        path = paths[count - 1] if count <= len(paths) else "%s_%d" % (paths[0], count)
        path = path or type(module).__name__.lower()
        place = "layer %r: %s" % (path, type(module).__name__)
        if len(call.arguments) != 1 or not isinstance(call.arguments[0], self.torch.Tensor):
            raise RecordingError("%s: expected one tensor as its input" % place)
        (x,) = call.arguments
        if x is not self.tensors[-1][1] or call.before != version:
            raise RecordingError("%s: expected its input to be %s as it is: a network file is a chain of layers"
                                 % (place, "the output of layer %r" % self.tensors[-1][0] if self.layers else "the model's"))
        if output is not call.given or call.after != call.given_at:
            raise RecordingError("%s: expected its output to be what it computes but a hook makes it another" % place)
        layer = _torch_layer(self.torch, place, module, x)
        if not isinstance(output, self.torch.Tensor) or output.dtype != self.torch.float64:
            raise RecordingError("%s: expected one float64 tensor as its output" % place)
        if x.requires_grad and not output.requires_grad:
            raise RecordingError("%s: expected gradients to come back through it but the model takes none here; record with "
                                 "forward_only=True" % place)
        if layer is None:
            self.tensors[-1] = (self.tensors[-1][0], output)
            return
        if not re.fullmatch(NAME, path) or path in [known["name"] for known in self.layers]:
            raise RecordingError("%s: expected a name of letters, digits, '_', '-' and '.', not used before" % place)
        if count > 1 and list(module.parameters(recurse=False)):
            raise RecordingError("%s: expected it to be called once but the model calls it again: a network file cannot "
                                 "share parameters" % place)
        for ours, (tensor, value) in self._values[id(module)].items():
            self.weights[path + "/" + ours] = _torch_orient(value, ours)
            if isinstance(tensor, self.torch.nn.Parameter):
                self.parameters[path + "/" + ours] = tensor
        if _TORCH_LAYERS[layer["type"]].get("modes"):
            self._modes[path] = "training" if module.training else "inference"
        self.layers.append(dict(layer, name=path))
        self.tensors.append((path, output))


class _TorchCall:
    """One call of a module: what it takes and gives, and how often these tensors were changed by then.

    given: the output before hooks of the model's own have seen it.
    """

    def __init__(self, module, given):
        self.module, self.given, self.given_at = module, given, getattr(given, "_version", 0)
        self.arguments = self.output = None
        self.before = self.after = 0


def _torch_call(torch, model, x):
    """Calls a model, and a copy that nobody watches; returns the calls of innermost modules in order, and both results."""
    calls, other = [], copy.deepcopy(model)

    def first(module, arguments, output):
        calls.append(_TorchCall(module, output))

    def last(module, arguments, output):
        call = calls[-1]
        call.arguments, call.output, call.after = arguments, output, getattr(output, "_version", 0)
        call.before = getattr(arguments[0], "_version", 0) if arguments else 0

    handles = []
    for module in model.modules():
        if _is_torch_layer(torch, module) and hasattr(module, "inplace"):
            # Else an output would not be there any more to look at. What depended on it is found: other has it as it was.
            module.inplace = False
        if not list(module.children()) and not isinstance(module, torch.nn.Sequential):
            handles += [module.register_forward_hook(first, prepend=True), module.register_forward_hook(last)]
    try:
        result = model(x)
        with torch.no_grad():
            again = other(x.detach().clone())
    except Exception as failure:
        raise RecordingError("from_torch: expected a model that takes the batch of shape %s but got %s"
                             % (tuple(x.shape), _line(failure))) from None
    finally:
        for handle in handles:
            handle.remove()
    if not isinstance(result, torch.Tensor):
        raise RecordingError("from_torch: expected a model with one tensor as its result but got %s"
                             % type(result).__name__)
    return calls, result, again


def _torch_module(settings, axes, translate, *conditions):
    """A module that a layer may come from.

    settings: those of its constructor that the translation looks at; any other that is not as torch has it by default is
    refused. axes: how many its input can have (None: any). translate: the settings of the layer, or None where it does
    nothing. conditions: further ones that a module and its input have to meet, each with what is expected.
    """
    return {"settings": settings.split(), "axes": axes, "translate": translate, "conditions": conditions}


def _torch_pool(module):
    return {"size": _pair(module.kernel_size), "stride": _pair(module.stride or module.kernel_size)}


def _torch_batch_norm(axes):
    return _torch_module("num_features eps momentum", axes, lambda m: {"epsilon": m.eps, "momentum": 1 - m.momentum},
                         (lambda m, x: m.momentum is not None, "a momentum"))


_TORCH_AFFINE = {"weight": "W", "bias": "b"}
_TORCH_NORM = {"weight": "gamma", "bias": "beta", "running_mean": "runningMean", "running_var": "runningVariance"}
# Of each layer of network files: the modules of torch.nn that it is, by name, and what it means, in functions of torch: f is
# torch.nn.functional, s the layer, p its parameters. Also, where there are any, torch's names of the parameters with ours;
# and whether it computes something else in training.
_TORCH_LAYERS = {
    "dense": {
        "modules": {"Linear": _torch_module("in_features out_features bias", (2,), lambda m: dict(
            {"units": m.out_features}, **_bias(m.bias is not None)))},
        "meaning": lambda f, x, s, p: f.linear(x.flatten(1), p["W"].T.contiguous(), p.get("b")),
        "parameters": _TORCH_AFFINE},
    "conv2d": {
        "modules": {"Conv2d": _torch_module(
            "in_channels out_channels kernel_size stride padding bias", (4,),
            lambda m: dict({"filters": m.out_channels, "kernel": _pair(m.kernel_size), "stride": _pair(m.stride),
                            "padding": _pair(m.padding)}, **_bias(m.bias is not None)),
            (lambda m, x: not isinstance(m.padding, str), "a padding in numbers"))},
        "meaning": lambda f, x, s, p: f.conv2d(x, p["W"], p.get("b"), s["stride"], s["padding"]),
        "parameters": _TORCH_AFFINE},
    "maxPool2d": {
        "modules": {"MaxPool2d": _torch_module("kernel_size stride return_indices", (4,), _torch_pool,
                                               (lambda m, x: not m.return_indices, "return_indices=False"))},
        "meaning": lambda f, x, s, p: f.max_pool2d(x, s["size"], s["stride"])},
    "averagePool2d": {
        "modules": {"AvgPool2d": _torch_module("kernel_size stride count_include_pad", (4,), _torch_pool)},
        "meaning": lambda f, x, s, p: f.avg_pool2d(x, s["size"], s["stride"])},
    "batchNorm": {
        "modules": {"BatchNorm1d": _torch_batch_norm((2,)), "BatchNorm2d": _torch_batch_norm((4,))},
        "meaning": lambda f, x, s, p: f.batch_norm(x, p["runningMean"], p["runningVariance"], p["gamma"], p["beta"],
                                                   s["training"], 1 - s["momentum"], s["epsilon"]),
        "parameters": _TORCH_NORM, "modes": True},
    "layerNorm": {
        "modules": {"LayerNorm": _torch_module(
            "normalized_shape eps", None, lambda m: {"epsilon": m.eps},
            (lambda m, x: tuple(m.normalized_shape) == tuple(x.shape[1:]), "all axes but the first normalized"))},
        "meaning": lambda f, x, s, p: f.layer_norm(x, x.shape[1:], p["gamma"], p["beta"], s["epsilon"]),
        "parameters": _TORCH_NORM},
    "groupNorm": {
        "modules": {"GroupNorm": _torch_module("num_groups num_channels eps", (4,),
                                               lambda m: {"groups": m.num_groups, "epsilon": m.eps})},
        "meaning": lambda f, x, s, p: f.group_norm(x, s["groups"], p["gamma"], p["beta"], s["epsilon"]),
        "parameters": _TORCH_NORM},
    "dropout": {
        "modules": {"Dropout": _torch_module(
            "p", None, lambda m: None if m.p == 0 else {"keep": 1 - m.p},
            (lambda m, x: not m.training or m.p == 0, "inference mode: torch draws masks from a stream of its own"),
            (lambda m, x: m.p < 1, "a probability below 1, so that something is kept"))},
        "meaning": lambda f, x, s, p: x, "modes": True},
    "flatten": {
        "modules": {"Flatten": _torch_module("", None, lambda m: {})},
        "meaning": lambda f, x, s, p: x.flatten(1)},
    "relu": {
        "modules": {"ReLU": _torch_module("", None, lambda m: {})},
        "meaning": lambda f, x, s, p: f.relu(x)},
    "leakyRelu": {
        "modules": {"LeakyReLU": _torch_module("negative_slope", None, lambda m: {"alpha": m.negative_slope})},
        "meaning": lambda f, x, s, p: f.leaky_relu(x, s["alpha"])},
    "elu": {
        "modules": {"ELU": _torch_module("alpha", None, lambda m: {"alpha": m.alpha})},
        "meaning": lambda f, x, s, p: f.elu(x, s["alpha"])},
    "sigmoid": {
        "modules": {"Sigmoid": _torch_module("", None, lambda m: {})},
        "meaning": lambda f, x, s, p: f.sigmoid(x)},
    "tanh": {
        "modules": {"Tanh": _torch_module("", None, lambda m: {})},
        "meaning": lambda f, x, s, p: f.tanh(x)},
    "softplus": {
        # Linear above its threshold, where softplus differs from x by less than 2.1e-9: see whether the batch reaches it.
        "modules": {"Softplus": _torch_module(
            "threshold", None, lambda m: {},
            (lambda m, x: bool((x <= m.threshold).all()),
             "inputs of at most its threshold, above which torch gives the input itself"))},
        "meaning": lambda f, x, s, p: f.softplus(x, threshold=float("inf"))},
    "softmax": {
        "modules": {"Softmax": _torch_module("dim", (2,), lambda m: {},
                                             (lambda m, x: m.dim in (1, -1), "the softmax of axis 1"))},
        "meaning": lambda f, x, s, p: f.softmax(x, 1)},
    "gelu": {
        "modules": {"GELU": _torch_module("approximate", None, lambda m: {
            "type": "geluTanh" if m.approximate == "tanh" else "gelu"})},
        "meaning": lambda f, x, s, p: f.gelu(x)},
    # Another setting of torch's GELU.
    "geluTanh": {"modules": {}, "meaning": lambda f, x, s, p: f.gelu(x, approximate="tanh")},
    # No layer at all.
    None: {"modules": {"Identity": _torch_module("args kwargs", None, lambda m: None)}},
}
# The modules by name, each with its layer's type and entry.
_TORCH_MODULES = {name: (kind, entry, module) for kind, entry in _TORCH_LAYERS.items()
                  for name, module in entry["modules"].items()}


def _torch_layer(torch, place, module, x):
    """The layer of a network file that a module is; None if it does nothing."""
    kind = type(module).__name__

    def refuse(expected, got):
        raise RecordingError("%s: expected %s but got %s" % (place, expected, got))

    if not _is_torch_layer(torch, module) or "forward" in vars(module):
        refuse("a layer that network files know", type(module).__module__ + "." + kind)
    ours, _, entry = _TORCH_MODULES[kind]
    for key, parameter in inspect.signature(type(module).__init__).parameters.items():
        if key in entry["settings"] or key in ("self", "device", "dtype", "inplace"):
            continue
        value, usual = getattr(module, key, parameter.default), parameter.default
        value = value is not None if key == "bias" else value
        if value != usual and value != (usual, usual):
            refuse("%s=%r" % (key, usual), repr(value))
    if entry["axes"] is not None and x.dim() not in entry["axes"]:
        refuse("a batch with %s axes" % " or ".join(map(str, entry["axes"])), "shape %s" % (tuple(x.shape),))
    if x.dim() < 2:
        refuse("a batch of samples", "shape %s" % (tuple(x.shape),))
    for condition, expected in entry["conditions"]:
        if not condition(module, x):
            refuse(expected, repr(module))
    settings = entry["translate"](module)
    return None if settings is None else dict({"type": ours}, **settings)


def _torch_parameters(module):
    """A module's tensors by our names, each with its value before the model is called."""
    _, layer, _ = _TORCH_MODULES.get(type(module).__name__, (None, {}, None))
    names = layer.get("parameters", {})
    found = {ours: getattr(module, theirs, None) for theirs, ours in names.items()}
    return {ours: (tensor, tensor.detach().clone()) for ours, tensor in found.items() if hasattr(tensor, "detach")}


def _torch_orient(tensor, key):
    """A parameter or its gradient in our layout: torch keeps a Linear's weight as (out, in)."""
    return _numpy(tensor.T if key.split("/")[-1] == "W" and tensor.dim() == 2 else tensor)


# Of each loss torch's function, and what it calls the settings.
_TORCH_LOSSES = {
    "softmax": ("cross_entropy", {"weights": "weight", "ignored": "ignore_index", "smoothing": "label_smoothing"}),
    "nll": ("nll_loss", {"weights": "weight", "ignored": "ignore_index"}),
    "meanSquaredError": ("mse_loss", {}),
    "meanAbsoluteError": ("l1_loss", {}),
    "huber": ("huber_loss", {"delta": "delta"}),
    "smoothL1": ("smooth_l1_loss", {"beta": "beta"}),
    "klDivergence": ("kl_div", {"logTarget": "log_target"}),
    "binaryCrossEntropy": ("binary_cross_entropy_with_logits", {"weights": "weight", "positiveWeights": "pos_weight"}),
    "binaryCrossEntropyOfProbabilities": ("binary_cross_entropy", {"weights": "weight"}),
}
# Losses without this setting are means.
_WITHOUT_REDUCTION = ("meanSquaredError", "meanAbsoluteError")
_TORCH_LABELS = ("softmax", "nll")


def loss_described(loss):
    """A loss as network files have it; it may be given by its name alone."""
    return dict(loss) if isinstance(loss, dict) else {"type": loss}


def _torch_loss(torch, loss):
    """The function of scores and targets that torch has for a loss, with its settings."""
    settings = loss_described(loss)
    kind, reduction = settings.pop("type"), settings.pop("reduction", "mean")
    function, names = _TORCH_LOSSES[kind]
    positions = settings.pop("perPosition", False)
    unknown = [key for key in settings if key not in names or kind in _WITHOUT_REDUCTION]
    if unknown or reduction not in ("mean", "sum", "batchMean") or reduction != "mean" and kind in _WITHOUT_REDUCTION:
        raise RecordingError("loss: expected settings of %s among %s but got %s" % (
            kind, sorted(names), unknown or "reduction %r" % reduction))
    given = {names[key]: torch.tensor(value, dtype=torch.float64) if isinstance(value, (list, tuple)) else value
             for key, value in settings.items()}

    def value(scores, targets):
        if positions:  # torch has the classes behind the samples
            scores = scores.movedim(-1, 1)
            targets = targets.movedim(-1, 1) if targets.is_floating_point() else targets
        result = getattr(torch.nn.functional, function)(scores, targets, reduction="sum" if reduction == "batchMean" else
                                                        reduction, **given)
        return result / len(scores) if reduction == "batchMean" else result
    return value


def _torch_inputs(scores, labels, targets, upstream, loss):
    """The inputs beside x, checked against the shape of the scores."""
    import numpy as np
    shape = tuple(scores.shape)

    def values(what, given):
        array = _values(what, given)
        if array.shape != shape:
            raise RecordingError("%s: expected the shape of the scores %s but got %s" % (what, shape, array.shape))
        return {what: array}

    if loss is None:
        if labels is not None or targets is not None:
            raise RecordingError("loss: expected one of %s with labels or targets but got none" % sorted(_TORCH_LOSSES))
        return values("upstream", np.ones(shape) if upstream is None else upstream)
    settings = loss_described(loss)
    kind = settings["type"]
    if kind not in _TORCH_LOSSES or upstream is not None or (labels is None) == (targets is None):
        raise RecordingError("loss: expected one of %s with labels or targets but got %r" % (sorted(_TORCH_LOSSES), loss))
    if targets is not None:
        return values("targets", targets)
    labels = np.asarray(_plain(labels))
    if kind not in _TORCH_LABELS or len(shape) != 2 and not settings.get("perPosition"):
        raise RecordingError("labels: expected the loss 'softmax' of scores of shape (samples, classes) but got %r of %s"
                             % (loss, shape))
    counted = labels[labels != settings["ignored"]] if "ignored" in settings else labels
    if labels.shape != shape[:-1] or labels.dtype.kind not in "iu" or not ((0 <= counted) & (counted < shape[-1])).all():
        raise RecordingError("labels: expected %s whole numbers from 0 to %d"
                             % (" x ".join(map(str, shape[:-1])), shape[-1] - 1))
    return {"labels": labels.astype(np.int64)}


def _torch_numbers(torch, x, tensors, parameters, inputs, loss, l2, orient=_torch_orient):
    """What autograd gives for a run: expected, outputs and input gradients of a case."""
    scores = tensors[-1][1]
    numbers = {"expected": {"scores": _numpy(scores)}, "outputs": {path: _numpy(out) for path, out in tensors[1:]},
               "input_gradients": {}}
    if not inputs:
        return numbers
    for _, tensor in tensors:
        tensor.retain_grad()
    given = {key: torch.tensor(array) for key, array in inputs.items()}
    if loss is None:
        value = (scores * given["upstream"]).sum()
    else:
        value = _torch_loss(torch, loss)(scores, given.get("labels", given.get("targets")))
        for key, parameter in parameters.items() if l2 else ():
            value = value + 0.5 * l2 * (parameter * parameter).sum() if key.endswith("/W") else value
        numbers["expected"]["loss"] = _numpy(value)
    try:
        value.backward()
    except RuntimeError as failure:
        raise RecordingError("from_torch: expected a model that gradients come back through but got %s"
                             % _line(failure)) from None
    numbers["expected"]["dx"] = _numpy(x.grad)
    for key, parameter in parameters.items():
        if parameter.requires_grad:
            numbers["expected"][key] = orient(parameter.grad, key)
    numbers["input_gradients"] = {path: _numpy(before.grad) for (_, before), (path, _) in zip(tensors, tensors[1:])}
    return numbers


def _torch_claim(torch, chain, x, inputs, loss, l2):
    """What the network file and the weights say, computed without the model."""
    x = torch.tensor(x, requires_grad=bool(inputs))
    leaves = {key: torch.tensor(value, requires_grad=bool(inputs) and key in chain.parameters
                                and chain.parameters[key].requires_grad) for key, value in chain.weights.items()}
    tensors = [("", x)]
    for layer in chain.layers:
        prefix = layer["name"] + "/"
        parameters = {key[len(prefix):]: leaf for key, leaf in leaves.items() if key.startswith(prefix)}
        meaning = _TORCH_LAYERS[layer["type"]]["meaning"]
        settings = dict(layer, training=chain.mode == "training")
        tensors.append((layer["name"], meaning(torch.nn.functional, tensors[-1][1], settings, parameters)))
    parameters = {key: leaves[key] for key in chain.parameters}
    return _torch_numbers(torch, x, tensors, parameters, inputs, loss, l2, lambda gradient, key: _numpy(gradient))


def _require_same(own, claim, near=CLAIM):
    """Compares the model's numbers with those of its translation.

    Both are computed by the same library, so that the bits agree but where it chooses another order of summation by the
    layout of an array.
    """
    gradients = [array for kind, arrays in own.items() for key, array in arrays.items() if _is_gradient(kind, key)]
    largest = max([_largest(array) for array in gradients], default=0.0)
    for kind in ("outputs", "expected", "input_gradients"):
        if set(own[kind]) != set(claim[kind]):
            raise RecordingError("expected results %s but the network file gives %s" % (sorted(own[kind]),
                                                                                        sorted(claim[kind])))
        for key, array in own[kind].items():
            scale = _largest(array)
            if _is_gradient(kind, key):
                scale = max(scale, 1e-3 * largest)  # a gradient that is zero but for rounding
            if not _is_near(array, claim[kind][key], near * scale):
                what = {"outputs": "its output", "input_gradients": "the gradient of its input"}.get(kind, "the result")
                raise RecordingError("%s %r: expected %s to be what the network file says but the model gives other "
                                     "numbers" % ("result" if kind == "expected" else "layer", key, what))


def _is_gradient(kind, key):
    return kind == "input_gradients" or kind == "expected" and key not in ("scores", "loss")


def _largest(array):
    """The largest magnitude among the finite elements."""
    import numpy as np
    return float(np.abs(array[np.isfinite(array)]).max(initial=0.0))


def _is_near(array, other, distance):
    """Whether no element is farther away; what is not finite has to be the same."""
    import numpy as np
    if array.shape != other.shape:
        return False
    finite = np.isfinite(array) & np.isfinite(other)
    same = (array == other) | (np.isnan(array) & np.isnan(other))
    with np.errstate(invalid="ignore"):
        return bool(np.where(finite, np.abs(array - other) <= distance, same).all())


# Keras


def from_keras(model, name, folder, x, labels=None, targets=None, upstream=None, mode="inference", match=None,
               forward_only=False, samples=None, seed=0, weights=None):
    """Records a Keras model on TensorFlow: network, weights, each layer's output and input gradient, all gradients.

    The numbers are the model's own: model(x) is called while its layers are watched, and TensorFlow's tape gives the
    gradients. The network file is a translation: of the layers, where they form a chain; else of the graph of a functional
    model, or of one whose call consists of layers and keras.ops, for which allclose_keras.py lies beside this file. Before
    anything is written, what the network file says is computed anew and has to give the model's numbers.

    Keras keeps images as (N, H, W, C), allclose as (N, C, H, W): input, outputs and weights are turned, and in a chain what
    belongs to the values behind a Flatten is put into our order. The model has to be of float64
    (keras.backend.set_floatx("float64") before it is built); it is not changed.

    x: a batch; or several, as a list in the order of the model's inputs or a dict by their names; whole numbers are tokens.
    With labels the loss is the softmax loss of the (first) output as logits, with targets the mean squared error; without
    them the backward pass starts from upstream, by default ones. forward_only: no gradients at all; only there a layer may
    have regularizers, since the loss lacks their penalty. samples: the most elements that are kept of a tensor; of larger
    ones these, at places drawn from seed, sum and norm. weights: {"seed": s} draws the parameters as drawn_weights says,
    instead of the model's own, and a case keeps none. Not recorded: what BatchNormalization's statistics become.
    """
    tf, keras = _framework("from_keras", "tensorflow"), _framework("from_keras", "keras")
    if keras.backend.backend() != "tensorflow":
        raise RecordingError("from_keras: expected Keras on tensorflow but got it on %s" % keras.backend.backend())
    if mode not in ("training", "inference"):
        raise RecordingError("mode: expected 'training' or 'inference' but got %r" % (mode,))
    if forward_only and (labels is not None or targets is not None or upstream is not None):
        raise RecordingError("from_keras: expected no labels, targets and upstream with forward_only")
    if not hasattr(model, "layers"):
        raise RecordingError("from_keras: expected a keras.Model but got %s" % type(model).__name__)
    if not model.built:
        raise RecordingError("from_keras: expected a model that is built: give it an Input, or call it once first")
    refusal = None
    if set(weights or {"seed": 0}) != {"seed"}:
        raise RecordingError("weights: expected {'seed': s} but got %r" % (weights,))
    if weights is None and not isinstance(x, (list, tuple, dict)):
        batch = tf.convert_to_tensor(_values("x", x))
        try:
            with tf.GradientTape() as tape:
                tape.watch(batch)
                chain = _KerasChain(model, batch, mode, forward_only)
                result = chain.tensors[-1][1]
                inputs = {} if forward_only else _keras_inputs(result, labels, targets, upstream)
                value = _keras_loss(tf, result, inputs)
        except _NoChain as no_chain:
            refusal = no_chain
        else:
            _record_keras_chain(tf, chain, tape, value, inputs, batch, name, folder, mode, match,
                                None if samples is None else (samples, seed))
            return
    try:
        from allclose_keras import record_graph
    except ImportError:
        raise refusal or RecordingError("from_keras: expected allclose_keras.py beside allclose_record.py, for models of "
                                        "several inputs") from None
    record_graph(tf, keras, model, name, folder, x, labels, targets, upstream, mode, match, forward_only,
                 None if weights is None else weights["seed"], None if samples is None else (samples, seed))


def _record_keras_chain(tf, chain, tape, value, inputs, x, name, folder, mode, match, sampling):
    own = chain.numbers(tape, value)
    weights = {key: _keras_orient(array, key, chain.orders) for key, array in chain.weights.items()}
    given = {key: array if key == "labels" else _turned(array, chain.image) for key, array in inputs.items()}
    given = dict({"x": _turned(x)}, **given)
    claim = _keras_claim(tf, chain, weights, given, mode == "training")
    _require_same(own, claim, REORDERED_CLAIM)
    network = {"format": "allclose-network/1", "input": list(given["x"].shape[1:]), "layers": chain.layers}
    if "loss" in own["expected"]:
        network["loss"] = {"type": "softmax" if "labels" in inputs else "meanSquaredError"}
    record_network(name, folder, network, weights, given, own["expected"], own["outputs"], own["input_gradients"], mode,
                   match=match or FRAMEWORK_MATCH, reason=FRAMEWORK_REASON, notes={"tensorflow": tf.__version__},
                   sampling=sampling)


class _KerasChain:
    """The layers that a model called, one after the other, and their translation.

    layers: those of a network file. weights: their values before the call, by our names, in Keras' layout. variables: the
    trained ones. tensors: names, values, and the shape (H, W, C) of the image that was flattened before, if one was: of
    the input, and of what is between the layers. orders: the images whose values parameters belong to.
    """

    def __init__(self, model, x, mode, forward_only):
        import numpy as np
        self.mode, self.forward_only = mode, forward_only
        self.layers, self.weights, self.variables, self.orders, self.image = [], {}, {}, {}, None
        self.tensors, self.outputs = [("", x, None)], {}
        before = {id(variable): np.array(variable) for variable in model.variables}
        try:
            calls, result = _keras_call(model, x, mode)
        finally:
            # Running statistics, and the states of random streams.
            for variable in model.variables:
                variable.assign(before[id(variable)])
        called = []
        for module, arguments, output in calls:
            place = "layer %r: %s" % (module.name, type(module).__name__)
            if len(arguments) != 1 or arguments[0] is not self.tensors[-1][1]:
                raise _NoChain("%s: expected its input to be the output of the layer before: a network file is a "
                                     "chain of layers" % place)
            called.append(module)
            if called.count(module) > 1 and module.weights:
                raise _NoChain("%s: expected it to be called once but the model calls it again: a network file "
                                     "cannot share parameters" % place)
            self._append(place, module, output, before, called.count(module))
        if not self.layers:
            raise RecordingError("from_keras: expected a model of at least one layer but got %r" % model.name)
        if result is not self.tensors[-1][1]:
            raise _NoChain("layer %r: expected its output to be the model's but something is done to it behind the "
                                 "layer" % self.tensors[-1][0])
        used = {id(variable) for module in called for variable in module.weights}
        for variable in model.weights:
            if id(variable) not in used:
                _say("%s: not recorded, since the model does not call its layer" % variable.path)

    def _append(self, place, module, output, before, count):
        """Adds what a layer is; count: the how manieth call of it this is."""
        x = self.tensors[-1][1]
        steps, names = _keras_layer(place, module, x, self.mode, self.forward_only)
        if str(getattr(output, "dtype", None)) != "<dtype: 'float64'>":
            raise RecordingError("%s: expected one float64 tensor as its output" % place)
        if not steps:
            self.tensors[-1] = (self.tensors[-1][0], output, self.image)
            return
        kind = steps[0]["type"]
        if kind == "flatten" and len(x.shape) == 4:
            self.image = tuple(x.shape[1:])
        name = module.name if count == 1 else "%s_%d" % (module.name, count)
        for ours, theirs in names.items():
            key = name + "/" + ours
            self.weights[key] = before[id(theirs)]
            if theirs.trainable:
                self.variables[key] = theirs
            # One row, or value, for each value of the image that was flattened.
            if self.image is not None and (kind in ("batchNorm", "layerNorm") or kind == "dense" and ours == "W"):
                self.orders[key] = self.image
        self.image = None if kind == "dense" else self.image
        for index, step in enumerate(steps):
            step["name"] = name if index == 0 else name + "_" + step["type"]
            if not re.fullmatch(NAME, step["name"]) or step["name"] in [known["name"] for known in self.layers]:
                raise RecordingError("%s: expected a name of letters, digits, '_', '-' and '.', not used before" % place)
            self.layers.append(step)
        # With a fused activation only the output behind it is at hand; it belongs to the last of the steps, the input to
        # the first.
        self.tensors.append((steps[0]["name"], output, self.image))
        self.outputs[steps[-1]["name"]] = _turned(output, self.image)

    def numbers(self, tape, value):
        """What the tape gives for the run: expected, outputs and input gradients of a case."""
        scores = _turned(self.tensors[-1][1], self.image)
        numbers = {"expected": {"scores": scores}, "outputs": self.outputs, "input_gradients": {}}
        if value is None:
            return numbers
        inputs = [tensor for _, tensor, _ in self.tensors[:-1]]
        befores, gradients = tape.gradient(value[0], [inputs, list(self.variables.values())])
        if value[1]:
            numbers["expected"]["loss"] = value[0].numpy()
        numbers["expected"]["dx"] = _turned(befores[0])
        for key, gradient in zip(self.variables, gradients):
            numbers["expected"][key] = _keras_orient(gradient.numpy(), key, self.orders)
        names = [name for name, _, _ in self.tensors[1:]]
        numbers["input_gradients"] = {name: _turned(before, image) for name, before, (_, _, image)
                                      in zip(names, befores, self.tensors)}
        return numbers


def _keras_call(model, x, mode):
    """Calls a model; returns the calls of its innermost layers in order, and its result."""
    calls, modules = [], []

    def collect(module):
        inner = list(getattr(module, "layers", []))
        for part in inner:
            collect(part)
        if not inner and type(module).__name__ != "InputLayer" and module not in modules:
            modules.append(module)

    collect(model)
    for module in modules:
        place = "layer %r: %s" % (module.name, type(module).__name__)
        if "call" in vars(module):
            raise RecordingError("%s: expected the call of its class but got another" % place)
        if module.compute_dtype != "float64":
            raise RecordingError("%s: expected a layer of float64 but got %s; set keras.backend.set_floatx('float64') before "
                                 "it is made" % (place, module.compute_dtype))
    for module in modules:
        def watch(*arguments, _module=module, _call=module.call, **named):
            output = _call(*arguments, **named)
            others = tuple(value for key, value in named.items() if key != "training" and value is not None)
            calls.append((_module, arguments + others, output))
            return output
        module.call = watch
    try:
        result = model(x, training=mode == "training")
    except Exception as failure:
        raise RecordingError("from_keras: expected a model that takes the batch of shape %s but got %s"
                             % (tuple(x.shape), _line(failure))) from None
    finally:
        for module in modules:
            del module.call
    if not hasattr(result, "shape"):
        raise _NoChain("from_keras: expected a model with one tensor as its result but got %s"
                             % type(result).__name__)
    return calls, result


def _keras_window(m):
    return {"kernel": _pair(m.kernel_size), "stride": _pair(m.strides),
            "padding": [0, 0] if m.padding == "valid" else [k // 2 for k in _pair(m.kernel_size)]}


def _keras_affine(m):
    return {"W": m.kernel} if m.bias is None else {"W": m.kernel, "b": m.bias}


def _channels_last(function):
    """A function of images (N, H, W, C) as one of images (N, C, H, W)."""
    def turned(tf, x, s, p):
        return tf.transpose(function(tf, tf.transpose(x, (0, 2, 3, 1)), s, p), (0, 3, 1, 2))
    return turned


def _keras_conv(tf, x, s, p):
    rows, columns = s["padding"]
    x = tf.pad(x, ((0, 0), (rows, rows), (columns, columns), (0, 0)))
    out = tf.nn.conv2d(x, tf.transpose(p["W"], (2, 3, 1, 0)), s["stride"], "VALID")
    return out + p["b"] if "b" in p else out


def _keras_norm(tf, x, s, p, axes, shape, mean=None, variance=None):
    if mean is None:
        mean, variance = tf.nn.moments(x, axes)
    mean, variance, gamma, beta = (tf.reshape(v, shape) for v in (mean, variance, p["gamma"], p["beta"]))
    return gamma * (x - mean) / tf.sqrt(variance + s["epsilon"]) + beta


def _keras_batch_norm(tf, x, s, p):
    axes, shape = ((0,), (1, -1)) if len(x.shape) == 2 else ((0, 2, 3), (1, -1, 1, 1))
    running = () if s["training"] else (p["runningMean"], p["runningVariance"])
    return _keras_norm(tf, x, s, p, axes, shape, *running)


def _keras_layer_norm(tf, x, s, p):
    mean, variance = tf.nn.moments(x, 1, keepdims=True)
    return p["gamma"] * (x - mean) / tf.sqrt(variance + s["epsilon"]) + p["beta"]


def _keras_module(settings, axes, translate, *conditions):
    """A layer of Keras that a layer may come from.

    settings: those that the translation looks at; any other that is not as Keras has it by default is refused. axes: how
    many its input can have (None: any). translate: the settings of our layer, or None where it does nothing. conditions:
    further ones that a layer, its input and the mode have to meet, each with what is expected.
    """
    return {"settings": settings.split(), "axes": axes, "translate": translate, "conditions": conditions}


def _keras_pool(m):
    return {"size": _pair(m.pool_size), "stride": _pair(m.strides)}


# How a layer starts and is trained, not what it computes.
_KERAS_TRAINING = ("name", "trainable", "_initializer", "_constraint")
# Of each layer of network files: the layers of Keras that it is, by name, the function in keras.activations, and what it
# means, in functions of TensorFlow: s is the layer, p its parameters. Also its variables by our names, if it has any.
_KERAS_LAYERS = {
    "dense": {
        "modules": {"Dense": _keras_module("units activation use_bias", (2,), lambda m: dict(
            {"units": m.units}, **_bias(m.bias is not None)))},
        "meaning": lambda tf, x, s, p: tf.matmul(tf.reshape(x, (x.shape[0], -1)), p["W"]) + p.get("b", 0),
        "variables": _keras_affine},
    "conv2d": {
        "modules": {"Conv2D": _keras_module(
            "filters kernel_size strides padding activation use_bias data_format", (4,),
            lambda m: dict({"filters": m.filters}, **_keras_window(m), **_bias(m.bias is not None)),
            (lambda m, x, mode: m.padding == "valid" or _pair(m.strides) == [1, 1] and
             all(k % 2 for k in _pair(m.kernel_size)), "padding='valid', or 'same' with an odd kernel and stride 1"))},
        "meaning": _channels_last(_keras_conv),
        "variables": _keras_affine},
    "maxPool2d": {
        "modules": {"MaxPooling2D": _keras_module("pool_size strides data_format", (4,), _keras_pool)},
        "meaning": _channels_last(lambda tf, x, s, p: tf.nn.max_pool2d(x, s["size"], s["stride"], "VALID"))},
    "averagePool2d": {
        "modules": {"AveragePooling2D": _keras_module("pool_size strides data_format", (4,), _keras_pool)},
        "meaning": _channels_last(lambda tf, x, s, p: tf.nn.avg_pool2d(x, s["size"], s["stride"], "VALID"))},
    "batchNorm": {
        "modules": {"BatchNormalization": _keras_module(
            "axis momentum epsilon", (2, 4), lambda m: {"epsilon": m.epsilon, "momentum": m.momentum},
            (lambda m, x, mode: m.axis in (-1, len(x.shape) - 1), "the last axis normalized"))},
        "meaning": _keras_batch_norm,
        "variables": lambda m: {"gamma": m.gamma, "beta": m.beta, "runningMean": m.moving_mean,
                                "runningVariance": m.moving_variance}},
    "layerNorm": {
        "modules": {"LayerNormalization": _keras_module(
            "axis epsilon rms_scaling", (2,), lambda m: {"epsilon": m.epsilon},
            (lambda m, x, mode: m.axis in (-1, 1, [-1], [1]), "the last axis normalized"),
            (lambda m, x, mode: not m.rms_scaling, "rms_scaling=False"))},
        "meaning": _keras_layer_norm,
        "variables": lambda m: {"gamma": m.gamma, "beta": m.beta}},
    "dropout": {
        "modules": {"Dropout": _keras_module(
            "rate seed", None, lambda m: None if m.rate == 0 else {"keep": 1 - m.rate},
            (lambda m, x, mode: mode == "inference" or m.rate == 0,
             "inference mode: Keras draws masks from a stream of its own"),
            (lambda m, x, mode: m.rate < 1, "a rate below 1, so that something is kept"))},
        "meaning": lambda tf, x, s, p: tf.identity(x)},
    "flatten": {
        "modules": {"Flatten": _keras_module("data_format", None, lambda m: {})},
        "meaning": lambda tf, x, s, p: tf.reshape(x, (x.shape[0], -1))},
    "relu": {
        "modules": {"ReLU": _keras_module("", None, lambda m: {})}, "activation": "relu",
        "meaning": lambda tf, x, s, p: tf.nn.relu(x)},
    "leakyRelu": {
        # TensorFlow keeps the slope in single precision, whatever it multiplies.
        "modules": {"LeakyReLU": _keras_module("negative_slope", None, lambda m: {"alpha": _single(m.negative_slope)})},
        "meaning": lambda tf, x, s, p: tf.where(x > 0, x, s["alpha"] * x)},
    "elu": {
        "modules": {"ELU": _keras_module("alpha", None, lambda m: {"alpha": float(m.alpha)})}, "activation": "elu",
        "meaning": lambda tf, x, s, p: tf.where(x > 0, x, s.get("alpha", 1.0) * tf.math.expm1(tf.minimum(x, 0)))},
    "sigmoid": {"modules": {}, "activation": "sigmoid", "meaning": lambda tf, x, s, p: tf.sigmoid(x)},
    "tanh": {"modules": {}, "activation": "tanh", "meaning": lambda tf, x, s, p: tf.tanh(x)},
    "softplus": {"modules": {}, "activation": "softplus", "meaning": lambda tf, x, s, p: tf.math.softplus(x)},
    "softmax": {
        "modules": {"Softmax": _keras_module("", (2,), lambda m: {})}, "activation": "softmax",
        "meaning": lambda tf, x, s, p: tf.nn.softmax(x)},
    "gelu": {"modules": {}, "activation": "gelu", "meaning": lambda tf, x, s, p: tf.nn.gelu(x, approximate=False)},
    # No layer of its own: what its activation is.
    None: {"modules": {"Activation": _keras_module("activation", None, lambda m: None)}},
}
# The layers of Keras by name, each with our layer's type and entry, and our types by the activations' names.
_KERAS_MODULES = {name: (kind, entry, module) for kind, entry in _KERAS_LAYERS.items()
                  for name, module in entry["modules"].items()}
_KERAS_ACTIVATIONS = {entry["activation"]: kind for kind, entry in _KERAS_LAYERS.items() if "activation" in entry}


def _keras_layer(place, module, x, mode, forward_only):
    """The layers of a network file that a Keras layer is, and its variables by our names."""
    import keras
    kind = type(module).__name__

    def refuse(expected, got):
        raise _NoChain("%s: expected %s but got %s" % (place, expected, got))

    if kind not in _KERAS_MODULES or type(module) is not getattr(keras.layers, kind, None):
        refuse("a layer that network files know", type(module).__module__ + "." + kind)
    ours, layer, entry = _KERAS_MODULES[kind]
    signature = inspect.signature(type(module).__init__).parameters
    try:
        config = module.get_config()
    except Exception as failure:
        refuse("settings that can be read", _line(failure))
    for key, value in config.items():
        if key in entry["settings"] or key == "dtype" or key.endswith(_KERAS_TRAINING) or (
                key.endswith("_regularizer") and forward_only):
            continue
        usual = signature[key].default if key in signature else None
        if value != usual:
            refuse("%s=%r" % (key, usual), repr(value))
    if getattr(module, "data_format", "channels_last") != "channels_last":
        refuse("data_format='channels_last'", repr(module.data_format))
    if mode == "training" and not module.trainable and kind == "BatchNormalization":
        refuse("training mode as the model", "a frozen layer: a network file has one mode")
    if entry["axes"] is not None and len(x.shape) not in entry["axes"]:
        refuse("a batch with %s axes" % " or ".join(map(str, entry["axes"])), "shape %s" % (tuple(x.shape),))
    for condition, expected in entry["conditions"]:
        if not condition(module, x, mode):
            refuse(expected, module.get_config())
    settings = entry["translate"](module)
    steps = [] if settings is None else [dict({"type": ours}, **settings)]
    function = getattr(module, "activation", keras.activations.linear)
    if function is not keras.activations.linear:
        activation = getattr(function, "__name__", type(function).__name__)
        if function is not getattr(keras.activations, activation, None) or activation not in _KERAS_ACTIVATIONS:
            refuse("an activation among %s" % sorted(_KERAS_ACTIVATIONS), activation)
        if activation == "softmax" and len(x.shape) != 2:
            refuse("the softmax of axis 1", "shape %s" % (tuple(x.shape),))
        steps = steps + [{"type": _KERAS_ACTIVATIONS[activation]}]
    return steps, layer["variables"](module) if "variables" in layer else {}


def _single(value):
    import numpy as np
    return float(np.float32(value))


def _keras_inputs(scores, labels, targets, upstream):
    """The inputs beside x in Keras' layout, checked against the shape of the scores."""
    import numpy as np
    shape = tuple(scores.shape)
    if sum(given is not None for given in (labels, targets, upstream)) > 1:
        raise RecordingError("from_keras: expected at most one of labels, targets and upstream")
    if labels is not None:
        labels = np.asarray(_plain(labels))
        if len(shape) != 2 or labels.shape != shape[:1] or labels.dtype.kind not in "iu" \
                or not ((0 <= labels) & (labels < shape[1])).all():
            raise RecordingError("labels: expected a whole number for each row of scores of shape (samples, classes), from "
                                 "0 to classes - 1, but got shape %s for %s" % (labels.shape, shape))
        return {"labels": labels}
    what, given = ("targets", targets) if targets is not None else ("upstream", upstream)
    array = np.ones(shape) if given is None else _values(what, given)
    if array.shape != shape:
        raise RecordingError("%s: expected the shape of the scores %s but got %s" % (what, shape, array.shape))
    return {what: array}


def _keras_loss(tf, scores, inputs):
    """What the backward pass starts from, and whether it is a loss."""
    if "labels" in inputs:
        return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(inputs["labels"], scores)), True
    if "targets" in inputs:
        return tf.reduce_mean((scores - inputs["targets"]) ** 2), True
    return (tf.reduce_sum(scores * inputs["upstream"]), False) if inputs else None


def _keras_claim(tf, chain, weights, given, training):
    """What the network file and the weights say, computed without the model."""
    x = tf.convert_to_tensor(given["x"])
    leaves = {key: tf.convert_to_tensor(value) for key, value in weights.items()}
    with tf.GradientTape() as tape:
        tape.watch([x] + list(leaves.values()))
        tensors = [x]
        for layer in chain.layers:
            prefix = layer["name"] + "/"
            parameters = {key[len(prefix):]: leaf for key, leaf in leaves.items() if key.startswith(prefix)}
            tensors.append(_KERAS_LAYERS[layer["type"]]["meaning"](tf, tensors[-1], dict(layer, training=training),
                                                                   parameters))
        value = _keras_loss(tf, tensors[-1], {key: array for key, array in given.items() if key != "x"})
    names = [layer["name"] for layer in chain.layers]
    outputs = dict(zip(names, tensors[1:]))
    claim = {"expected": {"scores": tensors[-1].numpy()}, "input_gradients": {},
             "outputs": {name: outputs[name].numpy() for name in chain.outputs}}
    if value is not None:
        befores, gradients = tape.gradient(value[0], [tensors[:-1], [leaves[key] for key in chain.variables]])
        if value[1]:
            claim["expected"]["loss"] = value[0].numpy()
        claim["expected"]["dx"] = befores[0].numpy()
        claim["expected"].update({key: g.numpy() for key, g in zip(chain.variables, gradients)})
        starts = [name for name, _, _ in chain.tensors[1:]]
        claim["input_gradients"] = {name: before.numpy() for name, before in zip(names, befores) if name in starts}
    return claim


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


def _plain(value):
    """A tensor of a framework without its gradient, anything else as it is."""
    return value.detach().cpu() if hasattr(value, "detach") else value


def _values(name, values):
    """Real numbers as float64."""
    import numpy as np
    values = _plain(values)
    if getattr(values, "is_floating_point", bool)():
        values = values.double()  # numpy has no bfloat16
    array = np.asarray(values)
    if array.dtype.kind not in "biuf":
        raise RecordingError("%s: expected real numbers but got dtype %s" % (name, array.dtype))
    return np.array(array, dtype=np.float64, order="C")


def _framework(function, name):
    """A framework, imported."""
    try:
        return importlib.import_module(name)
    except ImportError as missing:
        raise RecordingError("%s: expected a Python with %s but got %s at %s"
                             % (function, name, _line(missing), sys.executable)) from None


def _line(failure):
    """An exception in one line."""
    return ("%s: %s" % (type(failure).__name__, " ".join(str(failure).split())))[:300]


def _say(text):
    """Tells what the user should know, in one line; the second of two runs says nothing new."""
    if ROOT_VARIABLE not in os.environ:
        print("allclose_record: " + text, file=sys.stderr)


def _is_numeric(value):
    import numpy as np
    try:
        return np.asarray(value).dtype.kind in "biufc"
    except Exception:
        # Ragged, or what refuses to be an array, as a tensor with a gradient does.
        return False


def _kind(value):
    """In words what something is that is no number."""
    if value is None:
        return "None"
    if isinstance(value, str):
        return "text"
    if inspect.isroutine(value):
        return "a function"
    if isinstance(value, (tuple, list, dict)):
        return "a %s of %d" % (type(value).__name__, len(value))
    return "an object of type %s" % type(value).__name__


def _text(value):
    """What is noted of it: the same in each run, so no address in memory."""
    return value if isinstance(value, str) else getattr(value, "__qualname__", None) or _kind(value)


def _copies(arguments):
    return {name: copy.deepcopy(value) for name, value in arguments.items()}


def _results(value):
    """What a function returned, by name: what are numbers, and what is none."""
    value = value._asdict() if hasattr(value, "_asdict") else value
    if not isinstance(value, dict):
        return _parts("result", value, whole=not isinstance(value, tuple))
    arrays, others = {}, {}
    for key, part in value.items():
        for found, more in zip((arrays, others), _parts(str(key), part)):
            found.update(more)
    return arrays, others


def _parts(path, value, whole=True):
    """The numbers within nested tuples, lists and dicts by their paths, and what is no number.

    whole: whether a sequence of plain numbers, such as [1, 2] for labels, is one array.
    """
    value = value._asdict() if hasattr(value, "_asdict") else value
    if isinstance(value, dict):
        parts = list(value.items())
    elif isinstance(value, (tuple, list)) and not (whole and _is_plain_numbers(value)):
        parts = list(enumerate(value))
    else:
        return ({path: value}, {}) if _is_numeric(value) else ({}, {path: value})
    arrays, others = {}, {} if parts else {path: value}
    for key, part in parts:
        for found, more in zip((arrays, others), _parts("%s.%s" % (path, key), part)):
            found.update(more)
    return arrays, others


def _is_plain_numbers(value):
    """Whether it is a number of Python's, or nested sequences of them of one shape."""
    if isinstance(value, (tuple, list)):
        return all(_is_plain_numbers(part) for part in value) and _is_numeric(value)
    return isinstance(value, (bool, int, float)) or getattr(value, "shape", None) == ()


def _is_part(name, of):
    return name == of or name.startswith(of + ".")


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
    if isinstance(match, dict) and match.get("zeros", "equal") == "equal":
        limits = {key: limit for key, limit in match.items() if key != "zeros"}
        if (set(limits) in ({"rounding"}, {"ulps"}, {"rtol", "atol"}) or match and not limits) and all(
                isinstance(limit, numbers.Real) and 0 <= limit < float("inf") for limit in limits.values()):
            return match
    raise RecordingError("match: expected 'exact', {'rounding': k}, {'ulps': k}, {'rtol': r, 'atol': a} or {'zeros': "
                         "'equal'} but got %r" % (match,))


def _save(folder, kind, key, array):
    """Saves an array; returns the file's name relative to the folder, another than others have, whatever their case."""
    import numpy as np
    os.makedirs(os.path.join(folder, kind), exist_ok=True)
    taken = [name.lower() for name in os.listdir(os.path.join(folder, kind))]
    plain = re.sub(r"[^A-Za-z0-9_.-]", "_", key)
    name, number = plain + ".npy", 1
    while name.lower() in taken:
        number += 1
        name = "%s_%d.npy" % (plain, number)
    np.save(os.path.join(folder, kind, name), array)
    return "%s/%s" % (kind, name)


def _read_json(path):
    with open(path, encoding="utf-8") as source:
        return json.load(source)


def _write_json(path, value):
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        # Settings may be numpy's numbers.
        json.dump(value, out, indent=1, default=lambda number: number.item())
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


def _one_line(kind, failure, trace):
    """Prints what cannot be recorded in one line with its place, any other exception as Python does."""
    if kind is not RecordingError:
        sys.__excepthook__(kind, failure, trace)
        return
    frames = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(trace)]
    file, line = ([place for place in frames if place[0] == os.path.abspath(sys.argv[0])] or frames)[-1]
    print("%s:%d: %s" % (os.path.basename(file), line, " ".join(str(failure).split())), file=sys.stderr)


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
elif LOG_VARIABLE in os.environ:
    sys.excepthook = _one_line
