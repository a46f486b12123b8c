package org.allclose.jnpy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.allclose.TestData;

/** Where fuzzing starts: numpy's files, and those that the tests refuse. */
final class FuzzSeeds {
  private static final int MOST_BYTES = 8192;

  private FuzzSeeds() {}

  /** Writes the seeds into folders {@code npy} and {@code npz} of the one that is named. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    write(folder.resolve("npy"), npy());
    write(folder.resolve("npz"), npz());
  }

  static List<byte[]> npy() throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    for (NumpyCase numpy : NumpyCase.all()) {
      if (numpy.size() <= 30) {
        seeds.add(numpy.file());
      }
    }
    HostileNpy.all().forEach(hostile -> seeds.add(hostile.file()));
    seeds.removeIf(seed -> seed.length > MOST_BYTES);
    return seeds;
  }

  static List<byte[]> npz() throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    try (Stream<Path> files = Files.list(TestData.folder().resolve("npz"))) {
      for (Path file : files.sorted().toList()) {
        seeds.add(Files.readAllBytes(file));
      }
    }
    HostileNpz.all().forEach(hostile -> seeds.add(hostile.file()));
    seeds.removeIf(seed -> seed.length > MOST_BYTES);
    return seeds;
  }

  private static void write(Path folder, List<byte[]> seeds) throws IOException {
    Files.createDirectories(folder);
    for (int i = 0; i < seeds.size(); i++) {
      Files.write(folder.resolve("seed-" + i), seeds.get(i));
    }
  }
}
