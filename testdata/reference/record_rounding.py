"""Records small models of PyTorch whose numbers differ from Java's by rounding alone, yet by many units in the last place.

Usage: python3 allclose_record.py record_rounding.py [--output DIR], with a python3 that has torch.
"""
import argparse
import os

import numpy as np
import torch

from allclose_record import from_torch, record_network

HERE = os.path.dirname(os.path.abspath(__file__))
MATCH = {"rounding": 16}
NETWORK = {"format": "allclose-network/1", "input": [6],
           "layers": [{"type": "dense", "name": "fc1", "units": 5}, {"type": "relu", "name": "relu1"},
                      {"type": "dense", "name": "fc2", "units": 3}],
           "loss": {"type": "softmax"}}


def vanishing(folder):
    """A bias in front of a batch norm: its gradient is 0 in exact arithmetic."""
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.BatchNorm1d(8), torch.nn.ReLU(), torch.nn.Linear(8, 3))
    from_torch(model, "vanishing", folder, torch.randn(5, 4), labels=[0, 2, 1, 1, 0], loss="softmax", match=MATCH)


def head(folder):
    """A softmax head whose upstream gradient is all ones: every gradient is 0 in exact arithmetic."""
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.Softmax(dim=1))
    from_torch(model, "head", folder, torch.randn(5, 4), match=MATCH)


def sure(folder):
    """A model that is sure of its answers, so that the loss is far below its terms."""
    model = torch.nn.Sequential(torch.nn.Linear(1, 2))
    with torch.no_grad():
        model[0].weight[:] = torch.tensor([[7.0], [-7.0]])
        model[0].bias[:] = 0.1
    from_torch(model, "sure", folder, [[1.0], [0.9], [1.1]], labels=[0, 0, 0], loss="softmax", match=MATCH)


def written_out(name, folder, dtype=torch.float64, order=slice(None), weights=None):
    """The network above, whose first layer adds its features in an order of its own."""
    random = np.random.RandomState(3)
    given = {"fc1/W": random.randn(6, 5), "fc1/b": np.zeros(5), "fc2/W": random.randn(5, 3), "fc2/b": random.randn(3)}
    x, labels = random.randn(8, 6), random.randint(3, size=8)
    if weights:
        weights(x, given, random)
    parameters = {key: torch.tensor(value, dtype=dtype, requires_grad=True) for key, value in given.items()}
    features = torch.tensor(x, dtype=dtype, requires_grad=True)
    terms = [features[:, k:k + 1] * parameters["fc1/W"][k] for k in range(6)][order]
    outputs = {"fc1": sum(terms[1:], terms[0]) + parameters["fc1/b"]}
    outputs["relu1"] = torch.relu(outputs["fc1"])
    outputs["fc2"] = outputs["relu1"] @ parameters["fc2/W"] + parameters["fc2/b"]
    loss = torch.nn.functional.cross_entropy(outputs["fc2"], torch.tensor(labels))
    wanted = {"dx": features, **parameters}
    gradients = torch.autograd.grad(loss, list(wanted.values()))
    expected = {"scores": outputs["fc2"], "loss": loss, **dict(zip(wanted, gradients))}
    record_network(name, folder, NETWORK, {key: value.detach().numpy() for key, value in parameters.items()},
                   {"x": features.detach().numpy(), "labels": labels},
                   {key: value.detach().numpy() for key, value in expected.items()},
                   {key: value.detach().numpy() for key, value in outputs.items()},
                   match=MATCH, reason="another order of summation")


def cancelling(x, weights, random):
    """Makes the last feature's weight of two units undo the others' sum for one sample each."""
    for sample, unit in ((2, 1), (6, 3)):
        rest = sum(x[sample, k] * weights["fc1/W"][k, unit] for k in range(5))
        weights["fc1/W"][5, unit] = -rest / x[sample, 5]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", default=os.path.join(HERE, "..", "..", "testdata"))
    folder = os.path.join(parser.parse_args().output, "rounding")
    vanishing(folder)
    head(folder)
    sure(folder)
    written_out("single", folder, dtype=torch.float32)
    written_out("kink", folder, order=slice(None, None, -1), weights=cancelling)


main()
