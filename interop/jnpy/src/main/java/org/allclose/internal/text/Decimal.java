package org.allclose.internal.text;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Floating-point numbers in as few digits as tell them from their neighbours, the same on every
 * JDK.
 *
 * <p>{@link Double#toString(double)} says so since JDK 19; before, it gave some numbers more
 * digits: 2e23 as 1.9999999999999998E23. A report that is compared must not depend on that.
 */
public final class Decimal {
  private static final int MOST_DIGITS = 17;

  private Decimal() {}

  /** Returns what {@link Double#toString(double)} gives since JDK 19. */
  public static String of(double value) {
    if (!Double.isFinite(value) || value == 0) {
      return Double.toString(value);
    }
    BigDecimal exact = new BigDecimal(Math.abs(value));
    String text = text(shortest(exact, d -> Double.parseDouble(d.toString()) == Math.abs(value)));
    return value < 0 ? "-" + text : text;
  }

  /** Returns what {@link Float#toString(float)} gives since JDK 19. */
  public static String of(float value) {
    if (!Float.isFinite(value) || value == 0) {
      return Float.toString(value);
    }
    BigDecimal exact = new BigDecimal(Math.abs(value));
    String text = text(shortest(exact, d -> Float.parseFloat(d.toString()) == Math.abs(value)));
    return value < 0 ? "-" + text : text;
  }

  /**
   * Returns a number in the format of {@link String#format}, with digits of its exact value: a
   * double is rounded there twice, and not by every JDK in the same way.
   *
   * @param format of one number, such as {@code %.3g}
   */
  public static String format(String format, double value) {
    return Double.isFinite(value)
        ? String.format(Locale.ROOT, format, new BigDecimal(value))
        : Double.toString(value);
  }

  /** Returns the nearest of the decimals with the fewest digits, two at least, that read back. */
  private static BigDecimal shortest(BigDecimal exact, Predicate<BigDecimal> readsBack) {
    for (int digits = 2; digits < MOST_DIGITS; digits++) {
      BigDecimal near = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (readsBack.test(near)) {
        return near;
      }
      // Below a power of two, neighbours are nearer than above: there only the farther one may do.
      boolean down = near.compareTo(exact) < 0;
      BigDecimal far =
          exact.round(new MathContext(digits, down ? RoundingMode.UP : RoundingMode.DOWN));
      if (readsBack.test(far)) {
        return far;
      }
    }
    return exact.round(new MathContext(MOST_DIGITS, RoundingMode.HALF_EVEN));
  }

  /** Returns a positive number as Java writes it, with a point and at least one digit behind it. */
  private static String text(BigDecimal value) {
    String digits = value.stripTrailingZeros().unscaledValue().toString();
    int exponent = value.precision() - value.scale() - 1;
    if (exponent < -3 || exponent >= 7) {
      String fraction = digits.length() == 1 ? "0" : digits.substring(1);
      return digits.charAt(0) + "." + fraction + "E" + exponent;
    }
    String plain = value.stripTrailingZeros().toPlainString();
    return plain.contains(".") ? plain : plain + ".0";
  }
}
