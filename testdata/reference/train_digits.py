"""Trains the digit classifier 64-100-10 of the case 'digits' and prints its accuracy.

The images are 8 x 8 pixels from 0 to 16, divided by 16. The last 297 of 1797 are kept for the test.
"""
import os

import numpy as np

import environment
from networks import FullyConnectedNet

DATASET = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "datasets", "digits.npz")
TEST_SAMPLES = 297
SEED = 231
L2 = 1e-4
BATCH = 50
EPOCHS = 20
LEARNING_RATE = 0.1
DECAY = 0.95
MOMENTUM = 0.9
NOISE = 0.1


def digits():
    """x_train (1500, 64), y_train, x_test (297, 64), y_test."""
    with np.load(DATASET) as data:
        x = data["images"].reshape(-1, 64) / 16.0
        y = data["labels"]
    return x[:-TEST_SAMPLES], y[:-TEST_SAMPLES], x[-TEST_SAMPLES:], y[-TEST_SAMPLES:]


def moved(x):
    """The images, and those moved by half a pixel to each side: the writers of the test are others."""
    images = np.pad(x.reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1)))
    sides = [images[:, 1 + i:9 + i, 1 + j:9 + j].reshape(-1, 64) for i, j in ((0, 1), (0, -1), (1, 0), (-1, 0))]
    return np.concatenate([x] + [0.5 * x + 0.5 * side for side in sides])


def train():
    """Returns the network and its trained parameters.

    Gradient descent with momentum over a permutation of the images an epoch, each with noise of its own.
    """
    x, y, _, _ = digits()
    x, y = moved(x), np.tile(y, 5)
    random = np.random.RandomState(SEED)
    net = FullyConnectedNet([64, 100, 10], l2=L2)
    parameters = net.initial_parameters(random, 0.1)
    velocity = {name: np.zeros_like(value) for name, value in parameters.items()}
    rate = LEARNING_RATE
    for _ in range(EPOCHS):
        order = random.permutation(len(x))
        for start in range(0, len(x), BATCH):
            batch = order[start:start + BATCH]
            results, _ = net.loss(parameters, x[batch] + NOISE * random.randn(len(batch), 64), y[batch])
            for name in parameters:
                velocity[name] = MOMENTUM * velocity[name] - rate * results[name]
                parameters[name] = parameters[name] + velocity[name]
        rate *= DECAY
    return net, parameters


if __name__ == "__main__":
    environment.enter("strict")
    trained, values = train()
    _, _, test_x, test_y = digits()
    print("accuracy %.4f on %d test images" % (trained.loss(values, test_x, test_y)[0]["accuracy"], TEST_SAMPLES))
