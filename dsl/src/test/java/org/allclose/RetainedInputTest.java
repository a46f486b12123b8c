package org.allclose;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
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
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing that a caller gave a network can be reached from it when the call has returned. */
class RetainedInputTest {
  private static final int BATCH = 6;

  /** What a network may do with a batch: returns references to what it was given. */
  private interface Run extends Function<Network, List<WeakReference<double[]>>> {}

  /** All networks do one thing, and the collector looks at them together: it takes its time. */
  @TestFactory
  Stream<DynamicTest> networks_letGoOfTheirBatches() {
    Map<String, Network> networks = new LinkedHashMap<>();
    EveryLayer.networks().forEach((name, network) -> networks.put(name, network.withThreads(2)));
    Map<String, Network> inference = new LinkedHashMap<>();
    networks.forEach((name, network) -> inference.put(name, network.withMode(Mode.INFERENCE)));
    return Stream.of(
            letGo("predict", networks, RetainedInputTest::predict),
            letGo("backward", networks, RetainedInputTest::backward),
            letGo("backward in inference mode", inference, RetainedInputTest::backward))
        .flatMap(tests -> tests);
  }

  private static Stream<DynamicTest> letGo(String what, Map<String, Network> networks, Run run) {
    Map<String, List<WeakReference<double[]>>> given = new LinkedHashMap<>();
    Map<String, List<Boolean>> kept = new LinkedHashMap<>();
    try {
      networks.forEach((name, network) -> given.put(name, run.apply(network)));
      given.values().forEach(RetainedInputTest::collect);
      given.forEach((name, all) -> kept.put(name, all.stream().map(x -> x.get() != null).toList()));
    } finally {
      Reference.reachabilityFence(networks);
    }
    return kept.entrySet().stream()
        .map(
            network ->
                DynamicTest.dynamicTest(
                    what + ": " + network.getKey(),
                    () ->
                        assertFalse(
                            network.getValue().isEmpty() || network.getValue().contains(true),
                            "kept of the given tensors: " + network.getValue())));
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
      collect(given);
      for (int i = 0; i < given.size(); i++) {
        assertNull(given.get(i).get(), "kept: given tensor " + i);
      }
    } finally {
      Reference.reachabilityFence(network);
    }
  }

  /** Lets the collector look until nothing of it is there, or it has looked often enough. */
  private static void collect(List<WeakReference<double[]>> given) {
    for (WeakReference<double[]> reference : given) {
      for (int round = 0; round < 50 && reference.get() != null; round++) {
        System.gc();
        pause();
      }
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
