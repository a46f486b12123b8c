package org.allclose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.allclose.init.Zeros;
import org.allclose.layer.Mode;
import org.allclose.layer.ParameterSpec;
import org.allclose.loss.Targets;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class NetworkTest {
  private static final NetworkSpec SPEC =
      Network.input(3).dense("fc1", 4).relu().dense("fc2", 2).softmaxLoss().l2(0.5).build();

  /** A network whose results are small whole numbers, worked out by hand below. */
  private static final Network PLAIN =
      Network.input(2)
          .dense("fc1", 2)
          .relu()
          .build()
          .bind(
              Parameters.of(
                  Map.of(
                      "fc1/W", Tensor.matrix(new double[][] {{1, -1}, {2, 3}}),
                      "fc1/b", Tensor.vector(10, -20))));

  @Test
  void predict_isAffineThenRelu() {
    Tensor x = Tensor.matrix(new double[][] {{1, 1}, {0, 10}});
    // (1+2+10, -1+3-20) and (20+10, 30-20); the negative score becomes -0.0, as numpy's x * mask.
    assertEquals(Tensor.matrix(new double[][] {{13, -0.0}, {30, 10}}), PLAIN.predict(x));
  }

  @Test
  void backward_fromAGivenGradient_hasEachGradientInTheShapeOfItsParameter() {
    Tensor x = Tensor.matrix(new double[][] {{1, 1}, {0, 10}});
    Evaluation e = PLAIN.backward(x, Tensor.matrix(new double[][] {{1, 1}, {1, 2}}));
    // Masked upstream: (1, 0), (1, 2).
    assertEquals(Tensor.vector(2, 2), e.gradient("fc1/b"));
    assertEquals(Tensor.matrix(new double[][] {{1, 0}, {11, 20}}), e.gradient("fc1/W"));
    assertEquals(Tensor.matrix(new double[][] {{1, 2}, {-1, 8}}), e.inputGradient());
    assertThrowsMessage(
        IllegalStateException.class, "loss: expected an evaluation with targets", e::loss);
  }

  @Test
  void evaluate_withZeroWeights_hasTheLossOfChance() {
    Map<String, Tensor> zeros = new LinkedHashMap<>();
    SPEC.parameters().forEach(p -> zeros.put(p.name(), Tensor.zeros(p.shape())));
    Evaluation e = SPEC.bind(Parameters.of(zeros)).evaluate(Tensor.zeros(2, 3), 0, 1);
    // exp(0) / 2 classes: the loss is ln 2, the gradient of b (0.5-1 + 0.5) / 2 in both classes.
    assertEquals(0.6931471805599453, e.loss());
    assertEquals(Tensor.vector(0, 0), e.gradient("fc2/b"));
    assertEquals(Tensor.zeros(2, 2), e.scores());
  }

  @Test
  void evaluate_withL2_addsThePenaltyOfTheWeightsAlone() {
    NetworkSpec plain = Network.input(3).dense("fc1", 2).softmaxLoss().build();
    NetworkSpec penalised = Network.input(3).dense("fc1", 2).softmaxLoss().l2(0.5).build();
    Parameters parameters =
        Parameters.of(
            Map.of(
                "fc1/W", Tensor.of(Shape.of(3, 2), 1, 2, 3, 4, 5, 6),
                "fc1/b", Tensor.vector(7, 8)));
    Tensor x = Tensor.zeros(1, 3);
    Evaluation without = plain.bind(parameters).evaluate(x, 0);
    Evaluation with = penalised.bind(parameters).evaluate(x, 0);
    assertEquals(without.loss() + 0.25 * 91, with.loss());
    assertEquals(Tensor.of(Shape.of(3, 2), 0.5, 1, 1.5, 2, 2.5, 3), with.gradient("fc1/W"));
    assertEquals(without.gradient("fc1/b"), with.gradient("fc1/b"));
  }

  @Test
  void outputs_areThoseOfEachLayerInOrder() {
    Map<String, Tensor> outputs = PLAIN.outputs(Tensor.matrix(new double[][] {{1, 1}}));
    assertEquals(List.of("fc1", "relu1"), List.copyOf(outputs.keySet()));
    assertEquals(Tensor.matrix(new double[][] {{13, -18}}), outputs.get("fc1"));
    assertEquals(Tensor.matrix(new double[][] {{13, -0.0}}), outputs.get("relu1"));
  }

  @Test
  void outputs_endWithTheScoresThatPredictGives() {
    Network network = SPEC.bind(randomParameters(7));
    for (int samples = 1; samples < 6; samples++) {
      Tensor x = random(samples, samples);
      assertEquals(network.predict(x), network.outputs(x).get("fc2"));
    }
  }

  @Test
  void withThreads_givesTheSameBits() {
    Network network =
        Network.input(300)
            .dense("fc1", 200)
            .relu()
            .dense("fc2", 2)
            .softmaxLoss()
            .build()
            .bind(
                Parameters.of(
                    Map.of(
                        "fc1/W", uniform(1, 300, 200),
                        "fc1/b", uniform(2, 200),
                        "fc2/W", uniform(3, 200, 2),
                        "fc2/b", uniform(4, 2))));
    Tensor x = uniform(5, 101, 300);
    int[] labels = new Random(6).ints(101, 0, 2).toArray();
    Evaluation expected = network.withThreads(1).evaluate(x, labels);
    for (int threads = 2; threads <= 4; threads++) {
      Evaluation e = network.withThreads(threads).evaluate(x, labels);
      assertEquals(expected.gradients(), e.gradients());
      assertEquals(expected.inputGradient(), e.inputGradient());
      assertEquals(expected.loss(), e.loss());
    }
    assertThrowsMessage(
        IllegalArgumentException.class,
        "threads: expected 1 to 256 but got 0",
        () -> network.withThreads(0));
  }

  @Test
  void evaluation_keepsItsResultsWhenTheNetworkRunsAgain() {
    Network network = SPEC.bind(randomParameters(1));
    Evaluation first = network.evaluate(random(5, 2), 0, 1);
    Tensor scores = first.scores().copy();
    Parameters gradients = first.gradients().copy();
    network.evaluate(random(6, 2), 1, 1);
    assertEquals(scores, first.scores());
    assertEquals(gradients, first.gradients());
  }

  @Test
  void bind_copiesTheParameters() {
    Parameters parameters = randomParameters(1);
    Network network = SPEC.bind(parameters);
    Tensor before = network.predict(random(2, 1));
    parameters.get("fc1/W").set(99, 0, 0);
    assertEquals(before, network.predict(random(2, 1)));
    assertNotSame(network.parameters().get("fc1/W"), network.parameters().get("fc1/W"));
  }

  @Test
  void predict_fromManyThreads_givesTheSameBits() throws Exception {
    Network network = SPEC.bind(randomParameters(3));
    List<Tensor> inputs = new ArrayList<>();
    List<Tensor> expected = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      inputs.add(random(i, 1 + i % 3));
      expected.add(network.predict(inputs.get(i)));
    }
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Boolean>> results = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        int sample = i % inputs.size();
        results.add(
            threads.submit(() -> network.predict(inputs.get(sample)).equals(expected.get(sample))));
      }
      for (Future<Boolean> result : results) {
        assertTrue(result.get());
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void execution_backwardOfParametersAlone_givesTheSameGradients() {
    Network network = SPEC.bind(randomParameters(4));
    Execution execution = network.execution(2);
    execution.forward(random(1, 2));
    execution.loss(Targets.labels(1, 0));
    execution.backwardParameters();
    assertEquals(network.evaluate(random(1, 2), 1, 0).gradients(), execution.gradients());
  }

  @Test
  void execution_outOfOrder_isRefused() {
    Execution execution = SPEC.bind(randomParameters(1)).execution(2);
    assertThrowsMessage(
        IllegalStateException.class,
        "loss: expected a forward pass before",
        () -> execution.loss(Targets.labels(0, 1)));
    execution.forward(random(1, 2));
    assertThrowsMessage(
        IllegalStateException.class, "backward: expected a loss before", execution::backward);
    execution.loss(Targets.labels(0, 1));
    execution.backward();
    execution.forward(random(2, 2));
    assertThrowsMessage(
        IllegalStateException.class, "backward: expected a loss before", execution::backward);
    assertThrowsMessage(
        IllegalStateException.class,
        "gradients: expected a backward pass before",
        execution::gradients);
    execution.backward(uniform(3, 2, 2));
    assertThrowsMessage(
        IllegalStateException.class, "backward: expected a loss before", execution::backward);
    execution.forward(random(1, 2));
    assertThrowsMessage(
        IllegalStateException.class,
        "input gradient: expected a backward pass before",
        execution::inputGradient);
  }

  @Test
  void predict_ofTheWrongShape_isRefused() {
    Network network = SPEC.bind(randomParameters(1));
    assertThrowsMessage(
        ShapeMismatchException.class,
        "x: expected shape (n, 3) but got (2, 4)",
        () -> network.predict(Tensor.zeros(2, 4)));
    assertThrowsMessage(
        ShapeMismatchException.class,
        "x: expected shape (n, 3) but got (3,)",
        () -> network.predict(Tensor.zeros(3)));
    assertThrowsMessage(
        ShapeMismatchException.class,
        "scores: expected shape (1, 2) but got (2, 2)",
        () -> network.predict(Tensor.zeros(1, 3), Tensor.zeros(2, 2)));
  }

  @Test
  void predict_ofAnEmptyBatch_isRefused() {
    Network network = SPEC.bind(randomParameters(1));
    assertThrowsMessage(
        ShapeMismatchException.class,
        "x: expected at least 1 sample but got shape (0, 3)",
        () -> network.predict(Tensor.zeros(0, 3)));
    assertThrowsMessage(
        IllegalArgumentException.class,
        "batch: expected at least 1 sample but got 0",
        () -> network.execution(0));
  }

  @Test
  void evaluate_withLabelsThatDoNotFit_isRefused() {
    Network network = SPEC.bind(randomParameters(1));
    Tensor x = random(1, 2);
    assertThrowsMessage(
        ShapeMismatchException.class,
        "labels: expected 2, one for each sample, but got 3",
        () -> network.evaluate(x, 0, 1, 0));
    assertThrowsMessage(
        IllegalArgumentException.class,
        "labels[1]: expected a class from 0 to 1 but got 2",
        () -> network.evaluate(x, 0, 2));
    assertThrowsMessage(
        IllegalArgumentException.class,
        "labels[0]: expected a class from 0 to 1 but got -1",
        () -> network.evaluate(x, -1, 0));
    assertThrowsMessage(
        IllegalArgumentException.class,
        "labels[1]: expected a class from 0 to 1 but got 2; labels count from 0: do these count"
            + " from 1?",
        () -> network.evaluate(x, 1, 2));
    assertThrowsMessage(
        IllegalArgumentException.class,
        "labels[1]: expected a class from 0 to 1 but got 3",
        () -> network.evaluate(x, 1, 3));
    assertThrowsMessage(
        IllegalArgumentException.class,
        "labels[1]: expected a class, a whole number from 0, but got 0.5",
        () -> network.evaluate(x, Targets.labels(Tensor.vector(1, 0.5))));
    assertThrowsMessage(
        ShapeMismatchException.class,
        "labels: expected shape (2,), one for each row of scores, but got (2, 1)",
        () -> network.evaluate(x, Targets.labels(Tensor.zeros(2, 1))));
    assertThrowsMessage(
        ShapeMismatchException.class,
        "targets: expected shape (2, 2) but got (3, 2)",
        () -> network.evaluate(x, Targets.values(Tensor.zeros(3, 2))));
    NetworkBuilder scores = Network.input(3).dense("fc1", 2);
    Parameters parameters =
        Parameters.of(Map.of("fc1/W", Tensor.zeros(3, 2), "fc1/b", Tensor.zeros(2)));
    assertThrowsMessage(
        IllegalArgumentException.class,
        "targets: expected one label for each sample but got values of shape (2, 2)",
        () ->
            scores
                .hingeLoss()
                .build()
                .bind(parameters)
                .evaluate(x, Targets.values(Tensor.zeros(2, 2))));
    assertThrowsMessage(
        IllegalArgumentException.class,
        "targets: expected values of shape (2, 2) but got labels",
        () -> scores.meanSquaredError().build().bind(parameters).evaluate(x, 0, 1));
  }

  @Test
  void backward_withAGradientOfTheWrongShape_isRefused() {
    assertThrowsMessage(
        ShapeMismatchException.class,
        "upstream gradient: expected shape (1, 2) but got (2, 2)",
        () -> PLAIN.backward(Tensor.zeros(1, 2), Tensor.zeros(2, 2)));
  }

  @Test
  void evaluate_withoutALoss_isRefused() {
    assertThrowsMessage(
        IllegalStateException.class,
        "loss: expected a network with a loss: input(2,) -> fc1:dense(2) -> relu1:relu",
        () -> PLAIN.evaluate(Tensor.zeros(1, 2), 0));
  }

  @Test
  void evaluate_ofNaN_isNumpysResultAndNoError() {
    Evaluation e =
        SPEC.bind(randomParameters(1)).evaluate(Tensor.vector(1, Double.NaN, 2).reshape(1, 3), 0);
    assertTrue(Double.isNaN(e.loss()));
  }

  @Test
  void bind_withMissingAndUnusedParameters_listsWhatThereIs() {
    Map<String, Tensor> tensors = new LinkedHashMap<>(randomParameters(1).asMap());
    tensors.remove("fc2/b");
    tensors.put("fc3/W", Tensor.zeros(2, 2));
    assertThrowsMessage(
        IllegalArgumentException.class,
        "parameters: expected parameters [fc1/W, fc1/b, fc2/W, fc2/b] but got [fc1/W, fc1/b, fc2/W,"
            + " fc3/W]; missing [fc2/b]; unused [fc3/W]",
        () -> SPEC.bind(Parameters.of(tensors)));
  }

  @Test
  void bind_withATransposedWeight_saysBothShapes() {
    Map<String, Tensor> tensors = new LinkedHashMap<>(randomParameters(1).asMap());
    tensors.put("fc1/W", Tensor.zeros(4, 3));
    assertThrowsMessage(
        ShapeMismatchException.class,
        "parameters!fc1/W: expected shape (3, 4) but got (4, 3)",
        () -> SPEC.bind(Parameters.of(tensors)));
  }

  /** Features 1 and 3 have mean 2 and deviation 1; the running statistics are 0 and 1. */
  @Test
  void predict_isInInferenceMode_alsoWhereTheNetworkEvaluatesInTraining() {
    Network network =
        Network.input(1)
            .batchNorm("bn", n -> n.epsilon(1e-300))
            .build()
            .initialize(NumpyRandomState.seed(1), new Zeros());
    Tensor x = Tensor.matrix(new double[][] {{1}, {3}});
    assertEquals(Mode.TRAINING, network.mode());
    assertEquals(x, network.predict(x));
    assertEquals(Tensor.matrix(new double[][] {{-1}, {1}}), network.outputs(x).get("bn"));
    Network inference = network.withMode(Mode.INFERENCE);
    assertEquals(Mode.INFERENCE, inference.mode());
    assertEquals(x, inference.predict(x));
    assertEquals(x, inference.outputs(x).get("bn"));
  }

  private static Parameters randomParameters(long seed) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Random random = new Random(seed);
    for (ParameterSpec parameter : SPEC.parameters()) {
      tensors.put(
          parameter.name(),
          Tensor.wrap(
              parameter.shape(), random.doubles(parameter.shape().size(), -1, 1).toArray()));
    }
    return Parameters.of(tensors);
  }

  private static Tensor random(long seed, int samples) {
    return uniform(seed, samples, 3);
  }

  private static Tensor uniform(long seed, int... axes) {
    Shape shape = Shape.of(axes);
    return Tensor.wrap(shape, new Random(seed).doubles(shape.size(), -1, 1).toArray());
  }

  private static void assertThrowsMessage(
      Class<? extends Exception> type, String message, Executable call) {
    assertEquals(message, assertThrows(type, call).getMessage());
  }
}
