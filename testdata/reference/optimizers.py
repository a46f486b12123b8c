"""Optimizers: each changes a parameter by its gradient. Formulas of cs231n's optim.py; `keras_*` are Keras 3's.

An optimizer is step(w, dw, rate, slots, t, settings) -> the new w; slots is a dict of arrays by name, which it replaces;
t counts the steps from 1. OPTIMIZERS is the one list of their types: of each its step, its slots with their first values,
its default settings, and the run that is recorded. To add a type, add an entry and run replays.py and optimizer_digests.py.
"""
import math

import numpy as np


def sgd(w, dw, rate, slots, t, s):
    return w - rate * dw


def momentum(w, dw, rate, slots, t, s):
    slots["velocity"] = s["momentum"] * slots["velocity"] - rate * dw
    return w + slots["velocity"]


def torch_momentum(w, dw, rate, slots, t, s):
    """PyTorch's form: the rate is not part of the velocity."""
    slots["velocity"] = s["momentum"] * slots["velocity"] + dw
    return w - rate * slots["velocity"]


def nesterov(w, dw, rate, slots, t, s):
    """cs231n's form, in the parameters looked ahead."""
    before = slots["velocity"]
    slots["velocity"] = s["momentum"] * before - rate * dw
    return w + (-s["momentum"] * before + (1 + s["momentum"]) * slots["velocity"])


def keras_nesterov(w, dw, rate, slots, t, s):
    slots["velocity"] = s["momentum"] * slots["velocity"] - rate * dw
    return w + (s["momentum"] * slots["velocity"] - rate * dw)


def ada_grad(w, dw, rate, slots, t, s):
    slots["squares"] = slots["squares"] + dw * dw
    return w - rate * dw / (np.sqrt(slots["squares"]) + s["epsilon"])


def keras_ada_grad(w, dw, rate, slots, t, s):
    slots["squares"] = slots["squares"] + dw * dw
    return w - rate * dw / np.sqrt(slots["squares"] + s["epsilon"])


def rms_prop(w, dw, rate, slots, t, s):
    slots["squares"] = s["decay"] * slots["squares"] + (1 - s["decay"]) * (dw * dw)
    return w - rate * dw / (np.sqrt(slots["squares"]) + s["epsilon"])


def keras_rms_prop(w, dw, rate, slots, t, s):
    slots["squares"] = s["decay"] * slots["squares"] + (1 - s["decay"]) * (dw * dw)
    return w - rate * dw / np.sqrt(slots["squares"] + s["epsilon"])


def moments(dw, slots, s):
    slots["mean"] = s["beta1"] * slots["mean"] + (1 - s["beta1"]) * dw
    slots["squares"] = s["beta2"] * slots["squares"] + (1 - s["beta2"]) * (dw * dw)


def adam(w, dw, rate, slots, t, s):
    moments(dw, slots, s)
    mean = slots["mean"] / (1 - s["beta1"] ** t)
    squares = slots["squares"] / (1 - s["beta2"] ** t)
    return w - rate * mean / (np.sqrt(squares) + s["epsilon"])


def keras_adam(w, dw, rate, slots, t, s):
    """Epsilon goes to the root before its bias is corrected: 'epsilon hat' in Kingma and Ba, section 2."""
    moments(dw, slots, s)
    corrected = rate * math.sqrt(1 - s["beta2"] ** t) / (1 - s["beta1"] ** t)
    return w - corrected * slots["mean"] / (np.sqrt(slots["squares"]) + s["epsilon"])


def adam_w(w, dw, rate, slots, t, s):
    """Adam after the weights have decayed by rate * decay, apart from the gradient."""
    return adam(w - rate * s["decay"] * w, dw, rate, slots, t, s)


def optimizer_type(step, slots, settings, **replay):
    """An entry of OPTIMIZERS; replay: the rest of the run that replays.py records."""
    return {"step": step, "slots": slots, "settings": settings, "replay": replay}


ADAM = {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
MOMENTUM, VELOCITY, SQUARES, MOMENTS = {"momentum": 0.9}, {"velocity": 0.0}, {"squares": 0.0}, {"mean": 0.0, "squares": 0.0}

OPTIMIZERS = {
    "sgd": optimizer_type(sgd, {}, {}, schedule={"type": "exponential", "rate": 0.2, "decay": 0.95}, draw="choice",
                          accuracySamples=100),
    "momentum": optimizer_type(momentum, VELOCITY, MOMENTUM,
                               schedule={"type": "step", "rate": 0.05, "factor": 0.5, "every": 3}, draw="permutation"),
    "torchMomentum": optimizer_type(torch_momentum, VELOCITY, MOMENTUM, schedule={"type": "constant", "rate": 0.02},
                                    draw="permutation"),
    "nesterov": optimizer_type(nesterov, VELOCITY, MOMENTUM,
                               schedule={"type": "cosine", "rate": 0.05, "warmup": 30, "steps": 180, "final": 1e-3},
                               draw="choice"),
    "kerasNesterov": optimizer_type(keras_nesterov, VELOCITY, MOMENTUM, schedule={"type": "constant", "rate": 0.03},
                                    draw="permutation", clipValue=0.05),
    "adaGrad": optimizer_type(ada_grad, SQUARES, {"epsilon": 1e-8}, schedule={"type": "constant", "rate": 0.05},
                              draw="choice"),
    "kerasAdaGrad": optimizer_type(keras_ada_grad, {"squares": 0.1}, {"epsilon": 1e-7},
                                   schedule={"type": "constant", "rate": 0.05}, draw="permutation"),
    "rmsProp": optimizer_type(rms_prop, SQUARES, {"decay": 0.99, "epsilon": 1e-8},
                              schedule={"type": "plateau", "rate": 0.02, "factor": 0.5, "patience": 1, "minimum": 1e-3},
                              draw="choice"),
    "kerasRmsProp": optimizer_type(keras_rms_prop, SQUARES, {"decay": 0.9, "epsilon": 1e-7},
                                   schedule={"type": "constant", "rate": 0.003}, draw="permutation"),
    "adam": optimizer_type(adam, MOMENTS, ADAM,
                           schedule={"type": "cosine", "rate": 0.01, "warmup": 10, "steps": 200, "final": 0.0},
                           draw="permutation", clipNorm=0.8),
    "kerasAdam": optimizer_type(keras_adam, MOMENTS, dict(ADAM, epsilon=1e-7),
                                schedule={"type": "constant", "rate": 0.005}, draw="choice", accuracySamples=400),
    "adamW": optimizer_type(adam_w, MOMENTS, dict(ADAM, decay=0.01),
                            schedule={"type": "exponential", "rate": 0.005, "decay": 0.9}, draw="permutation"),
}


class Optimizer:
    """An optimizer with its slots for every parameter."""

    def __init__(self, kind, **settings):
        entry = OPTIMIZERS[kind]
        self.first, self.rule = entry["slots"], entry["step"]
        self.settings = dict(entry["settings"], **settings)
        self.slots, self.t = {}, 0

    def step(self, parameters, gradients, rate):
        """Replaces the parameters that have a gradient, in their order."""
        self.t += 1
        for name in parameters:
            if name in gradients:
                slots = self.slots.setdefault(name, {slot: np.full_like(parameters[name], value)
                                                     for slot, value in self.first.items()})
                parameters[name] = self.rule(parameters[name], gradients[name], rate, slots, self.t, self.settings)


def clip_by_value(gradients, limit):
    return {name: np.clip(value, -limit, limit) for name, value in gradients.items()}


def clip_by_norm(gradients, limit):
    """All gradients scaled so that the root of the sum of all their squares is at most limit."""
    norm = np.sqrt(sum(np.sum(value * value) for value in gradients.values()))
    return {name: value * (limit / norm) for name, value in gradients.items()} if norm > limit else gradients
