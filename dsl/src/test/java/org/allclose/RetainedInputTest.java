package org.allclose;

import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.allclose.init.Gaussian;
import org.allclose.layer.Mode;
import org.allclose.loss.BinaryCrossEntropy;
import org.allclose.loss.HingeLoss;
import org.allclose.loss.Loss;
import org.allclose.loss.MeanSquaredError;
import org.allclose.loss.SoftmaxLoss;
import org.allclose.loss.Targets;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing that a caller gave a network can be reached from it when the call has returned. */
class RetainedInputTest {
  private static final int BATCH = 6;

  static Stream<Arguments> networks() {
    return EveryLayer.networks().entrySet().stream()
        .map(network -> Arguments.of(network.getKey(), network.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void network_letsGoOfItsBatch(String name, Network network) {
    Network shared = network.withThreads(2);
    assertLetsGo(shared, predict(shared));
    assertLetsGo(shared, backward(shared));
    Network inference = shared.withMode(Mode.INFERENCE);
    assertLetsGo(inference, backward(inference));
  }

  static Stream<Arguments> losses() {
    Tensor values = Tensor.zeros(BATCH, 5);
    Targets labels = Targets.labels(new int[BATCH]);
    return Stream.of(
        Arguments.of(new SoftmaxLoss(), labels),
        Arguments.of(new SoftmaxLoss(), Targets.values(values)),
        Arguments.of(new HingeLoss(), labels),
        Arguments.of(new MeanSquaredError(), Targets.values(values)),
        Arguments.of(new BinaryCrossEntropy(), Targets.values(values)));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void evaluation_letsGoOfItsBatch(Loss loss, Targets targets) {
    Network network =
        Network.input(12)
            .dense(5)
            .loss(loss)
            .build()
            .initialize(NumpyRandomState.seed(1), Gaussian.std(0.1));
    assertLetsGo(network, List.of(evaluate(network, targets)));
  }

  // The tensors live in frames of their own, which are gone when the collector looks.

  private static List<WeakReference<double[]>> predict(Network network) {
    Map<String, Tensor> inputs = EveryLayer.inputs(network, BATCH);
    network.predict(inputs);
    return references(inputs);
  }

  private static List<WeakReference<double[]>> backward(Network network) {
    Map<String, Tensor> inputs = EveryLayer.inputs(network, BATCH);
    Map<String, Tensor> upstream = EveryLayer.upstream(network, BATCH);
    network.backward(inputs, upstream);
    List<WeakReference<double[]>> given = new ArrayList<>(references(upstream));
    given.addAll(references(inputs));
    return given;
  }

  private static List<WeakReference<double[]>> references(Map<String, Tensor> tensors) {
    return tensors.values().stream().map(x -> new WeakReference<>(x.unwrap())).toList();
  }

  private static WeakReference<double[]> evaluate(Network network, Targets targets) {
    Tensor x = Tensor.zeros(network.spec().input().prepend(BATCH));
    network.evaluate(x, targets);
    return new WeakReference<>(x.unwrap());
  }

  private static void assertLetsGo(Network network, List<WeakReference<double[]>> given) {
    try {
      for (int i = 0; i < given.size(); i++) {
        for (int round = 0; round < 50 && given.get(i).get() != null; round++) {
          System.gc();
          pause();
        }
        assertNull(given.get(i).get(), "kept: given tensor " + i);
      }
    } finally {
      Reference.reachabilityFence(network);
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(2);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
