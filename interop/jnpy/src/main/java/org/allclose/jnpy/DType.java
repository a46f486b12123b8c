package org.allclose.jnpy;

import java.nio.ByteOrder;
import java.util.Locale;
import java.util.Objects;

/**
 * What one element of an array is: its type, its byte order, and for strings its length.
 *
 * <p>Prints as numpy writes it into a header: {@code <f8}, {@code |u1}, {@code <U12}.
 */
public final class DType {
  /** numpy's {@code bool}. */
  public static final DType BOOL = littleEndian(ElementType.BOOL);

  /** numpy's {@code int8}. */
  public static final DType INT8 = littleEndian(ElementType.INT8);

  /** numpy's {@code int16}. */
  public static final DType INT16 = littleEndian(ElementType.INT16);

  /** numpy's {@code int32}. */
  public static final DType INT32 = littleEndian(ElementType.INT32);

  /** numpy's {@code int64}. */
  public static final DType INT64 = littleEndian(ElementType.INT64);

  /** numpy's {@code uint8}. */
  public static final DType UINT8 = littleEndian(ElementType.UINT8);

  /** numpy's {@code uint16}. */
  public static final DType UINT16 = littleEndian(ElementType.UINT16);

  /** numpy's {@code uint32}. */
  public static final DType UINT32 = littleEndian(ElementType.UINT32);

  /** numpy's {@code uint64}. */
  public static final DType UINT64 = littleEndian(ElementType.UINT64);

  /** numpy's {@code float16}. */
  public static final DType FLOAT16 = littleEndian(ElementType.FLOAT16);

  /** numpy's {@code float32}. */
  public static final DType FLOAT32 = littleEndian(ElementType.FLOAT32);

  /** numpy's {@code float64}. */
  public static final DType FLOAT64 = littleEndian(ElementType.FLOAT64);

  /** bfloat16, which a file calls two bytes of void. */
  public static final DType BFLOAT16 = littleEndian(ElementType.BFLOAT16);

  /** numpy's {@code complex64}. */
  public static final DType COMPLEX64 = littleEndian(ElementType.COMPLEX64);

  /** numpy's {@code complex128}. */
  public static final DType COMPLEX128 = littleEndian(ElementType.COMPLEX128);

  private final ElementType type;
  private final int unitsPerItem;
  private final ByteOrder byteOrder;

  private DType(ElementType type, int unitsPerItem, ByteOrder byteOrder) {
    this.type = type;
    this.unitsPerItem = unitsPerItem;
    this.byteOrder = byteOrder;
  }

  /**
   * Returns the little-endian dtype of a number or truth value.
   *
   * @throws IllegalArgumentException if the type is a string, which needs a length
   */
  public static DType of(ElementType type) {
    if (type.isString()) {
      throw new IllegalArgumentException("dtype " + type.numpyName() + ": expected a length");
    }
    return littleEndian(type);
  }

  /**
   * Returns the dtype of byte strings, numpy's {@code S}.
   *
   * @throws IllegalArgumentException if the length is not positive
   */
  public static DType bytes(int length) {
    return string(ElementType.BYTES, length);
  }

  /**
   * Returns the little-endian dtype of strings, numpy's {@code U}.
   *
   * @param codePoints the length; each code point takes four bytes
   * @throws IllegalArgumentException if the length is not positive, or above 536,870,911
   */
  public static DType text(int codePoints) {
    return string(ElementType.TEXT, codePoints);
  }

  static DType of(ElementType type, int unitsPerItem, ByteOrder byteOrder) {
    // One byte has no order: the one kept makes such dtypes equal, whatever mark a file put there.
    ByteOrder order = type.unit().bytes() == 1 ? ByteOrder.LITTLE_ENDIAN : byteOrder;
    return new DType(type, unitsPerItem, order);
  }

  private static DType littleEndian(ElementType type) {
    return of(type, type.unitsPerItem(), ByteOrder.LITTLE_ENDIAN);
  }

  private static DType string(ElementType type, int length) {
    if (length < 1 || length > Integer.MAX_VALUE / type.unit().bytes()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "dtype %s: expected a length of 1 to %d but got %d",
              type.numpyName(),
              Integer.MAX_VALUE / type.unit().bytes(),
              length));
    }
    return of(type, length, ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns the type of an element. */
  public ElementType type() {
    return type;
  }

  /** Returns the bytes of an element. */
  public int itemSize() {
    return unitsPerItem * type.unit().bytes();
  }

  /** Returns the order of the bytes in a file; little-endian for elements of single bytes. */
  public ByteOrder byteOrder() {
    return byteOrder;
  }

  /** Returns this dtype with its bytes in another order in files. */
  public DType withByteOrder(ByteOrder order) {
    return of(type, unitsPerItem, Objects.requireNonNull(order, "order"));
  }

  /** Returns the Java primitives of an element: 2 for complex, the length for strings. */
  int unitsPerItem() {
    return unitsPerItem;
  }

  Primitive unit() {
    return type.unit();
  }

  /** Returns numpy's name, without byte order: {@code float64}, {@code str12}. */
  public String numpyName() {
    return type.isString() ? type.numpyName() + unitsPerItem : type.numpyName();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DType dtype
        && type == dtype.type
        && unitsPerItem == dtype.unitsPerItem
        && byteOrder == dtype.byteOrder;
  }

  @Override
  public int hashCode() {
    return Objects.hash(type, unitsPerItem, byteOrder);
  }

  /** Returns what a header says of this dtype: byte order mark, letter, length. */
  @Override
  public String toString() {
    String code = type.isString() ? type.code() + unitsPerItem : type.code();
    if (type.unit() == Primitive.BYTE) {
      return "|" + code;
    }
    if (type == ElementType.BFLOAT16) {
      // Voids have no byte order to tell, see DescrParser.
      return "|" + code;
    }
    return (byteOrder == ByteOrder.BIG_ENDIAN ? ">" : "<") + code;
  }
}
