package org.allclose.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.allclose.Parameters;
import org.allclose.internal.ops.TrainingOps;
import org.allclose.tensor.Tensor;

/**
 * How large the gradients are from layer to layer.
 *
 * <p>Where they shrink from the last layer to the first, the first hardly learn: saturated sigmoids
 * and badly scaled weights do that. Where they grow, a step goes too far.
 *
 * @param entries one for each trained parameter, in the order of the network
 */
public record GradientFlow(List<Entry> entries) {

  /** A gradient this many times smaller than the largest of the same kind is said to vanish. */
  public static final double VANISHING = 1e-4;

  /** A gradient whose norm is this many times its parameter's is said to explode. */
  public static final double EXPLODING = 1e2;

  public GradientFlow {
    entries = List.copyOf(entries);
  }

  /**
   * The gradient of one parameter.
   *
   * @param name the parameter
   * @param norm the root of the sum of its squares
   * @param parameterNorm the same of the parameter
   * @param zeros the share of its values that are 0
   */
  public record Entry(String name, double norm, double parameterNorm, double zeros) {}

  /**
   * Looks at gradients.
   *
   * @param gradients by the parameters' names
   */
  public static GradientFlow of(Parameters parameters, Parameters gradients) {
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<String, Tensor> entry : gradients.asMap().entrySet()) {
      Tensor gradient = entry.getValue();
      int zeros = 0;
      for (double value : gradient.unwrap()) {
        zeros += value == 0 ? 1 : 0;
      }
      entries.add(
          new Entry(
              entry.getKey(),
              norm(gradient),
              norm(parameters.get(entry.getKey())),
              (double) zeros / gradient.size()));
    }
    return new GradientFlow(entries);
  }

  private static double norm(Tensor tensor) {
    return Math.sqrt(TrainingOps.of(tensor.dtype()).sumOfSquares(tensor));
  }

  /** Returns a line for each gradient that vanishes or explodes, or that is 0 throughout. */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    for (Entry entry : entries) {
      double largest = largestOfKind(entry.name);
      if (entry.zeros == 1) {
        warnings.add(entry.name + ": the gradient is 0: nothing here learns");
      } else if (entry.norm < VANISHING * largest) {
        warnings.add(
            String.format(
                java.util.Locale.ROOT,
                "%s: the gradient vanishes: its norm %.1e is %.0e of the largest",
                entry.name,
                entry.norm,
                entry.norm / largest));
      } else if (entry.parameterNorm > 0 && entry.norm > EXPLODING * entry.parameterNorm) {
        warnings.add(
            String.format(
                java.util.Locale.ROOT,
                "%s: the gradient explodes: its norm %.1e is %.0e times the parameter's",
                entry.name,
                entry.norm,
                entry.norm / entry.parameterNorm));
      }
    }
    return warnings;
  }

  /** Returns the largest norm among parameters of the same name within their layers. */
  private double largestOfKind(String name) {
    String kind = name.substring(name.lastIndexOf('/') + 1);
    return entries.stream()
        .filter(entry -> entry.name.substring(entry.name.lastIndexOf('/') + 1).equals(kind))
        .mapToDouble(Entry::norm)
        .max()
        .orElse(0);
  }
}
