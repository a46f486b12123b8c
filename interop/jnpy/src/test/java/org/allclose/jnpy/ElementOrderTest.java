package org.allclose.jnpy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.Buffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Orders of elements. Element (i, j, ...) is its own number in C order, so whatever comes out in C
 * order counts up.
 */
class ElementOrderTest {
  private static final int[][] SHAPES = {
    {2, 3}, {3, 2}, {1, 5}, {5, 1}, {2, 3, 4}, {4, 1, 3}, {1, 2, 1, 3}, {2, 2, 2, 2, 2},
    {600, 40}, {40, 600}, {2, 20000}, {20000, 2}, {513, 33}, {512, 32}, {511, 31}, {700, 3, 40},
    {3, 700, 40}, {3, 40, 700}
  };

  /** Returns an int array whose storage is in Fortran order, cut into segments. */
  private static NpyArray fortran(int segmentShift, int... shape) {
    long[] longShape = Arrays.stream(shape).asLongStream().toArray();
    int size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    int[] stored = new int[size];
    for (int i = 0; i < size; i++) {
      int rest = i;
      int place = 0;
      int[] index = new int[shape.length];
      for (int axis = shape.length - 1; axis >= 0; axis--) {
        index[axis] = rest % shape[axis];
        rest /= shape[axis];
      }
      for (int axis = shape.length - 1; axis >= 0; axis--) {
        place = place * shape[axis] + index[axis];
      }
      stored[place] = i;
    }
    return NpyArray.of(
        NpyHeader.of(DType.INT32, true, longShape), segmented(stored, segmentShift), "test");
  }

  static Storage segmented(int[] units, int shift) {
    int length = 1 << shift;
    Buffer[] segments = new Buffer[(units.length + length - 1) / length];
    for (int i = 0; i < segments.length; i++) {
      int to = Math.min(units.length, (i + 1) * length);
      segments[i] = IntBuffer.wrap(Arrays.copyOfRange(units, i * length, to));
    }
    return new Storage(Primitive.INT, segments, shift, Optional.empty());
  }

  private static int[] counted(int from, int to) {
    int[] counted = new int[to - from];
    Arrays.setAll(counted, i -> from + i);
    return counted;
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 7, 3, 0})
  void wholeArrays_comeInCOrder(int shift) {
    for (int[] shape : SHAPES) {
      NpyArray array = fortran(shift, shape);
      assertArrayEquals(
          counted(0, (int) array.size()), array.toInts(), () -> Arrays.toString(shape));
      assertArrayEquals(counted(0, (int) array.size()), array.copy().toInts());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 4})
  void ranges_comeInCOrder(int shift) {
    Random random = new Random(231);
    for (int[] shape : SHAPES) {
      NpyArray array = fortran(shift, shape);
      int size = (int) array.size();
      for (int i = 0; i < 30; i++) {
        int from = random.nextInt(size + 1);
        int count = random.nextInt(size - from + 1);
        int[] target = new int[count + 2];
        array.getInts(from, target, 1, count);
        assertEquals(0, target[0]);
        assertEquals(0, target[count + 1]);
        assertArrayEquals(
            counted(from, from + count),
            Arrays.copyOfRange(target, 1, count + 1),
            () -> from + " " + count);
      }
    }
  }

  @Test
  void rows_comeInCOrder() {
    for (int[] shape : SHAPES) {
      NpyArray array = fortran(5, shape);
      int row = (int) array.size() / shape[0];
      for (int from = 0; from <= shape[0]; from += 1 + shape[0] / 3) {
        for (int to = from; to <= shape[0]; to += 1 + shape[0] / 4) {
          NpyArray rows = array.rows(from, to);
          assertArrayEquals(counted(from * row, to * row), rows.toInts());
          assertFalse(rows.fortranOrder());
          if (to - from > 1) {
            assertArrayEquals(
                counted((from + 1) * row, to * row), rows.rows(1, to - from).toInts());
          }
        }
      }
    }
  }

  @Test
  void wideElements_areMovedWhole() {
    // Complex numbers: (element, -element), through transposition, rows, and one by one.
    for (int[] shape : SHAPES) {
      NpyArray ints = fortran(20, shape);
      int size = (int) ints.size();
      int[] places = new int[size];
      ints.inStoredOrder().getInts(0, places, 0, size);
      float[] stored = new float[2 * size];
      for (int i = 0; i < size; i++) {
        stored[2 * i] = places[i];
        stored[2 * i + 1] = -places[i];
      }
      NpyArray array =
          NpyArray.of(
              NpyHeader.of(DType.COMPLEX64, true, ints.shape()),
              Storage.wrap(Primitive.FLOAT, stored),
              "test");
      double[] parts = array.toInterleaved();
      for (int i = 0; i < size; i++) {
        assertEquals(i, parts[2 * i]);
        assertEquals(-i, parts[2 * i + 1]);
      }
      assertEquals(
          String.format(Locale.ROOT, "(%.1f-%.1fj)", size - 1.0, size - 1.0),
          array.elementText(size - 1));
      double[] row = array.rows(shape[0] - 1, shape[0]).toInterleaved();
      assertEquals(size - size / shape[0], row[0]);
    }
  }

  @Test
  void storedOrder_isTheOneOfTheFile() {
    NpyArray array = fortran(20, 2, 3);
    assertArrayEquals(new int[] {0, 3, 1, 4, 2, 5}, array.inStoredOrder().toInts());
    NpyArray rows = array.rows(1, 2);
    assertArrayEquals(new int[] {3, 4, 5}, rows.inStoredOrder().toInts());
    assertArrayEquals(
        new int[] {2, 3}, NpyArray.of(counted(0, 4), 2, 2).rows(1, 2).inStoredOrder().toInts());
  }

  @Test
  void writing_inFortranOrder_keepsTheStorage() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Npy.write(out, fortran(2, 2, 3));
    byte[] file = out.toByteArray();
    assertArrayEquals(
        new byte[] {0, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 2, 0, 0, 0, 5, 0, 0, 0},
        Arrays.copyOfRange(file, file.length - 24, file.length));
  }

  @Test
  void contiguousBothWays_isNumpys() {
    // numpy: a.flags.c_contiguous and a.flags.f_contiguous of np.zeros(shape)
    long[][] both = {{}, {5}, {1, 5}, {5, 1}, {1, 1, 7, 1}, {0, 4, 4}, {3, 0}, {1, 1}};
    for (long[] shape : both) {
      assertTrue(ElementOrder.isContiguousBothWays(shape), () -> Arrays.toString(shape));
    }
    assertFalse(ElementOrder.isContiguousBothWays(new long[] {2, 3}));
    assertFalse(ElementOrder.isContiguousBothWays(new long[] {2, 1, 3}));
  }

  @Test
  void preferredCount_isWholeRowsWherePossible() {
    ElementOrder c = NpyArray.of(new int[6], 2, 3).layout();
    assertEquals(100, c.preferredCount(1, 100));
    ElementOrder f = fortran(20, 7, 10).layout();
    assertEquals(30, f.preferredCount(0, 35));
    assertEquals(10, f.preferredCount(20, 10));
    assertEquals(9, f.preferredCount(20, 9));
    assertEquals(7, f.preferredCount(23, 35));
    assertEquals(5, f.preferredCount(23, 5));
  }
}
