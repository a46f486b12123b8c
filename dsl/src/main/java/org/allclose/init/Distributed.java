package org.allclose.init;

import java.util.Objects;
import java.util.function.Function;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.apache.commons.math3.distribution.RealDistribution;
import org.apache.commons.math3.random.RandomGenerator;

/**
 * Numbers of any distribution of Commons Math, for all layers.
 *
 * <p>Immutable. What is drawn, and in which order, is said at each factory. Only a program can give
 * it: files do not know it.
 */
public final class Distributed implements Initializer {

  /** What the numbers of a stream are. */
  private interface Sampler {
    void fill(RandomGenerator random, double[] values);
  }

  private final Sampler sampler;
  private final String text;

  private Distributed(Sampler sampler, String text) {
    this.sampler = sampler;
    this.text = text;
  }

  /**
   * Returns numbers by inversion, {@code F^-1(u)}.
   *
   * <p>For each value, in C order, one uniform number u of [0, 1) is drawn from the stream: numpy's
   * {@code random_sample()} where the stream is a {@link org.allclose.random.NumpyRandomState}, so
   * that the values are {@code ppf(random_sample(shape))} of the same distribution in scipy, but
   * for the rounding of the inverse. A u of 0, of probability 2^-53, gives the distribution's lower
   * bound, which may be infinite. The distribution's own generator is not touched.
   */
  public static Distributed of(RealDistribution distribution) {
    Objects.requireNonNull(distribution);
    return new Distributed(
        (random, values) -> {
          for (int i = 0; i < values.length; i++) {
            values[i] = distribution.inverseCumulativeProbability(random.nextDouble());
          }
        },
        distribution.getClass().getSimpleName());
  }

  /**
   * Returns numbers by the distribution's own {@code sample()}, with the stream as its generator:
   * {@code Distributed.sampled(stream -> new NormalDistribution(stream, 0, 0.1))}.
   *
   * <p>For each parameter a distribution is made on the stream, and one sample taken for each
   * value, in C order; what a sample draws is the distribution's business. Where the stream is a
   * {@link org.allclose.random.NumpyRandom}, a {@code NormalDistribution} gives numpy's {@code
   * normal(mean, deviation, shape)} to the bit; most others draw otherwise than numpy does, see
   * there.
   *
   * @param distribution makes a distribution that draws from what it is given
   */
  public static Distributed sampled(
      Function<RandomGenerator, ? extends RealDistribution> distribution) {
    Objects.requireNonNull(distribution);
    return new Distributed(
        (random, values) -> {
          RealDistribution own = distribution.apply(random);
          for (int i = 0; i < values.length; i++) {
            values[i] = own.sample();
          }
        },
        "samples");
  }

  @Override
  public Tensor initialize(Shape shape, Fans fans, RandomGenerator random) {
    Tensor result = Tensor.zeros(shape);
    sampler.fill(random, result.unwrap());
    return result;
  }

  @Override
  public String toString() {
    return "distributed(" + text + ")";
  }
}
