package org.allclose.jnpy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * Fuzz target: any bytes are an array or an {@link NpyException}, and an array is consistent.
 *
 * <p>For Jazzer, which calls {@code fuzzerTestOneInput}; see CONTRIBUTING.md.
 */
public final class NpyFuzz {
  static final ReadOptions OPTIONS =
      ReadOptions.defaults()
          .withLimits(Limits.defaults().withArrayBytes(1 << 20))
          .withVoidAsBfloat16(true);

  private NpyFuzz() {}

  /** Reads the bytes in each way; whatever is thrown is a finding. */
  public static void fuzzerTestOneInput(byte[] data) throws IOException {
    NpyArray array;
    try {
      array = Npy.read(new ByteArrayInputStream(data), OPTIONS);
    } catch (NpyException e) {
      requireMessage(e, "stream");
      return;
    }
    requireConsistent(array);
    byte[] written = write(array);
    NpyArray back = Npy.read(new ByteArrayInputStream(written), OPTIONS);
    require(array.toString().equals(back.toString()) || array.fortranOrder(), "another array");
    require(Arrays.equals(written, write(back)), "other bytes");
    byte[] canonical = write(array.canonical());
    require(Arrays.equals(canonical, write(array.copy().canonical())), "another copy");
    try (NpyReader reader = Npy.reader(new ByteArrayInputStream(data), OPTIONS)) {
      long read = 0;
      for (NpyArray part = reader.next(7); part.size() > 0; part = reader.next(7)) {
        read += part.size();
      }
      require(read == array.size(), "other parts");
    }
  }

  /** Converts to whatever makes sense; only values that do not fit may be refused. */
  static void requireConsistent(NpyArray array) {
    ElementType type = array.dtype().type();
    try {
      if (type.isString()) {
        require(array.toStrings().length == array.size(), "strings");
      } else if (type.isComplex()) {
        require(array.toInterleaved().length == 2 * array.size(), "parts");
      } else {
        require(array.toDoublesRounded().length == array.size(), "doubles");
        require(array.inStoredOrder().toDoublesRounded().length == array.size(), "stored order");
        array.toDoubles();
        array.toInts();
      }
    } catch (ArithmeticException e) {
      require(e.getMessage().startsWith(array.source() + ": element ("), e.getMessage());
    }
  }

  static void requireMessage(NpyException e, String source) {
    require(e.getMessage().startsWith(source) && e.getMessage().length() < 800, e.getMessage());
  }

  static void require(boolean holds, String message) {
    if (!holds) {
      throw new AssertionError(message);
    }
  }

  private static byte[] write(NpyArray array) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    // bfloat16 has no name of its own in a file.
    Npy.write(out, array);
    return out.toByteArray();
  }
}
