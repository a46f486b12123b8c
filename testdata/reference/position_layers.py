"""Layers of the room 'sequence' that tell places: see layers.py."""
import positions
from layer_types import layer_type
from samples import of

DEFAULT_BASE = 10000.0


def base(layer):
    return layer.get("base", DEFAULT_BASE)


ENTRIES = {
    "positionalEncoding": layer_type(
        lambda layer, x, p, context: (positions.encoding_forward(x, base(layer)), None),
        lambda layer, dout, cache: (dout, {}), version=2,
        cases={"ordinary": of((9, 8)), "base": of((5, 6), base=100.0), "odd": of((4, 5)), "heads": of((2, 3, 4))},
        checks=[of((3, 4)), of((2, 3, 5), base=10.0)], digests={"": of((300, 6))}),
    "positionalEmbedding": layer_type(
        lambda layer, x, p, context: positions.embedding_forward(x, p["W"]),
        lambda layer, dout, shape: (dout, {"W": positions.embedding_backward(dout, shape)}),
        lambda layer, sample: {"W": (layer.get("positions", sample[-2]), sample[-1])}, version=2,
        cases={"ordinary": of((4, 5), batch=9), "longer": of((3, 4), positions=5), "heads": of((2, 3, 4), positions=4),
               "one": of((1, 1), batch=19)},
        checks=[of((3, 4)), of((2, 3, 2), positions=5)]),
    "rotaryEmbedding": layer_type(
        lambda layer, x, p, context: positions.rotary_forward(x, base(layer), layer.get("interleaved", False)),
        lambda layer, dout, cache: (positions.rotary_backward(dout, cache), {}), version=2,
        cases={"ordinary": of((7, 8)), "interleaved": of((5, 6), interleaved=True), "heads": of((2, 3, 4), base=100.0)},
        checks=[of((3, 4)), of((2, 3, 4), base=10.0, interleaved=True)], digests={"": of((300, 6))}),
}
