"""Networks of fully connected layers, built from the functions.

Parameters are a dict in layer order: 'fc1/W' (in, out), 'fc1/b' (out,), 'fc2/W', ...
"""
import numpy as np

from functions import fc_backward, fc_forward, relu_backward, relu_forward, softmax_loss


class FullyConnectedNet:
    """fc - relu - ... - fc - softmax, with an L2 penalty of 0.5 * l2 * sum(W * W) for each W."""

    def __init__(self, sizes, l2=0.0):
        """sizes: the numbers of inputs, of each hidden layer's units, and of classes."""
        self.sizes = sizes
        self.l2 = l2
        self.depth = len(sizes) - 1

    def initial_parameters(self, random, scale):
        """Weights scale * randn, drawn layer after layer, and biases 0."""
        parameters = {}
        for i in range(1, self.depth + 1):
            parameters["fc%d/W" % i] = scale * random.randn(self.sizes[i - 1], self.sizes[i])
            parameters["fc%d/b" % i] = np.zeros(self.sizes[i])
        return parameters

    def description(self, sample_shape):
        """The network file for samples of the given shape."""
        layers = []
        for i in range(1, self.depth + 1):
            layers.append({"type": "dense", "name": "fc%d" % i, "units": self.sizes[i]})
            if i < self.depth:
                layers.append({"type": "relu", "name": "relu%d" % i})
        network = {"format": "allclose-network/1", "input": list(sample_shape), "layers": layers,
                   "loss": {"type": "softmax"}}
        if self.l2:
            network["l2"] = self.l2
        return network

    def forward(self, parameters, x):
        """Scores (N, C); also each layer's output by name, and the caches the backward pass needs."""
        outputs, caches = {}, []
        out = x
        for i in range(1, self.depth + 1):
            out, cache = fc_forward(out, parameters["fc%d/W" % i], parameters["fc%d/b" % i])
            outputs["fc%d" % i] = out
            caches.append(cache)
            if i < self.depth:
                out, cache = relu_forward(out)
                outputs["relu%d" % i] = out
                caches.append(cache)
        return out, outputs, caches

    def loss(self, parameters, x, y):
        """Everything the network computes for a batch: a dict of scores, loss, accuracy, dx and a gradient for
        each parameter under the parameter's name; and the dict of the layers' outputs.
        """
        scores, outputs, caches = self.forward(parameters, x)
        loss, dout = softmax_loss(scores, y)
        if self.l2:
            for i in range(1, self.depth + 1):
                w = parameters["fc%d/W" % i]
                loss = loss + 0.5 * self.l2 * np.sum(w * w)
        gradients = {}
        for i in range(self.depth, 0, -1):
            if i < self.depth:
                dout = relu_backward(dout, caches.pop())
            dout, dw, db = fc_backward(dout, caches.pop())
            if self.l2:
                dw = dw + self.l2 * parameters["fc%d/W" % i]
            gradients["fc%d/W" % i] = dw
            gradients["fc%d/b" % i] = db
        results = {"scores": scores, "loss": np.float64(loss), "accuracy": np.mean(np.argmax(scores, axis=1) == y),
                   "dx": dout}
        results.update((name, gradients[name]) for name in parameters)
        return results, outputs


class TwoLayerNet(FullyConnectedNet):
    """fc - relu - fc - softmax."""

    def __init__(self, inputs, hidden, classes, l2=0.0):
        super().__init__([inputs, hidden, classes], l2)
