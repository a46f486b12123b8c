package org.allclose.random;

import org.allclose.internal.kernel.math.ElementaryFunctions;

/**
 * Binomial numbers: by inversion where at most 30 successes or failures are expected, else by the
 * algorithm BTPE.
 *
 * <p>Source: numpy {@code legacy_random_binomial} (BSD-3-Clause); V. Kachitvichyanukul, B. W.
 * Schmeiser, "Binomial Random Variate Generation", CACM 31 (1988), whose step numbers and letters
 * are used here.
 */
final class Binomials {
  private static final double INVERSION_LIMIT = 30.0;

  private final long n;

  /** The rarer outcome is counted: r of the paper. */
  private final double r;

  private final boolean mirrored;
  private final Sampler sampler;

  /** One of the two algorithms. */
  private interface Sampler {
    long next(RandomBits bits);
  }

  /**
   * @param n the number of trials, at least 0
   * @param p the probability of success, in [0, 1]
   */
  Binomials(long n, double p) {
    this.n = n;
    mirrored = !(p <= 0.5);
    r = mirrored ? 1.0 - p : p;
    sampler = r * n <= INVERSION_LIMIT ? new Inversion(n, r) : new Btpe(n, r);
  }

  long next(RandomBits bits) {
    long successes = sampler.next(bits);
    return mirrored ? n - successes : successes;
  }

  /** Adds up probabilities from 0 successes on until a uniform number is passed. */
  private static final class Inversion implements Sampler {
    private final long n;
    private final double p;
    private final double q;
    private final double none;
    private final long bound;

    Inversion(long n, double p) {
      this.n = n;
      this.p = p;
      q = 1.0 - p;
      none = ElementaryFunctions.exp(n * ElementaryFunctions.log(q));
      double mean = n * p;
      // Beyond ten deviations rounding errors rule: start again.
      bound = (long) Math.min((double) n, mean + 10.0 * Math.sqrt(mean * q + 1));
    }

    @Override
    public long next(RandomBits bits) {
      long successes = 0;
      double probability = none;
      double u = bits.nextDouble();
      while (u > probability) {
        successes++;
        if (successes > bound) {
          successes = 0;
          probability = none;
          u = bits.nextDouble();
        } else {
          u -= probability;
          probability = ((n - successes + 1) * p * probability) / (successes * q);
        }
      }
      return successes;
    }
  }

  /** Rejection from a triangle, two parallelograms and two exponential tails. */
  private static final class Btpe implements Sampler {
    /** What a step gives where the number is rejected. */
    private static final long REJECTED = -1;

    private final long n;
    private final double r;
    private final double q;
    private final long m;
    private final double p1;
    private final double xm;
    private final double xl;
    private final double xr;
    private final double c;
    private final double lambdaLeft;
    private final double lambdaRight;
    private final double p2;
    private final double p3;
    private final double p4;
    private final double nrq;

    Btpe(long n, double p) {
      this.n = n;
      r = Math.min(p, 1.0 - p);
      q = 1.0 - r;
      double fm = n * r + r;
      m = (long) Math.floor(fm);
      p1 = Math.floor(2.195 * Math.sqrt(n * r * q) - 4.6 * q) + 0.5;
      xm = m + 0.5;
      xl = xm - p1;
      xr = xm + p1;
      c = 0.134 + 20.5 / (15.3 + m);
      double a = (fm - xl) / (fm - xl * r);
      lambdaLeft = a * (1.0 + a / 2.0);
      a = (xr - fm) / (xr * q);
      lambdaRight = a * (1.0 + a / 2.0);
      p2 = p1 * (1.0 + 2.0 * c);
      p3 = p2 + c / lambdaLeft;
      p4 = p3 + c / lambdaRight;
      nrq = n * r * q;
    }

    @Override
    public long next(RandomBits bits) {
      long y;
      do {
        double u = bits.nextDouble() * p4;
        y = region(u, bits.nextDouble());
      } while (y == REJECTED);
      return y;
    }

    /** Steps 1 to 4: the region decides the proposal, and how it is accepted. */
    private long region(double u, double v) {
      if (u <= p1) {
        return (long) Math.floor(xm - p1 * v + u);
      }
      if (u <= p2) {
        double x = xl + (u - p1) / c;
        double scaled = v * c + 1.0 - Math.abs(m - x + 0.5) / p1;
        return scaled > 1.0 ? REJECTED : accept((long) Math.floor(x), scaled);
      }
      if (u <= p3) {
        long y = (long) Math.floor(xl + ElementaryFunctions.log(v) / lambdaLeft);
        return y < 0 || v == 0.0 ? REJECTED : accept(y, v * (u - p2) * lambdaLeft);
      }
      long y = (long) Math.floor(xr - ElementaryFunctions.log(v) / lambdaRight);
      return y > n || v == 0.0 ? REJECTED : accept(y, v * (u - p3) * lambdaRight);
    }

    /** Step 5: compares v with f(y) / f(m). */
    private long accept(long y, double v) {
      long k = Math.abs(y - m);
      if (k > 20 && k < nrq / 2.0 - 1) {
        return squeeze(y, v, k);
      }
      double s = r / q;
      double a = s * (n + 1);
      double f = 1.0;
      for (long i = m + 1; i <= y; i++) {
        f *= a / i - s;
      }
      for (long i = y + 1; i <= m; i++) {
        f /= a / i - s;
      }
      return v > f ? REJECTED : y;
    }

    /** Steps 5.2 and 5.3: bounds of log(f(y) / f(m)), and between them Stirling's formula. */
    private long squeeze(long y, double v, long k) {
      double rho = (k / nrq) * ((k * (k / 3.0 + 0.625) + 0.16666666666666666) / nrq + 0.5);
      double t = -k * k / (2 * nrq);
      double logV = ElementaryFunctions.log(v);
      if (logV < t - rho) {
        return y;
      }
      if (logV > t + rho) {
        return REJECTED;
      }
      double x1 = y + 1;
      double f1 = m + 1;
      double z = n + 1 - m;
      double w = n - y + 1;
      double bound =
          xm * ElementaryFunctions.log(f1 / x1)
              + (n - m + 0.5) * ElementaryFunctions.log(z / w)
              + (y - m) * ElementaryFunctions.log(w * r / (x1 * q))
              + stirling(f1)
              + stirling(z)
              + stirling(x1)
              + stirling(w);
      return logV > bound ? REJECTED : y;
    }

    private static double stirling(double x) {
      double x2 = x * x;
      return (13680. - (462. - (132. - (99. - 140. / x2) / x2) / x2) / x2) / x / 166320.;
    }
  }
}
