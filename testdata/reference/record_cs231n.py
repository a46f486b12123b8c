"""Records what the Solver of the cs231n assignments does, which a test repeats from the seed alone.

    python3 record_cs231n.py [FOLDER]      # default: ../cs231n

Nothing but the seed goes in: after np.random.seed(seed) come the training images (samples, 1, 4, 4) of randn, those for
validation, a teacher (16, 10) of randn, whose largest score is the label, then the parameters of the network and all that
training draws. NAME.json holds that seed, the network and the run in Java's words, the loss of each step (float.hex), each
check's accuracies, the SHA-256 of all parameters and running statistics at each check, and of each one after the run.

Everything is computed twice: by cs231n_solver.py and by solver.py. If the two differ in a bit, nothing is recorded.
"""
import hashlib
import json
import os
import sys

import environment

environment.enter("strict")

import numpy as np

import cs231n_solver
import graph
import solver

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cs231n")
SEED, CLASSES, SHAPE = 231, 10, (1, 4, 4)
RULES = {"sgd": "sgd", "sgd_momentum": "momentum", "rmsprop": "rmsProp", "adam": "adam"}
RUNS = {
    "momentum": {"samples": 49000, "validation": 1000, "hidden": [20, 15], "keep": 0.8, "reg": 1e-3, "scale": 0.1,
                 "rule": "sgd_momentum", "rate": 0.05, "decay": 0.9, "epochs": 2},
    "adam": {"samples": 49000, "validation": 1000, "hidden": [20, 15], "keep": 0.9, "reg": 1e-4, "scale": 0.1,
             "rule": "adam", "rate": 2e-3, "decay": 0.95, "epochs": 2, "val_samples": 500},
    "seeded_dropout": {"samples": 49000, "validation": 1000, "hidden": [24], "keep": 0.7, "dropout_seed": 2**31 + 5,
                       "reg": 1e-3, "scale": 0.1, "rule": "rmsprop", "rate": 1e-3, "decay": 0.5, "epochs": 2},
    "plain": {"samples": 49000, "validation": 1000, "hidden": [30], "batchnorm": False, "reg": 0.01, "scale": 0.2,
              "rule": "sgd", "rate": 0.1, "decay": 0.9, "epochs": 1},
    "one_step_epochs": {"samples": 80, "validation": 50, "hidden": [12, 8], "keep": 0.8, "reg": 1e-3, "scale": 0.3,
                        "rule": "adam", "rate": 0.02, "decay": 0.9, "epochs": 6},
}


def digest(*arrays):
    return hashlib.sha256(b"".join(np.ascontiguousarray(a, "<f8").tobytes() for a in arrays)).hexdigest()


def data(settings):
    """The global stream draws them right after its seed."""
    np.random.seed(SEED)
    x = np.random.randn(settings["samples"], *SHAPE)
    x_val = np.random.randn(settings["validation"], *SHAPE)
    teacher = np.random.randn(int(np.prod(SHAPE)), CLASSES)
    y, y_val = [np.argmax(a.reshape(len(a), -1).dot(teacher), axis=1) for a in (x, x_val)]
    return {"X_train": x, "y_train": y, "X_val": x_val, "y_val": y_val}


def description(settings):
    """The network as a network file."""
    layers = []
    for i, units in enumerate(settings["hidden"], 1):
        layers.append({"type": "dense", "name": "fc%d" % i, "units": units})
        if settings.get("batchnorm", True):
            layers.append({"type": "batchNorm", "name": "bn%d" % i, "runningVariance": 0})
        layers.append({"type": "relu", "name": "relu%d" % i})
        if "keep" in settings:
            drop = {"type": "dropout", "name": "drop%d" % i, "keep": settings["keep"]}
            layers.append(dict(drop, seed=settings["dropout_seed"]) if "dropout_seed" in settings else drop)
    layers.append({"type": "dense", "name": "fc%d" % (len(settings["hidden"]) + 1), "units": CLASSES})
    return {"format": "allclose-network/1", "input": list(SHAPE), "layers": layers, "loss": {"type": "softmax"},
            "l2": settings["reg"]}


def run_of(settings):
    """The run as a config."""
    steps = settings["epochs"] * max(settings["samples"] // 100, 1)
    run = solver.cs231n({"type": RULES[settings["rule"]]}, settings["rate"], steps, settings["decay"])
    return dict(run, validationSamples=settings["val_samples"]) if "val_samples" in settings else run


def state(model):
    """Parameters and running statistics under the names and in the order of a network file."""
    found = {}
    for i in range(1, model.depth + 1):
        found["fc%d/W" % i], found["fc%d/b" % i] = model.params["W%d" % i], model.params["b%d" % i]
        if model.batchnorm and i < model.depth:
            found["bn%d/gamma" % i], found["bn%d/beta" % i] = model.params["gamma%d" % i], model.params["beta%d" % i]
            found["bn%d/runningMean" % i] = model.bn_params[i - 1]["running_mean"]
            found["bn%d/runningVariance" % i] = model.bn_params[i - 1]["running_var"]
    return found


def assignments(settings):
    """What the assignments' Solver makes of it: losses, accuracies, digests at the checks, the state in the end."""
    drawn = data(settings)
    model = cs231n_solver.FullyConnectedNet(
        settings["hidden"], int(np.prod(SHAPE)), CLASSES, settings.get("keep", 1.0), settings.get("batchnorm", True),
        settings["reg"], settings["scale"], settings.get("dropout_seed"))
    trained = cs231n_solver.Solver(model, drawn, settings["rule"], settings["rate"], settings["decay"],
                                   num_epochs=settings["epochs"], num_val_samples=settings.get("val_samples"))
    digests = []
    check = trained.check
    trained.check = lambda: (digests.append(digest(*state(model).values())), check())
    trained.train()
    return [float(v).hex() for v in trained.loss_history], [float(v) for v in trained.train_acc_history], [
        float(v) for v in trained.val_acc_history], digests, {name: digest(v) for name, v in state(model).items()}


def reference(settings):
    """What solver.py makes of it, on the same global stream."""
    drawn = data(settings)
    network, random = description(settings), np.random
    trained = solver.Solver(network, graph.initial_parameters(network, random, settings["scale"]), run_of(settings),
                            random, (drawn["X_val"], drawn["y_val"]))
    digests = []
    check = trained.check
    trained.check = lambda x, y: (digests.append(digest(*trained.parameters.values())), check(x, y))
    trained.train(drawn["X_train"], drawn["y_train"])
    return [float(v).hex() for v in trained.losses], [float(v) for v in trained.accuracies], [
        float(v) for v in trained.validation_accuracies], digests, {
            name: digest(v) for name, v in trained.parameters.items()}


def record(name, settings):
    found = assignments(settings)
    for part, one, other in zip(("losses", "accuracies", "validation accuracies", "digests", "parameters"), found,
                                reference(settings)):
        if one != other:
            sys.exit("%s: %s: expected solver.py to give what cs231n_solver.py gives" % (name, part))
    losses, accuracies, validation, digests, parameters = found
    return {"format": "allclose-cs231n/1", "seed": SEED, "samples": settings["samples"],
            "validation": settings["validation"], "scale": settings["scale"], "network": description(settings),
            "run": run_of(settings), "losses": losses, "accuracies": accuracies, "validationAccuracies": validation,
            "digests": digests, "parameters": parameters}


if __name__ == "__main__":
    folder = sys.argv[1] if len(sys.argv) > 1 else FOLDER
    os.makedirs(folder, exist_ok=True)
    for run_name, run_settings in RUNS.items():
        with open(os.path.join(folder, run_name + ".json"), "w") as file:
            json.dump(record(run_name, run_settings), file, indent=1)
            file.write("\n")
    print("recorded %d runs" % len(RUNS))
