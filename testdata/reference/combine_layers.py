"""Layers of the room 'combine': see layers.py."""
import broadcasting
import combine
import reductions
from layer_types import layer_type
from samples import of


def source(parameter, backward, **samples):
    """A layer that takes nothing and gives each sample a parameter."""
    return layer_type(
        lambda layer, xs, p, context: combine.source_forward(p[parameter], context.batch),
        lambda layer, dout, cache: ([], backward(dout, cache)),
        lambda layer, samples: {parameter: tuple(layer["shape"])}, several=True, version=2, **samples)


ENTRIES = dict(broadcasting.ENTRIES, **reductions.ENTRIES)
ENTRIES.update({
    "constant": source(
        "constant", lambda dout, cache: {},
        cases={"added": of((2, 3), inputs=[], shape=[2, 3])},
        checks=[of((2, 3), inputs=[], shape=[2, 3])]),
    "parameter": source(
        "value", lambda dout, cache: {"value": combine.source_backward(dout, cache)},
        cases={"added": of((2, 3), batch=9, inputs=[], shape=[2, 3]), "one": of((1,), batch=19, inputs=[], shape=[1])},
        checks=[of((2, 3), inputs=[], shape=[2, 3]), of((1,), inputs=[], shape=[1])]),
})
