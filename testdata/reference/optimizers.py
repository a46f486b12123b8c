"""Optimizers: each changes a parameter by its gradient. Formulas of cs231n's optim.py; `keras_*` are Keras 3's.

An optimizer is step(w, dw, rate, slots, t, settings) -> the new w; slots is a dict of arrays by name, which it replaces;
t counts the steps from 1. OPTIMIZERS holds for each its slots with their first values, its default settings, and the step.
"""
import math

import numpy as np


def sgd(w, dw, rate, slots, t, s):
    return w - rate * dw


def momentum(w, dw, rate, slots, t, s):
    slots["velocity"] = s["momentum"] * slots["velocity"] - rate * dw
    return w + slots["velocity"]


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


ADAM = {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
OPTIMIZERS = {
    "sgd": ({}, {}, sgd),
    "momentum": ({"velocity": 0.0}, {"momentum": 0.9}, momentum),
    "nesterov": ({"velocity": 0.0}, {"momentum": 0.9}, nesterov),
    "kerasNesterov": ({"velocity": 0.0}, {"momentum": 0.9}, keras_nesterov),
    "adaGrad": ({"squares": 0.0}, {"epsilon": 1e-8}, ada_grad),
    "kerasAdaGrad": ({"squares": 0.1}, {"epsilon": 1e-7}, keras_ada_grad),
    "rmsProp": ({"squares": 0.0}, {"decay": 0.99, "epsilon": 1e-8}, rms_prop),
    "kerasRmsProp": ({"squares": 0.0}, {"decay": 0.9, "epsilon": 1e-7}, keras_rms_prop),
    "adam": ({"mean": 0.0, "squares": 0.0}, ADAM, adam),
    "kerasAdam": ({"mean": 0.0, "squares": 0.0}, dict(ADAM, epsilon=1e-7), keras_adam),
    "adamW": ({"mean": 0.0, "squares": 0.0}, dict(ADAM, decay=0.01), adam_w),
}


class Optimizer:
    """An optimizer with its slots for every parameter."""

    def __init__(self, kind, **settings):
        self.first, defaults, self.rule = OPTIMIZERS[kind]
        self.settings = dict(defaults, **settings)
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
