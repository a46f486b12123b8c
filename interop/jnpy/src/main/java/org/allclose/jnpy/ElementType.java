package org.allclose.jnpy;

/** The types of element that are read and written, under numpy's names. */
public enum ElementType {
  /** A truth value in one byte. */
  BOOL("bool", "b1", Primitive.BYTE, 1),
  /** A signed integer of 1 byte. */
  INT8("int8", "i1", Primitive.BYTE, 1),
  /** A signed integer of 2 bytes. */
  INT16("int16", "i2", Primitive.SHORT, 1),
  /** A signed integer of 4 bytes. */
  INT32("int32", "i4", Primitive.INT, 1),
  /** A signed integer of 8 bytes. */
  INT64("int64", "i8", Primitive.LONG, 1),
  /** An unsigned integer of 1 byte. */
  UINT8("uint8", "u1", Primitive.BYTE, 1),
  /** An unsigned integer of 2 bytes. */
  UINT16("uint16", "u2", Primitive.SHORT, 1),
  /** An unsigned integer of 4 bytes. */
  UINT32("uint32", "u4", Primitive.INT, 1),
  /** An unsigned integer of 8 bytes. */
  UINT64("uint64", "u8", Primitive.LONG, 1),
  /** IEEE 754 binary16. */
  FLOAT16("float16", "f2", Primitive.SHORT, 1),
  /** IEEE 754 binary32. */
  FLOAT32("float32", "f4", Primitive.FLOAT, 1),
  /** IEEE 754 binary64. */
  FLOAT64("float64", "f8", Primitive.DOUBLE, 1),
  /** The upper half of a binary32; numpy knows it as two bytes of void. */
  BFLOAT16("bfloat16", "V2", Primitive.SHORT, 1),
  /** Two binary32, real part first. */
  COMPLEX64("complex64", "c8", Primitive.FLOAT, 2),
  /** Two binary64, real part first. */
  COMPLEX128("complex128", "c16", Primitive.DOUBLE, 2),
  /** Byte strings of one length, padded with zeros. */
  BYTES("bytes", "S", Primitive.BYTE, 0),
  /** Strings of 4-byte code points of one length, padded with zeros. */
  TEXT("str", "U", Primitive.INT, 0);

  private final String numpyName;
  private final String code;
  private final Primitive unit;
  private final int unitsPerItem;

  ElementType(String numpyName, String code, Primitive unit, int unitsPerItem) {
    this.numpyName = numpyName;
    this.code = code;
    this.unit = unit;
    this.unitsPerItem = unitsPerItem;
  }

  /** Returns numpy's name: {@code float64}, {@code uint8}, {@code str}. */
  public String numpyName() {
    return numpyName;
  }

  /** Returns whether elements are strings. */
  public boolean isString() {
    return this == BYTES || this == TEXT;
  }

  /** Returns whether elements are complex numbers. */
  public boolean isComplex() {
    return this == COMPLEX64 || this == COMPLEX128;
  }

  /** Returns whether elements are real floating-point numbers. */
  public boolean isFloating() {
    return this == FLOAT16 || this == FLOAT32 || this == FLOAT64 || this == BFLOAT16;
  }

  /** Returns whether elements are integers, signed or unsigned; truth values are not. */
  public boolean isInteger() {
    return code.startsWith("i") || code.startsWith("u");
  }

  /** Returns whether elements are unsigned integers. */
  public boolean isUnsigned() {
    return code.startsWith("u");
  }

  /** Returns the letter and the number of bytes, as numpy writes them: {@code f8}. */
  String code() {
    return code;
  }

  Primitive unit() {
    return unit;
  }

  /** Returns the units of an element, 0 where the dtype tells. */
  int unitsPerItem() {
    return unitsPerItem;
  }
}
