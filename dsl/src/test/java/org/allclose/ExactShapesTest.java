package org.allclose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.atomic.AtomicReference;
import org.allclose.init.Gaussian;
import org.allclose.layer.Node;
import org.allclose.loss.Targets;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Sizes are computed exactly or refused, and chains of many layers are built and run. */
class ExactShapesTest {
  private static final int MOST = Integer.MAX_VALUE;

  @Test
  void padding_thatOverflows_isRefused() {
    assertMessage(
        "layer 1 'c': expected a padded input of at most 2147483647 rows or columns but got"
            + " 4294967302",
        () -> Network.input(3, 8, 8).conv2d("c", 4, c -> c.padding(MOST)));
    assertMessage(
        "layer 1 'c': padded input: shape (1, 60001, 60001): expected at most 2147483647 elements"
            + " but got 3600120001",
        () -> Network.input(1, 1, 1).conv2d("c", 4, c -> c.kernel(60001).padding(30000)));
    assertMessage(
        "layer 1 'c': padded input: shape (3, 60008, 60008): expected at most 2147483647 elements"
            + " but got 10802880192",
        () -> Network.input(3, 8, 8).conv2d("c", 1, c -> c.padding(30000)));
  }

  @Test
  void window_largerThanTheInput_isRefused() {
    assertMessage(
        "layer 1 'c': expected a window of at most 8x8, the padded input, but got"
            + " 2147483647x2147483647",
        () -> Network.input(3, 8, 8).conv2d("c", 4, c -> c.kernel(MOST)));
    assertMessage(
        "layer 1 'p': expected a window of at most 8x8, the padded input, but got"
            + " 2147483647x2147483647",
        () -> Network.input(3, 8, 8).maxPool2d("p", MOST));
  }

  @Test
  void parametersThatFitNoArray_areRefused() {
    assertMessage(
        "layer 1 'd': shape (64, 2147483647): expected at most 2147483647 elements but got"
            + " 137438953408",
        () -> Network.input(64).dense("d", MOST));
    assertMessage(
        "layer 1 'c': shape (2147483647, 8, 8): expected at most 2147483647 elements but got"
            + " 137438953408",
        () -> Network.input(1, 8, 8).conv2d("c", MOST, c -> c.kernel(1)));
    assertMessage(
        "shape (65536, 65536, 65536, 65536): expected at most 2147483647 elements but got"
            + " 18446744073709551616",
        () -> Network.input(65536, 65536, 65536, 65536));
    assertMessage(
        "layer 1: shape (65536, 65536): expected at most 2147483647 elements but got 4294967296",
        () -> Network.input(4).reshape(65536, 65536));
  }

  @Test
  void batchThatFitsNoArray_isRefused_withTheLayer() {
    Network network =
        Network.input(2)
            .relu("r")
            .dense("wide", 1000)
            .build()
            .initialize(NumpyRandomState.seed(1), Gaussian.std(1));
    assertMessage(
        "layer 2 'wide': shape (10000000, 1000): expected at most 2147483647 elements but got"
            + " 10000000000",
        () -> network.execution(10_000_000));
    Network windows =
        Network.input(1, 3001, 3001)
            .conv2d("c", 2, c -> c.kernel(3000))
            .build()
            .bind(
                Parameters.wrap(
                    java.util.Map.of(
                        "c/W", Tensor.zeros(2, 1, 3000, 3000), "c/b", Tensor.zeros(2))));
    assertMessage(
        "layer 1 'c': unfolded images: expected at most 2147483647 elements but got 9000001 x 264",
        () -> windows.execution(1));
  }

  @Test
  void stride_ofAnySize_takesTheFirstWindow() {
    for (int stride : new int[] {5, MOST}) {
      Network network =
          Network.input(1, 2, 2)
              .conv2d("c", 2, c -> c.kernel(2).padding(1).stride(stride).bias(false))
              .build()
              .bind(
                  Parameters.of(
                      java.util.Map.of(
                          "c/W", Tensor.of(Shape.of(2, 1, 2, 2), 1, 2, 3, 4, 5, 6, 7, 8))));
      Tensor x = Tensor.of(Shape.of(1, 1, 2, 2), 1, 10, 100, 1000);
      // The only window has its last place on the first element.
      assertEquals(Tensor.of(Shape.of(1, 2, 1, 1), 4, 8), network.predict(x));
    }
  }

  @Test
  void chainOfManyLayers_isBuiltAndRun_onASmallStack() throws InterruptedException {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread thread = new Thread(null, ExactShapesTest::runManyLayers, "small stack", 256 * 1024);
    thread.setUncaughtExceptionHandler((t, e) -> failure.set(e));
    thread.start();
    thread.join();
    if (failure.get() != null) {
      throw new AssertionError(failure.get());
    }
  }

  private static void runManyLayers() {
    int count = 10_000;
    NetworkBuilder builder = Network.input(2).dense("first", 2, d -> d.bias(false));
    for (int i = 0; i < count; i++) {
      builder = builder.relu().dense(2);
    }
    NetworkSpec spec = builder.softmaxLoss().build();
    Node last = spec.layers().get(2 * count);
    assertEquals("dense" + (count + 1), last.name());
    assertEquals(spec.summary().lines().count(), 2 * count + 1 + 3 + 2, "a line for each layer");
    Network network = spec.initialize(NumpyRandomState.seed(1), Gaussian.std(1e-3));
    Tensor x = Tensor.matrix(new double[] {1, 2});
    assertEquals(network.predict(x), network.evaluate(x, Targets.labels(1)).scores());
    assertEquals(spec, spec.bind(network.parameters()).spec());
  }

  @Test
  void names_areThoseOfASingleBuilder_whereverChainsPart() {
    NetworkBuilder trunk = Network.input(2).relu().relu();
    NetworkBuilder one = trunk.relu();
    NetworkBuilder two = trunk.tanh().relu("relu4").relu();
    NetworkBuilder three = one.relu().relu();
    assertEquals(
        "input(2,) -> relu1:relu -> relu2:relu -> tanh1:tanh -> relu4:relu -> relu5:relu",
        two.relu("x").build().toString().replace(" -> x:relu", ""));
    assertEquals(
        "input(2,) -> relu1:relu -> relu2:relu -> relu3:relu -> relu4:relu -> relu5:relu",
        three.build().toString());
    assertEquals("input(2,) -> relu1:relu -> relu2:relu", trunk.build().toString());
    // A layer that is refused has taken no name.
    assertThrows(
        IllegalArgumentException.class,
        () -> trunk.layer(new org.allclose.layer.norm.GroupNorm(3)));
    assertThrows(IllegalArgumentException.class, () -> trunk.relu("relu1"));
    assertEquals("relu3", trunk.relu().build().layers().get(2).name());
  }

  private static void assertMessage(String message, Executable action) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, action).getMessage());
  }
}
