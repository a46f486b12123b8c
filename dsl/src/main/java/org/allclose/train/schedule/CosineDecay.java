package org.allclose.train.schedule;

import java.util.List;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * A rate that goes up in a line over the warm-up and then down on half a cosine.
 *
 * <p>In step t of the warm-up it is {@code rate * (t + 1) / warmup}, afterwards {@code end + (rate
 * - end) * (1 + cos(pi * (t - warmup) / (steps - warmup))) / 2}. The cosine is a Taylor polynomial,
 * the same in the Python reference: the C library's last bits are not Java's.
 *
 * <p>Source: Loshchilov and Hutter (2017), equation 5; warm-up after Goyal et al. (2017).
 *
 * @param rate the highest, at least 0
 * @param warmup the number of steps that go up, at least 0
 * @param steps the number of the step from which on the rate is at its end, above warmup
 * @param end the rate at the end, at least 0; in files {@code final}, which is no name in Java
 */
public record CosineDecay(double rate, int warmup, int steps, double end) implements Schedule {

  /** The coefficients of cos(pi u) in u squared: {@code (-1)^k pi^(2k) / (2k)!}. */
  private static final double[] COSINE = {
    1.0,
    -4.934802200544679,
    4.0587121264167685,
    -1.3352627688545895,
    0.2353306303588932,
    -0.02580689139001406,
    0.0019295743094039231,
    -0.0001046381049248457,
    4.303069587032947e-06,
    -1.3878952462213771e-07,
    3.604730797462501e-09,
    -7.700707130601354e-11,
    1.3768647280377414e-12
  };

  /** The number of steps that go up where nothing is said. */
  public static final int DEFAULT_WARMUP = 0;

  /** The rate at the end where nothing is said. */
  public static final double DEFAULT_END = 0;

  private static final Setting<CosineDecay, Double> RATE =
      Setting.<CosineDecay>number("rate", CosineDecay::rate).notNegative();
  private static final Setting<CosineDecay, Integer> WARMUP =
      Setting.<CosineDecay>integer("warmup", CosineDecay::warmup).atLeast(0).orElse(DEFAULT_WARMUP);
  private static final Setting<CosineDecay, Integer> STEPS =
      Setting.<CosineDecay>integer("steps", CosineDecay::steps).atLeast(1);
  private static final Setting<CosineDecay, Double> END =
      Setting.<CosineDecay>number("final", CosineDecay::end).notNegative().orElse(DEFAULT_END);

  /** What this kind of schedule says of itself. */
  public static final Type<CosineDecay> TYPE =
      Type.of(
              "cosine",
              CosineDecay.class,
              v -> new CosineDecay(v.get(RATE), v.get(WARMUP), v.get(STEPS), v.get(END)),
              RATE,
              WARMUP,
              STEPS,
              END)
          .withSamples(
              () ->
                  List.of(
                      Sample.ofInputs(new CosineDecay(0.1, 10, 30, 0.01)),
                      Sample.ofInputs(new CosineDecay(0.1, 0, 30, 0))));

  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public CosineDecay {
    RATE.check(rate);
    WARMUP.check(warmup);
    STEPS.check(steps);
    END.check(end);
    if (steps <= warmup) {
      throw new IllegalArgumentException(
          "steps: expected more than the " + warmup + " of the warm-up but got " + steps);
    }
  }

  @Override
  public Type<CosineDecay> type() {
    return TYPE;
  }

  @Override
  public double rate(Position position) {
    if (position.step() < warmup) {
      return rate * (position.step() + 1) / warmup;
    }
    double share = Math.min(1.0, (double) (position.step() - warmup) / (steps - warmup));
    return end + (rate - end) * halfCosine(share);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }

  private static double halfCosine(double share) {
    double u = share <= 0.5 ? share : 1 - share;
    double square = u * u;
    double cosine = 0;
    for (int k = COSINE.length - 1; k >= 0; k--) {
      cosine = cosine * square + COSINE[k];
    }
    return 0.5 + 0.5 * (share <= 0.5 ? cosine : -cosine);
  }
}
