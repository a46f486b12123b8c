"""Layers of the rooms 'activation' and 'math': see layers.py."""
import math

import activations as act
import elementary
from layer_types import elementwise, layer_type
from samples import FEATURES, PLAIN, SMALL_IMAGE, of, positive, special


def function(forward, backward, *settings, ordinary=None, checks=(of(PLAIN),), **cases):
    """A function of each element, on random and on special values, and on what else there is; ordinary: the random ones."""
    more = next(iter(cases.values()))["settings"] if cases else {}
    return elementwise(forward, backward, *settings, checks=checks, version=2, cases=dict(
        {"ordinary": ordinary or of((3, 15), batch=4, **more), "special": special(**more)}, **cases))


def of_positive(forward, backward):
    """A function of numbers above 0."""
    return function(forward, backward, ordinary=of((3, 15), batch=4, x=positive(4, 3, 15)),
                    checks=[of(PLAIN, x=positive(3, 6))])


def with_setting(forward, backward, key, checked, **cases):
    """A function with a setting that has no default: named values of it."""
    return function(forward, backward, (key, None), checks=[of(PLAIN, **{key: checked})],
                    **{name: of((9,), **{key: value}) for name, value in cases.items()})


def prelu_forward(layer, x, p, context):
    return act.prelu_forward(x, p["alpha"])


def prelu_backward(layer, dout, cache):
    dx, dalpha = act.prelu_backward(dout, cache)
    return dx, {"alpha": dalpha}


def dropping(axes, cases):
    """Dropout of whole groups, which the first axes of a batch count."""
    def run(layer, x, p, context):
        return act.drop_groups_forward(x, layer["keep"], axes, context.random) if context.training else (x, None)

    return layer_type(run, lambda layer, dout, mask: (dout if mask is None else act.dropout_backward(dout, mask), {}),
                      cases=cases, checks=[of(SMALL_IMAGE, keep=0.7, mode=mode) for mode in ("training", "inference")],
                      version=2)


ENTRIES = {
    "relu6": function(act.relu6_forward, act.hard_tanh_backward),
    "hardTanh": function(
        act.hard_tanh_forward, act.hard_tanh_backward, ("min", -1.0), ("max", 1.0), ordinary=of((3, 15), batch=4),
        between=of((9,), min=-0.3, max=1.2)),
    "hardSigmoid": function(act.hard_sigmoid_forward, act.hard_sigmoid_backward),
    "hardSwish": function(act.hard_swish_forward, act.hard_swish_backward),
    "silu": function(act.silu_forward, act.silu_backward),
    "quickGelu": function(act.quick_gelu_forward, act.silu_backward),
    "mish": function(act.mish_forward, act.mish_backward),
    "softsign": function(act.softsign_forward, act.softsign_backward),
    "logSigmoid": function(act.log_sigmoid_forward, act.log_sigmoid_backward),
    "selu": function(act.selu_forward, act.elu_backward),
    "celu": function(act.celu_forward, act.elu_backward, ("alpha", 1.0), alpha=of((9,), alpha=1.7)),
    "prelu": layer_type(
        prelu_forward, prelu_backward,
        lambda layer, sample: {"alpha": (sample[0] if layer.get("channels", False) else 1,)},
        cases={
            "one": of((3, 4, 5), batch=4),
            "features": of((7,), batch=9, channels=True),
            "channels": of((3, 4, 5), batch=4, channels=True),
            "special": special(),
        },
        checks=[of(PLAIN), of(PLAIN, channels=True), of((2, 3, 2), channels=True)], version=2),
    "glu": elementwise(
        act.glu_forward, act.glu_backward, ("axis", -1),
        cases={
            "last": of((3, 8), batch=4),
            "channels": of((4, 3, 2), axis=0),
            "middle": of((2, 4, 3), axis=-2),
            "special": special(),
        },
        checks=[of(PLAIN), of((4, 3), axis=0), of((2, 4, 2), axis=-2)], version=2),
    "dropout2d": dropping(2, {
        "images": of((4, 3, 2), batch=3, keep=0.6),
        "signals": of((5, 4), batch=2, keep=0.5),
        "inference": of((2, 3, 2), keep=0.3, mode="inference"),
    }),
    "stochasticDepth": dropping(1, {
        "images": of((2, 3, 2), batch=9, keep=0.6),
        "features": of((5,), batch=7, keep=0.8),
        "inference": of((5,), keep=0.3, mode="inference"),
    }),
    "scale": with_setting(elementary.scale_forward, elementary.scale_backward, "factor", -0.7, tenth=0.1, negative=-3.0),
    "shift": with_setting(elementary.shift_forward, elementary.shift_backward, "offset", 0.3, tenth=0.1, negative=-3.0),
    "pow": with_setting(
        elementary.pow_forward, elementary.pow_backward, "exponent", 3, cube=3, square=2, one=1, zero=0, reciprocal=-1),
    "exp": function(elementary.exp_forward, elementary.exp_backward),
    "log": of_positive(elementary.log_forward, elementary.log_backward),
    "sqrt": of_positive(elementary.sqrt_forward, elementary.sqrt_backward),
    "rsqrt": of_positive(elementary.rsqrt_forward, elementary.rsqrt_backward),
    "reciprocal": function(
        elementary.reciprocal_forward, elementary.reciprocal_backward, checks=[of(PLAIN, x=positive(3, 6))]),
    "abs": function(elementary.abs_forward, elementary.abs_backward),
    "negate": function(elementary.negate_forward, elementary.negate_backward),
    "sin": function(elementary.sin_forward, elementary.sin_backward),
    "cos": function(elementary.cos_forward, elementary.cos_backward),
    "clamp": function(
        elementary.clamp_forward, elementary.clamp_backward, ("min", -math.inf), ("max", math.inf),
        ordinary=of((3, 15), batch=4, min=-0.5, max=0.5), checks=[of(PLAIN, min=-0.5, max=0.5)],
        ends=of((24,), x=lambda: special()["x"](), min=-1.0, max=1.0), least=of((9,), min=0.1), largest=of((9,), max=0.1)),
}
for name, exponent in (("root", 0.5), ("half", 1.5), ("rest", -0.5)):
    ENTRIES["pow"]["cases"][name] = of((3, 5), batch=4, x=positive(4, 3, 5), exponent=exponent)
for name, exponent in (("root", 0.5), ("half", 1.5), ("zero", 0)):
    ENTRIES["pow"]["cases"]["special_" + name] = special(exponent=exponent)
