"""Layers of the room 'sequence': see layers.py."""
import numpy as np

import sequence
from layer_types import layer_type
from samples import of


def repeated_tokens():
    return np.array([[3, 0, 3, 3, 1], [1, 3, 3, 0, 0], [3, 3, 3, 3, 3]])


def recurrent(kind, *settings, cases=None, checks=()):
    """An entry of a recurrent layer: inputs x, then h, then c of an lstm, then lengths where its setting says so."""
    gates, states = sequence.STEPS[kind][2], 2 if kind == "lstm" else 1

    def shapes(layer, samples):
        size, wide = layer["units"], gates * layer["units"]
        own = {"Wx": (samples[0][1], wide), "Wh": (size, wide), "b": (wide,)}
        return dict(own, bh=(wide,)) if layer.get("recurrentBias") else own

    def forward(layer, xs, p, context):
        lengths = xs[-1].reshape(-1) if layer.get("lengths") else None
        start = list(xs[1:-1] if layer.get("lengths") else xs[1:])
        out, cache = sequence.recurrent_forward(
            kind if layer.get("resetAfter", True) else "gru_reset_first", xs[0], start + [None] * (states - len(start)),
            lengths, p, layer.get("reverse", False), layer.get("returns", "sequence"),
            **{key: layer[key] for key in settings if key in layer})
        return out, (cache, len(start), lengths is not None)

    def backward(layer, dout, cache):
        cache, given, timed = cache
        dx, dstart, gradients = sequence.recurrent_backward(dout, cache)
        return [dx] + list(dstart[:given]) + [None] * timed, gradients

    return layer_type(forward, backward, shapes, cases=cases, checks=checks, several=True, version=2,
                      tokens=lambda layer, samples: {len(samples) - 1: samples[0][0] + 1} if layer.get("lengths") else {})


def sequences(*more, steps=4, features=3, **settings):
    """A recurrent layer of 2 units on sequences, and on what else there is."""
    return of([(steps, features)] + list(more), units=2, **settings)


def recurrent_cases(**more):
    return dict({
        "ordinary": of([(5, 4)], units=3),
        "one_step": of([(1, 3)], batch=1, units=2),
        "reverse_last": of([(4, 3)], batch=4, units=5, reverse=True, returns="last"),
        "state": of([(3, 2), (4,)], units=4, recurrentBias=True),
        "lengths": of([(5, 3), (3,), (1,)], batch=5, units=3, lengths=True),
        "reverse_lengths": of([(5, 3), (1,)], batch=5, units=2, lengths=True, reverse=True, recurrentBias=True,
                              returns="last"),
    }, **more)


RECURRENT_CHECKS = [sequences(), sequences((2,), reverse=True, recurrentBias=True, returns="last"),
                    sequences((2,), (1,), lengths=True)]

ENTRIES = {
    "embedding": layer_type(
        lambda layer, x, p, context: sequence.embedding_forward(x, p["W"], layer.get("padding")),
        lambda layer, dout, cache: (None, {"W": sequence.embedding_backward(dout, cache)}),
        lambda layer, sample: {"W": (layer["vocabulary"], layer["features"])},
        cases={
            "ordinary": of((7,), vocabulary=11, features=5),
            "padding": of((5,), x=repeated_tokens, vocabulary=4, features=3, padding=3),
            "repeated": of((5,), x=repeated_tokens, vocabulary=6, features=2),
            "places": of((2, 3), vocabulary=4, features=3, padding=0),
            "single": of((1,), batch=1, vocabulary=1, features=1),
        },
        checks=[of((4,), vocabulary=5, features=3), of((2, 2), vocabulary=3, features=2)],
        tokens=lambda layer, samples: {0: layer["vocabulary"]}, version=2),
    # cs231n's rnn_step_forward and lstm_step_forward are steps of their own: from states to states.
    "rnn": recurrent("rnn", "activation", cases=recurrent_cases(relu=of([(4, 3)], units=3, activation="relu"),
                                                                step=of([(1, 4), (5,)], units=5, returns="last")),
                     checks=RECURRENT_CHECKS + [sequences(activation="relu")]),
    "lstm": recurrent("lstm", cases=recurrent_cases(
        cell=of([(4, 3), (3,), (3,)], units=3, returns="cell"),
        step=of([(1, 4), (5,), (5,)], units=5, returns="last"), step_cell=of([(1, 4), (5,), (5,)], units=5, returns="cell"),
        states=of([(4, 3), (2,), (2,), (1,)], batch=4, units=2, lengths=True)),
        checks=RECURRENT_CHECKS + [sequences((2,), (2,), returns="cell")]),
    "gru": recurrent("gru", cases=recurrent_cases(
        reset_first=of([(5, 4)], units=3, resetAfter=False),
        reset_first_lengths=of([(4, 3), (4,), (1,)], batch=5, units=4, lengths=True, recurrentBias=True, resetAfter=False,
                               returns="last")),
        checks=RECURRENT_CHECKS + [sequences(resetAfter=False),
                                   sequences((2,), (1,), lengths=True, recurrentBias=True, resetAfter=False)]),
}
