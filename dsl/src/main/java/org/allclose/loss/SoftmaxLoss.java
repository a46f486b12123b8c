package org.allclose.loss;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.allclose.internal.ops.Labels;
import org.allclose.internal.ops.LossOps;
import org.allclose.internal.ops.Ops;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Softmax with cross-entropy: {@code sum(-log(exp(x_y - max) / sum)) / N}, where {@code sum} is
 * that of {@code exp(x - max)} over the classes.
 *
 * <p>Shapes: scores (N, C), N labels from 0 to C - 1, gradient (N, C): {@code (exp(x - max) / sum -
 * onehot) / N}. Where the probability of the right class is below the smallest normal number,
 * 2.2250738585072014e-308, it has lost digits, and the formula gives 739.9974 for 740, or infinity
 * from 745.2 on: that sample's loss is computed as {@code log(sum) - (x_y - max)}. Everywhere else
 * the formula's bits are kept.
 *
 * <p>Instead of labels, targets can be probabilities (N, C): the loss is then {@code sum(t *
 * (log(sum) - (x - max))) / N}.
 *
 * <p>Per position, scores are (N, ..., C) and labels (N, ...), one for each place. A weight is a
 * factor of the terms of its class. Places with the ignored label have no term. With smoothing,
 * {@code t = onehot * (1 - smoothing) + smoothing / C}, or likewise of probabilities, times the
 * weights. The mean divides by the sum of the right classes' weights over the places that count, or
 * for probabilities by the number of places.
 *
 * <p>Source: the reference's {@code softmax_loss}, {@code softmax_cross_entropy} and {@code
 * softmax_loss_of_classes}; cs231n {@code softmax_loss}, and {@code temporal_softmax_loss}, which
 * is this one per position, the mask being 0 where the label is ignored, with the mean over the
 * batch; PyTorch {@code CrossEntropyLoss}, with the classes on the last axis.
 *
 * @param weights a factor for each class, finite and at least 0; none where all count the same
 * @param ignored the label of places that do not count
 * @param smoothing what part of the right class's share all classes get alike, from 0 to 1
 * @param perPosition whether scores have more axes before the classes
 * @param reduction what the sum is divided by
 */
public record SoftmaxLoss(
    List<Double> weights,
    Optional<Long> ignored,
    double smoothing,
    boolean perPosition,
    Reduction reduction)
    implements Loss {

  /** What part all classes get alike where nothing is said: none. */
  public static final double DEFAULT_SMOOTHING = 0;

  private static final Setting<SoftmaxLoss, List<Double>> WEIGHTS =
      ClassWeights.setting("weights", SoftmaxLoss::weights);
  private static final Setting<SoftmaxLoss, Optional<Long>> IGNORED =
      ClassWeights.ignored(SoftmaxLoss::ignored);
  private static final Setting<SoftmaxLoss, Double> SMOOTHING =
      Setting.<SoftmaxLoss>number("smoothing", SoftmaxLoss::smoothing)
          .where("a number from 0 to 1", smoothing -> smoothing >= 0 && smoothing <= 1)
          .orElse(DEFAULT_SMOOTHING)
          .quiet();
  private static final Setting<SoftmaxLoss, Boolean> PER_POSITION =
      ClassWeights.perPosition(SoftmaxLoss::perPosition);
  private static final Setting<SoftmaxLoss, Reduction> REDUCTION =
      Reduction.setting(SoftmaxLoss::reduction);

  /** What this kind of loss says of itself. */
  public static final Type<SoftmaxLoss> TYPE =
      Type.of(
              "softmax",
              SoftmaxLoss.class,
              v ->
                  new SoftmaxLoss(
                      v.get(WEIGHTS),
                      v.get(IGNORED),
                      v.get(SMOOTHING),
                      v.get(PER_POSITION),
                      v.get(REDUCTION)),
              WEIGHTS,
              IGNORED,
              SMOOTHING,
              PER_POSITION,
              REDUCTION)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new SoftmaxLoss(), 4),
                      Sample.of(new SoftmaxLoss().weights(0.5, 2, 1).smoothing(0.1), 3),
                      Sample.of(
                          new SoftmaxLoss()
                              .perPosition(true)
                              .ignored(0)
                              .reduction(Reduction.BATCH_MEAN),
                          2,
                          4)));

  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public SoftmaxLoss {
    weights = List.copyOf(weights);
    WEIGHTS.check(weights);
    IGNORED.check(ignored);
    SMOOTHING.check(smoothing);
    REDUCTION.check(reduction);
  }

  /** A loss with the defaults. */
  public SoftmaxLoss() {
    this(List.of(), Optional.empty(), DEFAULT_SMOOTHING, false, Reduction.DEFAULT);
  }

  /** Returns the same loss with a factor for each class. */
  public SoftmaxLoss weights(double... factors) {
    return TYPE.with(this, WEIGHTS, Arrays.stream(factors).boxed().toList());
  }

  /** Returns the same loss in which places with a label do not count. */
  public SoftmaxLoss ignored(int label) {
    return TYPE.with(this, IGNORED, Optional.of((long) label));
  }

  /** Returns the same loss that gives a part of the right class's share to all classes alike. */
  public SoftmaxLoss smoothing(double part) {
    return TYPE.with(this, SMOOTHING, part);
  }

  /** Returns the same loss of scores with or without axes before the classes. */
  public SoftmaxLoss perPosition(boolean each) {
    return TYPE.with(this, PER_POSITION, each);
  }

  /** Returns the same loss with another divisor. */
  public SoftmaxLoss reduction(Reduction other) {
    return TYPE.with(this, REDUCTION, other);
  }

  @Override
  public Type<SoftmaxLoss> type() {
    return TYPE;
  }

  @Override
  public boolean takesLabels() {
    return true;
  }

  @Override
  public OptionalInt ignoredLabel() {
    return ClassWeights.label(ignored);
  }

  @Override
  public void checkScores(Shape scores) {
    ClassWeights.require(scores, perPosition, weights);
  }

  static void requireClasses(Shape scores) {
    if (scores.rank() != 1) {
      throw new ShapeMismatchException("expected scores of shape (classes,) but got " + scores);
    }
  }

  @Override
  public double evaluate(Tensor scores, Targets targets, Tensor gradient) {
    if (isPlain()) {
      Ops ops = Ops.of(scores.dtype());
      return targets.areLabels()
          ? ops.softmaxLoss(scores, targets.classes(scores.shape(), OptionalInt.empty()), gradient)
          : ops.crossEntropy(scores, targets.values(scores.shape()), gradient);
    }
    LossOps ops = LossOps.of(scores.dtype());
    if (!targets.areLabels()) {
      double count = reduction.count(scores.shape(), ClassWeights.rows(scores.shape()));
      return ops.smoothedSoftmax(
          scores,
          targets.values(scores.shape()),
          ClassWeights.array(weights),
          smoothing,
          count,
          gradient);
    }
    Labels labels = ClassWeights.labels(targets, scores.shape(), weights, ignored);
    double count = ClassWeights.count(reduction, ops, labels, scores.shape(), gradient);
    return smoothing == 0
        ? ops.softmax(scores, labels, count, gradient)
        : ops.smoothedSoftmax(scores, labels, smoothing, count, gradient);
  }

  private boolean isPlain() {
    return weights.isEmpty()
        && ignored.isEmpty()
        && smoothing == 0
        && !perPosition
        && reduction == Reduction.MEAN;
  }

  /**
   * With d = |x - max| and s = sum(p * d), which is what the rounding of d does to the sum: of the
   * loss the mean of {@code sum(t * (1 + s + log(sum) + d))}, of the gradient {@code (p * (2 + d +
   * s) * sum(t) + t) / N}, t being the targets or 1 for the right class, times what it counts, and
   * N what the loss is divided by.
   */
  @Override
  public double terms(Tensor scores, Targets targets, Tensor gradient) {
    Shape shape = scores.shape();
    int classes = shape.axis(shape.rank() - 1);
    double count = reduction.count(shape, ClassWeights.rows(shape));
    if (targets.areLabels()) {
      Labels labels = ClassWeights.labels(targets, shape, weights, ignored);
      count =
          ClassWeights.count(
              reduction, LossOps.of(scores.dtype()), labels, shape, Tensor.zeros(shape));
    }
    double[] t = shares(targets, shape).unwrap();
    double[] x = scores.unwrap();
    double total = 0;
    for (int row = 0; row < x.length; row += classes) {
      double max = Ops.maximum(x, row, classes);
      double sum = 0;
      double s = 0;
      double weight = 0;
      for (int j = row; j < row + classes; j++) {
        double e = StrictMath.exp(x[j] - max);
        sum += e;
        s += e == 0 ? 0 : e * (max - x[j]);
        weight += Math.abs(t[j]);
      }
      s /= sum;
      for (int j = row; j < row + classes; j++) {
        double p = StrictMath.exp(x[j] - max) / sum;
        double d = p == 0 && t[j] == 0 ? 0 : max - x[j];
        total += t[j] == 0 ? 0 : Math.abs(t[j]) * (1 + s + StrictMath.log(sum) + d);
        gradient.unwrap()[j] = ((p == 0 ? 0 : p * (2 + d + s) * weight) + Math.abs(t[j])) / count;
      }
    }
    return total / count;
  }

  /** Returns how much each class of each row is to be, in all that it counts. */
  private Tensor shares(Targets targets, Shape scores) {
    int classes = scores.axis(scores.rank() - 1);
    double[] shares =
        targets.areLabels() ? new double[scores.size()] : targets.values(scores).toArray();
    if (targets.areLabels()) {
      int[] labels = targets.classes(scores, ignoredLabel());
      for (int i = 0; i < labels.length; i++) {
        if (ignored.isEmpty() || labels[i] != ignored.get()) {
          shares[i * classes + labels[i]] = 1;
        }
      }
    }
    for (int i = 0; i < shares.length; i += classes) {
      boolean counts = Ops.maximum(shares, i, classes) > 0;
      for (int j = i; counts && j < i + classes; j++) {
        double factor = weights.isEmpty() ? 1 : weights.get(j - i);
        shares[j] = (shares[j] * (1 - smoothing) + smoothing / classes) * factor;
      }
    }
    return Tensor.wrap(scores, shares);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
