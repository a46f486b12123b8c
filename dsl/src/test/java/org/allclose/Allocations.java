package org.allclose;

import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import org.allclose.init.Gaussian;
import org.allclose.internal.kernel.elementwise.Elementwise;
import org.allclose.layer.Mode;
import org.allclose.loss.BinaryCrossEntropy;
import org.allclose.loss.HingeLoss;
import org.allclose.loss.Loss;
import org.allclose.loss.MeanSquaredError;
import org.allclose.loss.SoftmaxLoss;
import org.allclose.loss.Targets;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Tensor;
import org.allclose.train.Clipping;
import org.allclose.train.OptimizerState;
import org.allclose.train.optimizer.Optimizer;
import org.allclose.type.Types;

/**
 * A program that counts the bytes that predictions and training steps allocate, and prints a line
 * for each: bytes and what was run.
 */
final class Allocations {
  /**
   * Fewer bytes than this in a run are none: objects of a call, such as iterators, but no array.
   */
  static final long MOST_BYTES = 256;

  private static final int RUNS = 20;

  /** How often a run is measured: the first ones load classes. */
  private static final int ROUNDS = 4;

  /** How often it is measured if it still allocates. */
  private static final int MOST_ROUNDS = 50;

  private Allocations() {}

  public static void main(String[] arguments) {
    double[][] kept = new double[1][];
    print("an array of 8000 bytes", allocated(() -> kept[0] = new double[1000]));
    networks().forEach(Allocations::predict);
    networks().forEach(Allocations::train);
    EveryLayer.networks().forEach(Allocations::forward);
    EveryLayer.networks().forEach((name, network) -> backward(name, network));
    losses();
    Types.of(Optimizer.class).all().forEach(type -> optimizer(type.samples().get(0).value()));
  }

  private static Map<String, Network> networks() {
    NumpyRandomState random = NumpyRandomState.seed(231);
    Network dense =
        Network.input(64)
            .dense(100)
            .relu()
            .dense(10)
            .softmaxLoss()
            .l2(1e-3)
            .build()
            .initialize(random, Gaussian.std(1e-2));
    Network convolutions =
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
    Map<String, Network> networks = new LinkedHashMap<>();
    networks.put("dense", dense.withThreads(1));
    networks.put("dense, 2 threads", dense.withThreads(2));
    networks.put("convolutions", convolutions.withThreads(1));
    networks.put("convolutions, 2 threads", convolutions.withThreads(2));
    return networks;
  }

  private static void predict(String name, Network network) {
    for (int batch : new int[] {1, 33}) {
      Tensor x = x(network, batch);
      Tensor scores = Tensor.zeros(network.spec().output().prepend(batch));
      measure("predict " + batch + ": " + name, () -> network.predict(x, scores));
    }
  }

  private static void train(String name, Network network) {
    for (int batch : new int[] {1, 33, 256}) {
      Tensor x = x(network, batch);
      Targets labels = Targets.labels(new int[batch]);
      Execution execution = network.execution(batch);
      measure("train " + batch + ": " + name, () -> step(execution, x, labels));
    }
  }

  private static void forward(String name, Network network) {
    Map<String, Tensor> inputs = EveryLayer.inputs(network, 33);
    Execution execution = network.withMode(Mode.INFERENCE).execution(33);
    measure("forward: " + name, () -> execution.forward(inputs));
  }

  private static void backward(String name, Network network) {
    Map<String, Tensor> inputs = EveryLayer.inputs(network, 33);
    Map<String, Tensor> upstream = EveryLayer.upstream(network, 33);
    Execution execution = network.execution(33);
    measure(
        "backward: " + name,
        () -> {
          execution.forward(inputs);
          execution.backward(upstream);
        });
  }

  private static void losses() {
    Targets labels = Targets.labels(new int[33]);
    Targets values = Targets.values(Tensor.zeros(33, 200));
    for (Loss loss : new Loss[] {new SoftmaxLoss(), new HingeLoss()}) {
      loss(loss, labels, "labels");
    }
    for (Loss loss :
        new Loss[] {new SoftmaxLoss(), new MeanSquaredError(), new BinaryCrossEntropy()}) {
      loss(loss, values, "values");
    }
  }

  private static void loss(Loss loss, Targets targets, String kind) {
    NetworkSpec spec = Network.input(64).dense(200).loss(loss).build();
    Network network = spec.initialize(NumpyRandomState.seed(231), Gaussian.std(1e-2));
    Tensor x = x(network, 33);
    Execution execution = network.execution(33);
    measure("loss " + loss + " of " + kind, () -> step(execution, x, targets));
  }

  /** With so many parameters that an object for each of them would show. */
  private static void optimizer(Optimizer rule) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < 20; i++) {
      tensors.put("w" + i, NumpyRandomState.seed(i).randn(10, 10));
    }
    Parameters parameters = Parameters.of(tensors);
    Parameters gradients = Parameters.of(tensors);
    OptimizerState state = new OptimizerState(rule, parameters, parameters.names());
    Clipping clipping = new Clipping(0.5, 1);
    measure(
        "optimizer " + rule,
        () -> {
          clipping.apply(gradients);
          state.step(gradients, 1e-3);
        });
  }

  private static Tensor x(Network network, int batch) {
    return NumpyRandomState.seed(1).randn(network.spec().input().prepend(batch).toArray());
  }

  private static void step(Execution execution, Tensor x, Targets targets) {
    execution.forward(x);
    execution.loss(targets);
    execution.backwardParameters();
    Parameters parameters = execution.parameters();
    Parameters gradients = execution.gradients();
    for (String name : parameters.names()) {
      Tensor value = parameters.get(name);
      Elementwise.subtractScaled(value.unwrap(), 1e-3, gradients.get(name).unwrap(), value.size());
    }
  }

  private static void measure(String name, Runnable task) {
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS || (round < MOST_ROUNDS && least >= MOST_BYTES); round++) {
      least = Math.min(least, allocated(task));
    }
    print(name, least);
  }

  private static void print(String name, long bytes) {
    System.out.println(bytes + " " + name);
  }

  /** Returns how many bytes this thread allocates in a run, on average. */
  private static long allocated(Runnable task) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(id);
    for (int run = 0; run < RUNS; run++) {
      task.run();
    }
    return (threads.getThreadAllocatedBytes(id) - before) / RUNS;
  }
}
