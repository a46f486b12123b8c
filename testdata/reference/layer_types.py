"""What an entry of LAYERS is made of: see layers.py, which has the list."""
from normalization import weight_norm_backward, weight_norm_forward
from samples import FEATURES, PLAIN, of, special


class Context:
    """What layers need beside inputs and parameters: the mode, a random state, where new statistics go, and, for those
    that take nothing, the number of samples."""

    def __init__(self, mode, random):
        self.training = mode == "training"
        self.random = random
        self.statistics = {}
        self.batch = 1


def layer_type(forward, backward, shapes=lambda layer, sample: {}, cases=None, checks=(), digests=None, several=False,
               version=1, tokens=lambda layer, samples: {}):
    """An entry of LAYERS.

    forward(layer, x, parameters, context) gives the output and a cache, backward(layer, dout, cache) the gradient of x
    and those of the parameters; shapes(layer, sample) gives the parameters' shapes by name. cases and digests are samples
    by name, a case being recorded as TYPE_NAME; checks are samples. several: whether it takes several inputs; then x, its
    gradient and a sample are lists. version: of the network files that have it first.
    tokens(layer, samples) gives, by the number of each input that is of tokens, what they have to be below; samples are the
    shapes of all inputs. backward gives None for the gradient of tokens.
    """
    return {"forward": forward, "backward": backward, "shapes": shapes, "cases": cases or {}, "checks": list(checks),
            "digests": digests or {}, "several": several, "version": version, "tokens": tokens}


def pair(value):
    return (value, value) if isinstance(value, int) else tuple(value)


def elementwise(forward, backward, *settings, checks=(of(PLAIN),), **samples):
    """A layer without parameters; settings are (key, default) of what forward takes beside x."""
    def run(layer, x, p, context):
        return forward(x, *[layer.get(key, default) for key, default in settings])
    return layer_type(run, lambda layer, dout, cache: (backward(dout, cache), {}), checks=checks, **samples)


def activation(forward, backward, *settings, cases=None, digests=None):
    """An activation on random and on special values, and on what else there is."""
    return elementwise(forward, backward, *settings,
                       cases=dict({"ordinary": of((3, 40), batch=4), "special": special()}, **cases or {}),
                       digests=dict({"": of(FEATURES)}, **digests or {}))


def combination(forward, backward, *settings, **samples):
    """A layer of several inputs without parameters; settings are (key, default) of what forward takes beside them."""
    def run(layer, xs, p, context):
        return forward(xs, *[layer.get(key, default) for key, default in settings])
    return layer_type(run, lambda layer, dout, cache: (backward(dout, cache), {}), several=True, version=2, **samples)


def weight_normed(forward, backward, shapes, axis):
    """A layer whose W can be computed of directions v and sizes g; axis: that of W's units."""
    def all_shapes(layer, sample):
        plain = shapes(layer, sample)
        if not layer.get("weightNorm"):
            return plain
        w = plain.pop("W")
        return dict({"v": w, "g": (w[axis],)}, **plain)

    def run(layer, x, p, context):
        if not layer.get("weightNorm"):
            y, cache = forward(layer, x, p, context)
            return y, (cache, None)
        w, norm = weight_norm_forward(p["v"], p["g"], axis)
        y, cache = forward(layer, x, dict(p, W=w), context)
        return y, (cache, norm)

    def back(layer, dout, cache):
        dx, gradients = backward(layer, dout, cache[0])
        if cache[1] is None:
            return dx, gradients
        dv, dg = weight_norm_backward(gradients.pop("W"), cache[1])
        return dx, dict({"v": dv, "g": dg}, **gradients)
    return run, back, all_shapes
