package org.allclose.parity.diagnosis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.allclose.TestData;
import org.allclose.parity.CaseFile;
import org.allclose.parity.CaseRunner;
import org.allclose.parity.report.CaseReport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Networks of which one layer makes a mistake that is named, and no other is; {@code
 * record_faults.py} says what each was given.
 */
class LayerFaultsTest {
  private static final Path FAULTS = TestData.folder().resolve("faults");

  /** The fault and the hint, of which there is none where nobody can know the mistake. */
  static Stream<Arguments> faults() {
    return Stream.of(
            activations(),
            normalizations(),
            parameters(),
            inputs(),
            windows(),
            single(),
            scores(),
            branches())
        .flatMap(faults -> faults);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void mistake_isNamedAlone(String name, String hint) throws IOException {
    CaseReport report = CaseRunner.run(CaseFile.read(FAULTS.resolve(name)));
    assertFalse(report.matches());
    assertEquals(hint.isEmpty() ? List.of() : List.of(hint), report.hints());
  }

  private static Stream<Arguments> activations() {
    return Stream.of(
        Arguments.of(
            "activation_behind",
            "layer 'fc1': the recording has one more activation behind this layer: silu"),
        Arguments.of(
            "activation_elu",
            "layer 'relu1': another activation: the recording has elu, the network relu"),
        Arguments.of(
            "activation_hard_sigmoid",
            "layer 'relu1': another activation: the recording has hardSigmoid, the network relu"),
        Arguments.of(
            "activation_hard_swish",
            "layer 'relu1': another activation: the recording has hardSwish, the network relu"),
        Arguments.of(
            "activation_hard_tanh",
            "layer 'relu1': another activation: the recording has hardTanh, the network relu"),
        Arguments.of(
            "activation_keras_hard_sigmoid",
            "layer 'relu1': another activation: the recording has hard sigmoid, clip(0.2 "
                + "x + 0.5, 0, 1), the network relu"),
        Arguments.of(
            "activation_leaky_slope",
            "layer 'relu1': another activation: the recording has leakyRelu of slope "
                + "0.3, the network relu"),
        Arguments.of(
            "activation_log_sigmoid",
            "layer 'relu1': another activation: the recording has logSigmoid, the network relu"),
        Arguments.of(
            "activation_mish",
            "layer 'relu1': another activation: the recording has mish, the network relu"),
        Arguments.of(
            "activation_odd_slope",
            "layer 'relu1': another activation: the recording has leakyRelu of slope "
                + "0.229167, the network relu"),
        Arguments.of(
            "activation_quick_gelu",
            "layer 'relu1': another activation: the recording has quickGelu, the network relu"),
        Arguments.of(
            "activation_relu6",
            "layer 'relu1': another activation: the recording has relu6, the network " + "relu"),
        Arguments.of(
            "activation_selu",
            "layer 'relu1': another activation: the recording has selu, the network relu"),
        Arguments.of(
            "activation_silu",
            "layer 'relu1': another activation: the recording has silu, the network relu"),
        Arguments.of(
            "activation_softplus",
            "layer 'relu1': another activation: the recording has softplus, the network " + "relu"),
        Arguments.of(
            "activation_softsign",
            "layer 'relu1': another activation: the recording has softsign, the network " + "relu"),
        Arguments.of(
            "elu_slope",
            "layer 'elu1': another slope: the recording has elu of slope 0.5, the "
                + "network of 1"),
        Arguments.of("no_addition", "layer 'block1': the recording does not add the input"),
        Arguments.of(
            "second_keep",
            "layer 'drop2': another probability: the recording keeps with 0.5, the "
                + "network with 0.8"),
        Arguments.of(
            "slope",
            "layer 'relu1': another slope: the recording has leakyRelu of slope 0.3, the "
                + "network of 0.01"),
        Arguments.of(
            "softplus_threshold",
            "layer 'softplus1': another activation: the recording has softplus, linear "
                + "above 20, the network softplus"));
  }

  private static Stream<Arguments> normalizations() {
    return Stream.of(
        Arguments.of(
            "epsilon_of_bert",
            "layer 'norm1': another epsilon: the recording has 1.0E-12, the network " + "1.0E-5"),
        Arguments.of(
            "epsilon_of_nobody",
            "layer 'norm1': another epsilon: the recording has 3.7E-4, the network " + "1.0E-5"),
        Arguments.of(
            "exchanged_beta_runningMean",
            "layer 'norm1': 'norm1/beta' and 'norm1/runningMean' are exchanged"),
        Arguments.of(
            "exchanged_gamma_beta", "layer 'norm1': 'norm1/gamma' and 'norm1/beta' are exchanged"),
        Arguments.of(
            "exchanged_gamma_runningVariance",
            "layer 'norm1': 'norm1/gamma' and 'norm1/runningVariance' are exchanged"),
        Arguments.of(
            "exchanged_runningMean_runningVariance",
            "layer 'norm1': 'norm1/runningMean' and 'norm1/runningVariance' are " + "exchanged"),
        Arguments.of(
            "never_loaded_beta", "layer 'norm1': never loaded: the recording has beta all 0"),
        Arguments.of(
            "never_loaded_gamma", "layer 'norm1': never loaded: the recording has gamma all 1"),
        Arguments.of(
            "never_loaded_norm",
            "layer 'norm1': never loaded: the recording has gamma all 1, beta all 0, "
                + "runningMean all 0, runningVariance all 1"),
        Arguments.of(
            "never_loaded_statistics",
            "layer 'norm1': never loaded: the recording has runningMean all 0, "
                + "runningVariance all 1"));
  }

  private static Stream<Arguments> parameters() {
    return Stream.of(
        Arguments.of(
            "all_classes",
            "layer 'fc2': the classes of the output are in the order (2, 0, 5, 1, 3, 4)"),
        Arguments.of("bias_subtracted", "layer 'fc2': the recording subtracts b"),
        Arguments.of("bias_twice", "layer 'fc2': the recording adds b twice"),
        Arguments.of("exchanged_biases", "layer 'fc1': 'fc1/b' and 'fc2/b' are exchanged"),
        Arguments.of("exchanged_layers", "layer 'fc1': 'fc1/W' and 'fc2/W' are exchanged"),
        Arguments.of("hidden_units", "layer 'fc1': the units of the output are in reverse order"),
        Arguments.of("two_classes", "layer 'fc2': classes 0 and 3 of the output are exchanged"),
        Arguments.of(
            "weights_bfloat16",
            "layer 'fc1': the recording has the weights rounded to bfloat16: load the "
                + "same into Java"),
        Arguments.of(
            "weights_float16",
            "layer 'fc1': the recording has the weights rounded to float16: load the "
                + "same into Java"),
        Arguments.of(
            "weights_float32",
            "layer 'fc1': the recording has the weights rounded to float32: load the "
                + "same into Java"));
  }

  private static Stream<Arguments> inputs() {
    return Stream.of(
        Arguments.of(
            "features_exchanged", "layer 'fc1': features 2 and 7 of the input are exchanged"),
        Arguments.of(
            "features_permuted",
            "layer 'fc1': the features of the input are in the order (4, 0, 3, 5, 2, 1)"),
        Arguments.of(
            "features_reversed", "layer 'fc1': the features of the input are in reverse order"),
        Arguments.of(
            "flattened_last",
            "layer 'flatten1': the recording has the axes in another order before it "
                + "reshapes: x.transpose(0, 2, 3, 1)"),
        Arguments.of(
            "inputs_bytes",
            "layer 'fc1': the inputs are scaled: the layer was given x / 255: record "
                + "that as x"),
        Arguments.of(
            "inputs_gbr", "layer 'conv1': the channels of the input are in the order (1, 2, 0)"),
        Arguments.of(
            "inputs_imagenet",
            "layer 'conv1': the inputs are scaled: the layer was given (x - (0.485, "
                + "0.456, 0.406)) / (0.229, 0.224, 0.225): record that as x"),
        Arguments.of(
            "inputs_mnist",
            "layer 'fc1': the inputs are scaled: the layer was given (x / 255 - 0.1307) "
                + "/ 0.3081: record that as x"),
        Arguments.of(
            "inputs_odd",
            "layer 'fc1': the inputs are scaled: the layer was given (x - 0.123457) / "
                + "0.987654: record that as x"),
        Arguments.of(
            "inputs_standardized",
            "layer 'fc1': the inputs are scaled: the layer was given (x - mean) / "
                + "deviation of each feature: record that as x"),
        Arguments.of(
            "inputs_symmetric",
            "layer 'fc1': the inputs are scaled: the layer was given x / 127.5 - 1: "
                + "record that as x"));
  }

  private static Stream<Arguments> windows() {
    return Stream.of(
        Arguments.of(
            "average_for_max",
            "layer 'pool1': another pool: the recording has averagePool2d, the network "
                + "maxPool2d"),
        Arguments.of(
            "average_of_padded",
            "layer 'pool1': another padding: the recording pads 1x1 without counting it, "
                + "the network pads 0x0"),
        Arguments.of(
            "ceil_mode",
            "layer 'pool1': another padding: the recording pads as 'same' in Keras or "
                + "ceil_mode in PyTorch, the network pads 0x0"),
        Arguments.of(
            "channels_last",
            "layer 'conv1': the recorded output has its axes in another order: "
                + "transpose(0, 3, 1, 2) gives the network's"),
        Arguments.of(
            "padding",
            "layer 'conv1': another padding: the recording pads 0x0, the network pads " + "1x1"),
        Arguments.of(
            "padding_same",
            "layer 'conv1': another padding: the recording pads as 'same' in Keras, the "
                + "network pads 1x1"),
        Arguments.of(
            "stride",
            "layer 'conv1': another stride: the recording strides 2x2, the network "
                + "strides 1x1"),
        Arguments.of(
            "stride_and_padding",
            "layer 'conv1': another stride and padding: the recording strides 2x2 and "
                + "pads 1x1, the network strides 1x1 and pads 0x0"));
  }

  private static Stream<Arguments> single() {
    return Stream.of(
        Arguments.of(
            "single_activation",
            "layer 'relu1': another activation: the recording has silu, the network relu"),
        Arguments.of(
            "single_epsilon",
            "layer 'norm1': another epsilon: the recording has 0.001, the network 1.0E-5"),
        Arguments.of("single_one_weight", ""),
        Arguments.of("single_other_bias", ""),
        Arguments.of("single_other_inputs", ""),
        Arguments.of("single_other_weights", ""),
        Arguments.of(
            "single_slope",
            "layer 'relu1': another slope: the recording has leakyRelu of slope 0.3, the "
                + "network of 0.01"));
  }

  private static Stream<Arguments> scores() {
    return Stream.of(
        Arguments.of(
            "scores_epsilon",
            "layer 'norm1': another epsilon: the recording has 0.001, the network 1.0E-5"),
        Arguments.of(
            "scores_slope",
            "layer 'relu1': another slope: the recording has leakyRelu of slope 0.3, the "
                + "network of 0.01"),
        Arguments.of(
            "scores_transposed",
            "layer 'fc1': the weights are transposed: W.T gives what was recorded"));
  }

  /** One mistake in one branch of a graph; backward alone, nothing is said of the cause. */
  private static Stream<Arguments> branches() {
    return Stream.of(
        Arguments.of(
            "graph_add_for_multiply",
            "layer 'product': another operation: the recording has add, the network multiply"),
        Arguments.of(
            "graph_branch_activation",
            "layer 'relu1': another activation: the recording has tanh, the network relu"),
        Arguments.of(
            "graph_branch_kernel",
            "layer 'mixed/3x3': the kernels are flipped: the recording convolves, it does not"
                + " correlate"),
        Arguments.of(
            "graph_branch_slope",
            "layer 'mixed/5x5relu': another slope: the recording has leakyRelu of slope 0.3, the"
                + " network of 0.01"),
        Arguments.of(
            "graph_concat_order",
            "layer 'mixed': the inputs are in another order: the recording takes (mixed/3x3,"
                + " mixed/1x1, mixed/5x5, mixed/up)"),
        Arguments.of(
            "graph_inputs_exchanged",
            "layer 'user/fc1': another input: the recording takes 'item', the network 'user'"),
        Arguments.of("graph_lost_gradient", ""),
        Arguments.of("graph_multiply_gradient", ""),
        Arguments.of(
            "graph_no_shortcut",
            "layer 'sum': the recording does not add what layer 'shortNorm' gives"),
        Arguments.of(
            "graph_shortcut_epsilon",
            "layer 'shortNorm': another epsilon: the recording has 0.001, the network 1.0E-5"),
        Arguments.of(
            "graph_shortcut_input",
            "layer 'short': another input: the recording takes 'stem', the network 'relu0'"),
        Arguments.of(
            "graph_subtract_for_add",
            "layer 'sum': another operation: the recording has subtract, the network add"),
        Arguments.of(
            "graph_tower_transposed",
            "layer 'user/fc1': the weights are transposed: W.T gives what was recorded"),
        Arguments.of(
            "graph_towers_exchanged",
            "layer 'user/fc1': 'user/fc1/W' and 'item/fc1/W' are exchanged"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"graph_lost_gradient, sum", "graph_multiply_gradient, product"})
  void mistakeOfGradientsAlone_isFoundFromTheEnd(String name, String layer) throws IOException {
    CaseReport report = CaseRunner.run(CaseFile.read(FAULTS.resolve(name)));
    assertEquals(Optional.empty(), report.firstDivergingLayer());
    assertEquals(Optional.of(layer), report.firstDivergingBackward());
  }
}
