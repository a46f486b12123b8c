"""Layers that move or weigh pixels, as entries of LAYERS."""
import resizing
from layer_types import elementwise, layer_type, pair
from samples import of, special_image

DEFAULT_ALPHA, DEFAULT_BETA, DEFAULT_K = 1e-4, 0.75, 1.0


def resize_forward(layer, x, p, context):
    axes = []
    for length, outputs in zip(x.shape[2:], pair(layer["size"])):
        mode, align = layer.get("mode", "nearest"), layer.get("alignCorners", False)
        axes.append(resizing.nearest(length, outputs) if mode == "nearest" else
                    {"bilinear": resizing.linear, "bicubic": resizing.cubic}[mode](length, outputs, align))
    return resizing.resize2d_forward(x, *axes)


def resize_backward(layer, dout, cache):
    return resizing.resize2d_backward(dout, cache), {}


def resized(sample, size, interpolation, align_corners=False, batch=2, x=None):
    """A sample of resize2d, whose setting mode is not the mode of a case."""
    result = of(sample, batch, x, size=size)
    result["settings"].update({"mode": interpolation}, **({"alignCorners": True} if align_corners else {}))
    return result


ENTRIES = {
    "pixelShuffle": elementwise(
        resizing.pixel_shuffle_forward, resizing.pixel_shuffle_backward, ("factor", None),
        cases={"ordinary": of((8, 2, 3), batch=2, factor=2), "three": of((9, 3, 2), batch=2, factor=3)},
        checks=[of((8, 2, 3), factor=2)], version=2),
    "pixelUnshuffle": elementwise(
        resizing.pixel_unshuffle_forward, resizing.pixel_unshuffle_backward, ("factor", None),
        cases={"ordinary": of((2, 4, 6), batch=2, factor=2), "three": of((1, 3, 6), batch=2, factor=3)},
        checks=[of((2, 4, 6), factor=2)], version=2),
    "resize2d": layer_type(
        resize_forward, resize_backward,
        cases={
            "nearest": resized((2, 4, 5), [7, 3], "nearest"),
            "nearest_single": resized((1, 2, 4), [82, 4], "nearest", batch=1),
            "bilinear": resized((2, 4, 5), [7, 3], "bilinear"),
            "bilinear_corners": resized((2, 4, 5), [6, 9], "bilinear", True),
            "bilinear_special": resized((2, 6, 6), [4, 6], "bilinear", x=special_image),
            "bicubic": resized((2, 4, 5), [7, 3], "bicubic"),
            "bicubic_corners": resized((2, 4, 5), [1, 9], "bicubic", True),
        },
        checks=[of((2, 3, 2), size=[5, 3]), resized((2, 3, 2), 4, "bilinear"), resized((2, 3, 4), 2, "bicubic"),
                resized((2, 3, 2), [4, 3], "bilinear", True), resized((2, 3, 2), [1, 4], "bicubic", True)],
        version=2),
    "localResponseNorm": elementwise(
        resizing.local_response_norm_forward, resizing.local_response_norm_backward, ("size", None),
        ("alpha", DEFAULT_ALPHA), ("beta", DEFAULT_BETA), ("k", DEFAULT_K),
        cases={
            "ordinary": of((7, 2, 3), batch=2, size=5),
            "even": of((5, 3, 2), batch=2, size=4, alpha=0.5, k=2.0),
            "root": of((6, 2), batch=2, size=3, alpha=0.7, beta=0.5),
            "special": of((2, 6, 6), x=special_image, size=2, alpha=0.3),
        },
        checks=[of((5, 2, 2), size=3, alpha=0.5), of((4, 3), size=4, alpha=0.7, beta=0.5, k=2.0),
                of((2, 2), size=5, alpha=0.3)],
        version=2),
}
