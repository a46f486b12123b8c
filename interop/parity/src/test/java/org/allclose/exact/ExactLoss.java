package org.allclose.exact;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.allclose.loss.BinaryCrossEntropy;
import org.allclose.loss.HingeLoss;
import org.allclose.loss.Loss;
import org.allclose.loss.MeanSquaredError;
import org.allclose.loss.SoftmaxLoss;
import org.allclose.parity.recording.RecordedCase;

/** Losses in exact arithmetic, each by its definition. */
final class ExactLoss {

  /** The losses that are defined here. */
  static final Set<Class<?>> KNOWN =
      Set.of(BinaryCrossEntropy.class, HingeLoss.class, MeanSquaredError.class, SoftmaxLoss.class);

  private final Tape tape;
  private final ExactLayers layers;

  ExactLoss(Tape tape, ExactLayers layers) {
    this.tape = tape;
    this.layers = layers;
  }

  static boolean knows(Loss loss) {
    return KNOWN.contains(loss.getClass());
  }

  Node of(RecordedCase recorded, Values scores) {
    Loss loss = recorded.network().orElseThrow().spec().loss().orElseThrow();
    int samples = scores.shape().axis(0);
    List<Node> terms = new ArrayList<>();
    if (recorded.hasInput("labels")) {
      double[] labels = recorded.input("labels").unwrap();
      for (int i = 0; i < samples; i++) {
        terms.add(
            loss instanceof HingeLoss hinge
                ? hinge(scores, i, (int) labels[i], hinge.margin())
                : crossEntropy(loss, scores, i, (int) labels[i]));
      }
      return tape.dividedBy(tape.sum(terms), tape.number(samples));
    }
    double[] targets = recorded.input("targets").unwrap();
    for (int i = 0; i < targets.length; i++) {
      terms.add(term(loss, scores, i, targets[i]));
    }
    int parts = loss instanceof SoftmaxLoss ? samples : targets.length;
    return tape.dividedBy(tape.sum(terms), tape.number(parts));
  }

  /** Returns -log of the probability of the right class. */
  private Node crossEntropy(Loss loss, Values scores, int sample, int label) {
    if (!(loss instanceof SoftmaxLoss)) {
      throw new IllegalArgumentException("expected a loss of labels but got " + loss);
    }
    return tape.times(-1, tape.log(layers.softmax(row(scores, sample)).at(0, label)));
  }

  private Node hinge(Values scores, int sample, int label, double margin) {
    List<Node> margins = new ArrayList<>();
    for (int j = 0; j < scores.shape().axis(1); j++) {
      Node difference = tape.minus(scores.at(sample, j), scores.at(sample, label));
      Node above = tape.plus(difference, tape.number(margin));
      if (j != label && ExactLayers.positive(above)) {
        margins.add(above);
      }
    }
    return tape.sum(margins);
  }

  private Node term(Loss loss, Values scores, int index, double target) {
    Node score = scores.all().get(index);
    if (loss instanceof MeanSquaredError) {
      Node difference = tape.minus(score, tape.number(target));
      return tape.times(difference, difference);
    } else if (loss instanceof BinaryCrossEntropy) {
      return tape.minus(layers.softplus(score), tape.times(target, score));
    }
    int width = scores.shape().axis(1);
    Node probability = layers.softmax(row(scores, index / width)).at(0, index % width);
    return tape.times(-target, tape.log(probability));
  }

  private static Values row(Values scores, int sample) {
    int width = scores.shape().axis(1);
    return new Values(
        scores.shape().dropFirst().prepend(1),
        scores.all().subList(sample * width, (sample + 1) * width));
  }
}
