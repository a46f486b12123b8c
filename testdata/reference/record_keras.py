"""Records models of Keras on TensorFlow, and their weights as Keras names and orders them.

Usage: python3 allclose_record.py record_keras.py [--output DIR], with a python3 that has keras and tensorflow.
"""
import argparse
import os

import keras
import numpy as np

from allclose_record import from_keras

SEED = 10
HERE = os.path.dirname(os.path.abspath(__file__))
layers = keras.layers


def mlp():
    return [keras.Input((12,)), layers.Dense(16, activation="relu"), layers.Dense(9, activation="tanh"), layers.Dense(5)]


def convnet():
    return [keras.Input((8, 6, 3)), layers.Conv2D(4, 3, padding="same", activation="relu"), layers.MaxPooling2D(2),
            layers.Conv2D(6, (3, 2), use_bias=False), layers.LeakyReLU(0.1), layers.Flatten(),
            layers.Dense(10, activation="relu"), layers.Dense(4)]


def normalized():
    """With batch norm of images and of what is left of them behind a Flatten, and dropout."""
    return [keras.Input((8, 6, 3)), layers.Conv2D(4, 3, use_bias=False), layers.BatchNormalization(), layers.ReLU(),
            layers.AveragePooling2D(2), layers.Flatten(), layers.Dropout(0.3), layers.BatchNormalization(),
            layers.Activation("sigmoid"), layers.Dense(4)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", default=os.path.join(HERE, ".."), help="the folder testdata, or another like it")
    output = parser.parse_args().output
    weights = os.path.join(output, "keras_weights")
    os.makedirs(weights, exist_ok=True)
    keras.backend.set_floatx("float64")
    for make in (mlp, convnet, normalized):
        keras.utils.set_random_seed(SEED)
        keras.backend.clear_session()
        random = np.random.RandomState(SEED)
        model = keras.Sequential(make(), name=make.__name__)
        for weight in model.weights:
            if weight.path.endswith(("gamma", "beta", "moving_mean", "moving_variance", "bias")):
                weight.assign(random.uniform(0.5, 1.5, weight.shape))
        x, labels = random.randn(7, *model.input_shape[1:]), random.randint(4, size=7)
        from_keras(model, make.__name__, os.path.join(output, "fixtures", "keras"), x, labels=labels, mode="inference",
                   match={"ulps": 16})
        np.savez(os.path.join(weights, make.__name__ + ".npz"), **{w.path: w.numpy() for w in model.weights})


if __name__ == "__main__":
    main()
