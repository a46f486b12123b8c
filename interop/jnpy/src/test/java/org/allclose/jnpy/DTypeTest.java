package org.allclose.jnpy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DTypeTest {
  @Test
  void constants_printAsNumpyWritesThem() {
    List<DType> constants =
        List.of(
            DType.BOOL,
            DType.INT8,
            DType.INT16,
            DType.INT32,
            DType.INT64,
            DType.UINT8,
            DType.UINT16,
            DType.UINT32,
            DType.UINT64,
            DType.FLOAT16,
            DType.FLOAT32,
            DType.FLOAT64,
            DType.BFLOAT16,
            DType.COMPLEX64,
            DType.COMPLEX128);
    assertEquals(
        "[|b1, |i1, <i2, <i4, <i8, |u1, <u2, <u4, <u8, <f2, <f4, <f8, |V2, <c8, <c16]",
        constants.toString());
    assertEquals(
        "1 1 2 4 8 1 2 4 8 2 4 8 2 8 16",
        constants.stream().map(d -> "" + d.itemSize()).collect(Collectors.joining(" ")));
  }

  @Test
  void strings_haveALength() {
    assertEquals("|S7", DType.bytes(7).toString());
    assertEquals("<U12", DType.text(12).toString());
    assertEquals(7, DType.bytes(7).itemSize());
    assertEquals(48, DType.text(12).itemSize());
    assertEquals("bytes7", DType.bytes(7).numpyName());
    assertEquals("str12", DType.text(12).numpyName());
    assertEquals("float64", DType.FLOAT64.numpyName());
    assertEquals(2147483647, DType.bytes(2147483647).itemSize());
    assertEquals(2147483644, DType.text(536870911).itemSize());
  }

  @Test
  void strings_withoutOrWithTooLargeALength_areRefused() {
    assertMessage(
        "dtype bytes: expected a length of 1 to 2147483647 but got 0", () -> DType.bytes(0));
    assertMessage("dtype str: expected a length of 1 to 536870911 but got 0", () -> DType.text(0));
    assertMessage(
        "dtype str: expected a length of 1 to 536870911 but got 536870912",
        () -> DType.text(536870912));
    assertMessage("dtype str: expected a length", () -> DType.of(ElementType.TEXT));
    assertMessage("dtype bytes: expected a length", () -> DType.of(ElementType.BYTES));
  }

  private static void assertMessage(
      String message, org.junit.jupiter.api.function.Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  @Test
  void of_isTheLittleEndianConstant() {
    assertEquals(DType.FLOAT64, DType.of(ElementType.FLOAT64));
    assertEquals(ElementType.COMPLEX64, DType.of(ElementType.COMPLEX64).type());
  }

  @Test
  void withByteOrder_changesWhatHasOne() {
    DType big = DType.INT32.withByteOrder(ByteOrder.BIG_ENDIAN);
    assertEquals(">i4", big.toString());
    assertEquals(ByteOrder.BIG_ENDIAN, big.byteOrder());
    assertEquals(DType.INT32, big.withByteOrder(ByteOrder.LITTLE_ENDIAN));
    assertEquals(DType.BOOL, DType.BOOL.withByteOrder(ByteOrder.BIG_ENDIAN));
  }

  @Test
  void equals_comparesTypeLengthAndOrder() {
    DType big = DType.text(3).withByteOrder(ByteOrder.BIG_ENDIAN);
    assertEquals(DType.text(3), DType.text(3));
    assertEquals(DType.text(3).hashCode(), DType.text(3).hashCode());
    assertNotEquals(DType.text(3), big);
    assertNotEquals(DType.text(3).hashCode(), big.hashCode());
    assertNotEquals(DType.text(3), DType.text(4));
    assertNotEquals(DType.bytes(4), DType.text(4));
    assertNotEquals(DType.INT32, DType.UINT32);
    assertNotEquals(DType.INT32, "<i4");
  }

  @Test
  void elementTypes_areSorted() {
    assertEquals("[BYTES, TEXT]", types(ElementType::isString));
    assertEquals("[COMPLEX64, COMPLEX128]", types(ElementType::isComplex));
    assertEquals("[FLOAT16, FLOAT32, FLOAT64, BFLOAT16]", types(ElementType::isFloating));
    assertEquals(
        "[INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64]",
        types(ElementType::isInteger));
    assertEquals("[UINT8, UINT16, UINT32, UINT64]", types(ElementType::isUnsigned));
  }

  private static String types(java.util.function.Predicate<ElementType> predicate) {
    return Arrays.stream(ElementType.values()).filter(predicate).toList().toString();
  }
}
