package org.allclose.internal.kernel.math;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.junit.jupiter.api.Test;

/** Derives the tables of the elementary functions from their definitions, to 80 digits. */
class TablesTest {
  private static final MathContext DIGITS = new MathContext(80);

  @Test
  void powersOfTwo_andWhatTheirRoundingLeft() {
    BigDecimal step = BigDecimal.valueOf(2);
    for (int i = 0; i < 7; i++) {
      step = step.sqrt(DIGITS);
    }
    BigDecimal power = BigDecimal.ONE;
    for (int i = 0; i < ExpTable.SIZE; i++) {
      double rounded = power.doubleValue();
      assertEquals(rounded, ExpTable.POWERS[i], "2^(" + i + "/128)");
      BigDecimal exact = new BigDecimal(rounded);
      double tail = power.subtract(exact).divide(exact, DIGITS).doubleValue();
      assertEquals(tail, ExpTable.TAILS[i], "tail of 2^(" + i + "/128)");
      power = power.multiply(step, DIGITS);
    }
  }

  @Test
  void logarithms_followFromTheReciprocals() {
    for (int i = 0; i < LogTable.RECIPROCALS.length; i++) {
      BigDecimal log = logOfInverse(LogTable.RECIPROCALS[i]);
      assertEquals(roundedTo43Bits(log), LogTable.LOGARITHMS[i], "entry " + i);
    }
  }

  @Test
  void logarithmsOfThePowerFunction_andTheirTails_followFromTheReciprocals() {
    for (int i = 0; i < PowTable.RECIPROCALS.length; i++) {
      BigDecimal log = logOfInverse(PowTable.RECIPROCALS[i]);
      double rounded = roundedTo43Bits(log);
      assertEquals(rounded, PowTable.LOGARITHMS[i], "entry " + i);
      double tail = log.subtract(new BigDecimal(rounded)).doubleValue();
      assertEquals(tail, PowTable.TAILS[i], "tail of entry " + i);
    }
  }

  @Test
  void tables_haveOneEntryForEachIndex() {
    assertEquals(128, ExpTable.SIZE);
    assertEquals(128, ExpTable.POWERS.length);
    assertEquals(128, ExpTable.TAILS.length);
    assertEquals(128, LogTable.RECIPROCALS.length);
    assertEquals(128, LogTable.LOGARITHMS.length);
    assertEquals(128, PowTable.RECIPROCALS.length);
    assertEquals(128, PowTable.LOGARITHMS.length);
    assertEquals(128, PowTable.TAILS.length);
  }

  private static double roundedTo43Bits(BigDecimal value) {
    BigDecimal scale = BigDecimal.valueOf(1L << 43);
    return value
        .multiply(scale)
        .setScale(0, RoundingMode.HALF_EVEN)
        .divide(scale, DIGITS)
        .doubleValue();
  }

  /** {@code log(1 / x) = -2 atanh((x - 1) / (x + 1))}, by its power series; x from 0.7 to 1.5. */
  private static BigDecimal logOfInverse(double x) {
    BigDecimal exact = new BigDecimal(x);
    BigDecimal ratio = exact.subtract(BigDecimal.ONE).divide(exact.add(BigDecimal.ONE), DIGITS);
    BigDecimal square = ratio.multiply(ratio, DIGITS);
    BigDecimal term = ratio;
    BigDecimal sum = BigDecimal.ZERO;
    for (int n = 1; n < 200; n += 2) {
      sum = sum.add(term.divide(BigDecimal.valueOf(n), DIGITS), DIGITS);
      term = term.multiply(square, DIGITS);
    }
    return sum.multiply(BigDecimal.valueOf(-2), DIGITS);
  }
}
