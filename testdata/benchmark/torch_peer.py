"""The network workloads of numpy_peer.py in PyTorch, float64, on the CPU.

Usage: torch_peer.py SECONDS NAME ...; prints 'NAME median_ms' for each network among the names.
"""
import sys

import torch

from numpy_peer import median_ms

torch.set_default_dtype(torch.float64)


def mlp(batch, sizes, kind):
    modules = []
    for i, (a, b) in enumerate(zip(sizes, sizes[1:])):
        modules.append(torch.nn.Linear(a, b))
        if i < len(sizes) - 2:
            modules.append(torch.nn.ReLU())
    net = torch.nn.Sequential(*modules)
    x = torch.randn(batch, sizes[0])
    y = torch.randint(0, sizes[-1], (batch,))
    loss_function = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=1e-6)

    def train():
        optimizer.zero_grad()
        loss = loss_function(net(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    def predict():
        with torch.no_grad():
            return net(x)

    return train if kind == "train" else predict


if __name__ == "__main__":
    for argument in sys.argv[2:]:
        parts = argument.split("_")
        if parts[-1] in ("train", "predict"):
            batch, sizes = parts[-2].split("x")
            step = mlp(int(batch), [int(size) for size in sizes.split("-")], parts[-1])
            print("%s %.6f" % (argument, median_ms(step, float(sys.argv[1]))), flush=True)
