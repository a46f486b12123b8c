package org.allclose.internal.kernel.elementwise;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Copies of elements of samples to other places: {@code y[i] = x[places[i]]}, planned once for all
 * samples of a batch.
 *
 * <p>Where elements stay side by side they are copied as blocks. An element of the result that has
 * no place, {@value #NOWHERE}, is a constant.
 *
 * <p>Source: numpy {@code x.reshape(n, -1)[:, places]}; the gradient is {@code np.add.at}.
 */
public final class IndexedCopy {

  /** The place of an element that comes from nowhere. */
  public static final int NOWHERE = -1;

  /** Blocks are worth it from this number of elements on average. */
  private static final int BLOCK = 8;

  private final int from;
  private final int to;
  private final int[] places;
  private final int[] blocks;
  private final boolean isOneToOne;
  private final boolean isOnto;

  /**
   * @param from the number of elements of a sample of x
   * @param places of each element of a sample of y, from 0 to {@code from - 1} or {@value
   *     #NOWHERE}; kept or let go, not modified
   */
  public IndexedCopy(int from, int[] places) {
    this.from = from;
    to = places.length;
    BitSet seen = new BitSet(from);
    int taken = 0;
    int count = 0;
    for (int i = 0; i < to; i++) {
      if (places[i] != NOWHERE) {
        seen.set(places[i]);
        taken++;
      }
      count += startsBlock(places, i) ? 1 : 0;
    }
    isOneToOne = seen.cardinality() == taken;
    isOnto = seen.cardinality() == from;
    boolean isOfBlocks = (long) count * BLOCK <= to;
    blocks = isOfBlocks ? blocks(places, count) : new int[0];
    this.places = isOfBlocks ? new int[0] : places;
  }

  private static boolean startsBlock(int[] places, int i) {
    if (i == 0) {
      return true;
    }
    return places[i] == NOWHERE
        ? places[i - 1] != NOWHERE
        : places[i - 1] == NOWHERE || places[i] != places[i - 1] + 1;
  }

  /** Returns of each block where it starts in y, where in x, and its length. */
  private static int[] blocks(int[] places, int count) {
    int[] blocks = new int[3 * count];
    int next = 0;
    for (int i = 0; i < places.length; i++) {
      if (startsBlock(places, i)) {
        blocks[next] = i;
        blocks[next + 1] = places[i];
        next += 3;
      }
      blocks[next - 1]++;
    }
    return blocks;
  }

  /** Returns whether no element of x is taken twice. */
  public boolean isOneToOne() {
    return isOneToOne;
  }

  /**
   * Computes {@code y[i] = x[places[i]]} of a sample.
   *
   * @param x samples; not modified
   * @param fill the value of elements that come from nowhere
   * @param y samples; modified
   */
  public void take(double[] x, double fill, double[] y, int sample) {
    int xStart = sample * from;
    int yStart = sample * to;
    for (int i = 0; i < places.length; i++) {
      y[yStart + i] = places[i] == NOWHERE ? fill : x[xStart + places[i]];
    }
    for (int b = 0; b < blocks.length; b += 3) {
      int start = yStart + blocks[b];
      if (blocks[b + 1] == NOWHERE) {
        Arrays.fill(y, start, start + blocks[b + 2], fill);
      } else {
        System.arraycopy(x, xStart + blocks[b + 1], y, start, blocks[b + 2]);
      }
    }
  }

  /**
   * Computes {@code x[places[i]] = y[i]} of a sample; what nothing is put to stays as it is. No
   * element may be taken twice.
   *
   * @param y samples; not modified
   * @param x samples; modified
   */
  public void put(double[] y, double[] x, int sample) {
    int xStart = sample * from;
    int yStart = sample * to;
    for (int i = 0; i < places.length; i++) {
      if (places[i] != NOWHERE) {
        x[xStart + places[i]] = y[yStart + i];
      }
    }
    for (int b = 0; b < blocks.length; b += 3) {
      if (blocks[b + 1] != NOWHERE) {
        System.arraycopy(y, yStart + blocks[b], x, xStart + blocks[b + 1], blocks[b + 2]);
      }
    }
  }

  /**
   * Computes the gradient of x of a sample: 0 where nothing is taken; where no element is taken
   * twice, a copy; else sums that start from 0, in increasing order of i.
   *
   * @param dy samples; not modified
   * @param dx samples; modified: overwritten
   */
  public void gradient(double[] dy, double[] dx, int sample) {
    if (!isOneToOne || !isOnto) {
      Arrays.fill(dx, sample * from, (sample + 1) * from, 0);
    }
    if (isOneToOne) {
      put(dy, dx, sample);
    } else {
      add(dy, dx, sample);
    }
  }

  /** Computes {@code dx[places[i]] += dy[i]}. */
  private void add(double[] dy, double[] dx, int sample) {
    int xStart = sample * from;
    int yStart = sample * to;
    for (int i = 0; i < places.length; i++) {
      if (places[i] != NOWHERE) {
        dx[xStart + places[i]] += dy[yStart + i];
      }
    }
    for (int b = 0; b < blocks.length; b += 3) {
      if (blocks[b + 1] != NOWHERE) {
        int start = xStart + blocks[b + 1];
        int other = yStart + blocks[b];
        for (int j = 0; j < blocks[b + 2]; j++) {
          dx[start + j] += dy[other + j];
        }
      }
    }
  }
}
