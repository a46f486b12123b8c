package org.allclose.internal.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearMissTest {
  private static final List<String> LAYERS =
      List.of(
          "dense",
          "conv2d",
          "maxPool2d",
          "averagePool2d",
          "batchNorm",
          "layerNorm",
          "groupNorm",
          "dropout",
          "flatten",
          "reshape",
          "residual",
          "relu",
          "leakyRelu",
          "elu",
          "sigmoid",
          "tanh",
          "softplus",
          "gelu",
          "geluTanh",
          "softmax");

  @ParameterizedTest
  @CsvSource({
    "ReLU,relu",
    "Linear,dense",
    "Dense,dense",
    "denes,dense",
    "Conv2d,conv2d",
    "conv,conv2d",
    "BatchNorm2d,batchNorm",
    "BatchNormalization,batchNorm",
    "batch_norm,batchNorm",
    "MaxPooling2D,maxPool2d",
    "AvgPool2d,averagePool2d",
    "LeakyReLU,leakyRelu",
    "gelu_tanh,geluTanh",
    "sigmod,sigmoid",
    "Flaten,flatten",
    "soft-max,softmax"
  })
  void layers_areFound(String got, String meant) {
    assertEquals("; did you mean '" + meant + "'?", NearMiss.hint(got, LAYERS));
  }

  @ParameterizedTest
  @CsvSource({"LSTM", "attention", "x", "''", "'?!'", "embedding"})
  void whatIsNothingAlike_isNotGuessed(String got) {
    assertEquals("", NearMiss.hint(got, LAYERS));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rate | name, keep | ; did you mean 'keep'?; dropout keeps: keep = 1 - rate",
        "p | name, keep | ; did you mean 'keep'?; dropout keeps: keep = 1 - p",
        "Keep | name, keep | ; did you mean 'keep'?",
        "lr | rate, decay | ; did you mean 'rate'?",
        "weight_decay | epsilon, decay | ; did you mean 'decay'?",
        "weight_decay | input, l2 | ; did you mean 'l2'?",
        "out_features | units, bias | ; did you mean 'units'?",
        "kernel_size | size, stride | ; did you mean 'size'?",
        "kernel_size | kernel, stride | ; did you mean 'kernel'?",
      })
  void keys_areFoundAmongThoseThatAreThere(String got, String names, String hint) {
    assertEquals(hint, NearMiss.hint(got, List.of(names.split(", ", -1))));
  }
}
