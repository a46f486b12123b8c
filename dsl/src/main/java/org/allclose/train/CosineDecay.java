package org.allclose.train;

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
 * @param end the rate at the end, at least 0
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

  public CosineDecay {
    Schedule.requireRate("rate", rate);
    Schedule.requireRate("final", end);
    if (warmup < 0 || steps <= warmup) {
      throw new IllegalArgumentException(
          "steps: expected more than the warm-up of at least 0 but got "
              + steps
              + " with a warm-up of "
              + warmup);
    }
  }

  @Override
  public String type() {
    return "cosine";
  }

  @Override
  public double rate(Position position) {
    if (position.step() < warmup) {
      return rate * (position.step() + 1) / warmup;
    }
    double share = Math.min(1.0, (double) (position.step() - warmup) / (steps - warmup));
    return end + (rate - end) * halfCosine(share);
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
