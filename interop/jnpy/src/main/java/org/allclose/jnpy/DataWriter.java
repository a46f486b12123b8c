package org.allclose.jnpy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import org.allclose.internal.file.BufferedFile;

/** Writes arrays chunk by chunk. */
final class DataWriter {
  /**
   * Bytes brought into C order at a time. So much lets rows of a few hundred thousand elements be
   * transposed by the cache line instead of one by one.
   */
  private static final int REORDERED_BYTES = 16 << 20;

  /** Bytes handed to the file at a time: a file system does more for each call than for reading. */
  private static final int CHUNK_BYTES = 1 << 20;

  private DataWriter() {}

  /** Writes header and data as numpy does, in Fortran order if the array is. */
  static void write(WritableByteChannel channel, NpyArray array) throws IOException {
    NpyHeader header = headerOf(array);
    BufferedFile.writeFully(channel, ByteBuffer.wrap(header.toBytes()));
    if (header.fortranOrder()) {
      // The storage of such an array is in Fortran order, too.
      writeStored(channel, array, array.dtype().byteOrder());
    } else {
      writeElements(channel, array, array.dtype().byteOrder());
    }
  }

  /** Returns the header that numpy writes: Fortran order only where it differs from C order. */
  static NpyHeader headerOf(NpyArray array) {
    long[] shape = array.shape();
    boolean fortran = array.fortranOrder() && !ElementOrder.isContiguousBothWays(shape);
    return NpyHeader.of(array.dtype(), fortran, shape);
  }

  /** Writes the elements in C order. */
  static void writeElements(WritableByteChannel channel, NpyArray array, ByteOrder order)
      throws IOException {
    ElementOrder layout = array.layout();
    if (!layout.isFortran()) {
      writeStored(channel, array, order);
      return;
    }
    DType dtype = array.dtype();
    int width = dtype.unitsPerItem();
    int most = (int) Math.min(array.size(), Math.max(1, REORDERED_BYTES / dtype.itemSize()));
    Object elements = dtype.unit().newArray(most * width);
    Storage reordered = Storage.wrap(dtype.unit(), elements);
    for (long done = 0; done < array.size(); ) {
      int n = (int) Math.min(array.size() - done, layout.preferredCount(done, most));
      layout.get(done, elements, 0, n);
      writeUnits(channel, reordered, 0, (long) n * width, order);
      done += n;
    }
  }

  private static void writeStored(WritableByteChannel channel, NpyArray array, ByteOrder order)
      throws IOException {
    ElementOrder layout = array.layout();
    long units = array.size() * array.dtype().unitsPerItem();
    writeUnits(channel, layout.storage(), layout.firstUnit(), units, order);
  }

  private static void writeUnits(
      WritableByteChannel channel, Storage storage, long from, long units, ByteOrder order)
      throws IOException {
    int unitBytes = storage.unit().bytes();
    int chunkBytes = (int) Math.min(units * unitBytes, CHUNK_BYTES);
    ByteBuffer chunk =
        chunkBytes < CHUNK_BYTES
            ? ByteBuffer.allocate(chunkBytes)
            : ByteBuffer.allocateDirect(chunkBytes);
    chunk.order(order);
    for (long done = 0; done < units; ) {
      int n = (int) Math.min(units - done, chunk.capacity() / unitBytes);
      storage.encode(from + done, chunk.clear(), n);
      BufferedFile.writeFully(channel, chunk.flip());
      done += n;
    }
  }
}
