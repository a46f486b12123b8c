package org.allclose.jnpy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** Writes a file over and over, each time with another number, until it is killed. */
final class KilledWriter {
  private KilledWriter() {}

  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    Durability durability = Durability.valueOf(arguments[1]);
    for (int i = Integer.parseInt(arguments[2]); ; i++) {
      double[] values = new double[length(i)];
      Arrays.fill(values, i);
      Npy.write(file, NpyArray.wrap(DType.FLOAT64, values, values.length), durability);
      System.out.println(i);
    }
  }

  /** Returns the length of the array: different ones, so that a mixture passes for neither. */
  static int length(int number) {
    return 300_000 + number % 7 * 10_000;
  }
}
