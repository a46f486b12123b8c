package org.allclose.exact;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.allclose.loss.BinaryCrossEntropy;
import org.allclose.loss.BinaryCrossEntropyOfProbabilities;
import org.allclose.loss.CosineLoss;
import org.allclose.loss.HingeLoss;
import org.allclose.loss.Huber;
import org.allclose.loss.KlDivergence;
import org.allclose.loss.Loss;
import org.allclose.loss.MeanAbsoluteError;
import org.allclose.loss.MeanSquaredError;
import org.allclose.loss.NegativeLogLikelihood;
import org.allclose.loss.Reduction;
import org.allclose.loss.SmoothL1;
import org.allclose.loss.SoftmaxLoss;
import org.allclose.loss.WeightedLoss;
import org.allclose.parity.recording.RecordedCase;
import org.allclose.tensor.Shape;

/** Losses in exact arithmetic, each by its definition. */
final class ExactLoss {

  /** The losses that are defined here. */
  static final Set<Class<?>> KNOWN =
      Set.of(
          BinaryCrossEntropy.class,
          BinaryCrossEntropyOfProbabilities.class,
          CosineLoss.class,
          HingeLoss.class,
          Huber.class,
          KlDivergence.class,
          MeanAbsoluteError.class,
          MeanSquaredError.class,
          NegativeLogLikelihood.class,
          SmoothL1.class,
          SoftmaxLoss.class);

  private final Tape tape;
  private final ExactLayers layers;

  ExactLoss(Tape tape, ExactLayers layers) {
    this.tape = tape;
    this.layers = layers;
  }

  static boolean knows(Loss loss) {
    return KNOWN.contains(loss.getClass());
  }

  Node of(RecordedCase recorded, WeightedLoss term, Values scores) {
    Loss loss = term.loss();
    String labelsName = recorded.hasInput("labels") ? "labels" : "labels/" + term.output();
    String targetsName = recorded.hasInput("targets") ? "targets" : "targets/" + term.output();
    int classes = scores.shape().axis(scores.shape().rank() - 1);
    int rows = scores.shape().size() / classes;
    double count = 0;
    List<Node> terms = new ArrayList<>();
    if (recorded.hasInput(labelsName)) {
      double[] labels = recorded.input(labelsName).unwrap();
      OptionalInt ignored = loss.ignoredLabel();
      for (int i = 0; i < rows; i++) {
        int label = (int) labels[i];
        if (ignored.isEmpty() || label != ignored.getAsInt()) {
          terms.add(ofLabel(loss, row(scores, i), label));
          count += weight(weights(loss), label);
        }
      }
    } else if (loss instanceof CosineLoss || loss instanceof SoftmaxLoss) {
      double[] targets = recorded.input(targetsName).unwrap();
      for (int i = 0; i < rows; i++) {
        double[] t = Arrays.copyOfRange(targets, i * classes, (i + 1) * classes);
        terms.add(
            loss instanceof SoftmaxLoss softmax
                ? crossEntropy(softmax, row(scores, i), t)
                : cosine(row(scores, i).all(), t));
      }
      count = rows;
    } else {
      double[] targets = recorded.input(targetsName).unwrap();
      for (int i = 0; i < targets.length; i++) {
        terms.add(term(loss, scores.all().get(i), targets[i], i));
      }
      count = targets.length;
    }
    double divisor =
        switch (reduction(loss)) {
          case MEAN -> count;
          case SUM -> 1;
          case BATCH_MEAN -> scores.shape().axis(0);
        };
    return tape.dividedBy(tape.sum(terms), tape.number(divisor));
  }

  private static Reduction reduction(Loss loss) {
    String name = loss.type().plain(loss, "reduction").map(Object::toString).orElse("mean");
    return switch (name) {
      case "mean" -> Reduction.MEAN;
      case "sum" -> Reduction.SUM;
      default -> Reduction.BATCH_MEAN;
    };
  }

  private static List<Double> weights(Loss loss) {
    if (loss instanceof SoftmaxLoss softmax) {
      return softmax.weights();
    }
    return loss instanceof NegativeLogLikelihood likelihood ? likelihood.weights() : List.of();
  }

  /** Returns a factor: the only one, or that of a place. */
  private static double weight(List<Double> weights, int place) {
    return weights.isEmpty() ? 1 : weights.get(place % weights.size());
  }

  private Node ofLabel(Loss loss, Values row, int label) {
    if (loss instanceof HingeLoss hinge) {
      return hinge(row, label, hinge.margin());
    } else if (loss instanceof NegativeLogLikelihood likelihood) {
      return tape.times(-weight(likelihood.weights(), label), row.at(0, label));
    } else if (loss instanceof SoftmaxLoss softmax) {
      double[] onehot = new double[row.shape().axis(1)];
      onehot[label] = 1;
      if (softmax.smoothing() == 0) {
        double weight = weight(softmax.weights(), label);
        return tape.times(-weight, tape.log(layers.softmax(row).at(0, label)));
      }
      return crossEntropy(softmax, row, onehot);
    }
    throw new IllegalArgumentException("expected a loss of labels but got " + loss);
  }

  /** Returns the sum of {@code -(t * (1 - smoothing) + smoothing / classes) * w * log(p)}. */
  private Node crossEntropy(SoftmaxLoss loss, Values row, double[] t) {
    Values probabilities = layers.softmax(row);
    List<Node> terms = new ArrayList<>();
    Node smoothing = tape.number(loss.smoothing());
    for (int j = 0; j < t.length; j++) {
      Node kept = tape.times(t[j], tape.minus(tape.number(1), smoothing));
      Node share = tape.plus(kept, tape.dividedBy(smoothing, tape.number(t.length)));
      Node log = tape.times(-weight(loss.weights(), j), tape.log(probabilities.at(0, j)));
      terms.add(tape.times(share, log));
    }
    return tape.sum(terms);
  }

  private Node hinge(Values row, int label, double margin) {
    List<Node> margins = new ArrayList<>();
    for (int j = 0; j < row.shape().axis(1); j++) {
      Node difference = tape.minus(row.at(0, j), row.at(0, label));
      Node above = tape.plus(difference, tape.number(margin));
      if (j != label && ExactLayers.positive(above)) {
        margins.add(above);
      }
    }
    return tape.sum(margins);
  }

  /** Returns 1 - cos, with 1e-12 added to both squares. */
  private Node cosine(List<Node> x, double[] targets) {
    List<Node> t = new ArrayList<>();
    for (double target : targets) {
      t.add(tape.number(target));
    }
    Node a = tape.plus(tape.dot(x, x), tape.number(1e-12));
    Node b = tape.plus(tape.dot(t, t), tape.number(1e-12));
    Node cos = tape.dividedBy(tape.dot(x, t), tape.sqrt(tape.times(a, b)));
    return tape.minus(tape.number(1), cos);
  }

  private Node term(Loss loss, Node score, double target, int place) {
    Node t = tape.number(target);
    Node difference = tape.minus(score, t);
    if (loss instanceof MeanSquaredError) {
      return tape.times(difference, difference);
    } else if (loss instanceof MeanAbsoluteError) {
      return size(difference);
    } else if (loss instanceof Huber huber) {
      return nearZero(difference, huber.delta())
          ? tape.times(0.5, tape.times(difference, difference))
          : tape.times(huber.delta(), beyond(difference, huber.delta()));
    } else if (loss instanceof SmoothL1 smooth) {
      return nearZero(difference, smooth.beta())
          ? tape.dividedBy(
              tape.times(0.5, tape.times(difference, difference)), tape.number(smooth.beta()))
          : beyond(difference, smooth.beta());
    } else if (loss instanceof KlDivergence divergence) {
      if (divergence.logTarget()) {
        return tape.times(tape.exp(t), tape.times(-1, difference));
      }
      return target == 0 ? tape.number(0) : tape.times(target, tape.minus(tape.log(t), score));
    } else if (loss instanceof BinaryCrossEntropy entropy) {
      double positive = weight(entropy.positiveWeights(), place);
      Node yes = tape.times(positive * target, layers.softplus(tape.times(-1, score)));
      Node no = tape.times(1 - target, layers.softplus(score));
      return tape.times(weight(entropy.weights(), place), tape.plus(yes, no));
    } else if (loss instanceof BinaryCrossEntropyOfProbabilities) {
      Node yes = tape.times(-target, tape.log(score));
      Node rest = tape.minus(tape.number(1), t);
      return tape.minus(yes, tape.times(rest, tape.log(tape.minus(tape.number(1), score))));
    }
    throw new IllegalArgumentException("expected a loss of values but got " + loss);
  }

  private Node size(Node difference) {
    return tape.times(ExactLayers.positive(difference) ? 1 : -1, difference);
  }

  private boolean nearZero(Node difference, double limit) {
    return size(difference).value().lessThan(tape.exact(limit));
  }

  /** Returns |d| - 0.5 * limit. */
  private Node beyond(Node difference, double limit) {
    return tape.minus(size(difference), tape.times(0.5, tape.number(limit)));
  }

  private static Values row(Values scores, int row) {
    int width = scores.shape().axis(scores.shape().rank() - 1);
    return new Values(Shape.of(1, width), scores.all().subList(row * width, (row + 1) * width));
  }
}
