"""The network workloads of numpy_peer.py in PyTorch, float64, on the CPU.

Usage: torch_peer.py SECONDS NAME ...; prints 'NAME median_ms' for each network among the names.
"""
import sys

import torch

from numpy_peer import convnet_sizes, median_ms

torch.set_default_dtype(torch.float64)


def mlp(batch, sizes, kind):
    modules = []
    for i, (a, b) in enumerate(zip(sizes, sizes[1:])):
        modules.append(torch.nn.Linear(a, b))
        if i < len(sizes) - 2:
            modules.append(torch.nn.ReLU())
    return run(torch.nn.Sequential(*modules), torch.randn(batch, sizes[0]), sizes[-1], kind)


def convnet(batch, image, filters, kernel, hidden, classes, kind):
    c, h, w = image
    net = torch.nn.Sequential(
        torch.nn.Conv2d(c, filters, kernel, padding=kernel // 2), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
        torch.nn.Flatten(), torch.nn.Linear(filters * (h // 2) * (w // 2), hidden), torch.nn.ReLU(),
        torch.nn.Linear(hidden, classes))
    return run(net, torch.randn(batch, *image), classes, kind)


def run(net, x, classes, kind):
    batch = len(x)
    y = torch.randint(0, classes, (batch,))
    loss_function = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=1e-6)

    x.requires_grad_(kind == "backward")

    def train():
        optimizer.zero_grad()
        x.grad = None
        loss = loss_function(net(x), y)
        loss.backward()
        if kind == "train":
            optimizer.step()
        return loss.item()

    def predict():
        with torch.no_grad():
            return net(x)

    return predict if kind == "predict" else train


if __name__ == "__main__":
    for argument in sys.argv[2:]:
        parts = argument.split("_")
        if parts[-1] in ("train", "backward", "predict"):
            if parts[0] == "convnet":
                step = convnet(*convnet_sizes(parts[-2]), parts[-1])
            else:
                batch, sizes = parts[-2].split("x")
                step = mlp(int(batch), [int(size) for size in sizes.split("-")], parts[-1])
            print("%s %.6f" % (argument, median_ms(step, float(sys.argv[1]))), flush=True)
