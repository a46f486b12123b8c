package org.allclose.jnpy;

import java.nio.Buffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import org.allclose.internal.text.Tuple;

/**
 * An array as numpy saves it: elements of one dtype, a shape, and the order they have in a file.
 *
 * <p>Immutable. The elements lie in heap arrays, or in the memory map of an {@link NpyFile} for as
 * long as that is open. Whatever their order in the file, every method gives them in C order, the
 * last index varying fastest; {@code from} counts them in that order.
 *
 * <p>The {@code to...} and {@code get...} methods convert without loss: a value that the Java type
 * does not hold exactly throws {@link ArithmeticException} and names the first such element. The
 * ones called {@code ...Rounded} round to nearest, ties to even, instead. A NaN stays a NaN. Asking
 * for a type that makes no sense, a string as a number for one, throws {@link
 * IllegalStateException}.
 */
public final class NpyArray {
  private static final int COPIED_UNITS = 1 << 15;
  private static final String IN_MEMORY = "array";

  private final String source;
  private final DType dtype;
  private final boolean fortranOrder;
  private final long[] shape;
  private final long size;
  private final ElementOrder layout;
  private final Conversion conversion;

  private NpyArray(
      String source,
      DType dtype,
      boolean fortranOrder,
      long[] shape,
      long size,
      ElementOrder layout) {
    this.source = source;
    this.dtype = dtype;
    this.fortranOrder = fortranOrder;
    this.shape = shape;
    this.size = size;
    this.layout = layout;
    this.conversion = new Conversion(this, layout);
  }

  /** Returns the array whose data the storage holds in the order that the header tells. */
  static NpyArray of(NpyHeader header, Storage storage, String source) {
    long[] shape = header.shape();
    boolean fortran = header.fortranOrder();
    int width = header.dtype().unitsPerItem();
    ElementOrder layout = ElementOrder.of(storage, width, fortran, shape);
    return new NpyArray(source, header.dtype(), fortran, shape, header.size(), layout);
  }

  /**
   * Returns a C-ordered array of float64 over a copy of the values.
   *
   * @throws IllegalArgumentException if the shape has not as many elements
   */
  public static NpyArray of(double[] values, int... shape) {
    return wrap(DType.FLOAT64, values.clone(), shape);
  }

  /**
   * Returns a C-ordered array that shares the values, of a dtype whose elements are made of {@code
   * double}: the caller must not change them.
   *
   * @throws IllegalArgumentException if the dtype is made of other primitives, or the shape does
   *     not have as many elements as there are values
   */
  public static NpyArray wrap(DType dtype, double[] values, int... shape) {
    return wrapped(dtype, Primitive.DOUBLE, values, values.length, shape);
  }

  /**
   * Returns a C-ordered array of float32 over a copy of the values.
   *
   * @throws IllegalArgumentException if the shape has not as many elements
   */
  public static NpyArray of(float[] values, int... shape) {
    return wrap(DType.FLOAT32, values.clone(), shape);
  }

  /**
   * Returns a C-ordered array that shares the values, of a dtype whose elements are made of {@code
   * float}: the caller must not change them.
   *
   * @throws IllegalArgumentException if the dtype is made of other primitives, or the shape does
   *     not have as many elements as there are values
   */
  public static NpyArray wrap(DType dtype, float[] values, int... shape) {
    return wrapped(dtype, Primitive.FLOAT, values, values.length, shape);
  }

  /**
   * Returns a C-ordered array of int64 over a copy of the values.
   *
   * @throws IllegalArgumentException if the shape has not as many elements
   */
  public static NpyArray of(long[] values, int... shape) {
    return wrap(DType.INT64, values.clone(), shape);
  }

  /**
   * Returns a C-ordered array that shares the values, of a dtype whose elements are made of {@code
   * long}: the caller must not change them.
   *
   * @throws IllegalArgumentException if the dtype is made of other primitives, or the shape does
   *     not have as many elements as there are values
   */
  public static NpyArray wrap(DType dtype, long[] values, int... shape) {
    return wrapped(dtype, Primitive.LONG, values, values.length, shape);
  }

  /**
   * Returns a C-ordered array of int32 over a copy of the values.
   *
   * @throws IllegalArgumentException if the shape has not as many elements
   */
  public static NpyArray of(int[] values, int... shape) {
    return wrap(DType.INT32, values.clone(), shape);
  }

  /**
   * Returns a C-ordered array that shares the values, of a dtype whose elements are made of {@code
   * int}: the caller must not change them.
   *
   * @throws IllegalArgumentException if the dtype is made of other primitives, or the shape does
   *     not have as many elements as there are values
   */
  public static NpyArray wrap(DType dtype, int[] values, int... shape) {
    return wrapped(dtype, Primitive.INT, values, values.length, shape);
  }

  /**
   * Returns a C-ordered array of int16 over a copy of the values.
   *
   * @throws IllegalArgumentException if the shape has not as many elements
   */
  public static NpyArray of(short[] values, int... shape) {
    return wrap(DType.INT16, values.clone(), shape);
  }

  /**
   * Returns a C-ordered array that shares the values, of a dtype whose elements are made of {@code
   * short}: the caller must not change them.
   *
   * @throws IllegalArgumentException if the dtype is made of other primitives, or the shape does
   *     not have as many elements as there are values
   */
  public static NpyArray wrap(DType dtype, short[] values, int... shape) {
    return wrapped(dtype, Primitive.SHORT, values, values.length, shape);
  }

  /**
   * Returns a C-ordered array of uint8 over a copy of the values.
   *
   * @throws IllegalArgumentException if the shape has not as many elements
   */
  public static NpyArray of(byte[] values, int... shape) {
    return wrap(DType.UINT8, values.clone(), shape);
  }

  /**
   * Returns a C-ordered array that shares the values, of a dtype whose elements are made of {@code
   * byte}: the caller must not change them.
   *
   * @throws IllegalArgumentException if the dtype is made of other primitives, or the shape does
   *     not have as many elements as there are values
   */
  public static NpyArray wrap(DType dtype, byte[] values, int... shape) {
    return wrapped(dtype, Primitive.BYTE, values, values.length, shape);
  }

  /**
   * Returns a C-ordered array of bool over a copy of the values.
   *
   * @throws IllegalArgumentException if the shape has not as many elements
   */
  public static NpyArray of(boolean[] values, int... shape) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) (values[i] ? 1 : 0);
    }
    return wrap(DType.BOOL, bytes, shape);
  }

  /**
   * Returns a C-ordered array of str, as long as the longest value and at least 1.
   *
   * <p>As in numpy, zero characters at the end of a value are lost.
   *
   * @throws IllegalArgumentException if the shape has not as many elements
   */
  public static NpyArray of(String[] values, int... shape) {
    int[][] codePoints = new int[values.length][];
    int longest = 1;
    for (int i = 0; i < values.length; i++) {
      codePoints[i] = values[i].codePoints().toArray();
      longest = Math.max(longest, codePoints[i].length);
    }
    int[] units = new int[Math.multiplyExact(values.length, longest)];
    for (int i = 0; i < values.length; i++) {
      System.arraycopy(codePoints[i], 0, units, i * longest, codePoints[i].length);
    }
    return wrap(DType.text(longest), units, shape);
  }

  private static NpyArray wrapped(
      DType dtype, Primitive unit, Object values, int length, int[] intShape) {
    if (dtype.unit() != unit) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "dtype %s: expected %s values but got %s",
              dtype,
              name(dtype.unit()),
              name(unit)));
    }
    long[] shape = Arrays.stream(intShape).asLongStream().toArray();
    NpyHeader header = NpyHeader.of(dtype, false, shape);
    if (header.size() * dtype.unitsPerItem() != length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "shape %s of %s: expected %d %s values but got %d",
              Tuple.of(shape),
              dtype,
              header.size() * dtype.unitsPerItem(),
              name(unit),
              length));
    }
    return of(header, Storage.wrap(unit, values), IN_MEMORY);
  }

  private static String name(Primitive unit) {
    return unit.name().toLowerCase(Locale.ROOT);
  }

  /** Returns what an element is. */
  public DType dtype() {
    return dtype;
  }

  /** Returns the lengths of the axes, a copy. */
  public long[] shape() {
    return shape.clone();
  }

  /** Returns the number of axes. */
  public int rank() {
    return shape.length;
  }

  /** Returns the number of elements: the product of the lengths, 1 without axes. */
  public long size() {
    return size;
  }

  /** Returns whether a file holds, or would hold, the elements in Fortran order. */
  public boolean fortranOrder() {
    return fortranOrder;
  }

  /** Returns where the array comes from, for messages: a file, an entry, or {@code array}. */
  public String source() {
    return source;
  }

  /**
   * Returns rows of the first axis as an array that shares these elements, in C order.
   *
   * @param from the first row
   * @param to the row after the last
   * @throws IndexOutOfBoundsException if there are no such rows, or no axes
   */
  public NpyArray rows(long from, long to) {
    long rows = shape.length == 0 ? 0 : shape[0];
    if (shape.length == 0 || from < 0 || to < from || to > rows) {
      throw new IndexOutOfBoundsException(
          String.format(
              Locale.ROOT,
              "%s: expected rows within 0 to %d of shape %s but got %d to %d",
              source,
              rows,
              Tuple.of(shape),
              from,
              to));
    }
    long[] rowsShape = shape.clone();
    rowsShape[0] = to - from;
    long rowsSize = rows == 0 ? 0 : size / rows * (to - from);
    return new NpyArray(source, dtype, false, rowsShape, rowsSize, layout.rows(from, rowsShape));
  }

  /**
   * Returns the same elements as an array that is written in C order and little-endian.
   *
   * <p>Nothing is copied: the order changes while it is written.
   */
  public NpyArray canonical() {
    DType littleEndian = dtype.withByteOrder(ByteOrder.LITTLE_ENDIAN);
    return new NpyArray(source, littleEndian, false, shape, size, layout);
  }

  /** Returns the same elements in heap memory, in C order. */
  public NpyArray copy() {
    int width = dtype.unitsPerItem();
    StorageBuilder builder = StorageBuilder.of(dtype.unit(), size * width);
    int most = (int) Math.min(size, Math.max(1, COPIED_UNITS / width));
    Object elements = dtype.unit().newArray(most * width);
    for (long done = 0; done < size; ) {
      int count = (int) Math.min(size - done, layout.preferredCount(done, most));
      layout.get(done, elements, 0, count);
      builder.append(dtype.unit().wrap(elements), count * width);
      done += count;
    }
    return of(NpyHeader.of(dtype, false, shape), builder.build(), source);
  }

  /**
   * Returns the elements as they are stored, without copying: a read-only {@link
   * java.nio.DoubleBuffer} for float64 and complex128, a {@link java.nio.LongBuffer} for int64 and
   * uint64, and so on; of float16, bool and others whose values Java has no primitive for, the
   * bits.
   *
   * <p>While somebody holds such a buffer of an {@link NpyFile}, closing does not free its memory
   * before Java 22; from then on the buffer throws {@link IllegalStateException}.
   *
   * @throws IllegalStateException if the elements are not in C order, are rows of a larger array,
   *     or are too many for a buffer
   */
  public Buffer asReadOnlyBuffer() {
    if (layout.isFortran() || layout.storage().units() != size * dtype.unitsPerItem()) {
      throw new IllegalStateException(
          source + ": expected a whole array in C order but got another " + this);
    }
    return layout.storage().readOnly();
  }

  /** Returns the elements as one axis, in the order that is fastest to read. */
  public NpyArray inStoredOrder() {
    if (!layout.isContiguous()) {
      return this;
    }
    return new NpyArray(source, dtype, false, new long[] {size}, size, layout.inStoredOrder(size));
  }

  /** Returns the elements as double: numbers and truth values, each exactly. */
  public double[] toDoubles() {
    double[] values = new double[length(1)];
    conversion.doubles(0, values, 0, values.length, true);
    return values;
  }

  /** Returns the elements as double, integers beyond 2<sup>53</sup> rounded to nearest. */
  public double[] toDoublesRounded() {
    double[] values = new double[length(1)];
    conversion.doubles(0, values, 0, values.length, false);
    return values;
  }

  /** Returns the elements as float: numbers and truth values, each exactly. */
  public float[] toFloats() {
    float[] values = new float[length(1)];
    conversion.floats(0, values, 0, values.length, true);
    return values;
  }

  /** Returns the elements as float, rounded to nearest. */
  public float[] toFloatsRounded() {
    float[] values = new float[length(1)];
    conversion.floats(0, values, 0, values.length, false);
    return values;
  }

  /** Returns the elements as long: integers, truth values, and floating-point integers. */
  public long[] toLongs() {
    long[] values = new long[length(1)];
    conversion.longs(0, values, 0, values.length);
    return values;
  }

  /** Returns the elements, none of them negative, as long to be read as unsigned. */
  public long[] toUnsignedLongs() {
    long[] values = new long[length(1)];
    conversion.unsignedLongs(0, values, 0, values.length);
    return values;
  }

  /** Returns the elements as int: integers, truth values, and floating-point integers. */
  public int[] toInts() {
    int[] values = new int[length(1)];
    conversion.ints(0, values, 0, values.length);
    return values;
  }

  /** Returns the elements of an array of bool; any byte but 0 is true. */
  public boolean[] toBooleans() {
    boolean[] values = new boolean[length(1)];
    conversion.booleans(0, values, 0, values.length);
    return values;
  }

  /** Returns complex elements as real and imaginary parts in turn, two doubles an element. */
  public double[] toInterleaved() {
    double[] values = new double[length(2)];
    conversion.interleaved(0, values, 0, values.length / 2);
    return values;
  }

  /** Returns strings without the zeros they are padded with; byte strings as Latin-1. */
  public String[] toStrings() {
    String[] values = new String[length(1)];
    conversion.strings(0, values, 0, values.length);
    return values;
  }

  /** Copies elements as {@link #toDoubles} into {@code target}, changed from offset on. */
  public void getDoubles(long from, double[] target, int offset, int count) {
    checkRange(from, count, target.length, offset);
    conversion.doubles(from, target, offset, count, true);
  }

  /** Copies elements as {@link #toDoublesRounded} into {@code target}, changed from offset on. */
  public void getDoublesRounded(long from, double[] target, int offset, int count) {
    checkRange(from, count, target.length, offset);
    conversion.doubles(from, target, offset, count, false);
  }

  /** Copies elements as {@link #toFloats} into {@code target}, changed from offset on. */
  public void getFloats(long from, float[] target, int offset, int count) {
    checkRange(from, count, target.length, offset);
    conversion.floats(from, target, offset, count, true);
  }

  /** Copies elements as {@link #toLongs} into {@code target}, changed from offset on. */
  public void getLongs(long from, long[] target, int offset, int count) {
    checkRange(from, count, target.length, offset);
    conversion.longs(from, target, offset, count);
  }

  /** Copies elements as {@link #toUnsignedLongs} into {@code target}, changed from offset on. */
  public void getUnsignedLongs(long from, long[] target, int offset, int count) {
    checkRange(from, count, target.length, offset);
    conversion.unsignedLongs(from, target, offset, count);
  }

  /** Copies elements as {@link #toInts} into {@code target}, changed from offset on. */
  public void getInts(long from, int[] target, int offset, int count) {
    checkRange(from, count, target.length, offset);
    conversion.ints(from, target, offset, count);
  }

  /** Returns an element as Python prints it: {@code 0.5}, {@code True}, {@code (1+2j)}. */
  public String elementText(long index) {
    checkRange(index, 1, 1, 0);
    return ElementText.of(conversion, dtype.type(), index);
  }

  /** Returns the indices of an element as Python prints them: {@code (2, 0)}. */
  public String indexText(long element) {
    long[] indices = new long[shape.length];
    long rest = element;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      indices[axis] = rest % shape[axis];
      rest /= shape[axis];
    }
    return Tuple.of(indices);
  }

  ElementOrder layout() {
    return layout;
  }

  private int length(int each) {
    if (size > (Integer.MAX_VALUE - 8) / each) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "%s: expected at most %d elements for one Java array but got %d",
              source,
              (Integer.MAX_VALUE - 8) / each,
              size));
    }
    return (int) size * each;
  }

  private void checkRange(long from, int count, int targetLength, int offset) {
    if (from < 0 || count < 0 || from > size - count) {
      throw new IndexOutOfBoundsException(
          String.format(
              Locale.ROOT,
              "%s: expected elements within 0 to %d but got %d from %d on",
              source,
              size,
              count,
              from));
    }
    Objects.checkFromIndexSize(offset, count, targetLength);
  }

  /** Returns dtype, shape and order: {@code <f8 (3, 4) C}. */
  @Override
  public String toString() {
    return dtype + " " + Tuple.of(shape) + (fortranOrder ? " F" : " C");
  }
}
