package org.allclose.jnpy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Reads files and prints, a line each, how long it took and what went wrong. */
final class SmallHeap {
  private SmallHeap() {}

  public static void main(String[] files) throws IOException {
    for (String name : Files.readAllLines(Path.of(files[0]))) {
      Path file = Path.of(name);
      long start = System.nanoTime();
      String outcome = outcome(file);
      System.out.println((System.nanoTime() - start) / 1_000_000 + "\t" + outcome);
    }
  }

  private static String outcome(Path file) throws IOException {
    try {
      if (file.toString().endsWith(".npz")) {
        return "read " + entries(file);
      }
      return "read " + Arrays.toString(Npy.read(file).shape());
    } catch (NpyException e) {
      return e.getMessage().substring(e.source().length() + 2);
    }
  }

  private static int entries(Path file) throws IOException {
    int read = 0;
    try (NpzFile npz = NpzFile.open(file)) {
      for (String name : npz.names()) {
        npz.read(name);
        read++;
      }
    }
    return read;
  }
}
