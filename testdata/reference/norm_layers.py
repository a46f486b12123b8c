"""Layers of the room 'norm': see layers.py."""
import numpy as np

import normalization as norm
from layer_types import layer_type
from samples import FEATURES, IMAGE, PLAIN, SMALL_IMAGE, constant_features, of, special_image

DEFAULT_EPSILON = 1e-5
DEFAULT_MOMENTUM = 0.9
DEFAULT_RUNNING_VARIANCE = 1.0
STATISTICS = ("runningMean", "runningVariance")

NORMALIZED, GROUPS, SEQUENCE = (3, 7, 8), (4, 3, 5), (5, 6)


def epsilon(layer):
    return layer.get("epsilon", DEFAULT_EPSILON)


def learnt(layer, shape, names=("gamma", "beta"), affine=True):
    """The shapes of what values are scaled and shifted by, if anything."""
    return {name: tuple(shape) for name in names} if layer.get("affine", affine) else {}


def last_axes(layer, sample):
    """The shape of what is normalized together: all of a sample, or its last axes."""
    return tuple(sample)[-layer.get("axes", 0):]


def batch_norm_shapes(layer, sample):
    shapes = learnt(layer, sample[:1])
    return dict(shapes, **{name: (sample[0],) for name in STATISTICS}) if layer.get("statistics", True) else shapes


def batch_norm_forward(layer, x, p, context):
    running = [p.get(name) for name in STATISTICS]
    out, cache, mean, variance = norm.batch_norm_forward(
        x, p.get("gamma"), p.get("beta"), *running, context.training, epsilon(layer),
        layer.get("momentum", DEFAULT_MOMENTUM))
    if context.training and running[0] is not None:
        context.statistics[layer["name"] + "/runningMean"] = mean
        context.statistics[layer["name"] + "/runningVariance"] = variance
    return out, cache


def norm_backward(backward):
    def run(layer, dout, cache):
        dx, *gradients = backward(dout, cache)
        return dx, {name: gradient for name, gradient in zip(("gamma", "beta"), gradients) if gradient is not None}
    return run


def group_norm(groups):
    """A normalization in groups of channels; groups gives their number for a layer and the channels."""
    return lambda layer, x, p, context: norm.group_norm_forward(
        x, p.get("gamma"), p.get("beta"), groups(layer, x.shape[1]), epsilon(layer))


ENTRIES = {
    "batchNorm": layer_type(
        batch_norm_forward, norm_backward(norm.batch_norm_backward), batch_norm_shapes,
        cases={
            "features": of((7,), batch=9),
            "images": of(IMAGE, batch=4),
            "large_images": of((2, 13, 14), batch=3, momentum=0.99, epsilon=1e-3),
            "inference": of(IMAGE, mode="inference"),
            "constant": of((5,), x=constant_features),
            "one_sample": of((4,), batch=1),
            "sequences": of((3, 10), batch=4),
            "plain": of((2, 5), affine=False),
            "plain_inference": of((2, 5), affine=False, mode="inference"),
            "batch_inference": of((3, 4, 2), statistics=False, mode="inference"),
            "batch_plain": of((6,), batch=5, affine=False, statistics=False),
        },
        checks=[of(sample, mode=mode) for sample in (PLAIN, SMALL_IMAGE) for mode in ("training", "inference")] + [
            of((2, 3)), of((2, 3), affine=False), of((3, 2), statistics=False, mode="inference")],
        digests={"": of(FEATURES), "images": of(NORMALIZED, epsilon=1e-3, momentum=0.7), "sequences": of(SEQUENCE),
                 "plain": of(NORMALIZED, affine=False, statistics=False)}),
    "layerNorm": layer_type(
        lambda layer, x, p, context: norm.layer_norm_forward(
            x, p.get("gamma"), p.get("beta"), epsilon(layer), layer.get("axes", 0)),
        norm_backward(norm.layer_norm_backward),
        lambda layer, sample: learnt(layer, last_axes(layer, sample)),
        cases={
            "features": of((20,), batch=5),
            "images": of(IMAGE),
            "one_feature": of((1,)),
            "constant": of((6,), x=lambda: np.full((3, 6), 0.1)),
            "last": of((5, 12), axes=1),
            "last_two": of((4, 3, 5), axes=2, epsilon=1e-3),
            "last_one_feature": of((4, 1), axes=1),
            "plain": of((3, 9), axes=1, affine=False),
        },
        checks=[of(PLAIN), of(SMALL_IMAGE), of((3, 4), axes=1), of((2, 3, 2), axes=2, affine=False)],
        digests={"": of(FEATURES), "images": of(NORMALIZED, epsilon=1e-3), "last": of(SEQUENCE, axes=1)}),
    "groupNorm": layer_type(
        group_norm(lambda layer, channels: layer["groups"]),
        norm_backward(norm.group_norm_backward),
        lambda layer, sample: learnt(layer, sample[:1]),
        cases={"two": of((4, 5, 3), groups=2), "one": of(IMAGE, groups=1), "each": of(IMAGE, groups=3, epsilon=1e-2),
               "features": of((8,), groups=2, batch=4), "sequences": of((6, 7), groups=3),
               "volumes": of((4, 2, 3, 2), groups=2), "plain": of((4, 9), groups=2, affine=False)},
        checks=[of((4, 3, 2), groups=2), of((6,), groups=2), of((4, 3), groups=2, affine=False)],
        digests={"": of(GROUPS, groups=2), "epsilon": of(GROUPS, groups=4, epsilon=1e-3)}),
    "instanceNorm": layer_type(
        group_norm(lambda layer, channels: channels),
        norm_backward(norm.group_norm_backward),
        lambda layer, sample: learnt(layer, sample[:1], affine=False),
        cases={"images": of((3, 5, 4)), "affine": of((2, 4, 6), affine=True, epsilon=1e-3),
               "sequences": of((4, 9), affine=True), "one_place": of((3, 1))},
        checks=[of((2, 3, 2)), of((2, 5), affine=True)],
        digests={"": of(NORMALIZED), "affine": of(SEQUENCE, affine=True)}, version=2),
    "rmsNorm": layer_type(
        lambda layer, x, p, context: norm.rms_norm_forward(x, p.get("gamma"), epsilon(layer), layer.get("axes", 0)),
        norm_backward(norm.rms_norm_backward),
        lambda layer, sample: learnt(layer, last_axes(layer, sample), names=("gamma",)),
        cases={"features": of((20,), batch=5), "last": of((5, 12), axes=1), "last_two": of((2, 3, 4), axes=2, epsilon=1e-3),
               "plain": of((3, 9), axes=1, affine=False), "zeros": of((6,), x=lambda: np.zeros((2, 6))),
               "special": of((2, 6, 6), x=special_image, axes=1)},
        checks=[of(PLAIN), of((3, 4), axes=1), of((2, 3, 2), axes=2, affine=False)],
        digests={"": of(FEATURES), "last": of(NORMALIZED, axes=1, epsilon=1e-3)}, version=2),
}
