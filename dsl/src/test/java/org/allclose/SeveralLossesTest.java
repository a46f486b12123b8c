package org.allclose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.allclose.init.Gaussian;
import org.allclose.loss.MeanSquaredError;
import org.allclose.loss.NegativeLogLikelihood;
import org.allclose.loss.SoftmaxLoss;
import org.allclose.loss.Targets;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Tensor;
import org.allclose.train.Batching;
import org.allclose.train.Dataset;
import org.allclose.train.GradientCheck;
import org.allclose.train.Trainer;
import org.allclose.train.TrainingConfig;
import org.allclose.train.optimizer.Sgd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SeveralLossesTest {

  private static NetworkBuilder heads() {
    return Network.input(3)
        .dense("fc1", 4)
        .tanh("trunk")
        .dense("actor", 2)
        .logSoftmax("policy")
        .from("trunk")
        .dense("value", 1)
        .outputs("policy", "value");
  }

  private static final NetworkSpec SPEC =
      heads()
          .loss(new NegativeLogLikelihood(), "policy")
          .loss(new MeanSquaredError(), "value", 0.5)
          .l2(0.1)
          .build();

  private static final Tensor X =
      Tensor.matrix(new double[][] {{1, 2, -1}, {0, 1, 0.5}, {-2, 0.25, 1}, {1, 1, -3}});
  private static final Targets POLICY = Targets.labels(1, 0, 0, 1);
  private static final Targets VALUE =
      Targets.values(Tensor.matrix(new double[][] {{1}, {0}, {-1}, {0.5}}));
  private static final Targets TARGETS = Targets.byOutput(Map.of("policy", POLICY, "value", VALUE));

  private static Network network(NetworkSpec spec) {
    return spec.initialize(NumpyRandomState.seed(3), Gaussian.std(0.7));
  }

  @Test
  void loss_isTheSumOfLossesTimesTheirWeights_andSoAreGradients() {
    Evaluation both = network(SPEC).evaluate(X, TARGETS);
    Evaluation policy =
        network(heads().loss(new NegativeLogLikelihood(), "policy").build()).evaluate(X, POLICY);
    Evaluation value =
        network(heads().loss(new MeanSquaredError(), "value").build()).evaluate(X, VALUE);
    assertEquals(policy.loss(), both.loss("policy"));
    assertEquals(value.loss(), both.loss("value"));
    Evaluation plain = network(SPEC.withL2(0)).evaluate(X, TARGETS);
    assertEquals(policy.loss() + 0.5 * value.loss(), plain.loss());
    assertEquals(policy.gradient("actor/W"), plain.gradient("actor/W"));
    double[] half = value.gradient("value/W").toArray();
    for (int i = 0; i < half.length; i++) {
      half[i] *= 0.5; // exact
    }
    assertEquals(Tensor.wrap(plain.gradient("value/W").shape(), half), plain.gradient("value/W"));
  }

  @Test
  void gradients_areThoseOfTheLoss() {
    GradientCheck.Report report = GradientCheck.of(network(SPEC)).run(X, TARGETS);
    assertTrue(report.passes(), report::toString);
  }

  @Test
  void training_takesTargetsOfAllLosses() {
    Dataset data = Dataset.of(X, TARGETS);
    Network network = network(SPEC);
    TrainingConfig config =
        TrainingConfig.epochs(30, new Sgd(), 0.1).withBatches(2, Batching.CHOICE);
    Trainer trainer =
        new Trainer(network, config, data, Optional.empty(), NumpyRandomState.seed(1));
    double before = data.loss(network);
    trainer.run();
    Network trained = SPEC.bind(trainer.parameters());
    assertTrue(data.loss(trained) < before);
    Tensor rows = Tensor.matrix(new double[][] {{1, 1, -3}, {0, 1, 0.5}});
    Targets some =
        Targets.byOutput(
            Map.of(
                "policy",
                Targets.labels(1, 0),
                "value",
                Targets.values(Tensor.matrix(new double[][] {{0.5}, {0}}))));
    assertEquals(Dataset.of(rows, some).loss(trained), data.select(new int[] {3, 1}).loss(trained));
  }

  @Test
  void texts_nameTheOutputsAndWeights() {
    assertEquals(
        "input(3,) -> fc1:dense(4) -> trunk:tanh -> actor:dense(2) -> policy:logSoftmax ->"
            + " value:dense(1) of trunk -> outputs policy, value -> nll loss of policy + 0.5 *"
            + " meanSquaredError loss of value + l2(0.1)",
        SPEC.toString());
    assertTrue(
        SPEC.summary().contains("loss: nll of policy + 0.5 * meanSquaredError of value, l2 0.1\n"),
        SPEC::summary);
  }

  @Test
  void networks_refuseASecondLossOfAnOutput_andWeightsThatAreNoNumbers() {
    NetworkBuilder.LossStep policy = heads().loss(new NegativeLogLikelihood(), "policy");
    assertMessage(
        "loss 'softmax': expected an output without a loss but got 'policy' again",
        () -> policy.loss(new SoftmaxLoss(), "policy"));
    assertMessage(
        "loss 'meanSquaredError': expected one of the outputs [policy, value] but got 'trunk'",
        () -> policy.loss(new MeanSquaredError(), "trunk"));
    assertMessage(
        "weight: expected a finite number but got NaN",
        () -> policy.loss(new MeanSquaredError(), "value", Double.NaN));
    assertMessage("losses: expected at least one but got none", () -> SPEC.withLosses(List.of()));
  }

  @Test
  void evaluate_refusesOtherTargets() {
    Network network = network(SPEC);
    assertMessage(
        "targets: expected those of outputs [policy, value] by their names but got those of one",
        () -> network.evaluate(X, POLICY));
    assertMessage(
        "targets: expected those of outputs [policy, value] by their names but got [policy]",
        () -> network.evaluate(X, Targets.byOutput(Map.of("policy", POLICY))));
    assertMessage(
        "targets of 'value': expected 4 samples, as 'policy' has, but got 1",
        () ->
            Targets.byOutput(
                Map.of(
                    "policy", POLICY, "value", Targets.values(Tensor.matrix(new double[1][1])))));
    assertMessage(
        "targets: expected at least one output but got none", () -> Targets.byOutput(Map.of()));
    assertMessage(
        "loss: expected one of [policy, value] but got 'trunk'",
        () -> network.evaluate(X, TARGETS).loss("trunk"));
    Execution execution = network.execution(4);
    execution.forward(X);
    execution.loss(TARGETS);
    assertMessage(
        "loss: expected one of the outputs [policy, value] but got 'trunk'",
        () -> execution.loss("trunk"));
  }

  private static void assertMessage(String message, Executable action) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, action).getMessage());
  }
}
