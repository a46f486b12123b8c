package org.allclose;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.management.ManagementFactory;
import java.util.stream.Stream;
import org.allclose.init.Gaussian;
import org.allclose.kernel.Elementwise;
import org.allclose.loss.Targets;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Prediction into a caller's buffer and a step of training leave nothing to collect.
 *
 * <p>Skipped where the Vector API runs: its vectors are objects until all code around them is
 * compiled, which may take minutes. There the benchmarks' allocation profile tells.
 */
class AllocationTest {
  private static final long MOST_BYTES = 1024;
  private static final int RUNS = 20;

  /** How often a run is measured at most: the first ones load classes. */
  private static final int MOST_ROUNDS = 50;

  /** A network and the number of samples in its batches. */
  record Subject(String name, Network network, int batch) {
    Tensor x() {
      return NumpyRandomState.seed(1).randn(network.spec().input().prepend(batch).toArray());
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Subject> subjects() {
    NumpyRandomState random = NumpyRandomState.seed(231);
    NetworkSpec dense =
        Network.input(64).dense(100).relu().dense(10).softmaxLoss().l2(1e-3).build();
    Network network = dense.initialize(random, Gaussian.std(1e-2));
    Network convnet =
        Network.input(3, 16, 16)
            .conv2d("conv1", 8, c -> c.kernel(3).padding(1))
            .relu()
            .maxPool2d(2)
            .conv2d("conv2", 5, c -> c.kernel(3))
            .relu()
            .maxPool2d(3)
            .conv2d("conv3", 4, c -> c.kernel(1))
            .averagePool2d(2)
            .dense(4)
            .softmaxLoss()
            .build()
            .initialize(random, Gaussian.std(0.1));
    return Stream.of(
        new Subject("dense, one sample", network, 1),
        new Subject("dense, 33 samples", network, 33),
        new Subject("dense, 512 samples, 2 threads", network.withThreads(2), 512),
        new Subject("convolutions, 1 sample, 1 thread", convnet.withThreads(1), 1),
        new Subject("convolutions, 4 samples, 2 threads", convnet.withThreads(2), 4));
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void predict_intoABuffer_allocatesNothing(Subject subject) {
    Tensor x = subject.x();
    Network network = subject.network;
    Tensor scores = Tensor.zeros(network.spec().output().prepend(subject.batch));
    assertAllocatesNothing(() -> network.predict(x, scores));
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void trainingStep_allocatesNothing(Subject subject) {
    Tensor x = subject.x();
    Targets labels = Targets.labels(new int[subject.batch]);
    Execution execution = subject.network.execution(subject.batch);
    assertAllocatesNothing(() -> step(execution, x, labels));
  }

  @Test
  void counter_countsAnArray() {
    double[][] kept = new double[1][];
    long bytes = allocated(() -> kept[0] = new double[1000]);
    assertTrue(bytes >= 8000, "expected at least 8000 bytes but got " + bytes);
  }

  private static void step(Execution execution, Tensor x, Targets labels) {
    execution.forward(x);
    execution.loss(labels);
    execution.backwardParameters();
    Parameters parameters = execution.parameters();
    Parameters gradients = execution.gradients();
    for (String name : parameters.names()) {
      Tensor value = parameters.get(name);
      Elementwise.subtractScaled(value.unwrap(), 1e-3, gradients.get(name).unwrap(), value.size());
    }
  }

  private static void assertAllocatesNothing(Runnable task) {
    assumeFalse(
        ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent(),
        "skipped: vectors are objects until they are compiled");
    long least = Long.MAX_VALUE;
    for (int round = 0; round < MOST_ROUNDS && least >= MOST_BYTES; round++) {
      least = Math.min(least, allocated(task));
    }
    assertTrue(
        least < MOST_BYTES, "expected less than " + MOST_BYTES + " bytes a run but got " + least);
  }

  /** Returns how many bytes this thread allocates in a run, on average. */
  private static long allocated(Runnable task) {
    assumeTrue(
        ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean,
        "this JVM does not count allocated bytes");
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(id);
    for (int run = 0; run < RUNS; run++) {
      task.run();
    }
    return (threads.getThreadAllocatedBytes(id) - before) / RUNS;
  }
}
