package org.allclose.jnpy;

import java.io.IOException;

/**
 * Fuzz target: any bytes are an archive of arrays or an {@link NpyException}.
 *
 * <p>For Jazzer, which calls {@code fuzzerTestOneInput}; see CONTRIBUTING.md.
 */
public final class NpzFuzz {
  private static final int MOST_ENTRIES = 20;

  private NpzFuzz() {}

  /** Reads each entry in each way; whatever is thrown is a finding. */
  public static void fuzzerTestOneInput(byte[] data) throws IOException {
    try (NpzFile npz = NpzFile.open(new MemoryChannel(data), "fuzz", NpyFuzz.OPTIONS)) {
      for (String name : npz.names().subList(0, Math.min(MOST_ENTRIES, npz.names().size()))) {
        NpyFuzz.require(npz.contains(name), name);
        readEntry(npz, name);
      }
    } catch (NpyException e) {
      NpyFuzz.requireMessage(e, "fuzz: ");
    }
  }

  private static void readEntry(NpzFile npz, String name) throws IOException {
    try {
      npz.isArray(name);
      NpyHeader header = npz.header(name);
      NpyArray array = npz.read(name);
      NpyFuzz.require(header.size() == array.size(), "another size");
      NpyFuzz.requireConsistent(array);
      try (NpyReader reader = npz.reader(name)) {
        long read = 0;
        for (NpyArray part = reader.next(100); part.size() > 0; part = reader.next(100)) {
          read += part.size();
        }
        NpyFuzz.require(read == array.size(), "other parts");
      }
    } catch (NpyException e) {
      NpyFuzz.requireMessage(e, "fuzz!");
    }
  }
}
