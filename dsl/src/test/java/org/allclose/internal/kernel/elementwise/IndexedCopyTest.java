package org.allclose.internal.kernel.elementwise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Copies element by element and in blocks are those of the definition. */
class IndexedCopyTest {
  private static final int SAMPLES = 3;
  private static final double FILL = -7;

  @Test
  void identity_isOneBlock_andOneToOne() {
    int[] places = IntStream.range(0, 20).toArray();
    assertEquals(true, new IndexedCopy(20, places).isOneToOne());
    check(20, places);
  }

  @Test
  void blocks_ofAnyLength_areCopied() {
    for (int length : new int[] {1, 2, 3, 7, 8, 9, 15, 16, 100}) {
      int[] swapped =
          IntStream.concat(IntStream.range(length, 2 * length), IntStream.range(0, length))
              .toArray();
      check(2 * length, swapped);
      check(2 * length + 3, swapped); // some are not taken
      int[] filled = new int[3 * length];
      Arrays.fill(filled, IndexedCopy.NOWHERE);
      System.arraycopy(swapped, 0, filled, length / 2, 2 * length);
      check(2 * length, filled);
      int[] twice = IntStream.range(0, 2 * length).map(i -> i % length).toArray();
      assertEquals(false, new IndexedCopy(length, twice).isOneToOne());
      check(length, twice);
    }
  }

  @Test
  void anyPlaces_areTaken() {
    Random random = new Random(231);
    for (int size : new int[] {1, 2, 5, 33, 64}) {
      int[] places = random.ints(2L * size, -1, size).toArray();
      check(size, places);
      check(size, new int[size]);
    }
  }

  @Test
  void nothing_isAdded_toZerosOfOneToOne() {
    double[] dx = {5, 5};
    new IndexedCopy(2, new int[] {1}).gradient(new double[] {-0.0}, dx, 0);
    assertArrayEquals(new double[] {0, -0.0}, dx);
    new IndexedCopy(2, new int[] {1, 1}).gradient(new double[] {-0.0, -0.0}, dx, 0);
    assertArrayEquals(new double[] {0, 0}, dx);
  }

  private static void check(int from, int[] places) {
    Random random = new Random(from);
    double[] x = random.doubles((long) SAMPLES * from).toArray();
    double[] dy = random.doubles((long) SAMPLES * places.length).toArray();
    double[] y = new double[dy.length];
    double[] dx = random.doubles(x.length).toArray();
    double[] wantedY = new double[y.length];
    double[] wantedX = new double[x.length];
    double[] put = dx.clone();
    double[] wantedPut = dx.clone();
    IndexedCopy copy = new IndexedCopy(from, places.clone());
    for (int sample = 0; sample < SAMPLES; sample++) {
      copy.take(x, FILL, y, sample);
      copy.gradient(dy, dx, sample);
      copy.put(dy, put, sample);
      for (int i = 0; i < places.length; i++) {
        int at = sample * places.length + i;
        boolean isNowhere = places[i] == IndexedCopy.NOWHERE;
        wantedY[at] = isNowhere ? FILL : x[sample * from + places[i]];
        if (!isNowhere) {
          wantedX[sample * from + places[i]] += dy[at];
          wantedPut[sample * from + places[i]] = dy[at];
        }
      }
    }
    assertArrayEquals(wantedY, y);
    assertArrayEquals(wantedX, dx);
    assertArrayEquals(wantedPut, put);
  }
}
