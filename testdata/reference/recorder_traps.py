"""Models that a recorder could record wrongly: python3 recorder_traps.py, with a python3 that has torch.

Each trap is either recorded right, so that scores and gradients of input and parameters are what the model itself gives,
or refused in one line, which stands here. None may be recorded wrong.
"""
import contextlib
import copy
import os
import sys
import tempfile

import numpy as np
import torch
from torch import nn
from torch.nn.utils import prune

from allclose_record import RecordingError, from_torch
from allclose_torch import SEED

# The trap is recorded, and the recording has to be right.
RIGHT = "recorded right"
TRAPS = {}


def trap(expected, x=(5, 4), **arguments):
    """Registers a function that makes a model, with what has to come of recording it.

    x: its shape; None: a batch of complex numbers. within: makes a context to do both in.
    """
    def register(make):
        TRAPS[make.__name__] = (make, expected, x, arguments)
        return make
    return register


def line(text):
    """The line of this file that has a text, and does not ask for it."""
    with open(__file__, encoding="utf-8") as lines:
        return next(number for number, found in enumerate(lines, 1) if text in found and "line(" not in found)


class Model(nn.Module):
    """A module whose forward is a function of the module and x."""

    def __init__(self, forward, **parts):
        super().__init__()
        self.function = forward
        for name, part in parts.items():
            setattr(self, name, part)

    def forward(self, x):
        return self.function(self, x)

def copy_refused(layer):
    return "layer %s: expected plain parameters but got one that is computed anew, as pruning does" % layer


@trap(RIGHT)
def activation_used_twice():
    relu = nn.ReLU()
    return nn.Sequential(nn.Linear(4, 8), relu, nn.Linear(8, 8), relu, nn.Linear(8, 3))


@trap(RIGHT)
def linear_used_twice():
    linear = nn.Linear(4, 4)
    return nn.Sequential(linear, nn.Tanh(), linear)


@trap(RIGHT)
def list_repeated():
    return nn.Sequential(*([nn.Linear(4, 4), nn.ReLU()] * 2))


@trap(RIGHT)
def tied_weights():
    model = nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 4))
    model[2].weight = model[0].weight
    return model


TIED = "layer '2': Linear: expected parameters of its own but layer '0' has the same: a network file cannot share parameters"


@trap(TIED)
def tied_data():
    model = nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 4))
    model[2].weight.data = model[0].weight.data
    return model


@trap(TIED)
def tied_by_a_view():
    model = nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 2))
    model[2].weight = nn.Parameter(model[0].weight.data[1:3])
    return model


@trap(RIGHT)
def slices_of_one_memory():
    memory = torch.randn(40)
    model = nn.Sequential(nn.Linear(4, 4, bias=False), nn.ReLU(), nn.Linear(4, 4, bias=False))
    model[0].weight, model[2].weight = (nn.Parameter(memory[i:i + 16].view(4, 4)) for i in (0, 16))
    return model


@trap(RIGHT)
def sequential_with_a_forward():
    class Residual(nn.Sequential):
        def forward(self, x):
            return x + super().forward(x)
    return nn.Sequential(nn.Linear(4, 8), Residual(nn.Linear(8, 8), nn.ReLU()), nn.Linear(8, 3))


@trap(RIGHT)
def outer_forward_hook():
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU())
    model.register_forward_hook(lambda module, x, y: 2 * y)
    return model


@trap(RIGHT)
def inner_forward_hook():
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU())
    model[0].register_forward_hook(lambda module, x, y: y.clamp(max=0.5))
    return model


@trap(RIGHT)
def hook_that_other_batches_would_show():
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU())
    model[0].register_forward_hook(lambda module, x, y: y.clamp(max=1000))
    return model


@trap(RIGHT)
def hook_that_changes_in_place():
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU())
    model[0].register_forward_hook(lambda module, x, y: y.mul_(2))
    return model


@trap("layer '0': expected its output to be what the network file says but the model gives other numbers")
def hook_that_changes_what_nobody_counts():
    def double(module, x, y):
        y.data.mul_(2)
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU())
    model[0].register_forward_hook(double)
    return model


@trap(RIGHT)
def hook_beside_an_infinity():
    model = nn.Sequential(nn.Linear(4, 8))
    model[0].bias.data[0] = float("inf")
    model[0].register_forward_hook(lambda module, x, y: y + 1)
    return model


@trap(RIGHT)
def forward_pre_hook():
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU())
    model[1].register_forward_pre_hook(lambda module, x: (x[0] + 1,))
    return model


@trap(RIGHT)
def hook_that_only_looks():
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU())
    model[0].register_forward_hook(lambda module, x, y: None)
    return model


@trap("parameter '0.weight': expected no hook on its gradient: a recording would lose it")
def parameter_hook():
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU())
    model[0].weight.register_hook(lambda gradient: gradient.clamp(-0.1, 0.1))
    return model


@trap("result 'dx': expected the gradient to be what the network file says but the model gives other numbers, by up "
      "to 1.82 of 3.63")
def backward_hook():
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU())
    model[0].register_full_backward_hook(lambda module, inputs, outputs: (2 * inputs[0],))
    return model


@trap("result '0.parametrizations.weight.original': expected the gradient to be what the network file says but the model "
      "gives other numbers, by up to 0.000114 of 2.4")
def spectral_norm():
    return nn.Sequential(nn.utils.parametrizations.spectral_norm(nn.Linear(4, 8)), nn.Tanh())


@trap(copy_refused("'0': Linear"))
def pruned():
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU())
    prune.l1_unstructured(model[0], "weight", 0.5)
    return model


@trap("layer '0': Linear: expected gradients to come back through it but the model takes none here; record with "
      "forward_only=True")
def old_spectral_norm():
    return nn.Sequential(nn.utils.spectral_norm(nn.Linear(4, 8)), nn.ReLU())


@trap("result 'dx': expected the result to be what the network file says but the model gives other numbers")
def hook_on_a_value():
    def forward(m, x):
        h = m.a(x)
        if h.requires_grad:
            h.register_hook(lambda gradient: 2 * gradient)
        return m.b(h)
    return Model(forward, a=nn.Linear(4, 4), b=nn.Linear(4, 2))


@trap("layer '': Model: expected gradients to come back through it but the model takes none here; record with "
      "forward_only=True")
def gradient_stopped_on_the_way():
    def forward(m, x):
        with torch.no_grad():
            h = m.a(x)
        return m.b(h)
    return Model(forward, a=nn.Linear(4, 4), b=nn.Linear(4, 2))


@trap(RIGHT, forward_only=True)
def without_gradients():
    def forward(m, x):
        with torch.no_grad():
            return m.a(x)
    return Model(forward, a=nn.Linear(4, 4))


@trap(RIGHT, within=torch.no_grad)
def recorded_without_gradients():
    return nn.Sequential(nn.Linear(4, 8), nn.ReLU())


@trap(RIGHT, within=torch.inference_mode)
def recorded_and_made_in_inference_mode():
    return nn.Sequential(nn.Linear(4, 8), nn.ReLU())


@trap("layer '': Model (recorder_traps.py:%d): expected gradients to come back through it but got a detached value; record "
      "with forward_only=True" % line("return self.function(self, x)"))
def detached_on_the_way():
    return Model(lambda m, x: m.b(m.a(x).detach()), a=nn.Linear(4, 4), b=nn.Linear(4, 2))


@trap("layer 'a': expected its output to be what the network file says but the model gives other numbers")
def weights_changed_before_use():
    def forward(m, x):
        with torch.no_grad():
            m.a.weight.mul_(2)
        return m.a(x)
    return Model(forward, a=nn.Linear(4, 4))


@trap("layer 'n': expected its output to be what the network file says but the model gives other numbers")
def mode_changed_and_back():
    def forward(m, x):
        m.n.eval()
        y = m.n(m.a(x))
        m.n.train()
        return y
    return Model(forward, a=nn.Linear(4, 4), n=nn.BatchNorm1d(4))


@trap(RIGHT)
def flag_with_the_name_of_a_setting():
    model = Model(lambda m, x: m.b(m.a(x)) if m.inplace else m.a(x), a=nn.Linear(4, 4), b=nn.Linear(4, 2))
    model.inplace = True
    return model


@trap("layer '': RecursiveScriptModule: expected a module of Python, whose calls can be watched, but got a script")
def script():
    return torch.jit.script(nn.Sequential(nn.Linear(4, 8), nn.ReLU()))


@trap(RIGHT, loss="softmax", labels=[0, 2, 1, 1, 0], l2=0.1)
def penalty_of_frozen_weights():
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    model[0].weight.requires_grad_(False)
    return model


@trap("l2: expected a loss beside it but got none", l2=0.1)
def penalty_without_a_loss():
    return nn.Sequential(nn.Linear(4, 8))


@trap(RIGHT)
def not_a_number():
    model = nn.Sequential(nn.Linear(4, 8), nn.Tanh())
    model[0].bias.data[0] = float("nan")
    return model


@trap("x: expected real numbers but got dtype complex128", x=None)
def complex_input():
    return nn.Sequential(nn.Linear(4, 8))


@trap("x: expected shape (N, 4), of at least one sample, but got (0, 4)", x=(0, 4))
def empty_batch():
    return nn.Sequential(nn.Linear(4, 8))


@trap(RIGHT)
def settings_of_numpy():
    return nn.Sequential(nn.Linear(4, np.int64(8)), nn.LeakyReLU(np.float64(0.1)))


@trap(RIGHT, mode="training")
def frozen_norm_in_the_mode_that_is():
    model = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8))
    model[1].eval()
    return model


@trap(RIGHT)
def frozen_norm_alone():
    model = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU())
    model[1].eval()
    return model


@trap(RIGHT, loss="softmax", labels=[0, 2, 1, 1, 0])
def mixed_modes():
    model = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 6, bias=False), nn.BatchNorm1d(6))
    model[1].eval()
    return model


@trap(RIGHT)
def dropout_in_training():
    torch.manual_seed(1)
    return nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5))


@trap(RIGHT)
def dropout_of_nothing():
    return nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.0), nn.Linear(8, 3))


@trap("layer '1': Dropout: expected a probability below 1, so that something is kept but got p=1.0", mode="inference")
def dropout_of_everything():
    return nn.Sequential(nn.Linear(4, 8), nn.Dropout(1.0))


@trap(RIGHT)
def two_outputs():
    return Model(lambda m, x: (m.a(x), m.b(x)), a=nn.Linear(4, 2), b=nn.Linear(4, 3))


@trap(RIGHT)
def dict_output():
    return Model(lambda m, x: {"logits": m.a(x)}, a=nn.Linear(4, 2))


@trap("from_torch: expected a model that takes the batch of shape (5, 4) but got RuntimeError: a leaf Variable that requires "
      "grad is being used in an in-place operation.")
def input_changed_in_place():
    return Model(lambda m, x: m.a(x.add_(1)), a=nn.Linear(4, 2))


@trap("from_torch: expected a model that leaves its input as it is", forward_only=True)
def input_changed_in_place_forward_only():
    return Model(lambda m, x: m.a(x.add_(1)), a=nn.Linear(4, 2))


@trap(RIGHT)
def value_changed_in_place_between():
    def forward(m, x):
        h = m.a(x)
        h *= 2
        return m.b(h)
    return Model(forward, a=nn.Linear(4, 4), b=nn.Linear(4, 2))


@trap("parameter '0.weight': expected a shape but got a lazy module; call the model once first")
def lazy_module():
    return nn.Sequential(nn.LazyLinear(8), nn.ReLU())


@trap(RIGHT)
def lazy_module_called_before():
    model = nn.Sequential(nn.LazyLinear(8), nn.ReLU())
    model(torch.zeros(1, 4))
    return model


@trap(RIGHT)
def control_flow_that_stays_in_the_chain():
    return Model(lambda m, x: m.b(m.a(x)) if x.shape[0] > 2 else m.a(x), a=nn.Linear(4, 4), b=nn.Linear(4, 2))


@trap(RIGHT)
def function_in_between():
    return Model(lambda m, x: m.b(torch.relu(m.a(x))), a=nn.Linear(4, 4), b=nn.Linear(4, 2))


@trap(RIGHT)
def function_behind():
    return Model(lambda m, x: torch.softmax(m.a(x), 1), a=nn.Linear(4, 4))


@trap(RIGHT)
def function_before():
    return Model(lambda m, x: m.a(x / 255), a=nn.Linear(4, 4))


@trap(RIGHT)
def two_branches():
    return Model(lambda m, x: m.a(x) + m.b(x), a=nn.Linear(4, 4), b=nn.Linear(4, 4))


@trap(RIGHT)
def half_precision():
    return nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3)).half()


@trap(RIGHT)
def gradient_not_wanted():
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    model[0].weight.requires_grad_(False)
    return model


@trap("from_torch: expected a model that takes the batch of shape (1, 4) but got ValueError: Expected more than 1 value per "
      "channel when training, got input size torch.Size([1, 8])", x=(1, 4))
def batch_of_one_norm():
    return nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8))


@trap(RIGHT, x=(5, 3, 8, 8))
def channels_last_memory():
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(inplace=True), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(36, 3)).to(
        memory_format=torch.channels_last)


@trap(RIGHT)
def weights_that_are_views():
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU())
    model[0].weight = nn.Parameter(torch.randn(4, 8).T)
    return model


@trap("parameter '0.weight': expected real numbers but got torch.complex64")
def complex_weights():
    return nn.Sequential(nn.Linear(4, 8, dtype=torch.complex64))


@trap("from_torch: expected a model that computes something of its inputs but got Sequential")
def empty():
    return nn.Sequential()


@trap("from_torch: expected a model that computes something of its inputs but got Sequential")
def identities():
    return nn.Sequential(nn.Identity(), nn.Identity())


@trap(RIGHT)
def identities_between():
    return nn.Sequential(nn.Identity(), nn.Linear(4, 3), nn.Identity(), nn.ReLU(), nn.Identity())


@trap(RIGHT)
def autocast():
    def forward(m, x):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return m.a(x)
    return Model(forward, a=nn.Linear(4, 3))


@trap("layer 'a': Half (recorder_traps.py:%d): expected float64 throughout, or to be recorded with widen=True but "
      "got torch.float16" % line("self.weight.half()"))
def subclass_of_a_layer():
    class Half(nn.Linear):
        def forward(self, x):
            return nn.functional.linear(x.half(), self.weight.half(), self.bias.half()).double()
    Half.__module__ = "__main__"
    return Model(lambda m, x: m.a(x), a=Half(4, 3))


@trap("layer '': Model (recorder_traps.py:%d): expected nothing random but dropout but got aten.rand_like"
      % line("return self.function(self, x)"))
def random_in_forward():
    return Model(lambda m, x: m.a(x + torch.rand_like(x)), a=nn.Linear(4, 3))


@trap("result 0: expected the traced operations' to be the model's but the model gives other numbers, by up to 2.24 of 1.4")
def remembers_in_a_list():
    calls = Calls()
    return Model(lambda m, x: m.b(m.a(x)) if calls.next() % 2 else m.a(x), a=nn.Linear(4, 3), b=nn.Linear(3, 3))


class Calls:
    """Counts in a place that copies of a model share."""

    count = 0

    @classmethod
    def next(cls):
        cls.count += 1
        return cls.count


@trap(RIGHT)
def remembers_how_often():
    def forward(m, x):
        m.calls += 1
        return m.a(x) if m.calls == 1 else m.b(x)
    model = Model(forward, a=nn.Linear(4, 3), b=nn.Linear(4, 3))
    model.calls = 0
    return model


@trap(RIGHT)
def bare_layer():
    return nn.Linear(4, 3)


@trap(RIGHT)
def name_with_a_space():
    model = nn.Sequential()
    model.add_module("the first", nn.Linear(4, 3))
    return model


@trap(RIGHT, x=(2, 5, 4))
def linear_on_a_sequence():
    return nn.Sequential(nn.Linear(4, 3))


@trap(RIGHT, x=(2, 5, 4))
def layer_norm_on_a_sequence():
    return nn.Sequential(nn.LayerNorm(4))


@trap(RIGHT, x=(2, 5, 4), mode="inference")
def batch_norm_on_a_sequence():
    return nn.Sequential(nn.BatchNorm1d(5))


@trap(RIGHT, x=(2, 3, 4, 4))
def softmax_of_channels():
    return nn.Sequential(nn.Softmax(dim=1))


@trap("labels: expected the loss 'softmax' of scores of shape (samples, classes) but got 'softmax' of (2, 3, 2, 2)",
      x=(2, 3, 4, 4), labels=np.zeros((2, 2, 2), int), loss="softmax")
def cross_entropy_of_images():
    return nn.Sequential(nn.Conv2d(3, 3, 3))


@trap("targets: expected the shape of the scores (5, 1) but got (5,)", targets=np.ones(5), loss="meanSquaredError")
def targets_of_another_shape():
    return nn.Sequential(nn.Linear(4, 1))


@trap("labels: expected 5 whole numbers from 0 to 2", labels=[0, 1, -100, 2, 1], loss="softmax")
def ignored_label():
    return nn.Sequential(nn.Linear(4, 3))


@trap(RIGHT)
def setting_that_has_no_place():
    return nn.Sequential(nn.Softplus(beta=2))


@trap(RIGHT, x=(2, 3, 5, 5))
def pool_with_ceil_mode():
    return nn.Sequential(nn.AvgPool2d(2, ceil_mode=True))


@trap(RIGHT)
def forward_of_an_instance():
    model = Model(lambda m, x: m.relu(m.a(x)), a=nn.Linear(4, 3), relu=nn.ReLU())
    model.relu.forward = lambda x: x.abs()
    return model


@trap("layer 'a': Bilinear (recorder_traps.py:%d): expected operations that network files know but got "
      "aten._trilinear" % line("return self.function(self, x)"))
def two_inputs():
    return Model(lambda m, x: m.a(x, x), a=nn.Bilinear(4, 4, 3))


def together(result):
    """What a model returns; of several tensors all beside each other."""
    parts = list(result.values() if isinstance(result, dict) else result) if isinstance(result, (dict, tuple)) else [result]
    return parts[0] if len(parts) == 1 else torch.cat([part.flatten(1) for part in parts], 1)


def numbers(model, x, mode=None, loss=None, labels=None, l2=0.0, forward_only=False):
    """What the model itself gives: scores, loss if there is one, and the gradients of it or of the scores' sum."""
    model = copy.deepcopy(model).double()
    if mode and model.training != (mode == "training"):
        model.train(mode == "training")
    x = torch.tensor(x, requires_grad=not forward_only)
    torch.manual_seed(SEED)
    scores = together(model(x))
    if forward_only:
        return scores.numpy(), None, []
    value = scores.sum()
    if loss:
        value = nn.functional.cross_entropy(scores, torch.tensor(labels))
        value = value + 0.5 * l2 * sum((p ** 2).sum() for p in model.parameters() if p.dim() > 1)
    value.backward()
    gradients = [x.grad] + [p.grad for p in model.parameters() if p.grad is not None]
    return scores.detach().numpy(), value.item() if loss else None, [gradient.numpy() for gradient in gradients]


def is_near(found, wanted):
    wanted = np.asarray(wanted)
    largest = np.abs(wanted[np.isfinite(wanted)]).max(initial=0)
    return found.shape == wanted.shape and np.allclose(found, wanted, rtol=0, atol=1e-13 * largest, equal_nan=True)


def outcome(name, folder):
    """What came of a trap: RIGHT, the refusal, or how the recording is wrong."""
    make, _, shape, arguments = TRAPS[name]
    arguments = dict(arguments)
    within = arguments.pop("within", None) or contextlib.nullcontext
    torch.manual_seed(3)
    x = np.full((5, 4), 1 + 2j) if shape is None else np.random.RandomState(3).randn(*shape)
    with within():
        model = make()
        try:
            from_torch(model, name, folder, x, match={"ulps": 16}, **arguments)
        except RecordingError as refusal:
            return str(refusal)
    scores, loss, gradients = numbers(model, x, **arguments)
    expected = os.path.join(folder, name, "expected")
    if not is_near(np.load(os.path.join(expected, "scores.npy")), scores):
        return "recorded wrong: scores"
    if loss is not None and not is_near(np.load(os.path.join(expected, "loss.npy")), loss):
        return "recorded wrong: loss"
    recorded = [np.load(os.path.join(expected, file)) for file in os.listdir(expected) if file != "scores.npy"]
    recorded += [array.T for array in recorded if array.ndim == 2]
    for gradient in gradients:
        if not any(is_near(array, gradient) for array in recorded):
            return "recorded wrong: a gradient"
    return RIGHT


def main():
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, (_, expected, _, _) in TRAPS.items():
            found = outcome(name, folder)
            if found != expected or "\n" in found:
                wrong += 1
                print("%s: expected %s\n  but got %s" % (name, expected, found))
    print("%d traps, %d not as they should be" % (len(TRAPS), wrong))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
