package org.allclose.jnpy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Segments, as arrays beyond 2^31 elements have them, here of a few elements. */
class StorageTest {
  private static int[] counted(int n) {
    int[] counted = new int[n];
    Arrays.setAll(counted, i -> i);
    return counted;
  }

  @Test
  void get_crossesSegments() {
    for (int shift = 0; shift < 6; shift++) {
      Storage storage = ElementOrderTest.segmented(counted(37), shift);
      assertEquals(37, storage.units());
      for (int from = 0; from <= 37; from++) {
        for (int count = 0; from + count <= 37; count++) {
          int[] target = new int[count + 3];
          storage.get(from, target, 2, count);
          for (int i = 0; i < count; i++) {
            assertEquals(from + i, target[i + 2]);
          }
          assertEquals(0, target[count + 2]);
        }
      }
    }
  }

  @Test
  void gather_crossesSegments() {
    for (int shift = 0; shift < 6; shift++) {
      Storage storage = ElementOrderTest.segmented(counted(37), shift);
      for (int from = 0; from < 37; from++) {
        for (int step = 1; step < 40; step++) {
          int count = (36 - from) / step + 1;
          int[] target = new int[count + 2];
          storage.gather(from, step, target, 1, count);
          for (int i = 0; i < count; i++) {
            assertEquals(from + i * step, target[i + 1]);
          }
          assertEquals(0, target[count + 1]);
        }
      }
    }
  }

  @Test
  void gather_withAStepBeyondInt_takesOneOfEachSegment() {
    Storage storage = Storage.wrap(Primitive.INT, counted(3));
    int[] target = new int[1];
    storage.gather(2, 1L << 40, target, 0, 1);
    assertEquals(2, target[0]);
  }

  @Test
  void encode_usesTheOrderOfTheTarget() {
    Storage storage = ElementOrderTest.segmented(counted(5), 1);
    ByteBuffer big = ByteBuffer.allocate(9).order(ByteOrder.BIG_ENDIAN).position(1);
    storage.encode(1, big, 2);
    assertEquals(9, big.position());
    assertArrayEquals(new byte[] {0, 0, 0, 0, 1, 0, 0, 0, 2}, big.array());
  }

  @Test
  void readOnly_needsOneSegment() {
    assertEquals(IntBuffer.wrap(counted(3)), ElementOrderTest.segmented(counted(3), 4).readOnly());
    assertEquals(
        IntBuffer.allocate(0),
        new Storage(Primitive.INT, new Buffer[0], 3, java.util.Optional.empty()).readOnly());
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class,
            () -> ElementOrderTest.segmented(counted(3), 1).readOnly());
    assertEquals("expected elements that one buffer holds but got more", e.getMessage());
  }

  @Test
  void builder_growsBySegments() {
    StorageBuilder builder = StorageBuilder.growing(Primitive.INT, 11, 2);
    builder.append(IntBuffer.wrap(new int[] {0, 1, 2}), 3);
    builder.append(IntBuffer.wrap(new int[] {3, 4, 5, 6, 7, 8, 9, 10, 99}), 8);
    Storage storage = builder.build();
    int[] target = new int[11];
    storage.get(0, target, 0, 11);
    assertArrayEquals(counted(11), target);
    assertEquals(11, storage.units());
    assertThrows(IllegalStateException.class, storage::readOnly);
  }

  @Test
  void builder_ofFew_hasOneSegment() {
    StorageBuilder builder = StorageBuilder.growing(Primitive.INT, 4, 2);
    builder.append(IntBuffer.wrap(counted(4)), 4);
    assertEquals(IntBuffer.wrap(counted(4)), builder.build().readOnly());
    StorageBuilder whole = StorageBuilder.of(Primitive.INT, 3);
    whole.append(IntBuffer.wrap(counted(3)), 3);
    assertEquals(IntBuffer.wrap(counted(3)), whole.build().readOnly());
  }

  @Test
  void unitsOfEveryKind_areSpreadAndGathered() {
    for (Primitive unit : Primitive.values()) {
      ByteBuffer bytes = ByteBuffer.allocate(unit.bytes() * 10).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < 10; i++) {
        bytes.put(i * unit.bytes() + unit.bytes() - 1, (byte) (i + 1));
      }
      Object source = unit.newArray(10);
      unit.put(unit.wrap(source), 0, unit.view(bytes), 0, 10);
      Object spread = unit.newArray(12);
      unit.spread(source, 1, 2, spread, 2, 3, 4);
      Object gathered = unit.newArray(5);
      unit.gather(unit.wrap(spread), 2, 3, gathered, 1, 4);
      ByteBuffer out = ByteBuffer.allocate(unit.bytes() * 5).order(ByteOrder.LITTLE_ENDIAN);
      unit.put(unit.view(out), 0, unit.wrap(gathered), 0, 5);
      byte[] last = new byte[5];
      for (int i = 0; i < 5; i++) {
        last[i] = out.get(i * unit.bytes() + unit.bytes() - 1);
      }
      assertArrayEquals(new byte[] {0, 2, 4, 6, 8}, last, unit::name);
    }
  }
}
