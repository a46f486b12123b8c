package org.allclose.benchmark;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.allclose.Execution;
import org.allclose.LayerSteps;
import org.allclose.Network;
import org.allclose.NetworkBuilder;
import org.allclose.NetworkSpec;
import org.allclose.Parameters;
import org.allclose.internal.kernel.elementwise.Elementwise;
import org.allclose.internal.kernel.math.ElementaryFunctions;
import org.allclose.internal.kernel.product.MatrixProduct;
import org.allclose.internal.kernel.reduce.Sums;
import org.allclose.layer.ParameterSpec;
import org.allclose.loss.Targets;
import org.allclose.random.NumpyGenerator;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/** One thing that is timed, under the name that numpy's side knows it by too. */
interface Workload {

  /** Does it once; returns something that depends on the result. */
  double run();

  /**
   * Returns the workload of a name: {@code product_MxKxN}, {@code product_tn_MxKxN} (the first
   * operand transposed), {@code product_nt_MxKxN} (the second), {@code exp_N}, {@code sum_N},
   * {@code rand_N}, {@code randn_N} and {@code permutation_N} of RandomState, {@code
   * generator_random_N}, {@code generator_normal_N} and {@code generator_permutation_N} of
   * default_rng, or {@code ..._BATCHxIN-HIDDEN-...-OUT_train} and {@code ..._predict}. In a
   * network, IN can be {@code CHANNELSxHEIGHTxWIDTH}; {@code cFkK} stands for F filters of K by K
   * that keep the size, then ReLU, {@code pS} for a pool of the largest of S by S, a number for
   * that many units, with ReLU before the next. A train step does not compute the input's gradient,
   * {@code _backward} does, and changes no parameter.
   */
  static Workload of(String name) {
    String[] parts = name.split("_");
    String last = parts[parts.length - 1];
    return switch (parts[0]) {
      case "product" -> product(parts.length == 3 ? parts[1] : "nn", numbers(last, "x"));
      case "exp" -> exp(Integer.parseInt(last));
      case "sum" -> sum(Integer.parseInt(last));
      case "rand", "randn", "permutation" -> legacy(parts[0], Integer.parseInt(last));
      case "generator" -> generator(parts[1], Integer.parseInt(last));
      default -> network(parts[parts.length - 2], last);
    };
  }

  private static int[] numbers(String text, String separator) {
    return Arrays.stream(text.split(separator)).mapToInt(Integer::parseInt).toArray();
  }

  private static Workload product(String form, int[] sizes) {
    int m = sizes[0];
    int k = sizes[1];
    int n = sizes[2];
    boolean tn = form.equals("tn");
    boolean nt = form.equals("nt");
    double[] a = random(0, m * k, 1);
    double[] b = random(1, k * n, 1);
    double[] c = new double[m * n];
    MatrixProduct product = MatrixProduct.builder(m, n, k).transposeA(tn).transposeB(nt).build();
    return () -> {
      product.run(a, b, c);
      return c[0];
    };
  }

  private static Workload exp(int n) {
    double[] x = random(0, n, 1);
    double[] y = new double[n];
    return () -> {
      ElementaryFunctions.exp(x, 0, y, 0, n);
      return y[0];
    };
  }

  private static Workload sum(int n) {
    double[] x = random(0, n, 1);
    return () -> Sums.of(x, 0, n);
  }

  /** New arrays, as numpy's legacy functions have no other. */
  private static Workload legacy(String method, int n) {
    NumpyRandomState random = NumpyRandomState.seed(0);
    return switch (method) {
      case "rand" -> () -> random.rand(n).unwrap()[0];
      case "randn" -> () -> random.randn(n).unwrap()[0];
      default -> () -> random.permutation(n)[0];
    };
  }

  private static Workload generator(String method, int n) {
    NumpyGenerator random = NumpyGenerator.seed(0);
    return switch (method) {
      case "random" -> () -> random.random(n).unwrap()[0];
      case "normal" -> () -> random.standardNormal(n).unwrap()[0];
      default -> () -> random.permutation(n)[0];
    };
  }

  private static Workload network(String sizes, String kind) {
    NetworkSpec spec = spec(sizes);
    Map<String, Tensor> values = new LinkedHashMap<>();
    for (ParameterSpec parameter : spec.parameters()) {
      double scale = parameter.role() == ParameterSpec.Role.WEIGHT ? 1e-2 : 0;
      int size = parameter.shape().size();
      values.put(parameter.name(), Tensor.wrap(parameter.shape(), random(2, size, scale)));
    }
    Network network = spec.bind(Parameters.wrap(values));
    int batch = batch(sizes);
    int classes = spec.output().size();
    Shape shape = spec.input().prepend(batch);
    Tensor x = Tensor.wrap(shape, random(3, shape.size(), 1));
    Targets labels = Targets.labels(new Random(4).ints(batch, 0, classes).toArray());
    return switch (kind) {
      case "train" -> training(network, x, labels);
      case "backward" -> backward(network, x, labels);
      default -> prediction(network, x, Tensor.zeros(batch, classes));
    };
  }

  /** Returns the number of samples that a network of a name is run on. */
  static int batch(String sizes) {
    return Integer.parseInt(sizes.substring(0, sizes.indexOf('x')));
  }

  /** Returns the network that the sizes in a name stand for. */
  static NetworkSpec spec(String sizes) {
    String[] steps = sizes.split("-");
    int[] input = numbers(steps[0], "x");
    NetworkBuilder builder =
        step(Network.input(Arrays.copyOfRange(input, 1, input.length)), steps[1]);
    for (int i = 2; i < steps.length; i++) {
      boolean afterUnits = Character.isDigit(steps[i - 1].charAt(0));
      builder = step(afterUnits ? builder.relu() : builder, steps[i]);
    }
    return builder.softmaxLoss().build();
  }

  private static NetworkBuilder step(LayerSteps before, String step) {
    int[] numbers = numbers(step.replaceFirst("^[cp]", ""), "k");
    return switch (step.charAt(0)) {
      case 'c' ->
          before.conv2d(numbers[0], c -> c.kernel(numbers[1]).padding(numbers[1] / 2)).relu();
      case 'p' -> before.maxPool2d(numbers[0]);
      default -> before.dense(numbers[0]);
    };
  }

  private static Workload prediction(Network network, Tensor x, Tensor scores) {
    return () -> {
      network.predict(x, scores);
      return scores.unwrap()[0];
    };
  }

  private static Workload training(Network network, Tensor x, Targets labels) {
    Execution execution = network.execution(x.shape().axis(0));
    double rate = 1e-6;
    return () -> {
      execution.forward(x);
      double loss = execution.loss(labels);
      execution.backwardParameters();
      Parameters parameters = execution.parameters();
      Parameters gradients = execution.gradients();
      for (String name : parameters.names()) {
        Tensor value = parameters.get(name);
        Elementwise.addScaled(value.unwrap(), -rate, gradients.get(name).unwrap(), value.size());
      }
      return loss;
    };
  }

  private static Workload backward(Network network, Tensor x, Targets labels) {
    Execution execution = network.execution(x.shape().axis(0));
    return () -> {
      execution.forward(x);
      double loss = execution.loss(labels);
      execution.backward();
      return loss;
    };
  }

  private static double[] random(long seed, int n, double scale) {
    Random random = new Random(seed);
    double[] values = new double[n];
    Arrays.setAll(values, i -> scale * random.nextGaussian());
    return values;
  }
}
