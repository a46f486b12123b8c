package org.allclose.cli;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.allclose.internal.text.Decimal;
import org.allclose.internal.text.Tuple;
import org.allclose.jnpy.ElementType;
import org.allclose.jnpy.NpyArray;
import org.allclose.jnpy.NpyHeader;

/**
 * What {@code show} tells of an array.
 *
 * @param dtype numpy's name of the type of its elements
 * @param shape its shape, as Python prints it
 * @param order C or F
 * @param minimum the least number, if elements have an order and there is one
 * @param maximum the largest number, likewise
 * @param first the first elements in C order, if they were read
 */
record ArraySummary(
    String dtype,
    String shape,
    String order,
    Optional<String> minimum,
    Optional<String> maximum,
    Optional<String> first) {
  private static final int SHOWN = 4;

  /** Tells why there is nothing to tell. */
  static ArraySummary without(String reason) {
    return new ArraySummary(reason, "", "", Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Tells what the header says. */
  static ArraySummary of(NpyHeader header) {
    return new ArraySummary(
        header.dtype().numpyName(),
        Tuple.of(header.shape()),
        header.fortranOrder() ? "F" : "C",
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** Tells what the header says, and reads all elements for the rest. */
  static ArraySummary of(NpyHeader header, NpyArray array) {
    ArraySummary summary = of(header);
    ElementType type = header.dtype().type();
    Optional<ValueRange> range =
        type.isString() || type.isComplex() ? Optional.empty() : Optional.of(ValueRange.of(array));
    String first =
        LongStream.range(0, Math.min(SHOWN, array.size()))
            .mapToObj(array::elementText)
            .collect(Collectors.joining(", ", "[", array.size() > SHOWN ? ", ...]" : "]"));
    return new ArraySummary(
        summary.dtype,
        summary.shape,
        summary.order,
        range.flatMap(ValueRange::minimum).map(value -> text(type, value)),
        range.flatMap(ValueRange::maximum).map(value -> text(type, value)),
        Optional.of(first));
  }

  /** Returns a number in as few digits as tell it from its neighbours of the same type. */
  private static String text(ElementType type, Number value) {
    if (type == ElementType.FLOAT32) {
      return Decimal.of(value.floatValue());
    }
    return value instanceof Double real ? Decimal.of(real) : value.toString();
  }
}
