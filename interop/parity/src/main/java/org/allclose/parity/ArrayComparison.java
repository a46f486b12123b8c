package org.allclose.parity;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.allclose.internal.arrays.ArrayTensors;
import org.allclose.internal.arrays.StoredArray;
import org.allclose.jnpy.ElementType;
import org.allclose.jnpy.NpyArray;
import org.allclose.parity.recording.Expectation;
import org.allclose.parity.recording.Match;
import org.allclose.parity.report.Comparison;
import org.allclose.parity.report.ElementsReport;
import org.allclose.parity.report.TensorReport;
import org.allclose.tensor.Tensor;

/**
 * Compares two arrays of any dtypes under one name.
 *
 * <p>Real floating-point numbers are compared as tensors, complex ones as two, {@code z.real} and
 * {@code z.imag}. Integers and truth values are compared as whole numbers of any size: they are
 * equal, or within {@code atol + rtol * |expected|} of a match that has tolerances. Strings, and
 * elements of types that numpy lacks, are equal or not. Arrays of different kinds or shapes do not
 * match; of two dtypes of one kind, the values are compared.
 */
final class ArrayComparison {
  private final String name;
  private final StoredArray expected;
  private final StoredArray actual;
  private final NpyArray e;
  private final NpyArray a;
  private final Match match;

  /** What can be compared with each other. */
  private enum Kind {
    WHOLE,
    REAL,
    COMPLEX,
    STRING,
    BYTES,
    FOREIGN;

    static Kind of(StoredArray array, NpyArray elements) {
      ElementType type = elements.dtype().type();
      if (!array.isNumpy()) {
        return FOREIGN;
      }
      if (type.isComplex()) {
        return COMPLEX;
      }
      if (type.isString()) {
        return type == ElementType.TEXT ? STRING : BYTES;
      }
      return type.isFloating() ? REAL : WHOLE;
    }
  }

  private ArrayComparison(
      String name, StoredArray expected, StoredArray actual, NpyArray e, NpyArray a, Match match) {
    this.name = name;
    this.expected = expected;
    this.actual = actual;
    this.e = e;
    this.a = a;
    this.match = match;
  }

  /**
   * Compares what two files have under a name.
   *
   * @param expected empty if it is missing there
   * @param actual empty if it is missing there
   * @return one comparison, or two if the elements are complex
   * @throws IllegalStateException if there are more elements than a Java array has
   */
  static List<Comparison> of(
      String name, Optional<StoredArray> expected, Optional<StoredArray> actual, Match match) {
    Optional<String> fault =
        Stream.of(expected, actual)
            .flatMap(Optional::stream)
            .map(StoredArray::fault)
            .filter(text -> !text.isEmpty())
            .findFirst();
    if (fault.isPresent()) {
      return List.of(
          Comparison.unmatched(name, match, Optional.of("an array that can be read"), fault));
    }
    if (expected.isEmpty() || actual.isEmpty()) {
      return List.of(
          Comparison.unmatched(
              name,
              match,
              expected.map(StoredArray::description),
              actual.map(StoredArray::description)));
    }
    NpyArray e = expected.get().elements().orElseThrow();
    NpyArray a = actual.get().elements().orElseThrow();
    return new ArrayComparison(name, expected.get(), actual.get(), e, a, match).compare();
  }

  private List<Comparison> compare() {
    Kind kind = Kind.of(expected, e);
    Kind other = Kind.of(actual, a);
    if (kind == Kind.REAL && other == Kind.REAL) {
      // Tensors of other shapes than expected are reported as tensors are everywhere.
      return List.of(withDtypes(tensors(name, ArrayTensors.of(e), ArrayTensors.of(a))));
    }
    boolean comparable = kind == Kind.FOREIGN ? sameDtype() : kind == other;
    if (!expected.shape().equals(actual.shape())
        || !(comparable || (isNumber(kind) && isNumber(other)))) {
      return List.of(unmatched());
    }
    return switch (kind) {
      case COMPLEX -> List.of(part("real", 0), part("imag", 1));
      case STRING, BYTES -> List.of(strings());
      case FOREIGN -> List.of(bytes());
      default -> List.of(kind == other ? whole() : mixed());
    };
  }

  private static boolean isNumber(Kind kind) {
    return kind == Kind.WHOLE || kind == Kind.REAL;
  }

  private Comparison unmatched() {
    return Comparison.unmatched(
        name, match, Optional.of(expected.description()), Optional.of(actual.description()));
  }

  private boolean sameDtype() {
    return expected.dtype().equals(actual.dtype());
  }

  private Comparison withDtypes(Comparison values) {
    return sameDtype() ? values : Comparison.otherDtype(values, expected.dtype(), actual.dtype());
  }

  /** Compares whole numbers with real ones; those that are no double equal none. */
  private Comparison mixed() {
    try {
      return withDtypes(
          tensors(
              name,
              Tensor.wrap(ArrayTensors.shape(e), e.toDoubles()),
              Tensor.wrap(ArrayTensors.shape(a), a.toDoubles())));
    } catch (ArithmeticException exception) {
      return unmatched();
    }
  }

  private Comparison tensors(String part, Tensor expected, Tensor actual) {
    return TensorReport.compare(part, new Expectation(expected, match, ""), actual);
  }

  private Comparison part(String part, int offset) {
    return withDtypes(tensors(name + "." + part, part(e, offset), part(a, offset)));
  }

  private static Tensor part(NpyArray array, int offset) {
    double[] both = array.toInterleaved();
    double[] part = new double[both.length / 2];
    for (int i = 0; i < part.length; i++) {
      part[i] = both[2 * i + offset];
    }
    return Tensor.wrap(ArrayTensors.shape(array), part);
  }

  private Comparison strings() {
    String[] first = e.toStrings();
    String[] second = a.toStrings();
    // How long the longest one may be is no difference of values.
    return elements(i -> first[(int) i].equals(second[(int) i]), i -> false);
  }

  /** Compares elements whose values are not known, but their bytes. */
  private Comparison bytes() {
    long[] first = e.toLongs();
    long[] second = a.toLongs();
    return elements(i -> first[(int) i] == second[(int) i], i -> false);
  }

  private Comparison whole() {
    long[] first = wholeNumbers(e);
    long[] second = wholeNumbers(a);
    boolean sameSign = isUnsigned64(e) == isUnsigned64(a);
    return withDtypes(
        elements(
            // The bits of 2^64 - 1 without sign are those of -1.
            i -> first[(int) i] == second[(int) i] && (sameSign || first[(int) i] >= 0),
            i -> isNear(integer(e, i), integer(a, i))));
  }

  private static long[] wholeNumbers(NpyArray array) {
    return isUnsigned64(array) ? array.toUnsignedLongs() : array.toLongs();
  }

  private static boolean isUnsigned64(NpyArray array) {
    return array.dtype().type() == ElementType.UINT64;
  }

  private static BigDecimal integer(NpyArray array, long index) {
    if (array.dtype().type() == ElementType.BOOL) {
      return array.elementText(index).equals("True") ? BigDecimal.ONE : BigDecimal.ZERO;
    }
    return new BigDecimal(new BigInteger(array.elementText(index)));
  }

  /** Returns whether a whole number is near enough to another that it does not equal. */
  private boolean isNear(BigDecimal expected, BigDecimal actual) {
    if (!(match instanceof Match.Tolerance tolerance)) {
      return false;
    }
    BigDecimal allowed =
        new BigDecimal(tolerance.atol())
            .add(new BigDecimal(tolerance.rtol()).multiply(expected.abs()));
    return actual.subtract(expected).abs().compareTo(allowed) <= 0;
  }

  private Comparison elements(LongPredicate isEqual, LongPredicate isNear) {
    long equal = 0;
    long unequal = -1;
    long far = -1;
    for (long i = 0; i < e.size(); i++) {
      if (isEqual.test(i)) {
        equal++;
        continue;
      }
      unequal = unequal < 0 ? i : unequal;
      far = far < 0 && !isNear.test(i) ? i : far;
    }
    long shown = far < 0 ? unequal : far;
    Optional<ElementsReport.Element> first =
        shown < 0
            ? Optional.empty()
            : Optional.of(
                new ElementsReport.Element(
                    e.indexText(shown), e.elementText(shown), a.elementText(shown)));
    return new ElementsReport(name, match, e.size(), equal, first, far < 0);
  }
}
