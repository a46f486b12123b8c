package org.allclose.jnpy;

import org.allclose.internal.text.Decimal;
import org.allclose.internal.text.Quoted;

/** An element as Python prints it. */
final class ElementText {
  private ElementText() {}

  static String of(Conversion elements, ElementType type, long index) {
    return switch (type) {
      case BOOL -> {
        boolean[] truth = new boolean[1];
        elements.booleans(index, truth, 0, 1);
        yield truth[0] ? "True" : "False";
      }
      case UINT64 -> {
        long[] bits = new long[1];
        elements.unsignedLongs(index, bits, 0, 1);
        yield Long.toUnsignedString(bits[0]);
      }
      case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32 -> {
        long[] integer = new long[1];
        elements.longs(index, integer, 0, 1);
        yield Long.toString(integer[0]);
      }
      case FLOAT16, FLOAT32, BFLOAT16 -> {
        float[] narrow = new float[1];
        elements.floats(index, narrow, 0, 1, true);
        yield real(Decimal.of(narrow[0]));
      }
      case FLOAT64 -> {
        double[] wide = new double[1];
        elements.doubles(index, wide, 0, 1, true);
        yield real(Decimal.of(wide[0]));
      }
      case COMPLEX64, COMPLEX128 -> {
        double[] parts = new double[2];
        elements.interleaved(index, parts, 0, 1);
        yield "(" + part(parts[0], type) + signed(part(parts[1], type)) + "j)";
      }
      case BYTES, TEXT -> {
        String[] text = new String[1];
        elements.strings(index, text, 0, 1);
        yield Quoted.of(text[0]);
      }
    };
  }

  private static String part(double value, ElementType type) {
    return real(type == ElementType.COMPLEX64 ? Decimal.of((float) value) : Decimal.of(value));
  }

  private static String signed(String number) {
    return number.startsWith("-") ? number : "+" + number;
  }

  /** Returns Java's text of a number with Python's names for what is none. */
  private static String real(String text) {
    return text.replace("NaN", "nan").replace("Infinity", "inf");
  }
}
