package org.allclose.internal.kernel.math;

/**
 * The error function with the bits of glibc 2.36 on x86-64.
 *
 * <p>{@code erf(x) = 2 / sqrt(pi) * integral of exp(-t^2) for t = 0 … x}, by five rational
 * approximations. Nothing is fused here, but {@link Exp} is.
 *
 * <p>Source: fdlibm {@code s_erf.c} (Sun Microsystems, freely distributable).
 */
final class Erf {
  private Erf() {}

  /** erf(1), of single precision. */
  private static final double ERX = 0x1.b0ac16p-1;

  /** {@code 2 / sqrt(pi) - 1} and 16 times that. */
  private static final double EFX = 0x1.06eba8214db69p-3;

  private static final double EFX16 = 0x1.06eba8214db69p1;

  // |x| < 0.84375: (erf(x) - x) / x in x^2
  private static final double PP0 = 0x1.06eba8214db68p-3;
  private static final double PP1 = -0x1.4cd7d691cb913p-2;
  private static final double PP2 = -0x1.d2a51dbd7194fp-6;
  private static final double PP3 = -0x1.7a291236668e4p-8;
  private static final double PP4 = -0x1.8ead6120016acp-16;
  private static final double QQ1 = 0x1.97779cddadc09p-2;
  private static final double QQ2 = 0x1.0a54c5536cebap-4;
  private static final double QQ3 = 0x1.4d022c4d36b0fp-8;
  private static final double QQ4 = 0x1.15dc9221c1a1p-13;
  private static final double QQ5 = -0x1.09c4342a2612p-18;

  // 0.84375 <= |x| < 1.25: erf(x) - erf(1) in |x| - 1
  private static final double PA0 = -0x1.359b8bef77538p-9;
  private static final double PA1 = 0x1.a8d00ad92b34dp-2;
  private static final double PA2 = -0x1.7d240fbb8c3f1p-2;
  private static final double PA3 = 0x1.45fca805120e4p-2;
  private static final double PA4 = -0x1.c63983d3e28ecp-4;
  private static final double PA5 = 0x1.22a36599795ebp-5;
  private static final double PA6 = -0x1.1bf380a96073fp-9;
  private static final double QA1 = 0x1.b3e6618eee323p-4;
  private static final double QA2 = 0x1.14af092eb6f33p-1;
  private static final double QA3 = 0x1.2635cd99fe9a7p-4;
  private static final double QA4 = 0x1.02660e763351fp-3;
  private static final double QA5 = 0x1.bedc26b51dd1cp-7;
  private static final double QA6 = 0x1.88b545735151dp-7;

  // 1.25 <= |x| < 1 / 0.35: log(x exp(x^2) erfc(x)) + 0.5625 in 1 / x^2
  private static final double RA0 = -0x1.43412600d6435p-7;
  private static final double RA1 = -0x1.63416e4ba736p-1;
  private static final double RA2 = -0x1.51e0441b0e726p3;
  private static final double RA3 = -0x1.f300ae4cba38dp5;
  private static final double RA4 = -0x1.44cb184282266p7;
  private static final double RA5 = -0x1.7135cebccabb2p7;
  private static final double RA6 = -0x1.4526557e4d2f2p6;
  private static final double RA7 = -0x1.3a0efc69ac25cp3;
  private static final double SA1 = 0x1.3a6b9bd707687p4;
  private static final double SA2 = 0x1.1350c526ae721p7;
  private static final double SA3 = 0x1.b290dd58a1a71p8;
  private static final double SA4 = 0x1.42b1921ec2868p9;
  private static final double SA5 = 0x1.ad02157700314p8;
  private static final double SA6 = 0x1.b28a3ee48ae2cp6;
  private static final double SA7 = 0x1.a47ef8e484a93p2;
  private static final double SA8 = -0x1.eeff2ee749a62p-5;

  // 1 / 0.35 <= |x| < 6: the same
  private static final double RB0 = -0x1.4341239e86f4ap-7;
  private static final double RB1 = -0x1.993ba70c285dep-1;
  private static final double RB2 = -0x1.1c209555f995ap4;
  private static final double RB3 = -0x1.4145d43c5ed98p7;
  private static final double RB4 = -0x1.3ec881375f228p9;
  private static final double RB5 = -0x1.004616a2e5992p10;
  private static final double RB6 = -0x1.e384e9bdc383fp8;
  private static final double SB1 = 0x1.e568b261d519p4;
  private static final double SB2 = 0x1.45cae221b9f0ap8;
  private static final double SB3 = 0x1.802eb189d5118p10;
  private static final double SB4 = 0x1.8ffb7688c246ap11;
  private static final double SB5 = 0x1.3f219cedf3be6p11;
  private static final double SB6 = 0x1.da874e79fe763p8;
  private static final double SB7 = -0x1.670e242712d62p4;

  /**
   * Up to here (by the high word of the double) the third approximation is used, then the fourth.
   */
  private static final double INVERSE_OF_035 = 0x1.6db6ep1;

  static double erf(double x) {
    double magnitude = Math.abs(x);
    if (magnitude < 0.84375) {
      return small(x, magnitude);
    }
    double result;
    if (Double.isNaN(x)) {
      return x;
    } else if (magnitude >= 6.0) {
      result = 1.0;
    } else if (magnitude < 1.25) {
      result = ERX + nearOne(magnitude - 1.0);
    } else {
      result = 1.0 - complement(magnitude);
    }
    return Math.copySign(result, x);
  }

  private static double small(double x, double magnitude) {
    if (magnitude < 0x1p-28) {
      // Scaled, so that the product is not rounded twice where it is subnormal.
      return magnitude < 0x1p-1015 ? 0.0625 * (16.0 * x + EFX16 * x) : x + EFX * x;
    }
    double z = x * x;
    double z2 = z * z;
    double z4 = z2 * z2;
    double r = PP0 + z * PP1 + z2 * (PP2 + z * PP3) + z4 * PP4;
    double s = 1.0 + z * QQ1 + z2 * (QQ2 + z * QQ3) + z4 * (QQ4 + z * QQ5);
    return x + x * (r / s);
  }

  private static double nearOne(double s) {
    double s2 = s * s;
    double s4 = s2 * s2;
    double s6 = s4 * s2;
    double p = PA0 + s * PA1 + s2 * (PA2 + s * PA3) + s4 * (PA4 + s * PA5) + s6 * PA6;
    double q = 1.0 + s * QA1 + s2 * (QA2 + s * QA3) + s4 * (QA4 + s * QA5) + s6 * QA6;
    return p / q;
  }

  /** {@code 1 - erf(x)}, 1.25 <= x < 6. */
  private static double complement(double x) {
    double s = 1.0 / (x * x);
    double s2 = s * s;
    double s4 = s2 * s2;
    double s6 = s4 * s2;
    double r;
    double d;
    if (x < INVERSE_OF_035) {
      r = RA0 + s * RA1 + s2 * (RA2 + s * RA3) + s4 * (RA4 + s * RA5) + s6 * (RA6 + s * RA7);
      d = 1.0 + s * SA1 + s2 * (SA2 + s * SA3) + s4 * (SA4 + s * SA5) + s6 * (SA6 + s * SA7);
      d = d + s4 * s4 * SA8;
    } else {
      r = RB0 + s * RB1 + s2 * (RB2 + s * RB3) + s4 * (RB4 + s * RB5) + s6 * RB6;
      d = 1.0 + s * SB1 + s2 * (SB2 + s * SB3) + s4 * (SB4 + s * SB5) + s6 * (SB6 + s * SB7);
    }
    // The square of the upper half of x is exact.
    double z = Double.longBitsToDouble(Double.doubleToRawLongBits(x) & 0xffffffffL << 32);
    return Exp.exp(-z * z - 0.5625) * Exp.exp((z - x) * (z + x) + r / d) / x;
  }
}
