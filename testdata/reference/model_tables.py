"""Prints what comes of translating each of torchvision's classification models: python3 model_tables.py [NAME ...]

Random weights, batch norm's running statistics random too, evaluation mode, float64, two images of 64 by 64 or the least
that a model takes. Good is a model whose network file, computed anew, gives its scores and all gradients.
"""
import argparse
import gc
import sys
import time

import torch

SIDES = {"inception_v3": 96, "googlenet": 64, "maxvit_t": 64, "alexnet": 64}
SEED = 5


def models():
    """torchvision.models; its own operators may be missing where it was not built for this torch."""
    library = torch.library.Library("torchvision", "FRAGMENT")
    for operator in ("nms", "qnms"):
        try:
            library.define(operator + "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        except RuntimeError:
            pass
    import torchvision
    return torchvision.models, library


def size(name):
    """How many numbers the weights are that torchvision offers for a model."""
    import torchvision
    return list(torchvision.models.get_model_weights(name))[0].meta["num_params"]


def make(module, name, side):
    torch.manual_seed(SEED)
    arguments = {}
    if name.startswith("vit_"):
        arguments["image_size"] = side
    if name == "maxvit_t":
        return module.MaxVit(input_size=(side, side), stem_channels=64, partition_size=2,
                             block_channels=[64, 128, 256, 512], block_layers=[2, 2, 5, 2], head_dim=32,
                             stochastic_depth_prob=0.2)
    if name in ("googlenet", "inception_v3"):
        arguments.update(init_weights=False)
    torch.set_default_dtype(torch.float64)
    model = module.get_model(name, weights=None, **arguments)
    return model


def randomize(model):
    """No parameters that are 0 or almost, as heads and scales are that begin so: nothing would come through them."""
    with torch.no_grad():
        for parameter in model.parameters():
            if float(parameter.abs().max()) < 1e-3:
                parameter.normal_(0, 0.05)


def calibrate(model, x):
    """Running statistics near those of a batch."""
    norms = [module for module in model.modules() if getattr(module, "running_var", None) is not None]
    for module in norms:
        module.train()
        module.momentum, kept = 1.0, module.momentum
        module.kept = kept
    with torch.no_grad():
        model(x)
        for module in norms:
            module.running_mean += 0.1 * module.running_var.sqrt() * torch.randn_like(module.running_mean)
            module.running_var *= torch.empty_like(module.running_var).uniform_(0.8, 1.25)
            module.momentum = module.kept
            del module.kept
    model.eval()


def translate(model, x):
    """The translation of a model, proven; and the seconds that it took, and those of the proof."""
    import allclose_torch
    began = time.time()
    translated = allclose_torch.Model(torch, model, [x], ["x"]).translate()
    traced = time.time()

    def loss(results):
        generator = torch.Generator().manual_seed(SEED)
        return sum((result * torch.randn(result.shape, generator=generator, dtype=result.dtype)).sum()
                   for result in results.values())

    own = allclose_torch.Numbers(translated, loss)
    allclose_torch.prove(translated, own, loss)
    return translated, own, traced - began, time.time() - traced


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    module, _library = models()
    import torchvision
    names = arguments.names or sorted(torchvision.models.list_models(module=torchvision.models), key=size)
    good = 0
    for name in names:
        side = SIDES.get(name, 64)
        began = time.time()
        try:
            model = make(module, name, side).double().eval()
            x = torch.randn(2, 3, side, side, requires_grad=True)
            randomize(model)
            calibrate(model, x.detach())
            translated, own, trace, proof = translate(model, x)
            good += 1
            print("%-22s good  %5.1f s trace %5.1f s proof  %4d nodes  %3d types  %s" % (
                name, trace, proof, len(translated.translation.layers),
                len({layer["type"] for layer in translated.translation.layers}),
                "scores %.3g" % float(own.results[0].abs().max())), flush=True)
            del translated, own
        except Exception as failure:
            if arguments.names:
                import traceback
                traceback.print_exc()
            print("%-22s BAD   %5.1f s  %s" % (name, time.time() - began, str(failure).split("\n")[0][:300]), flush=True)
        model = None
        gc.collect()
    print("%d of %d good" % (good, len(names)))
    sys.exit(0)


if __name__ == "__main__":
    main()
