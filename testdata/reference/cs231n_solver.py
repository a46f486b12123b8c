"""The Solver and the fully connected network of the cs231n assignments, written anew from their description.

Nothing here comes from solver.py, graph.py or the layers beside it: this is the other opinion that Java's Trainer is
compared with. As in the assignments, there is one random stream, the global one of np.random, for parameters, batches,
masks and the samples that accuracies are taken on. What the assignments leave to the student is written in the order of
operations of this folder's functions, such as (x - mean) / sqrt(variance + eps).

Conventions that differ from other frameworks, all of them kept:
- the accuracy is checked after the first iteration, at the end of each epoch and at the last iteration, on num_train_samples
  training samples that np.random.choice draws where there are more, then on the validation set;
- running mean and running variance start at 0, and are no part of the parameters that are kept when the validation accuracy
  is the best so far: in the end they are those of the last iteration;
- with a seed, each dropout layer seeds the global stream in each forward pass, in test mode too;
- p is the probability to keep.
"""
import numpy as np


def affine_forward(x, w, b):
    return x.reshape(len(x), -1).dot(w) + b, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    return dout.dot(w.T).reshape(x.shape), x.reshape(len(x), -1).T.dot(dout), dout.sum(axis=0)


def batchnorm_forward(x, gamma, beta, param):
    """Updates running_mean and running_var in param, as the assignments do."""
    eps, momentum = param.get("eps", 1e-5), param.get("momentum", 0.9)
    running_mean = param.get("running_mean", np.zeros(x.shape[1]))
    running_var = param.get("running_var", np.zeros(x.shape[1]))
    if param["mode"] == "train":
        mean = x.mean(axis=0)
        var = ((x - mean) * (x - mean)).mean(axis=0)
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    else:
        mean, var = running_mean, running_var
    param["running_mean"], param["running_var"] = running_mean, running_var
    deviation = np.sqrt(var + eps)
    normalized = (x - mean) / deviation
    return gamma * normalized + beta, (normalized, deviation, gamma)


def batchnorm_backward(dout, cache):
    """On one line in the assignments' notes: the gradient through mean and variance, simplified on paper."""
    normalized, deviation, gamma = cache
    d = dout * gamma
    dx = (d - d.mean(axis=0) - normalized * (d * normalized).mean(axis=0)) / deviation
    return dx, (dout * normalized).sum(axis=0), dout.sum(axis=0)


def dropout_forward(x, param):
    if "seed" in param:
        np.random.seed(param["seed"])
    if param["mode"] == "test":
        return x, None
    mask = (np.random.rand(*x.shape) < param["p"]) / param["p"]
    return x * mask, mask


def softmax_loss(x, y):
    """The form of 2016: probabilities first, then the logarithm of the right ones."""
    n = len(x)
    probabilities = np.exp(x - x.max(axis=1, keepdims=True))
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    loss = -np.log(probabilities[np.arange(n), y]).sum() / n
    dx = probabilities
    dx[np.arange(n), y] -= 1
    return loss, dx / n


class FullyConnectedNet:
    """(affine - batch norm - relu - dropout) for each hidden layer, then affine - softmax, in float64."""

    def __init__(self, hidden_dims, input_dim, num_classes, keep_ratio=1.0, batchnorm=True, reg=0.0, weight_scale=1e-2,
                 seed=None):
        self.depth, self.reg, self.batchnorm, self.dropout = len(hidden_dims) + 1, reg, batchnorm, keep_ratio != 1
        self.params = {}
        sizes = [input_dim] + list(hidden_dims) + [num_classes]
        for i in range(1, self.depth + 1):
            self.params["W%d" % i] = weight_scale * np.random.randn(sizes[i - 1], sizes[i])
            self.params["b%d" % i] = np.zeros(sizes[i])
            if batchnorm and i < self.depth:
                self.params["gamma%d" % i] = np.ones(sizes[i])
                self.params["beta%d" % i] = np.zeros(sizes[i])
        self.bn_params = [{} for _ in hidden_dims]
        self.dropout_param = {"p": keep_ratio}
        if seed is not None:
            self.dropout_param["seed"] = seed

    def loss(self, x, y=None):
        """Scores where there are no labels, in test mode; else loss and gradients, in training mode."""
        mode = "test" if y is None else "train"
        self.dropout_param["mode"] = mode
        caches, p = [], self.params
        for i in range(1, self.depth):
            x, affine = affine_forward(x, p["W%d" % i], p["b%d" % i])
            norm = mask = None
            if self.batchnorm:
                self.bn_params[i - 1]["mode"] = mode
                x, norm = batchnorm_forward(x, p["gamma%d" % i], p["beta%d" % i], self.bn_params[i - 1])
            positive = x > 0
            x = np.maximum(0, x)
            if self.dropout:
                x, mask = dropout_forward(x, self.dropout_param)
            caches.append((affine, norm, positive, mask))
        scores, last = affine_forward(x, p["W%d" % self.depth], p["b%d" % self.depth])
        if y is None:
            return scores
        loss, dout = softmax_loss(scores, y)
        for i in range(1, self.depth + 1):
            loss += 0.5 * self.reg * np.sum(p["W%d" % i] * p["W%d" % i])
        return loss, self.backward(dout, caches, last)

    def backward(self, dout, caches, last):
        grads, p = {}, self.params
        dout, grads["W%d" % self.depth], grads["b%d" % self.depth] = affine_backward(dout, last)
        for i in range(self.depth - 1, 0, -1):
            affine, norm, positive, mask = caches[i - 1]
            if self.dropout:
                dout = dout * mask
            dout = dout * positive
            if self.batchnorm:
                dout, grads["gamma%d" % i], grads["beta%d" % i] = batchnorm_backward(dout, norm)
            dout, grads["W%d" % i], grads["b%d" % i] = affine_backward(dout, affine)
        for i in range(1, self.depth + 1):
            grads["W%d" % i] = grads["W%d" % i] + self.reg * p["W%d" % i]
        return grads


def sgd(w, dw, config):
    return w - config["learning_rate"] * dw


def sgd_momentum(w, dw, config):
    v = config.get("momentum", 0.9) * config.get("velocity", np.zeros_like(w)) - config["learning_rate"] * dw
    config["velocity"] = v
    return w + v


def rmsprop(w, dw, config):
    decay = config.get("decay_rate", 0.99)
    config["cache"] = decay * config.get("cache", np.zeros_like(w)) + (1 - decay) * dw ** 2
    return w - config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config.get("epsilon", 1e-8))


def adam(w, dw, config):
    beta1, beta2 = config.get("beta1", 0.9), config.get("beta2", 0.999)
    t = config["t"] = config.get("t", 0) + 1
    config["m"] = beta1 * config.get("m", np.zeros_like(w)) + (1 - beta1) * dw
    config["v"] = beta2 * config.get("v", np.zeros_like(w)) + (1 - beta2) * dw ** 2
    m, v = config["m"] / (1 - beta1 ** t), config["v"] / (1 - beta2 ** t)
    return w - config["learning_rate"] * m / (np.sqrt(v) + config.get("epsilon", 1e-8))


UPDATE_RULES = {"sgd": sgd, "sgd_momentum": sgd_momentum, "rmsprop": rmsprop, "adam": adam}


class Solver:
    """Trains a model in place; in the end it has the parameters of the best validation accuracy."""

    def __init__(self, model, data, update_rule="sgd", learning_rate=1e-2, lr_decay=1.0, batch_size=100, num_epochs=10,
                 num_train_samples=1000, num_val_samples=None):
        self.model, self.data, self.rule = model, data, UPDATE_RULES[update_rule]
        self.lr_decay, self.batch_size, self.num_epochs = lr_decay, batch_size, num_epochs
        self.num_train_samples, self.num_val_samples = num_train_samples, num_val_samples
        self.configs = {name: {"learning_rate": learning_rate} for name in model.params}
        self.loss_history, self.train_acc_history, self.val_acc_history = [], [], []
        self.best_val_acc, self.best_params = 0, {}

    def step(self):
        rows = np.random.choice(len(self.data["X_train"]), self.batch_size)
        loss, grads = self.model.loss(self.data["X_train"][rows], self.data["y_train"][rows])
        self.loss_history.append(loss)
        for name, w in self.model.params.items():
            self.model.params[name] = self.rule(w, grads[name], self.configs[name])

    def check_accuracy(self, x, y, num_samples, batch_size=100):
        if num_samples is not None and len(x) > num_samples:
            rows = np.random.choice(len(x), num_samples)
            x, y = x[rows], y[rows]
        found = [np.argmax(self.model.loss(x[i:i + batch_size]), axis=1) for i in range(0, len(x), batch_size)]
        return np.mean(np.hstack(found) == y)

    def train(self):
        per_epoch = max(len(self.data["X_train"]) // self.batch_size, 1)
        iterations = self.num_epochs * per_epoch
        for t in range(iterations):
            self.step()
            epoch_end = (t + 1) % per_epoch == 0
            if epoch_end:
                for config in self.configs.values():
                    config["learning_rate"] *= self.lr_decay
            if t == 0 or epoch_end or t == iterations - 1:
                self.check()
        self.model.params = self.best_params

    def check(self):
        data = self.data
        self.train_acc_history.append(self.check_accuracy(data["X_train"], data["y_train"], self.num_train_samples))
        reached = self.check_accuracy(data["X_val"], data["y_val"], self.num_val_samples)
        self.val_acc_history.append(reached)
        if reached > self.best_val_acc:
            self.best_val_acc = reached
            self.best_params = {name: value.copy() for name, value in self.model.params.items()}
