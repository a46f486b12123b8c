package org.allclose.jnpy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** Writes a file over and over, with other arrays in turns, until it is killed. */
final class KilledWriter {
  /** Arrays there are. */
  static final int ARRAYS = 7;

  private KilledWriter() {}

  /** Takes the file, the durability and the number of the first write. */
  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    Durability durability = Durability.valueOf(arguments[1]);
    NpyArray[] arrays = new NpyArray[ARRAYS];
    for (int i = 0; i < ARRAYS; i++) {
      double[] values = new double[length(i)];
      Arrays.fill(values, i);
      arrays[i] = NpyArray.wrap(DType.FLOAT64, values, values.length);
    }
    // Nothing but writing from here on, so that a kill comes in the middle of that.
    for (int i = Integer.parseInt(arguments[2]); ; i++) {
      Npy.write(file, arrays[i % ARRAYS], durability);
      System.out.println(i);
    }
  }

  /** Returns the length of an array: different ones, so that a mixture passes for neither. */
  static int length(int array) {
    return 500_000 + array * 10_000;
  }
}
