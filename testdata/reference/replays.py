"""Records training runs on the digits that a test repeats from the seed alone.

    python3 replays.py [FOLDER] [--only NAME ...]     # default: ../replays

NAME.json holds the network, the run (as solver.py describes it), the seed of np.random.RandomState, from which first the
parameters are drawn (weights scale * randn) and then batches and masks, the first `samples` digits that are trained on,
and for each step the loss before it (float.hex) and the SHA-256 of all parameters after it, running statistics included:
of their little-endian float64 values one after another. `accuracies` holds the accuracy of each epoch, where it is taken,
`parameters` the SHA-256 of each after the last step. blog_adam is trained by blog.py's Adam, linear_svm and
linear_softmax by cs231n's LinearClassifier, and by no solver at all.
"""
import argparse
import hashlib
import json
import os

import environment

environment.enter("strict")

import numpy as np

import blog
import cs231n_functions
import graph
from graph_cases import resnet
from networks import TwoLayerNet
from optimizers import OPTIMIZERS
from schedules import SCHEDULES
from solver import Solver
from train_digits import digits

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "replays")
SEED, SCALE, SAMPLES, STEPS, BATCH = 231, 0.1, 390, 200, 20


def dense(name, units):
    return {"type": "dense", "name": name, "units": units}


def hidden(number, units):
    return [dense("fc%d" % number, units), {"type": "batchNorm", "name": "bn%d" % number},
            {"type": "relu", "name": "relu%d" % number}, {"type": "dropout", "name": "drop%d" % number, "keep": 0.8}]


NETWORKS = {
    "two_layer": {"input": [64], "layers": [dense("fc1", 40), {"type": "relu", "name": "relu1"}, dense("fc2", 10)],
                  "l2": 1e-4},
    "four_layer": {"input": [64], "layers": hidden(1, 40) + hidden(2, 30) + hidden(3, 20) + [dense("fc4", 10)]},
    "convnet": {"input": [1, 8, 8], "layers": [
        {"type": "conv2d", "name": "conv1", "filters": 6, "kernel": [3, 3], "padding": [1, 1]},
        {"type": "relu", "name": "relu1"}, {"type": "maxPool2d", "name": "pool1", "size": [2, 2]},
        dense("fc1", 24), {"type": "relu", "name": "relu2"}, dense("fc2", 10)], "l2": 1e-3},
}
# A network that is no chain, trained by one optimizer only.
GRAPH = dict({"format": "allclose-network/2", "input": [1, 8, 8]}, **resnet(classes=10))
GRAPH_RUN = {"optimizer": {"type": "momentum"}, "steps": 60, "schedule": {"type": "constant", "rate": 0.1},
             "draw": "permutation", "accuracySamples": 100}


def digest(array):
    return hashlib.sha256(np.ascontiguousarray(array, "<f8").tobytes()).hexdigest()


def runs():
    """Each network and run by the replay's name: all optimizers, and the schedules that none of them has."""
    for network in NETWORKS:
        for kind, entry in OPTIMIZERS.items():
            yield network + "_" + kind, network, dict({"optimizer": {"type": kind}}, **entry["replay"])
    yield "graph_resnet_momentum", "graph_resnet", GRAPH_RUN
    tried = {entry["replay"]["schedule"]["type"] for entry in OPTIMIZERS.values()}
    for kind, entry in SCHEDULES.items():
        if kind not in tried:
            yield "two_layer_" + kind, "two_layer", {"optimizer": {"type": "sgd"}, "draw": "choice",
                                                     "schedule": dict({"type": kind}, **entry["sample"])}


def record(network, run):
    description = GRAPH if network == "graph_resnet" else dict(
        {"format": "allclose-network/1"}, **NETWORKS[network], loss={"type": "softmax"})
    run = dict({"optimizer": run["optimizer"], "batch": BATCH, "steps": STEPS}, **run)
    x, y, _, _ = digits()
    x, y = x[:SAMPLES].reshape([SAMPLES] + description["input"]), y[:SAMPLES]
    random = np.random.RandomState(SEED)
    solver = Solver(description, graph.initial_parameters(description, random, SCALE), run, random)
    digests = []
    solver.train(x, y, lambda s: digests.append(digest(np.concatenate([p.ravel() for p in s.parameters.values()]))))
    return {"format": "allclose-replay/1", "network": description, "run": run, "seed": SEED, "scale": SCALE,
            "samples": SAMPLES, "losses": [float(loss).hex() for loss in solver.losses], "digests": digests,
            "accuracies": [float(accuracy) for accuracy in solver.accuracies],
            "parameters": {name: digest(value) for name, value in solver.parameters.items()}}


def record_blog():
    """The two-layer network with the Adam of the series' part 3; the run says what that is among the optimizers here."""
    description = dict({"format": "allclose-network/1"}, **NETWORKS["two_layer"], loss={"type": "softmax"})
    run = {"optimizer": {"type": "kerasAdam", "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}, "batch": BATCH,
           "steps": STEPS, "schedule": {"type": "constant", "rate": 0.005}, "draw": "choice"}
    x, y, _, _ = digits()
    x, y, random = x[:SAMPLES], y[:SAMPLES], np.random.RandomState(SEED)
    net = TwoLayerNet(64, 40, 10, l2=description["l2"])
    parameters, adam, losses, digests = net.initial_parameters(random, SCALE), blog.Adam(0.005), [], []
    for _ in range(STEPS):
        rows = random.choice(SAMPLES, BATCH)
        results, _ = net.loss(parameters, x[rows], y[rows])
        adam.update(parameters, {name: results[name] for name in parameters})
        losses.append(results["loss"])
        digests.append(digest(np.concatenate([p.ravel() for p in parameters.values()])))
    return replay(description, run, losses, digests, parameters)


def replay(description, run, losses, digests, parameters):
    """A run that no solver did, and that takes no accuracies."""
    return {"format": "allclose-replay/1", "network": description, "run": run, "seed": SEED, "scale": SCALE,
            "samples": SAMPLES, "losses": [float(loss).hex() for loss in losses], "digests": digests, "accuracies": [],
            "parameters": {name: digest(value) for name, value in parameters.items()}}


def record_linear(loss, function, reg=1e-3, rate=0.1):
    """LinearClassifier.train of cs231n's assignment 1, with its loss: reg * sum(W * W) is an l2 of 2 * reg."""
    description = {"format": "allclose-network/1", "input": [64], "layers": [dict(dense("linear", 10), bias=False)],
                   "loss": {"type": loss}, "l2": 2 * reg}
    run = {"optimizer": {"type": "sgd"}, "batch": BATCH, "steps": STEPS, "schedule": {"type": "constant", "rate": rate},
           "draw": "choice"}
    x, y, _, _ = digits()
    x, y, random = x[:SAMPLES], y[:SAMPLES], np.random.RandomState(SEED)
    w, losses, digests = SCALE * random.randn(64, 10), [], []
    for _ in range(STEPS):
        rows = random.choice(SAMPLES, BATCH)
        value, dw = function(w, x[rows], y[rows], reg)
        w = w - rate * dw
        losses.append(value)
        digests.append(digest(w))
    return replay(description, run, losses, digests, {"linear/W": w})


OWN = {"blog_adam": record_blog,
       "linear_svm": lambda: record_linear("hinge", cs231n_functions.svm_loss_vectorized),
       "linear_softmax": lambda: record_linear("softmax", cs231n_functions.softmax_loss_vectorized)}


def write(folder, name, replay):
    with open(os.path.join(folder, name + ".json"), "w") as file:
        json.dump(replay, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Record training runs.")
    parser.add_argument("folder", nargs="?", default=FOLDER)
    parser.add_argument("--only", nargs="+", metavar="NAME")
    arguments = parser.parse_args()
    os.makedirs(arguments.folder, exist_ok=True)
    for name, network, run in runs():
        if not arguments.only or name in arguments.only:
            write(arguments.folder, name, record(network, run))
    for name, make in OWN.items():
        if not arguments.only or name in arguments.only:
            write(arguments.folder, name, make())
