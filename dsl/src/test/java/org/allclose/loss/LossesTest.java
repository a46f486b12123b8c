package org.allclose.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class LossesTest {

  @Test
  void losses_sayWhatTheyAre() {
    assertLoss("softmax", "softmax", new SoftmaxLoss());
    assertLoss(
        "softmax",
        "softmax(weights [0.5, 2.0], ignored 0, smoothing 0.1, per position, reduction batchMean)",
        new SoftmaxLoss()
            .weights(0.5, 2)
            .ignored(0)
            .smoothing(0.1)
            .perPosition(true)
            .reduction(Reduction.BATCH_MEAN));
    assertLoss("nll", "nll(ignored -100)", new NegativeLogLikelihood().ignored(-100));
    assertLoss("huber", "huber(0.5, reduction sum)", new Huber(0.5).reduction(Reduction.SUM));
    assertLoss("smoothL1", "smoothL1(1.0)", new SmoothL1());
    assertLoss("klDivergence", "klDivergence(log target)", new KlDivergence().logTarget(true));
    assertLoss("cosine", "cosine", new CosineLoss());
    assertLoss(
        "binaryCrossEntropyOfProbabilities",
        "binaryCrossEntropyOfProbabilities",
        new BinaryCrossEntropyOfProbabilities());
    assertLoss("hinge", "hinge(2.5)", new HingeLoss(2.5));
    assertLoss("meanSquaredError", "meanSquaredError", new MeanSquaredError());
    assertLoss("binaryCrossEntropy", "binaryCrossEntropy", new BinaryCrossEntropy());
  }

  private static void assertLoss(String type, String text, Loss loss) {
    assertEquals(type, loss.type().name());
    assertEquals(text, loss.toString());
  }

  @Test
  void lossesOfClasses_refuseScoresOfMoreAxes() {
    for (Loss loss : new Loss[] {new SoftmaxLoss(), new HingeLoss(), new NegativeLogLikelihood()}) {
      ShapeMismatchException e =
          assertThrows(ShapeMismatchException.class, () -> loss.checkScores(Shape.of(2, 3)));
      assertEquals("expected scores of shape (classes,) but got (2, 3)", e.getMessage());
    }
  }

  @Test
  void weights_areOnePerClass() {
    ShapeMismatchException e =
        assertThrows(
            ShapeMismatchException.class,
            () -> new SoftmaxLoss().weights(1, 2).checkScores(Shape.of(3)));
    assertEquals(
        "expected scores of 2 classes, as many as there are weights, but got (3,)", e.getMessage());
    e =
        assertThrows(
            ShapeMismatchException.class,
            () -> new BinaryCrossEntropy().positiveWeights(1, 2).checkScores(Shape.of(2, 3)));
    assertEquals(
        "expected scores with 2 on the last axis, as many as there are weights, but got (2, 3)",
        e.getMessage());
    new BinaryCrossEntropy().weights(2).checkScores(Shape.of());
  }

  @Test
  void settings_outOfRange_areRefused() {
    assertMessage(
        "weights: expected finite numbers of at least 0 but got [1.0, -1.0]",
        () -> new SoftmaxLoss().weights(1, -1));
    assertMessage(
        "smoothing: expected a number from 0 to 1 but got 1.5",
        () -> new SoftmaxLoss().smoothing(1.5));
    assertMessage("delta: expected a finite number above 0 but got 0.0", () -> new Huber(0));
    assertMessage(
        "beta: expected a finite number of at least 0 but got -1.0", () -> new SmoothL1(-1));
    assertMessage(
        "ignored: expected a whole number that fits an int but got 2147483648",
        () -> new NegativeLogLikelihood(List.of(), Optional.of(1L << 31), false, Reduction.MEAN));
  }

  private static void assertMessage(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  @Test
  void labelsOfPlaces_haveTheShapeOfTheScores() {
    Targets labels = Targets.labels(Tensor.matrix(new double[] {0, 2}, new double[] {1, -100}));
    Loss loss = new SoftmaxLoss().perPosition(true);
    assertMessage(
        "labels[1, 1]: expected a class from 0 to 2 but got -100",
        () -> loss.evaluate(Tensor.zeros(2, 2, 3), labels, Tensor.zeros(2, 2, 3)));
    assertMessage(
        "labels: expected shape (2, 4), one for each row of scores, but got (2, 2)",
        () -> loss.evaluate(Tensor.zeros(2, 4, 3), labels, Tensor.zeros(2, 4, 3)));
    assertMessage(
        "labels: expected shape (2,), one for each row of scores, but got (2, 2)",
        () -> new SoftmaxLoss().evaluate(Tensor.zeros(2, 3), labels, Tensor.zeros(2, 3)));
    assertMessage(
        "labels[0, 1]: expected a class from 0 to 1, or 7, but got 2",
        () -> labels.requireClasses(2, OptionalInt.of(7)));
    assertEquals(2, labels.size());
    Targets one = labels.room(1);
    labels.gather(new int[] {1}, 0, one);
    assertArrayEquals(new int[] {1, -100}, one.classes(Shape.of(1, 2, 3), OptionalInt.of(-100)));
  }

  @Test
  void accuracy_countsWhatIsNotIgnored() {
    Targets labels = Targets.labels(Tensor.matrix(new double[] {0, 2}, new double[] {1, -100}));
    Tensor scores = Tensor.of(Shape.of(2, 2, 3), 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1);
    assertEquals(2.0 / 3, labels.accuracy(scores, OptionalInt.of(-100)));
    assertEquals(3, labels.counted(OptionalInt.of(-100)));
    assertMessage(
        "scores: expected shape (n, ..., classes) but got (2, 3)",
        () -> labels.accuracy(Tensor.zeros(2, 3)));
  }

  /** By hand: the logarithms of 0 are -100 in the loss, variances 1e-12 in the gradient. */
  @Test
  void probabilitiesOfNothing_countAHundred() {
    Tensor gradient = Tensor.zeros(1, 3);
    double loss =
        new BinaryCrossEntropyOfProbabilities(Reduction.SUM)
            .evaluate(
                Tensor.matrix(new double[] {0, 1, 1}),
                Targets.values(Tensor.matrix(new double[] {1, 0, 1})),
                gradient);
    assertEquals(200, loss);
    assertArrayEquals(new double[] {-1 / 1e-12, 1 / 1e-12, 0}, gradient.toArray());
  }

  @Test
  void values_areGathered_rowByRow() {
    Targets all =
        Targets.values(
            Tensor.matrix(new double[] {1, 2, 3}, new double[] {4, 5, 6}, new double[] {7, 8, 9}));
    Targets some = all.room(2);
    all.gather(new int[] {0, 2, 1}, 1, some);
    assertEquals(2, some.size());
    assertArrayEquals(new double[] {7, 8, 9, 4, 5, 6}, some.values(Shape.of(2, 3)).toArray());
  }

  @Test
  void labels_areGathered_andReadFromNumbers() {
    Targets all = Targets.labels(Tensor.vector(0, 2, 1));
    Targets some = all.room(2);
    all.gather(new int[] {2, 0}, 0, some);
    assertArrayEquals(new int[] {1, 0}, some.classes(Shape.of(2, 3), OptionalInt.empty()));
  }
}
