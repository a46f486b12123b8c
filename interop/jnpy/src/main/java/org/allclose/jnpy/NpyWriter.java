package org.allclose.jnpy;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Locale;
import org.allclose.internal.file.AtomicFile;
import org.allclose.internal.file.BufferedFile;

/**
 * Writes an array part by part, in little memory.
 *
 * <p>The file appears whole when {@link #finish} is called, or not at all.
 *
 * <pre>{@code
 * NpyHeader header = NpyHeader.of(DType.FLOAT32, false, rows, 784);
 * try (NpyWriter writer = NpyWriter.create(path, header)) {
 *   for (float[] row : ...) {
 *     writer.write(NpyArray.wrap(DType.FLOAT32, row, 784));
 *   }
 *   writer.finish();
 * }
 * }</pre>
 */
public final class NpyWriter implements Closeable {
  /** What happens behind the last byte. */
  interface Target extends Closeable {
    /** Makes what was written valid. */
    void finish() throws IOException;
  }

  /** Room for a header and few elements. */
  static final int BUFFER_BYTES = 4 << 10;

  private final WritableByteChannel channel;
  private final NpyHeader header;
  private final Target target;
  private long position;
  private boolean finished;

  NpyWriter(WritableByteChannel channel, NpyHeader header, Target target) throws IOException {
    this.channel = channel;
    this.header = header;
    this.target = target;
    BufferedFile.writeFully(channel, ByteBuffer.wrap(header.toBytes()));
  }

  /** Starts a file of the array that the header describes. */
  public static NpyWriter create(Path file, NpyHeader header) throws IOException {
    return create(file, header, Durability.FORCED);
  }

  /** As {@link #create(Path, NpyHeader)}, with the durability to choose. */
  public static NpyWriter create(Path file, NpyHeader header, Durability durability)
      throws IOException {
    AtomicFile atomic = durability.create(file);
    BufferedFile out = atomic.buffered(BUFFER_BYTES);
    Target target =
        new Target() {
          @Override
          public void finish() throws IOException {
            out.flush();
            atomic.commit();
          }

          @Override
          public void close() throws IOException {
            atomic.close();
          }
        };
    try {
      return new NpyWriter(out, header, target);
    } catch (IOException | RuntimeException | Error e) {
      atomic.close();
      throw e;
    }
  }

  /** Returns how many elements were written. */
  public long position() {
    return position;
  }

  /**
   * Writes the next elements of the file: those of the part in C order, whatever its shape.
   *
   * <p>If the header says Fortran order, the caller brings the elements in that order.
   *
   * @throws IllegalArgumentException if the part has another type than the header, byte order
   *     aside, or more elements than are missing
   */
  public void write(NpyArray part) throws IOException {
    DType dtype = header.dtype();
    if (!part.dtype().withByteOrder(dtype.byteOrder()).equals(dtype)) {
      throw new IllegalArgumentException(
          "npy: expected a part of dtype " + dtype + " but got " + part.dtype());
    }
    if (part.size() > header.size() - position) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "npy: expected at most %d more elements but got %d",
              header.size() - position,
              part.size()));
    }
    DataWriter.writeElements(channel, part, dtype.byteOrder());
    position += part.size();
  }

  /**
   * Ends the file.
   *
   * @throws IllegalStateException if elements are missing, or it has been ended before
   */
  public void finish() throws IOException {
    if (position != header.size() || finished) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "npy: expected to finish once, after %d elements, but got %s after %d",
              header.size(),
              finished ? "another call" : "the call",
              position));
    }
    finished = true;
    target.finish();
  }

  /** Ends the work; without {@link #finish} nothing appears. */
  @Override
  public void close() throws IOException {
    target.close();
  }
}
