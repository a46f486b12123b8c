package org.allclose.internal.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.allclose.TestPython;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecimalTest {
  @TempDir Path folder;

  /** The digits are those of Python's {@code repr}, laid out as Java does. */
  @ParameterizedTest
  @CsvSource({
    "0x1.52d02c7e14af6p77, 2.0E23",
    "0x1.0p-1, 0.5",
    "-0x1.999999999999ap-4, -0.1",
    "0x1.0624dd2f1a9fcp-10, 0.001",
    "0x1.0624dd2f1a9fbp-10, 9.999999999999998E-4",
    "0x1.312dp23, 1.0E7",
    "0x1.312cffp23, 9999999.5",
    "0x1.ep6, 120.0",
    "0x1.fffffffffffffp1023, 1.7976931348623157E308",
    "0x1.0p-1022, 2.2250738585072014E-308",
    "0x1.0p-44, 5.684341886080802E-14"
  })
  void doubles_haveTheDigitsThatPythonPrints(String value, String text) {
    assertEquals(text, Decimal.of(Double.parseDouble(value)));
  }

  @Test
  void numbersThatAreNone_areJavas() {
    assertEquals("NaN", Decimal.of(Double.NaN));
    assertEquals("-Infinity", Decimal.of(Float.NEGATIVE_INFINITY));
    assertEquals("-0.0", Decimal.of(-0.0));
    assertEquals("0.1", Decimal.of(0.1f));
    assertEquals("3.4028235E38", Decimal.of(Float.MAX_VALUE));
  }

  @Test
  void randomDoubles_haveTheValueThatPythonPrints() throws Exception {
    Random random = new Random(231);
    double[] values =
        DoubleStream.concat(
                IntStream.range(-1074, 1024).mapToDouble(i -> Math.scalb(1.0, i)),
                random.longs(5000).mapToDouble(Double::longBitsToDouble).filter(Double::isFinite))
            .toArray();
    List<String> python = repr(values);
    for (int i = 0; i < values.length; i++) {
      // Java keeps two digits where one would do.
      if (new BigDecimal(python.get(i)).precision() > 2) {
        assertEquals(
            0,
            new BigDecimal(python.get(i)).compareTo(new BigDecimal(Decimal.of(values[i]))),
            Decimal.of(values[i]) + " is no " + python.get(i));
      }
    }
  }

  @Test
  void numbers_areThoseOfJdksFrom19() {
    assumeTrue(Runtime.version().feature() >= 19, "skipped: this JDK is older than 19");
    Random random = new Random(231);
    for (int i = 0; i < 20_000; i++) {
      double wide = Double.longBitsToDouble(random.nextLong());
      assertEquals(Double.toString(wide), Decimal.of(wide));
      double small = Math.scalb(random.nextGaussian(), random.nextInt(40) - 20);
      assertEquals(Double.toString(small), Decimal.of(small));
      float narrow = Float.intBitsToFloat(random.nextInt());
      assertEquals(Float.toString(narrow), Decimal.of(narrow));
    }
    assertEquals(Double.toString(Double.MIN_VALUE), Decimal.of(Double.MIN_VALUE));
  }

  private List<String> repr(double[] values) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("values"),
            DoubleStream.of(values)
                .mapToObj(Double::toHexString)
                .collect(Collectors.joining("\n")));
    String program = "for x in open('" + file + "'): print(repr(float.fromhex(x)))";
    TestPython.Outcome outcome = TestPython.with("sys").run(folder, "-c", program);
    assertEquals(0, outcome.status(), outcome.output());
    return outcome.output().lines().toList();
  }
}
