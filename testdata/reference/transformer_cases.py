"""The cases of Transformer layers and of cs231n's captioning models, all gradients included."""
import captioning
from layer_cases import network_case

WIDTH = 6


def encoder():
    """Norms come first; weights of attention and features are dropped."""
    return captioning.transformer_layer("layer", "x", WIDTH, 2, 8, keep=0.8, norm_first=True)


def decoder():
    """Norms come last, as in cs231n's TransformerDecoderLayer."""
    return captioning.transformer_layer("layer", "x", WIDTH, 2, 8, memory="memory", causal=True)


LAYERS_ALONE = {"transformer_encoder": (encoder(), {"x": (4, WIDTH)}),
                "transformer_decoder": (decoder(), {"x": (4, WIDTH), "memory": (3, WIDTH)})}


def model(description):
    """A captioning model on the captions that it is trained on."""
    more, arrays = dict(description), {name: rows[2:4] for name, rows in captioning.data().items()}
    layers, inputs = more.pop("layers"), more.pop("inputs")
    more.pop("format")
    return network_case(layers, {given["name"]: tuple(given["shape"]) for given in inputs}, 2,
                        x=[arrays["features"], arrays["words"]], targets=arrays["next"], loss=more.pop("loss"))


CASES = {name: (lambda layers=layers, sample=sample: network_case(layers, sample, 2))
         for name, (layers, sample) in LAYERS_ALONE.items()}
CASES.update({
    "captioning_rnn": lambda: model(captioning.recurrent("rnn")),
    "captioning_lstm": lambda: model(captioning.recurrent("lstm")),
    "captioning_transformer": lambda: model(captioning.transformer(width=6, hidden=8)),
})
