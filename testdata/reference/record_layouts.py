"""Records weights of recurrent layers, attention and weight norm as PyTorch or Keras name and order them, with what the
modules give: files for WeightLayoutTest.

Usage: python3 record_layouts.py torch|keras [FOLDER], with a python3 that has the framework. Writes NAME.npz, the weights
under their own names, and NAME_run.npz with x and y, to FOLDER, by default ../torch_weights or ../keras_weights.
"""
import os
import sys

import numpy as np

SEED = 12
HERE = os.path.dirname(os.path.abspath(__file__))
STEPS, FEATURES = 5, 6


def torch_models():
    import torch
    torch.manual_seed(SEED)
    nn = torch.nn

    class Sequence(nn.Module):
        """Modules of nn whose weights have layouts of their own, one behind another."""

        def __init__(self):
            super().__init__()
            self.rnn = nn.RNN(FEATURES, 4, batch_first=True, nonlinearity="relu")
            self.lstm = nn.LSTM(4, 3, num_layers=2, bidirectional=True, batch_first=True)
            self.gru = nn.GRU(6, 4, batch_first=True)
            self.attn = nn.MultiheadAttention(4, 2, batch_first=True)
            self.cross = nn.MultiheadAttention(4, 2, kdim=6, vdim=6, batch_first=True)
            self.fc = nn.utils.weight_norm(nn.Linear(4, 3))  # names of old: weight_g, weight_v
            self.conv = nn.utils.parametrizations.weight_norm(nn.Conv1d(5, 2, 2))
            self.up = nn.utils.parametrizations.weight_norm(nn.ConvTranspose1d(2, 3, 2))

        def forward(self, x):
            a, _ = self.rnn(x)
            b, _ = self.lstm(a)
            c, _ = self.gru(b)
            c, _ = self.attn(c, c, c, need_weights=False)
            c, _ = self.cross(c, b, b, need_weights=False)
            return self.up(self.conv(self.fc(c)))

    model = Sequence().double()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(0.5 * torch.randn(parameter.shape, dtype=torch.float64))
        x = torch.randn(3, STEPS, FEATURES, dtype=torch.float64)
        y = model(x)
    yield "sequence", {name: value.numpy() for name, value in model.state_dict().items()}, x.numpy(), y.numpy()


def keras_models():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras
    keras.backend.set_floatx("float64")
    layers, random = keras.layers, np.random.RandomState(SEED)
    x = keras.Input((STEPS, FEATURES))
    a = layers.SimpleRNN(4, return_sequences=True, activation="relu", name="rnn")(x)
    b = layers.Bidirectional(layers.LSTM(3, return_sequences=True), name="both")(a)
    c = layers.GRU(8, return_sequences=True, name="gru")(b)
    # Keras takes 1 / sqrt(key_dim) in float32: of 4 it is exact.
    c = layers.MultiHeadAttention(2, 4, name="attn")(c, c)
    model = keras.Model(x, layers.Dense(3, name="fc")(c))
    for variable in model.weights:
        variable.assign(0.5 * random.randn(*variable.shape))
    values = random.randn(3, STEPS, FEATURES)
    yield "sequence", {v.path: v.numpy() for v in model.weights}, values, model(values).numpy()


def main():
    framework = sys.argv[1]
    folder = sys.argv[2] if len(sys.argv) > 2 else os.path.join(HERE, "..", framework + "_weights")
    for name, weights, x, y in {"torch": torch_models, "keras": keras_models}[framework]():
        np.savez(os.path.join(folder, name + ".npz"), **weights)
        np.savez(os.path.join(folder, name + "_run.npz"), x=x, y=y)


if __name__ == "__main__":
    main()
