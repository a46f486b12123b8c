"""Records keras.applications as cases and prints a table: python3 keras_tables.py [--output DIR] [NAME ...]

Random weights and statistics, two images of the least size that a model takes, ten classes without softmax, inference mode,
float64; of large tensors 200 elements are kept. Good is a model whose network file, computed anew, gives its scores and all
gradients; `check` then replays the cases in Java.
"""
import argparse
import gc
import os
import tempfile
import time

import keras
import numpy as np

from allclose_record import RecordingError, from_keras

SIDES = {"InceptionV3": 75, "InceptionResNetV2": 75, "Xception": 71}
SEED = 5
SAMPLES = 200


def models():
    return [name for name in dir(keras.applications) if name[0].isupper()]


def make(name):
    """A model and a batch; values that start at 0 or 1 are random, too."""
    side = SIDES.get(name, 32)
    keras.utils.set_random_seed(SEED)
    model = getattr(keras.applications, name)(weights=None, input_shape=(side, side, 3), classes=10,
                                              classifier_activation=None)
    random = np.random.RandomState(SEED)
    for variable in model.weights:
        if len(variable.shape) == 1:
            variable.assign(random.uniform(0.5, 1.5, variable.shape))
    return model, random.randn(2, side, side, 3)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", help="a folder for the cases; default: none are kept")
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    keras.backend.set_floatx("float64")
    names, good = arguments.names or models(), 0
    with tempfile.TemporaryDirectory() as scratch:
        for name in names:
            began = time.time()
            keras.backend.clear_session()
            model, x = make(name)
            try:
                from_keras(model, name, arguments.output or scratch, x, labels=np.array([1, 3]), samples=SAMPLES)
                found, good = "good", good + 1
            except RecordingError as refusal:
                found = "BAD   %s" % refusal
            print("%-20s %6.1f s %11d parameters  %s" % (name, time.time() - began, model.count_params(), found), flush=True)
            del model
            gc.collect()
    print("%d of %d good" % (good, len(names)))


if __name__ == "__main__":
    main()
