package org.allclose.internal.kernel.sequence;

import org.allclose.internal.kernel.elementwise.Activations;
import org.allclose.internal.kernel.elementwise.Softmax;
import org.allclose.internal.kernel.product.MatrixProduct;
import org.allclose.internal.kernel.runtime.Parallel;

/**
 * Scaled dot-product attention, {@code softmax(q.dot(k.T) / sqrt(d) + mask).dot(v)}, of each sample
 * and head, and its gradients.
 *
 * <p>Queries are (outer, targets, heads * features), keys (outer, sources, heads * features),
 * values (outer, sources, heads * values): a head's matrix is a part of the columns. Scores and
 * what is made of them are (outer * heads, targets, sources). Belongs to one caller at a time;
 * threads share the heads.
 *
 * <p>Source: the reference's {@code attention.forward} and {@code attention.backward}.
 */
public final class Attention {
  private static final double[] NONE = {};

  private final Sizes sizes;
  private final Scaling scaling;
  private final boolean causal;
  private final Parallel parallel;
  private final MatrixProduct scoring;
  private final MatrixProduct taking;
  private final MatrixProduct weightGradient;
  private final MatrixProduct valueGradient;
  private final MatrixProduct queryGradient;
  private final MatrixProduct keyGradient;
  private final Parallel.Task forward = this::forward;
  private final Parallel.Task backward = this::backward;
  private final double[] weights;
  private double[] taken = NONE;
  private double[] scoreGradient = NONE;
  private double[] scratch = NONE;
  private double[] q = NONE;
  private double[] k = NONE;
  private double[] v = NONE;
  private double[] mask = NONE;
  private double[] drop = NONE;
  private double[] out = NONE;
  private double[] dq = NONE;
  private double[] dk = NONE;
  private double[] dv = NONE;

  /**
   * How large things are.
   *
   * @param outer samples, and whatever else comes before the steps of a sequence
   * @param heads parts of the features
   * @param targets steps that attend
   * @param sources steps that are attended to
   * @param features of a query and a key of one head
   * @param values of one head
   */
  public record Sizes(int outer, int heads, int targets, int sources, int features, int values) {

    /** Returns the number of matrices of scores. */
    public int matrices() {
      return outer * heads;
    }

    /** Returns the number of elements of a matrix of scores. */
    public int scores() {
      return targets * sources;
    }
  }

  /**
   * What products of queries and keys are divided or multiplied by.
   *
   * @param number the divisor or factor
   * @param divides whether it is a divisor
   */
  public record Scaling(double number, boolean divides) {
    private void apply(double[] x, int start, int n) {
      if (divides) {
        for (int i = start; i < start + n; i++) {
          x[i] /= number;
        }
      } else {
        for (int i = start; i < start + n; i++) {
          x[i] *= number;
        }
      }
    }
  }

  /**
   * @param causal whether step i attends to no step behind i
   */
  public Attention(Sizes sizes, Scaling scaling, boolean causal, Parallel parallel) {
    this.sizes = sizes;
    this.scaling = scaling;
    this.causal = causal;
    this.parallel = parallel;
    weights = new double[Math.multiplyExact(sizes.matrices(), sizes.scores())];
    int t = sizes.targets;
    int s = sizes.sources;
    int keys = sizes.heads * sizes.features;
    int values = sizes.heads * sizes.values;
    // Queries and keys may be one array.
    scoring = product(t, s, sizes.features).transposeB().rowStrides(keys, keys, s).ofTwo().build();
    taking = product(t, sizes.values, s).rowStrides(s, values, values).build();
    weightGradient = product(t, s, sizes.values).transposeB().rowStrides(values, values, s).build();
    valueGradient = product(s, sizes.values, t).transposeA().rowStrides(s, values, values).build();
    queryGradient = product(t, sizes.features, s).rowStrides(s, keys, keys).build();
    keyGradient = product(s, sizes.features, t).transposeA().rowStrides(s, keys, keys).build();
  }

  private static MatrixProduct.Builder product(int m, int n, int k) {
    return MatrixProduct.builder(m, n, k).parallel(Parallel.serial());
  }

  /**
   * Computes the output. Arguments are kept for the gradients, until {@link #release}.
   *
   * @param queries not modified
   * @param keys not modified
   * @param ofKeys the values; not modified
   * @param added what is added to the scores, or nothing; not modified
   * @param dropped what weights are multiplied by before they are used, or nothing; not modified
   * @param y modified: overwritten
   */
  public void forward(
      double[] queries,
      double[] keys,
      double[] ofKeys,
      double[] added,
      double[] dropped,
      double[] y) {
    q = queries;
    k = keys;
    v = ofKeys;
    mask = added;
    drop = dropped;
    out = y;
    if (drop.length > 0 && taken.length == 0) {
      taken = new double[weights.length];
    }
    parallel.forRange(sizes.matrices(), forward);
  }

  private void forward(int matrix) {
    int start = matrix * sizes.scores();
    int end = start + sizes.scores();
    scoring.run(q, targetsOfKeys(matrix), k, sourcesOfKeys(matrix), weights, start);
    scaling.apply(weights, start, sizes.scores());
    if (mask.length > 0) {
      for (int i = start; i < end; i++) {
        weights[i] += mask[i];
      }
    }
    if (causal) {
      for (int i = start; i < end; i++) {
        int place = i - start;
        if (place % sizes.sources > place / sizes.sources) {
          weights[i] = Double.NEGATIVE_INFINITY;
        }
      }
    }
    Softmax.probabilities(weights, start, sizes.targets, sizes.sources, weights);
    if (drop.length > 0) {
      for (int i = start; i < end; i++) {
        taken[i] = weights[i] * drop[i];
      }
    }
    taking.run(taken(), start, v, sourcesOfValues(matrix), out, targetsOfValues(matrix));
  }

  /**
   * Computes the gradients for the latest {@link #forward}.
   *
   * @param dout not modified
   * @param ofQueries modified: overwritten
   * @param ofKeys modified: overwritten
   * @param ofValues modified: overwritten
   */
  public void backward(double[] dout, double[] ofQueries, double[] ofKeys, double[] ofValues) {
    if (scratch.length == 0) {
      scratch = new double[weights.length];
      scoreGradient = new double[weights.length];
    }
    out = dout;
    dq = ofQueries;
    dk = ofKeys;
    dv = ofValues;
    parallel.forRange(sizes.matrices(), backward);
    dq = NONE;
    dk = NONE;
    dv = NONE;
  }

  private void backward(int matrix) {
    int start = matrix * sizes.scores();
    int end = start + sizes.scores();
    int ofTargets = targetsOfValues(matrix);
    int ofSources = sourcesOfValues(matrix);
    weightGradient.run(out, ofTargets, v, ofSources, scoreGradient, start);
    valueGradient.run(taken(), start, out, ofTargets, dv, ofSources);
    if (drop.length > 0) {
      for (int i = start; i < end; i++) {
        scoreGradient[i] *= drop[i];
      }
    }
    for (int row = start; row < end; row += sizes.sources) {
      Activations.softmaxGradientOfRow(
          scoreGradient, weights, row, sizes.sources, scratch, scoreGradient);
    }
    System.arraycopy(scoreGradient, start, scratch, start, sizes.scores());
    scaling.apply(scratch, start, sizes.scores());
    int queries = targetsOfKeys(matrix);
    int keys = sourcesOfKeys(matrix);
    queryGradient.run(scratch, start, k, keys, dq, queries);
    keyGradient.run(scratch, start, q, queries, dk, keys);
  }

  /** Returns the weights of the latest {@link #forward}, before any were dropped. */
  public double[] weights() {
    return weights;
  }

  /** Returns the gradient of the scores, and so of the mask, of the latest {@link #backward}. */
  public double[] scoreGradient() {
    return scoreGradient;
  }

  /** Lets go of all arguments. */
  public void release() {
    q = NONE;
    k = NONE;
    v = NONE;
    mask = NONE;
    drop = NONE;
    out = NONE;
  }

  private double[] taken() {
    return drop.length > 0 ? taken : weights;
  }

  private int targetsOfKeys(int matrix) {
    return start(matrix, sizes.targets, sizes.features);
  }

  private int sourcesOfKeys(int matrix) {
    return start(matrix, sizes.sources, sizes.features);
  }

  private int targetsOfValues(int matrix) {
    return start(matrix, sizes.targets, sizes.values);
  }

  private int sourcesOfValues(int matrix) {
    return start(matrix, sizes.sources, sizes.values);
  }

  /** Returns where a head's matrix begins, in arrays of so many steps and columns of a head. */
  private int start(int matrix, int steps, int columns) {
    int outer = matrix / sizes.heads;
    int head = matrix % sizes.heads;
    return (outer * steps * sizes.heads + head) * columns;
  }
}
