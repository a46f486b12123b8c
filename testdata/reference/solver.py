"""Training: cs231n's Solver, which draws from one random state as numpy does.

A run is described by a dict, the `train` file of the command line:

    {"optimizer": {"type": "adam", ...settings}, "schedule": {"type": "constant", "rate": 1e-3},
     "batch": 50, "steps": 200, "draw": "permutation", "clipValue": 1.0, "clipNorm": 5.0, "accuracySamples": 100,
     "validationSamples": 100, "firstCheck": true, "keepBest": true, "lastStatistics": true}

`draw` is how batches come about: "choice" draws each with replacement, as cs231n; "permutation" goes through all samples
in a new order each epoch, the last batch being what is left, as Keras. An epoch has max(n // batch, 1) steps with
"choice", ceil(n / batch) with "permutation". Accuracies are taken after each epoch: with accuracySamples on so many training
samples, then on the validation data, all of it or validationSamples. Samples are drawn with replacement if there are
more than that, which moves the random state on. With firstCheck they are taken after the first step too; with keepBest the
parameters of the highest validation accuracy are kept, of equal ones the first, and a run ends with them; with
lastStatistics it ends with the running statistics of its last step even then.

cs231n(...) is what its Solver does where nothing is said. A run says each of these by itself, so that a file means the
same here and in Java, and one that was written before there was an option means what it meant.
"""
import numpy as np

import graph
import optimizers
from layers import NOT_TRAINED, STATISTICS
from schedules import SCHEDULES


def cs231n(optimizer, rate, steps, decay=1.0, batch=100):
    """A run as cs231n's Solver does it."""
    return {"optimizer": optimizer, "schedule": {"type": "exponential", "rate": rate, "decay": decay}, "batch": batch,
            "steps": steps, "draw": "choice", "accuracySamples": 1000, "firstCheck": True, "keepBest": True,
            "lastStatistics": True}


class Solver:
    """Trains the parameters of a network file; random is drawn from by the batches and by dropout, in turns."""

    def __init__(self, description, parameters, run, random, validation=None):
        self.description, self.parameters, self.run, self.random = description, parameters, run, random
        self.validation = validation
        settings = dict(run["optimizer"])
        self.optimizer = optimizers.Optimizer(settings.pop("type"), **settings)
        self.losses, self.epoch_losses, self.in_epoch = [], [], []
        self.accuracies, self.validation_accuracies, self.best, self.best_accuracy = [], [], None, -1.0

    def steps_per_epoch(self, samples):
        batch = self.run["batch"]
        return -(-samples // batch) if self.run["draw"] == "permutation" else max(samples // batch, 1)

    def rows(self, samples, step):
        batch = self.run["batch"]
        if self.run["draw"] == "choice":
            return self.random.choice(samples, batch)
        place = step % self.steps_per_epoch(samples)
        if place == 0:
            self.order = self.random.permutation(samples)
        return self.order[place * batch:(place + 1) * batch]

    def step(self, x, y):
        """One step on samples x with labels y. Returns the loss before it."""
        step, per_epoch = len(self.losses), self.steps_per_epoch(len(x))
        rows = self.rows(len(x), step)
        results, _ = graph.evaluate(self.description, self.parameters, x[rows], y[rows], random=self.random)
        gradients, statistics = {}, {}
        for name in self.parameters:
            if name.split("/")[-1] in NOT_TRAINED:
                statistics[name] = results[name]
            else:
                gradients[name] = results[name]
        if "clipValue" in self.run:
            gradients = optimizers.clip_by_value(gradients, self.run["clipValue"])
        if "clipNorm" in self.run:
            gradients = optimizers.clip_by_norm(gradients, self.run["clipNorm"])
        schedule = self.run["schedule"]
        rate = SCHEDULES[schedule["type"]]["rate"](schedule, step, step // per_epoch, self.epoch_losses)
        self.optimizer.step(self.parameters, gradients, rate)
        self.parameters.update(statistics)
        self.losses.append(results["loss"])
        self.in_epoch.append(results["loss"])
        if len(self.losses) % per_epoch == 0:
            self.epoch_losses.append(sum(self.in_epoch) / len(self.in_epoch))
            self.in_epoch = []
            self.check(x, y)
        elif step == 0 and self.run.get("firstCheck", False):
            self.check(x, y)
        return results["loss"]

    def check(self, x, y):
        """The accuracies, and a copy of the best parameters so far."""
        if "accuracySamples" in self.run:
            self.accuracies.append(self.accuracy(x, y, self.run["accuracySamples"]))
        if self.validation is not None:
            reached = self.accuracy(*self.validation, self.run.get("validationSamples"))
            self.validation_accuracies.append(reached)
            if reached > self.best_accuracy:
                self.best_accuracy = reached
                self.best = {name: value.copy() for name, value in self.parameters.items()}

    def accuracy(self, x, y, samples):
        return accuracy(self.description, self.parameters, x, y, samples, self.random)

    def train(self, x, y, after_step=lambda solver: None):
        for _ in range(self.run["steps"]):
            self.step(x, y)
            after_step(self)
        if self.run.get("keepBest", False) and self.best is not None:
            for name, value in self.best.items():
                if not (self.run.get("lastStatistics", False) and name.split("/")[-1] in STATISTICS):
                    self.parameters[name] = value


def accuracy(description, parameters, x, y, samples=None, random=None, batch=100):
    """cs231n's check_accuracy: of as many samples, drawn with replacement, if there are more than that."""
    if samples is not None and len(x) > samples:
        rows = random.choice(len(x), samples)
        x, y = x[rows], y[rows]
    hits = []
    for start in range(0, len(x), batch):
        scores = graph.predict(description, parameters, x[start:start + batch], random)
        hits.append(np.argmax(scores, axis=1) == y[start:start + batch])
    return np.mean(np.concatenate(hits))
