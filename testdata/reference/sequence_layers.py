"""Layers of the room 'sequence': see layers.py."""
import numpy as np

import sequence
from layer_types import layer_type
from samples import of


def repeated_tokens():
    return np.array([[3, 0, 3, 3, 1], [1, 3, 3, 0, 0], [3, 3, 3, 3, 3]])


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
}
