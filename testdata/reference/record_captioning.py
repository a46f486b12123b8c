"""Records how the captioning models of cs231n's assignment 3 overfit a few captions: training and sampling.

    python3 record_captioning.py [FOLDER]     # default: ../captioning

data.npz holds features, words and next words. MODEL.json holds the network and, for each step of its training, the loss
(float.hex) and the SHA-256 of all parameters behind it, as replays.py has them; then what is sampled for each sample of
the data: tokens, and the SHA-256 of each step's scores. rnn and lstm say the run as solver.py describes it, and the seed
of the random state that their parameters are drawn from, as CaptioningRNN does, and then the batches; transformer has a
config of `allclose train`. Batches are drawn as by sample_coco_minibatch, the optimizer is Adam.
"""
import argparse
import json
import os

import environment

environment.enter("strict")

import numpy as np

import captioning
import graph
import replays
from solver import Solver

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "captioning")
SEED = 231


def run(rate, steps, decay=1.0):
    return {"optimizer": {"type": "adam"}, "schedule": {"type": "exponential", "rate": rate, "decay": decay}, "batch": 8,
            "steps": steps, "draw": "choice"}


def recorded(network, run, parameters, random, sample):
    """Trains, then samples; checks that what is sampled is the captions."""
    arrays = captioning.data()
    inputs = {name: arrays[name] for name in ("features", "words")}
    digests, solver = [], Batches(network, parameters, run, random)
    for _ in range(run["steps"]):
        solver.step(inputs, arrays["next"])
        digests.append(replays.digest(np.concatenate([p.ravel() for p in solver.parameters.values()])))
    words, scores = sample(solver.parameters, arrays["features"])
    counts = arrays["next"] != captioning.NULL
    print("loss %.4f to %.4f, %d of %d words sampled as they are" % (
        solver.losses[0], solver.losses[-1], np.sum((words == arrays["next"])[counts]), np.sum(counts)))
    return {"losses": [float(loss).hex() for loss in solver.losses], "digests": digests,
            "parameters": {name: replays.digest(value) for name, value in solver.parameters.items()},
            "sampled": words.tolist(), "scores": [replays.digest(step) for step in scores]}


class Batches(Solver):
    """The Solver on several inputs."""

    def step(self, inputs, y):
        return super().step(Rows(inputs), y)


class Rows:
    """Samples of several inputs that are indexed as one array."""

    def __init__(self, inputs):
        self.inputs = inputs

    def __len__(self):
        return len(next(iter(self.inputs.values())))

    def __getitem__(self, rows):
        return {name: value[rows] for name, value in self.inputs.items()}


def recurrent(cell):
    network, random, how = captioning.recurrent(cell), np.random.RandomState(SEED), run(0.02, 80, 0.995)
    parameters = captioning.recurrent_parameters(cell, random)
    arrays = captioning.data()
    whole = np.hstack((arrays["words"], arrays["next"][:, -1:]))
    results, _ = graph.evaluate(network, parameters, {name: arrays[name] for name in ("features", "words")}, arrays["next"])
    assert np.isclose(results["loss"], captioning.loss(cell, parameters, arrays["features"], whole), rtol=1e-14)
    return dict({"network": network, "run": how, "seed": SEED}, **recorded(
        network, how, parameters, random, lambda p, features: captioning.sample_recurrent(cell, p, features)))


def transformer():
    """Linear layers and embeddings start as cs231n's do, from 0.02 * randn."""
    network, random, how = captioning.transformer(), np.random.RandomState(SEED), run(0.02, 240)
    start = {"type": "gaussian", "std": 0.02}
    parameters = graph.initial_parameters(network, random, start["std"])
    config = dict({"format": "allclose-train/1", "seed": SEED, "start": start,
                   "data": {"x": {"features": "features", "words": "words"}, "y": "next"}}, **how)
    return dict({"network": network, "config": config}, **recorded(
        network, how, parameters, random, captioning.sample_transformer))


MODELS = {"rnn": lambda: recurrent("rnn"), "lstm": lambda: recurrent("lstm"), "transformer": transformer}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Record captioning models.")
    parser.add_argument("folder", nargs="?", default=FOLDER)
    folder = parser.parse_args().folder
    os.makedirs(folder, exist_ok=True)
    np.savez(os.path.join(folder, "data.npz"), **captioning.data())
    for name, model in MODELS.items():
        replays.write(folder, name, model())
