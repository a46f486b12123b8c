"""Layers of the room 'combine' that move elements and compute nothing: see layers.py."""
import numpy as np

import movement
from layer_types import combination, layer_type
from samples import of


def moved(places, **samples):
    """A layer of one input; places gives those of an output sample, from the layer and those of an input sample."""
    return layer_type(
        lambda layer, x, p, context: movement.forward(x, places(layer, movement.indices(x.shape[1:])),
                                                      layer.get("value", 0.0)),
        lambda layer, dout, cache: (movement.backward(dout, cache), {}), version=2, **samples)


def axis(layer):
    return layer.get("axis", 0)


def gather_forward(layer, x, p, context):
    index = p["index"].astype(int)
    return movement.forward(x, np.take(movement.indices(x.shape[1:]), index, axis(layer)))


ENTRIES = {
    "permute": moved(
        lambda layer, index: index.transpose(layer["axes"]),
        cases={"matrix": of((3, 5), axes=[1, 0]), "images": of((2, 3, 4), axes=[2, 0, 1]),
               "heads": of((4, 2, 8), axes=[1, 0, 2])},
        checks=[of((2, 3), axes=[1, 0]), of((3, 2, 1), axes=[2, 0, 1])]),
    "slice": moved(
        lambda layer, index: movement.part(index, axis(layer), slice(
            layer.get("start", 0), layer.get("end"), layer.get("step", 1))),
        cases={"first": of((5, 3), end=2), "middle": of((3, 7), axis=1, start=1, end=5),
               "steps": of((2, 9, 2), axis=1, start=-8, end=100, step=3), "last": of((6,), start=-2)},
        checks=[of((4, 2), start=1, end=3), of((2, 5), axis=1, start=1, end=-1, step=2)]),
    "select": moved(
        lambda layer, index: movement.part(index, axis(layer), layer["index"]),
        cases={"last": of((4, 3), index=-1), "middle": of((2, 5, 3), axis=1, index=2)},
        checks=[of((3, 2), index=0), of((2, 3, 1), axis=1, index=-2)]),
    "expand": moved(
        lambda layer, index: np.broadcast_to(index, layer["shape"]),
        cases={"columns": of((3, 1), shape=[3, 5]), "new_axis": of((2, 3), shape=[4, 2, 3]),
               "rows": of((1, 3, 1), shape=[2, 3, 17]), "number": of((1,), shape=[21])},
        checks=[of((3, 1), shape=[3, 4]), of((1, 2), shape=[2, 3, 2])]),
    "repeat": moved(
        lambda layer, index: np.concatenate([index] * layer["times"], axis(layer)),
        cases={"rows": of((2, 3), times=3), "columns": of((2, 3), axis=1, times=9)},
        checks=[of((2, 3), times=2), of((2, 3), axis=1, times=2)]),
    "roll": moved(
        lambda layer, index: np.roll(index, layer["shift"], axis(layer)),
        cases={"forth": of((5, 2), shift=2), "back": of((2, 7), axis=1, shift=-10)},
        checks=[of((5,), shift=2), of((2, 3, 2), axis=1, shift=-1)]),
    "pad": moved(
        lambda layer, index: movement.pad(index, axis(layer), layer["before"], layer.get("after", 0),
                                          layer.get("mode", "constant")),
        cases={"zeros": of((2, 3), before=1, after=2), "constant": of((2, 3), axis=1, before=0, after=2, value=-1.5),
               "reflect": of((2, 4, 3), axis=1, before=3, after=2, more={"mode": "reflect"}),
               "replicate": of((3, 2), axis=1, before=3, after=9, more={"mode": "replicate"}),
               "circular": of((4, 2), before=3, after=4, more={"mode": "circular"})},
        checks=[of((1, 3), axis=1, before=2, after=1, more={"mode": mode})
                for mode in ("constant", "reflect", "replicate", "circular")]),
    "gather": dict(
        layer_type(
            gather_forward, lambda layer, dout, cache: (movement.backward(dout, cache), {}),
            lambda layer, sample: {"index": (layer["count"],)}, version=2,
            cases={"rows": of((4, 3), count=6), "columns": of((2, 9), axis=1, count=3), "one": of((5,), count=1)},
            checks=[of((4, 2), count=5), of((2, 3), axis=1, count=2)]),
        whole=lambda layer, sample: {"index": sample[axis(layer)]}),
    "stack": combination(
        movement.stack_forward, movement.stack_backward, ("axis", 0),
        cases={"first": of([(4,)] * 3), "last": of([(2, 3)] * 2, axis=2), "twice": of([(3, 2)], inputs=["a", "a"], axis=1)},
        checks=[of([(3,)] * 3), of([(2, 1)] * 2, axis=1), of([(3,)], inputs=["a", "a"])]),
}
