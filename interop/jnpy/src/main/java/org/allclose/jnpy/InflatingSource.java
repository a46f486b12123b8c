package org.allclose.jnpy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Expands deflated bytes. */
final class InflatingSource implements ByteSource, AutoCloseable {
  private static final int INPUT_BYTES = 64 << 10;

  private final ByteSource packed;
  private final Inflater inflater = new Inflater(true);
  private final ByteBuffer input;

  InflatingSource(ByteSource packed) {
    this.packed = packed;
    this.input = ByteBuffer.allocate((int) Math.min(INPUT_BYTES, packed.remaining()));
  }

  @Override
  public String name() {
    return packed.name();
  }

  @Override
  public long remaining() {
    return UNKNOWN;
  }

  @Override
  public ByteBuffer chunk(int bytes) {
    return packed.chunk(bytes);
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    try {
      while (true) {
        int got = inflater.inflate(target);
        if (got > 0) {
          return got;
        }
        if (inflater.finished() || inflater.needsDictionary()) {
          return -1;
        }
        if (packed.read(input.clear()) < 0) {
          return -1;
        }
        inflater.setInput(input.flip());
      }
    } catch (DataFormatException e) {
      throw new NpyException(
          NpyException.Reason.ZIP,
          name(),
          "entry: expected deflated data but got something else: " + e.getMessage(),
          e);
    }
  }

  /** Returns whether the deflated data have ended, and with them the packed bytes. */
  boolean hasEnded() {
    return inflater.finished() && inflater.getRemaining() == 0 && packed.remaining() == 0;
  }

  @Override
  public void close() {
    inflater.end();
  }
}
