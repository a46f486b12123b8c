package org.allclose.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.Parameters;
import org.allclose.RoundingNoise;
import org.allclose.TestData;
import org.allclose.TestPython;
import org.allclose.WeightSource;
import org.allclose.layer.combine.Concat;
import org.allclose.layer.sequence.MultiHeadAttention;
import org.allclose.layer.sequence.Rnn;
import org.allclose.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Weights of recurrent layers, attention and weight norm as PyTorch and Keras keep them, bound to
 * networks built by hand. {@code record_layouts.py} wrote {@code sequence.npz}, and what the
 * modules gave; here it comes out to a few rounding errors.
 */
class SequenceLayoutTest {

  /** How many rounding errors of an element another order of operations may make. */
  private static final double ROUNDINGS = 16;

  private static final String RECORDER = "record_layouts.py";

  /** The modules of the recorder's class, by the same names. */
  private static final NetworkSpec TORCH =
      Network.input(5, 6)
          .rnn("rnn", 4, r -> r.activation(Rnn.Activation.RELU).recurrentBias(true))
          .lstm("lstm", 3, r -> r.recurrentBias(true))
          .from("rnn")
          .lstm("lstm/l0_reverse", 3, r -> r.recurrentBias(true).reverse(true))
          .layer("lstm/both0", new Concat(1), "lstm", "lstm/l0_reverse")
          .lstm("lstm/l1", 3, r -> r.recurrentBias(true))
          .from("lstm/both0")
          .lstm("lstm/l1_reverse", 3, r -> r.recurrentBias(true).reverse(true))
          .layer("lstm/both1", new Concat(1), "lstm/l1", "lstm/l1_reverse")
          .gru("gru", 4, r -> r.recurrentBias(true))
          .layer("attn", new MultiHeadAttention(2), "gru")
          .layer("cross", new MultiHeadAttention(2), "attn", "lstm/both1", "lstm/both1")
          .dense("fc", 3, d -> d.last(true).weightNorm(true))
          .conv1d("conv", 2, c -> c.kernel(2).weightNorm(true))
          .convTranspose1d("up", 3, c -> c.kernel(2).weightNorm(true))
          .build();

  private static final NetworkSpec KERAS =
      Network.input(5, 6)
          .rnn("rnn", 4, r -> r.activation(Rnn.Activation.RELU))
          .lstm("both/forward_lstm", 3)
          .from("rnn")
          .lstm("both/backward_lstm", 3, r -> r.reverse(true))
          .layer("both", new Concat(1), "both/forward_lstm", "both/backward_lstm")
          .gru("gru", 8, r -> r.recurrentBias(true))
          .layer("attn", new MultiHeadAttention(2), "gru")
          .dense("fc", 3, d -> d.last(true))
          .build();

  @Test
  void stateDictOfSequences_givesWhatTheModulesGave() throws IOException {
    assertSame(WeightLayout.PYTORCH, TORCH, TestData.folder().resolve("torch_weights"));
  }

  @Test
  void weightsOfKerasSequences_giveWhatTheLayersGave() throws IOException {
    assertSame(WeightLayout.KERAS, KERAS, TestData.folder().resolve("keras_weights"));
  }

  @Test
  void stateDictOfSequences_writtenByPyTorchNow(@TempDir Path folder) throws Exception {
    TestPython.with("torch").succeed(folder, RECORDER, "torch", folder.toString());
    assertSame(WeightLayout.PYTORCH, TORCH, folder);
  }

  @Test
  void weightsOfKerasSequences_writtenByKerasNow(@TempDir Path folder) throws Exception {
    TestPython.with("keras").succeed(folder, RECORDER, "keras", folder.toString());
    assertSame(WeightLayout.KERAS, KERAS, folder);
  }

  private static void assertSame(WeightLayout layout, NetworkSpec spec, Path folder)
      throws IOException {
    WeightSource weights = WeightFiles.open(folder.resolve("sequence.npz"));
    WeightSource run = WeightFiles.open(folder.resolve("sequence_run.npz"));
    Network network = spec.bind(layout.adapt(weights, spec));
    Tensor theirs = run.get("y");
    Tensor ours = network.predict(run.get("x"));
    String last = spec.outputs().get(0);
    double[] noise = RoundingNoise.ofOutputs(network, run.get("x")).output(last).unwrap();
    assertEquals(theirs.shape(), ours.shape());
    for (int i = 0; i < noise.length; i++) {
      double distance = Math.abs(ours.unwrap()[i] - theirs.unwrap()[i]);
      assertTrue(distance <= ROUNDINGS * 0x1p-53 * noise[i], i + ": " + distance);
    }
  }

  @Test
  void biasesThatALayerDoesNotHave_areNotAddedUp() throws IOException {
    NetworkSpec spec = Network.input(2, 1).lstm("lstm", 1).build();
    Map<String, Tensor> state = new LinkedHashMap<>();
    state.put("lstm.weight_ih_l0", Tensor.zeros(4, 1));
    state.put("lstm.weight_hh_l0", Tensor.zeros(4, 1));
    state.put("lstm.bias_ih_l0", Tensor.zeros(4));
    state.put("lstm.bias_hh_l0", Tensor.zeros(4));
    assertEquals(
        "parameters: expected parameters [lstm.weight_ih_l0, lstm.weight_hh_l0, lstm.bias_ih_l0] in"
            + " layout PYTORCH but got [lstm.weight_ih_l0, lstm.weight_hh_l0, lstm.bias_ih_l0,"
            + " lstm.bias_hh_l0]; unused [lstm.bias_hh_l0]",
        refusal(WeightLayout.PYTORCH, spec, state));
    NetworkSpec two = Network.input(2, 1).lstm("lstm", 1, r -> r.recurrentBias(true)).build();
    assertEquals(
        "layer 'lstm': expected a type of layer whose parameters layout KERAS knows but got 'lstm'"
            + " with 'bh'",
        refusal(WeightLayout.KERAS, two, state));
  }

  private static String refusal(WeightLayout layout, NetworkSpec spec, Map<String, Tensor> arrays) {
    return assertThrows(
            IllegalArgumentException.class, () -> layout.adapt(Parameters.of(arrays), spec))
        .getMessage();
  }
}
