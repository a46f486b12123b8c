package org.allclose.layer;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.allclose.tensor.Tensor;
import org.apache.commons.math3.random.MersenneTwister;
import org.apache.commons.math3.random.RandomGenerator;

/**
 * Artificial rounding errors, added to each result of a network as it comes into being, to see what
 * becomes of them further on.
 *
 * <p>A batch is run without errors first, while the {@link Terms} of each result are kept. In every
 * later run of the same batch each element is off by {@code SIZE * g * terms}, with g drawn anew,
 * uniform from -sqrt(3) to sqrt(3), so that its variance is 1. Layers decide as they did in the
 * first run: see {@link Pass#disturbed}.
 *
 * <p>Source: stochastic arithmetic; Parker, Monte Carlo Arithmetic, 1997.
 */
public final class RoundingErrors {

  /**
   * How large the errors are in relation to the terms: so much larger than those of double
   * precision that these do not show, and so small that a network is linear in them.
   */
  public static final double SIZE = 0x1p-40;

  private final RandomGenerator random;
  private final double largest;
  private final Map<Result, Tensor> terms = new LinkedHashMap<>();
  private boolean disturbing;

  /** What a result of a network is. */
  public enum Kind {
    OUTPUT,
    STATISTIC,
    INPUT_GRADIENT,
    GRADIENT,
    /** The sum of the gradients that come back to an output from several layers. */
    GRADIENT_SUM
  }

  /**
   * A result of a network.
   *
   * @param kind what it is
   * @param name the name of its layer or parameter in the network
   */
  public record Result(Kind kind, String name) {
    @Override
    public String toString() {
      return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " '" + name + "'";
    }
  }

  /** Errors that follow from a seed, the same everywhere. */
  public RoundingErrors(int seed) {
    this(seed, SIZE * Math.sqrt(3));
  }

  private RoundingErrors(int seed, double largest) {
    random = new MersenneTwister(seed);
    this.largest = largest;
  }

  /** Returns errors that are 0. */
  public static RoundingErrors none() {
    return new RoundingErrors(0, 0);
  }

  /** Adds errors from the next run on. */
  public void disturb() {
    disturbing = true;
  }

  /** Returns whether errors are added, rather than terms kept. */
  public boolean isDisturbing() {
    return disturbing;
  }

  /** Returns the terms of every result of the run without errors. */
  public Map<Result, Tensor> terms() {
    return terms;
  }

  /**
   * Adds errors to values.
   *
   * @param values modified
   * @param sums the terms of the values; not modified
   */
  public void addTo(Tensor values, Tensor sums) {
    addTo(values.unwrap(), sums.unwrap());
  }

  /** Adds errors to values, as {@link #addTo(Tensor, Tensor)}. */
  void addTo(double[] values, double[] sums) {
    for (int i = 0; i < values.length; i++) {
      values[i] += largest * (2 * random.nextDouble() - 1) * sums[i];
    }
  }
}
