package org.allclose.internal.arrays;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.allclose.jnpy.DType;
import org.allclose.jnpy.ElementType;

/** The types of elements in a {@code .safetensors} file, under the names that the format has. */
enum SafetensorsType {
  BOOL(8, ElementType.BOOL),
  U8(8, ElementType.UINT8),
  I8(8, ElementType.INT8),
  U16(16, ElementType.UINT16),
  I16(16, ElementType.INT16),
  F16(16, ElementType.FLOAT16),
  BF16(16, ElementType.BFLOAT16),
  U32(32, ElementType.UINT32),
  I32(32, ElementType.INT32),
  F32(32, ElementType.FLOAT32),
  U64(64, ElementType.UINT64),
  I64(64, ElementType.INT64),
  F64(64, ElementType.FLOAT64),
  C64(64, ElementType.COMPLEX64),
  F4(4),
  F6_E2M3(6),
  F6_E3M2(6),
  F8_E4M3(8),
  F8_E5M2(8),
  F8_E8M0(8),
  F8_E4M3FNUZ(8),
  F8_E5M2FNUZ(8);

  /** All types by their names, sorted. */
  static final Map<String, SafetensorsType> BY_NAME =
      Arrays.stream(values())
          .collect(Collectors.toMap(Enum::name, type -> type, (a, b) -> a, TreeMap::new));

  private final int bits;
  private final Optional<ElementType> numpy;

  SafetensorsType(int bits, ElementType numpy) {
    this.bits = bits;
    this.numpy = Optional.of(numpy);
  }

  SafetensorsType(int bits) {
    this.bits = bits;
    this.numpy = Optional.empty();
  }

  /** Returns the bits of an element; several of less than a byte share one. */
  int bits() {
    return bits;
  }

  /** Returns numpy's dtype of the same elements; numpy has none of 8 bits or less but integers. */
  Optional<DType> numpy() {
    return numpy.map(DType::of);
  }

  /** Returns whether parameters may be of the type: a real number of at least 16 bits. */
  boolean isWeight() {
    return this == F64 || this == F32 || this == F16 || this == BF16;
  }
}
