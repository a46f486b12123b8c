"""Models of Keras that a recorder could record wrongly: python3 keras_traps.py, with a python3 that has keras.

As recorder_traps.py: each is recorded right, or refused in the line that stands here.
"""
import os
import sys
import tempfile

import keras
import numpy as np
import tensorflow as tf

from allclose_keras import ACTIVATIONS
from allclose_record import RecordingError, from_keras

RIGHT = "recorded right"
TRAPS = {}
KNOWN = str(sorted(ACTIVATIONS))
L = keras.layers


def trap(expected, x=(5, 4), **arguments):
    """Registers a function that makes a model, with what has to come of recording it."""
    def register(make):
        TRAPS[make.__name__] = (make, expected, x, arguments)
        return make
    return register


def sequential(sample, *layers):
    return keras.Sequential([keras.Input(sample)] + list(layers))


@trap(RIGHT)
def functional_chain():
    x = keras.Input((4,))
    return keras.Model(x, L.Dense(3, name="b")(L.Dense(6, activation="gelu", name="a")(x)))


@trap(RIGHT)
def model_within_a_model():
    return sequential((4,), keras.Sequential([L.Dense(6, name="a"), L.ELU(name="e")]), L.Dense(3, name="b"))


@trap(RIGHT)
def layer_used_twice():
    x, a = keras.Input((4,)), L.Dense(4, name="a")
    return keras.Model(x, a(L.ReLU()(a(x))))


@trap("layer 'a': Conv2D: expected it to be called once but the model calls it again: a network file can share parameters of "
      "Dense alone", x=(2, 6, 6, 3))
def convolution_used_twice():
    x, a = keras.Input((6, 6, 3)), L.Conv2D(3, 1, name="a")
    return keras.Model(x, a(L.ReLU()(a(x))))


@trap(RIGHT)
def activation_used_twice():
    x, relu = keras.Input((4,)), L.ReLU(name="relu")
    return keras.Model(x, relu(L.Dense(4, name="b")(relu(L.Dense(4, name="a")(x)))))


@trap(RIGHT)
def two_outputs():
    x = keras.Input((4,))
    return keras.Model(x, [L.Dense(2, name="a")(x), L.Dense(3, name="b")(x)])


@trap(RIGHT)
def two_branches():
    x = keras.Input((4,))
    return keras.Model(x, L.Add(name="sum")([L.Dense(3, name="a")(x), L.Dense(3, name="b")(x)]))


@trap(RIGHT)
def relu_with_a_limit():
    return sequential((4,), L.Dense(3, name="a"), L.ReLU(max_value=6.0, name="r"))


@trap(RIGHT)
def relu_with_a_slope():
    return sequential((4,), L.ReLU(negative_slope=0.1, name="r"))


@trap(RIGHT, x=(2, 5, 4))
def dense_on_a_sequence():
    return sequential((5, 4), L.Dense(3, name="a"))


@trap(RIGHT, x=(3, 5, 4))
def gru_of_two_biases():
    return sequential((5, 4), L.GRU(6, return_sequences=True, name="a"), L.GRU(2, go_backwards=True, name="b"))


@trap(RIGHT, x=(3, 5, 4))
def gru_whose_reset_comes_first():
    x = keras.Input((5, 4))
    return keras.Model(x, L.GRU(4, reset_after=False, name="a")(x, initial_state=L.GlobalAveragePooling1D(name="h")(x)))


@trap(RIGHT, x=(3, 5, 4))
def recurrent_layers_without_bias():
    return sequential((5, 4), L.LSTM(3, use_bias=False, return_sequences=True, name="a"),
                      L.SimpleRNN(3, activation="relu", use_bias=False, name="b"))


@trap(RIGHT, x=(3, 5, 4))
def both_directions():
    return sequential((5, 4), L.Bidirectional(L.LSTM(3, return_sequences=True), name="a"),
                      L.Bidirectional(L.GRU(2), merge_mode="ave", name="b"))


@trap("layer 'a': GRU: expected go_backwards without return_sequences but got both", x=(3, 5, 4))
def backwards_sequences():
    return sequential((5, 4), L.GRU(6, go_backwards=True, return_sequences=True, name="a"), L.Flatten(name="f"))


@trap(RIGHT, x=(3, 5, 4))
def each_step():
    return sequential((5, 4), L.TimeDistributed(L.Dense(3, activation="relu"), name="a"), L.Flatten(name="f"))


@trap("layer 'a': TimeDistributed: expected a layer of the last axis or of elements but got Conv1D", x=(3, 5, 6, 4))
def each_step_convolved():
    return sequential((5, 6, 4), L.TimeDistributed(L.Conv1D(3, 2), name="a"), L.Flatten(name="f"))


@trap(RIGHT, x=(3, 5, 8))
def attention_of_heads():
    x = keras.Input((5, 8))
    return keras.Model(x, L.Add(name="sum")([x, L.MultiHeadAttention(2, 4, name="a")(x, x, use_causal_mask=True)]))


@trap(RIGHT, x=(3, 5, 4))
def attention_of_another_width():
    x = keras.Input((5, 4))
    other = L.Dense(6, name="d")(x)
    return keras.Model(x, L.MultiHeadAttention(2, 3, value_dim=5, output_shape=7, use_bias=False, name="a")(x, other))


@trap("layer 'n': BatchNormalization: expected the last axis normalized", x=(2, 6, 6, 3))
def batch_norm_of_rows():
    return sequential((6, 6, 3), L.BatchNormalization(axis=1, name="n"))


@trap("layer 'd': Dropout: expected inference mode: Keras draws masks from a stream of its own", mode="training")
def dropout_in_training():
    return sequential((4,), L.Dense(3, name="a"), L.Dropout(0.5, name="d"))


@trap(RIGHT)
def dropout_in_inference():
    return sequential((4,), L.Dense(3, name="a"), L.Dropout(0.5, name="d"), L.Dense(2, name="b"))


@trap("layer 'a': Dense: expected kernel_regularizer=None")
def regularizer():
    return sequential((4,), L.Dense(3, kernel_regularizer="l2", name="a"))


@trap("layer 'a': Dense: expected an activation among " + KNOWN + " but got swish")
def activation_of_ones_own():
    def swish(x):
        return x * tf.sigmoid(x)
    return sequential((4,), L.Dense(3, activation=swish, name="a"))


@trap(RIGHT)
def layer_of_ones_own():
    class Mine(L.Dense):
        def call(self, x):
            return 2 * super().call(x)
    return sequential((4,), Mine(3, name="mine"))


@trap("layer 'n': BatchNormalization: expected training mode as the model but got a frozen layer: a network file has one "
      "mode", mode="training")
def frozen_batch_norm():
    model = sequential((4,), L.Dense(3, name="a"), L.BatchNormalization(name="n"))
    model.get_layer("n").trainable = False
    return model


@trap(RIGHT, mode="training")
def batch_norm_in_training():
    return sequential((4,), L.Dense(3, name="a"), L.BatchNormalization(name="n"), L.Activation("tanh", name="t"))


@trap(RIGHT, x=(2, 6, 6, 3))
def images():
    return sequential((6, 6, 3), L.Conv2D(4, 3, padding="same", name="c"), L.MaxPooling2D(2, name="p"), L.Flatten(name="f"),
                      L.Dense(3, name="a"))


@trap("targets: expected the shape of the scores (5, 1) but got (5,)", targets=np.ones(5))
def targets_of_another_shape():
    return sequential((4,), L.Dense(1, name="a"))


@trap("layer 'a': Dense: expected a layer of float64 but got float32; set keras.backend.set_floatx('float64') before it is "
      "made")
def single_precision():
    return sequential((4,), L.Dense(3, name="a", dtype="float32"))


@trap(RIGHT, forward_only=True)
def regularizer_without_a_loss():
    return sequential((4,), L.Dense(3, kernel_regularizer="l2", kernel_constraint="non_neg", name="a"))


@trap(RIGHT)
def activation_used_thrice():
    x, relu = keras.Input((4,)), L.ReLU(name="relu")
    return keras.Model(x, relu(L.Dense(4, name="b")(relu(L.Dense(4, name="a")(relu(x))))))


@trap("layer 'a': Dense: expected an activation among " + KNOWN + " but got LeakyReLU")
def activation_that_is_a_layer():
    return sequential((4,), L.Dense(3, activation=L.LeakyReLU(0.1), bias_initializer="ones", name="a"))


@trap("layer 'a': Dense: expected the call of its class but got another")
def call_of_an_instance():
    model = sequential((4,), L.Dense(3, name="a"))
    call = model.get_layer("a").call
    model.get_layer("a").call = lambda x: 2 * call(x)
    return model


@trap("from_keras: expected a model that is built: give it an Input, or call it once first")
def not_built():
    return keras.Sequential([L.Dense(3)])


@trap("mode: expected 'training' or 'inference' but got 'train'", mode="train")
def mode_of_no_name():
    return sequential((4,), L.Dense(3, name="a"))


@trap("from_keras: expected no labels, targets and upstream with forward_only", forward_only=True, labels=[0, 1, 2, 0, 1])
def labels_without_a_way_back():
    return sequential((4,), L.Dense(3, name="a"))


@trap("layer 'n': LayerNormalization: expected rms_scaling=False")
def layer_norm_by_the_root_mean_square():
    return sequential((4,), L.LayerNormalization(rms_scaling=True, name="n"))


@trap(RIGHT, x=(5, 4, 4, 3))
def layer_norm_of_flattened_images():
    return sequential((4, 4, 3), L.Flatten(name="f"), L.LayerNormalization(name="n", gamma_initializer="normal"),
                      L.Dense(2, name="a"))


@trap("layer 'd': expected its output to be what the network file says but the model gives other numbers")
def dropout_that_is_always_on():
    class Always(keras.Model):
        def __init__(self):
            super().__init__()
            self.a, self.d = L.Dense(3, name="a"), L.Dropout(0.5, name="d")

        def call(self, x):
            return self.d(self.a(x), training=True)
    model = Always()
    model(np.zeros((1, 4)))
    return model


@trap(RIGHT)
def function_in_between():
    x = keras.Input((4,))
    return keras.Model(x, L.Dense(3, name="b")(keras.ops.relu(L.Dense(3, name="a")(x))))


def outcome(name, folder):
    """What came of a trap: RIGHT, the refusal, or how the recording is wrong."""
    make, _, shape, arguments = TRAPS[name]
    keras.utils.set_random_seed(3)
    model, x = make(), np.random.RandomState(3).randn(*shape)
    before = [variable.numpy() for variable in model.variables]
    try:
        from_keras(model, name, folder, x, match={"ulps": 16}, **arguments)
    except RecordingError as refusal:
        return str(refusal)
    finally:
        if any((old != variable.numpy()).any() for old, variable in zip(before, model.variables)):
            return "the model was changed"
    x = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        scores = keras.tree.flatten(model(x, training=arguments.get("mode") == "training"))[0]
    dx = tape.gradient(scores, x).numpy()
    wanted = {"scores": scores.numpy(), "dx": dx.transpose(0, 3, 1, 2) if dx.ndim == 4 else dx}
    for key in ["scores"] if "forward_only" in arguments else wanted:
        if not is_near(np.load(os.path.join(folder, name, "expected", key + ".npy")), wanted[key]):
            return "recorded wrong: " + key
    return RIGHT


def is_near(found, wanted):
    return found.shape == wanted.shape and np.allclose(found, wanted, rtol=0, atol=1e-13 * np.abs(wanted).max())


def main():
    keras.backend.set_floatx("float64")
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, (_, expected, _, _) in TRAPS.items():
            found = outcome(name, folder)
            # Behind what was expected, a line can show the settings as this Keras prints them.
            if found != expected and not found.startswith(expected + " but got ") or "\n" in found:
                wrong += 1
                print("%s: expected %s\n  but got %s" % (name, expected, found))
    print("%d traps, %d not as they should be" % (len(TRAPS), wrong))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
