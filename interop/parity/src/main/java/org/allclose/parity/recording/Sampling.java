package org.allclose.parity.recording;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.allclose.internal.ops.Ops;
import org.allclose.internal.text.Decimal;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/**
 * What a recording keeps of a tensor that is too large to be kept: elements at some places, and the
 * sum and the Euclidean norm of all of them, by which a mistake elsewhere shows.
 *
 * <p>Of sum and norm a match allows what it allows of the elements: k rounding errors or units in
 * the last place of each, added up, and one rounding error for the summation itself. {@link
 * Match#EXACT} wants the bits of {@code np.sum(x)} and {@code np.sqrt(np.sum(x * x))}.
 */
public final class Sampling {
  private final Shape shape;
  private final int[] places;
  private final OptionalDouble sum;
  private final OptionalDouble norm;

  /**
   * @param shape of the whole tensor
   * @param places of the elements that are kept, in C order, each larger than the one before
   * @param sum of all elements; empty if it is not finite
   * @param norm of all elements; empty if it is not finite
   * @throws IllegalArgumentException if a place is not in the tensor, or not larger than the one
   *     before
   */
  public Sampling(Shape shape, int[] places, OptionalDouble sum, OptionalDouble norm) {
    this.shape = Objects.requireNonNull(shape);
    this.places = places.clone();
    this.sum = Objects.requireNonNull(sum);
    this.norm = Objects.requireNonNull(norm);
    int before = -1;
    for (int place : places) {
      if (place <= before || place >= shape.size()) {
        throw new IllegalArgumentException(
            "indices: expected increasing ones from 0 to "
                + (shape.size() - 1)
                + " but got "
                + place
                + (before < 0 ? " first" : " after " + before));
      }
      before = place;
    }
  }

  /** Returns the shape of the whole tensor. */
  public Shape shape() {
    return shape;
  }

  /** Returns the elements of a whole tensor that are kept, one after another, a new tensor. */
  public Tensor of(Tensor whole) {
    double[] from = whole.unwrap();
    double[] kept = new double[places.length];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = from[places[i]];
    }
    return Tensor.wrap(Shape.of(kept.length), kept);
  }

  /** Returns the place in the whole tensor of an element that is kept, in C order. */
  public int place(int kept) {
    return places[kept];
  }

  /**
   * Returns what is wrong with the sum or the norm of a whole tensor, if anything is.
   *
   * @param actual of the sampled shape; not modified
   * @param noise for each of its elements, as {@link Difference#between} takes it
   * @param format what was recorded
   */
  public Optional<String> wrong(
      Tensor actual, Match match, FloatFormat format, Optional<Tensor> noise) {
    Ops ops = Ops.of(actual.dtype());
    double sumHere = ops.sum(actual);
    double normHere = Math.sqrt(ops.sumOfSquares(actual));
    Allowed allowed = allowed(actual, normHere, match, format, noise);
    return wrong("sum", sum, sumHere, allowed.sum)
        .or(() -> wrong("norm", norm, normHere, allowed.norm));
  }

  /** How far sum and norm may be off. */
  private record Allowed(double sum, double norm) {}

  private static Allowed allowed(
      Tensor actual, double norm, Match match, FloatFormat format, Optional<Tensor> noise) {
    Ops ops = Ops.of(actual.dtype());
    if (match instanceof Match.Rounding rounding) {
      Tensor errors = noise.orElseThrow();
      return new Allowed(
          format.unit() * (rounding.k() * ops.sum(errors) + size(actual)),
          format.unit() * (rounding.k() * Math.sqrt(ops.sumOfSquares(errors)) + norm));
    }
    if (match instanceof Match.Ulps ulps) {
      double ulp = format.ulp(Difference.largestFinite(actual)) * (ulps.k() + 1);
      return new Allowed(ulp * actual.size(), ulp * Math.sqrt(actual.size()));
    }
    if (match instanceof Match.Tolerance tolerance) {
      double relative = tolerance.rtol() + format.unit();
      return new Allowed(
          tolerance.atol() * actual.size() + relative * size(actual),
          tolerance.atol() * Math.sqrt(actual.size()) + relative * norm);
    }
    return new Allowed(0, 0);
  }

  /** Returns the sum of the magnitudes of all elements. */
  private static double size(Tensor tensor) {
    return Ops.of(tensor.dtype()).sum(tensor.map(Math::abs));
  }

  private Optional<String> wrong(
      String what, OptionalDouble expected, double actual, double allowed) {
    if (expected.isEmpty()
        ? !Double.isFinite(actual)
        : near(expected.getAsDouble(), actual, allowed)) {
      return Optional.empty();
    }
    String recorded =
        expected.isEmpty() ? "one that is not finite" : Decimal.of(expected.getAsDouble());
    return Optional.of(
        "the "
            + what
            + " of all "
            + shape.size()
            + " elements: expected "
            + recorded
            + " but got "
            + Decimal.of(actual));
  }

  private static boolean near(double expected, double actual, double allowed) {
    return expected == actual || Math.abs(actual - expected) <= allowed;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Sampling sampling
        && shape.equals(sampling.shape)
        && Arrays.equals(places, sampling.places)
        && sum.equals(sampling.sum)
        && norm.equals(sampling.norm);
  }

  @Override
  public int hashCode() {
    return Objects.hash(shape, Arrays.hashCode(places), sum, norm);
  }

  @Override
  public String toString() {
    return places.length + " elements of " + shape;
  }
}
