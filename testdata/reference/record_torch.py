"""Records a multilayer perceptron and a convnet of PyTorch, and their weights as PyTorch names and orders them.

Usage: python3 allclose_record.py record_torch.py [--output DIR], with a python3 that has torch.
"""
import argparse
import json
import os
import struct

import numpy as np
import torch

from allclose_record import from_torch

HERE = os.path.dirname(os.path.abspath(__file__))


def mlp():
    return torch.nn.Sequential(torch.nn.Linear(12, 16), torch.nn.ReLU(), torch.nn.Linear(16, 9), torch.nn.Tanh(),
                               torch.nn.Linear(9, 5)).double()


def convnet():
    """Nested, with batch norm in training mode."""
    features = torch.nn.Sequential(
        torch.nn.Conv2d(3, 4, 3, padding=1), torch.nn.BatchNorm2d(4), torch.nn.ReLU(inplace=True), torch.nn.MaxPool2d(2),
        torch.nn.Conv2d(4, 6, (3, 2), bias=False), torch.nn.LeakyReLU(0.1))
    head = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(24, 10), torch.nn.Sigmoid(), torch.nn.Linear(10, 4))
    model = torch.nn.Sequential()
    model.add_module("features", features)
    model.add_module("head", head)
    return model.double()


def write_safetensors(path, tensors):
    """Writes the format by its description: length of the header, header, data."""
    names = {np.dtype(np.float64): "F64", np.dtype(np.int64): "I64"}
    header, offset = {"__metadata__": {"format": "pt"}}, 0
    for name, array in tensors.items():
        header[name] = {"dtype": names[array.dtype], "shape": list(array.shape),
                        "data_offsets": [offset, offset + array.nbytes]}
        offset += array.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text)
        for array in tensors.values():
            out.write(array.tobytes())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", default=os.path.join(HERE, ".."), help="the folder testdata, or another like it")
    output = parser.parse_args().output
    cases = os.path.join(output, "fixtures", "torch")
    weights = os.path.join(output, "torch_weights")
    os.makedirs(weights, exist_ok=True)
    random = np.random.RandomState(231)
    torch.manual_seed(231)
    models = {"mlp": (mlp(), (12,), 5), "convnet": (convnet(), (3, 8, 6), 4)}
    for name, (model, sample, classes) in models.items():
        x, labels = random.randn(7, *sample), random.randint(classes, size=7)
        from_torch(model, name, cases, x, labels=labels, loss="softmax", l2=0.01)
        state = {key: value.numpy() for key, value in model.state_dict().items()}
        np.savez(os.path.join(weights, name + ".npz"), **state)
        write_safetensors(os.path.join(weights, name + ".safetensors"), state)


if __name__ == "__main__":
    main()
