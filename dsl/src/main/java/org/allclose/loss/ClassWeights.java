package org.allclose.loss;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.allclose.internal.ops.Labels;
import org.allclose.internal.ops.LossOps;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;
import org.allclose.type.Setting;

/** What losses of classes have in common: which classes, rows and places count, and how much. */
final class ClassWeights {
  private ClassWeights() {}

  static <T> Setting<T, List<Double>> setting(String name, Function<T, List<Double>> component) {
    return Setting.numbers(name, component)
        .where(
            "finite numbers of at least 0",
            all -> all.stream().allMatch(weight -> Double.isFinite(weight) && weight >= 0))
        .orElse(List.of())
        .quiet();
  }

  static <T> Setting<T, Optional<Long>> ignored(Function<T, Optional<Long>> component) {
    return Setting.optionalWhole("ignored", component)
        .where(
            "a whole number that fits an int",
            label -> label.isEmpty() || label.get().intValue() == label.get());
  }

  static <T> Setting<T, Boolean> perPosition(Function<T, Boolean> component) {
    return Setting.truth("perPosition", false, component);
  }

  static OptionalInt label(Optional<Long> ignored) {
    return ignored.map(label -> OptionalInt.of(label.intValue())).orElse(OptionalInt.empty());
  }

  static double[] array(List<Double> weights) {
    double[] array = new double[weights.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = weights.get(i);
    }
    return array;
  }

  /** Checks scores of classes along the last axis, which is the only one unless said otherwise. */
  static void require(Shape scores, boolean perPosition, List<Double> weights) {
    if (!perPosition) {
      SoftmaxLoss.requireClasses(scores);
    }
    int classes = scores.axis(scores.rank() - 1);
    if (!weights.isEmpty() && weights.size() != classes) {
      throw new ShapeMismatchException(
          "expected scores of "
              + weights.size()
              + " classes, as many as there are weights, but got "
              + scores);
    }
  }

  static Labels labels(
      Targets targets, Shape scores, List<Double> weights, Optional<Long> ignored) {
    OptionalInt label = label(ignored);
    return new Labels(targets.classes(scores, label), array(weights), label);
  }

  /**
   * Returns the divisor.
   *
   * @param scratch modified
   */
  static double count(
      Reduction reduction, LossOps ops, Labels labels, Shape scores, Tensor scratch) {
    return reduction == Reduction.MEAN
        ? ops.sumOfFactors(labels, scratch)
        : reduction.count(scores, 0);
  }

  /** Returns the number of rows of a batch of scores. */
  static int rows(Shape scores) {
    return scores.size() / scores.axis(scores.rank() - 1);
  }
}
