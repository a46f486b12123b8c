"""Records PyTorch's modules and models that the tests replay without Python, weights drawn from a seed, a few elements of each.

Usage: python3 allclose_record.py record_torch_modules.py [--output DIR] [--only NAME ...], with a python3 that has torch and
torchvision. The modules are those of torch_modules.py; of torchvision's models four of the smallest are in training mode, with
the statistics of the batch and what dropout drew.
"""
import argparse
import os

import numpy as np
import torch

import model_tables
import torch_modules
from allclose_record import from_torch

HERE = os.path.dirname(os.path.abspath(__file__))
SEED = 231
# One by which no two points of a cloud look alike to a maximum.
SEED_OF_MODULES = 232
# How many elements of a tensor are kept.
OF_MODULES, OF_MODELS = 16, 6
MODELS = ("squeezenet1_1", "shufflenet_v2_x0_5", "mnasnet0_5", "mobilenet_v3_small")
SIDE = 32


def train(name, folder):
    """A model in training mode, four images, cross-entropy."""
    library, _kept = model_tables.models()
    model = model_tables.make(library, name, SIDE).double().train()
    images = np.random.RandomState(SEED).randn(4, 3, SIDE, SIDE)
    from_torch(model, name, folder, images, labels=[3, 141, 592, 653], loss="softmax", samples=OF_MODELS,
               weights={"seed": SEED}, layers=False)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", default=os.path.join(HERE, "..", "torch"), help="the folder of the cases")
    parser.add_argument("--only", nargs="+", default=list(torch_modules.MODULES) + list(MODELS), help="names")
    arguments = parser.parse_args()
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    for name in arguments.only:
        if name in MODELS:
            train(name, os.path.join(arguments.output, "training"))
        else:
            torch_modules.record(name, os.path.join(arguments.output, "modules"), samples=OF_MODULES, layers=False,
                                 weights={"seed": SEED_OF_MODULES})


if __name__ == "__main__":
    main()
