"""Records images that cs231n's third assignment makes from gradients of networks, which a test repeats from the seed alone.

    python3 record_cs231n_images.py [FOLDER]      # default: ../cs231n_images

From np.random.RandomState(SEED) come the parameters of the network (weights SCALE * randn), then the images (randn), then
what a task draws. NAME.json holds the network and, after each step, the SHA-256 of the images (their little-endian float64
values) and their scores (float.hex). The tasks are those of the notebooks on network visualization, style transfer and GANs,
with their formulas for a step; a blur and photographs are left out. Gradients are those of graph.py.
"""
import hashlib
import json
import os
import sys

import environment

environment.enter("strict")

import numpy as np

import graph
from cs231n_cases import gram
from cs231n_losses import gram_matrix
from layer_cases import described, layer
from optimizers import Optimizer

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cs231n_images")
SEED, SCALE, CLASSES, SHAPE = 231, 0.3, 5, (3, 8, 8)
# The ends of an image whose pixels lie between 0 and 1, after its channels were normalized as ImageNet's are.
MEAN, STD = np.array([0.485, 0.456, 0.406]).reshape(3, 1, 1), np.array([0.229, 0.224, 0.225]).reshape(3, 1, 1)
LOW, HIGH = (0 - MEAN) / STD, (1 - MEAN) / STD

CONVOLUTIONS = [layer("conv2d", "conv1", filters=4, kernel=[3, 3], padding=[1, 1]), layer("relu", "relu1"),
                layer("maxPool2d", "pool", size=[2, 2]),
                layer("conv2d", "conv2", filters=6, kernel=[3, 3], padding=[1, 1]), layer("relu", "relu2")]
CLASSIFIER = CONVOLUTIONS + [layer("dense", "fc", units=CLASSES)]


class Task:
    """A network with parameters of the seed, and what is recorded of each step."""

    def __init__(self, layers, sample=SHAPE, **more):
        self.random = np.random.RandomState(SEED)
        self.description = dict(described(layers, sample), **more)
        self.parameters = graph.initial_parameters(self.description, self.random, SCALE)
        self.steps = []

    def scores(self, x):
        return graph.predict(self.description, self.parameters, x)

    def gradient(self, x, upstream):
        return graph.evaluate(self.description, self.parameters, x, upstream=upstream, mode="inference")[0]["dx"]

    def class_gradient(self, x, labels):
        """The gradient of the scores of the labels."""
        return self.gradient(x, np.eye(CLASSES)[labels])

    def note(self, images, scores):
        self.steps.append({"image": hashlib.sha256(np.ascontiguousarray(images, "<f8").tobytes()).hexdigest(),
                           "scores": [float(score).hex() for score in np.ravel(scores)]})

    def recorded(self):
        return {"format": "allclose-cs231n-images/1", "seed": SEED, "scale": SCALE, "network": self.description,
                "steps": self.steps}


def saliency():
    """compute_saliency_maps: the largest absolute value over the channels of the gradient of the right class's score."""
    task = Task(CLASSIFIER)
    x = task.random.randn(4, *SHAPE)
    task.note(np.max(np.abs(task.class_gradient(x, [2, 0, 4, 1])), axis=1), task.scores(x))
    return task.recorded()


def normalized(gradient, rate):
    """As long as the rate says."""
    return rate * gradient / np.sqrt(np.sum(gradient * gradient))


def fooling():
    """make_fooling_image: steps up the score of another class, until the network takes the image for one of it."""
    task = Task(CLASSIFIER)
    x = task.random.randn(1, *SHAPE)
    target = int(np.argmin(task.scores(x)))
    for _ in range(100):
        scores = task.scores(x)
        task.note(x, scores)
        if np.argmax(scores) == target:
            break
        x = x + normalized(task.class_gradient(x, [target]), 0.25)
    return task.recorded()


def class_visualization():
    """create_class_visualization: steps up a score less a penalty, of an image that is moved about and kept in its range."""
    task, target, penalty = Task(CLASSIFIER), 3, 1e-3
    image = task.random.randn(1, *SHAPE)
    for _ in range(12):
        ox, oy = task.random.randint(0, 3), task.random.randint(0, 3)
        image = np.roll(np.roll(image, ox, axis=3), oy, axis=2)
        image = image + normalized(task.class_gradient(image, [target]) - 2 * penalty * image, 0.5)
        image = np.roll(np.roll(image, -ox, axis=3), -oy, axis=2)
        image = np.minimum(np.maximum(image, LOW), HIGH)
        task.note(image, task.scores(image))
    return task.recorded()


def deep_dream():
    """deepdream: steps along the gradient of half the squares of a layer's activations, by its mean absolute value."""
    task = Task(CONVOLUTIONS)
    image = task.random.randn(1, *SHAPE)
    for _ in range(12):
        ox, oy = task.random.randint(-2, 3), task.random.randint(-2, 3)
        image = np.roll(np.roll(image, ox, axis=3), oy, axis=2)
        gradient = task.gradient(image, task.scores(image))
        image = image + 0.1 * gradient / np.mean(np.abs(gradient))
        image = np.roll(np.roll(image, -ox, axis=3), -oy, axis=2)
        image = np.minimum(np.maximum(image, LOW), HIGH)
        task.note(image, [])
    return task.recorded()


def squares(name, first, second, weight, axes):
    """Layers of weight * sum((first - second)^2), the last of which is called the name and Loss."""
    return [layer("subtract", name, [first, second]), layer("multiply", name + "Squares", [name, name]),
            layer("sum", name + "Total", axes=list(range(axes))), layer("scale", name + "Loss", factor=weight)]


def style_transfer():
    """style_transfer: the losses of content, style and total variation of one image, as one network whose output is their
    sum; Adam steps down its gradient. Content and style are those of two other images."""
    size = [6, 4, 4]
    grams, gram_size = gram("", "relu2", size)
    layers = CONVOLUTIONS + [layer("constant", "contentTarget", [], shape=size)]
    layers += squares("content", "relu2", "contentTarget", 0.06, 3)
    layers += grams + [layer("constant", "styleTarget", [], shape=[6, 6])]
    layers += squares("style", "gram", "styleTarget", 200.0, 2)
    for name, axis in (("down", 1), ("across", 2)):
        layers += [layer("slice", name + "Later", ["input"], axis=axis, start=1),
                   layer("slice", name + "Earlier", ["input"], axis=axis, end=-1)]
        layers += squares(name, name + "Later", name + "Earlier", 0.02, 3)
    layers.append(layer("add", "loss", ["contentLoss", "styleLoss", "downLoss", "acrossLoss"]))

    features, task = Task(CONVOLUTIONS), Task(layers)
    content, style = features.random.randn(1, *SHAPE), features.random.randn(1, *SHAPE)
    image = features.random.randn(1, *SHAPE)
    task.parameters.update(features.parameters)
    task.parameters.update(gram_size)
    task.parameters["contentTarget/constant"] = features.scores(content)[0]
    task.parameters["styleTarget/constant"] = gram_matrix(features.scores(style)[0])
    for t in range(12):
        if t < 10:
            image = np.clip(image, -1.5, 1.5)
        gradient = task.gradient(image, np.ones(1))
        if t in (0, 8):  # begins anew, at a lower rate
            adam, rate = Optimizer("adam"), 0.05 if t else 0.3
        moved = {"image": image}
        adam.step(moved, {"image": gradient}, rate)
        image = moved["image"]
        task.note(image, task.scores(image))
    return task.recorded()


def gan():
    """run_a_gan: the discriminator learns from samples, which are numbers from 0 to 1, and from what the generator makes of
    noise; then the generator from what the discriminator says of new ones. Images are the generator's, scores both losses."""
    noise, size, batch = 4, 9, 6
    task = Task([layer("dense", "fc1", units=8), layer("leakyRelu", "leaky1", alpha=0.01), layer("dense", "fc2", units=1)],
                (size,), loss={"type": "binaryCrossEntropy"})
    discriminator, judge, random = task.description, task.parameters, task.random
    generator = described([layer("dense", "fc1", units=8), layer("relu", "relu1"), layer("dense", "fc2", units=size),
                           layer("tanh", "tanh")], (noise,))
    maker = graph.initial_parameters(generator, random, SCALE)
    solvers = [Optimizer("adam", beta1=0.5) for _ in range(2)]
    for _ in range(30):
        samples = 2 * (random.rand(batch, size) - 0.5)
        fakes = graph.predict(generator, maker, 2 * random.rand(batch, noise) - 1)
        real, _ = graph.evaluate(discriminator, judge, samples, np.ones((batch, 1)))
        fake, _ = graph.evaluate(discriminator, judge, fakes, np.zeros((batch, 1)))
        solvers[0].step(judge, {name: real[name] + fake[name] for name in judge}, 1e-2)
        seed = 2 * random.rand(batch, noise) - 1
        images = graph.predict(generator, maker, seed)
        judged, _ = graph.evaluate(discriminator, judge, images, np.ones((batch, 1)))
        made, _ = graph.evaluate(generator, maker, seed, upstream=judged["dx"])
        solvers[1].step(maker, {name: made[name] for name in maker}, 1e-2)
        task.note(images, [real["loss"] + fake["loss"], judged["loss"]])
    return dict(task.recorded(), generator=generator)


TASKS = {"saliency": saliency, "fooling": fooling, "class_visualization": class_visualization, "deep_dream": deep_dream,
         "style_transfer": style_transfer, "gan": gan}

if __name__ == "__main__":
    folder = sys.argv[1] if len(sys.argv) > 1 else FOLDER
    os.makedirs(folder, exist_ok=True)
    for name, record in TASKS.items():
        with open(os.path.join(folder, name + ".json"), "w") as file:
            json.dump(record(), file, indent=1)
            file.write("\n")
    print("recorded %d tasks" % len(TASKS))
