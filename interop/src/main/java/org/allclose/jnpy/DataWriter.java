package org.allclose.jnpy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Writes the header and data of an array, chunk by chunk. */
final class DataWriter {
  private DataWriter() {}

  static void write(WritableByteChannel channel, NpyArray array) throws IOException {
    NpyHeader header = headerOf(array);
    writeFully(channel, ByteBuffer.wrap(header.toBytes()));
    writeData(channel, array, header);
  }

  /** Returns the header that numpy writes: Fortran order only where it differs from C order. */
  static NpyHeader headerOf(NpyArray array) {
    long[] shape = array.shape();
    boolean fortran = array.fortranOrder() && !Layout.isContiguousBothWays(shape);
    return NpyHeader.of(array.dtype(), fortran, shape);
  }

  private static void writeData(WritableByteChannel channel, NpyArray array, NpyHeader header)
      throws IOException {
    DType dtype = array.dtype();
    Layout layout = array.layout();
    long bytes = header.dataBytes();
    int unitBytes = dtype.unit().bytes();
    int chunkBytes = (int) Math.min(bytes, DataReader.CHUNK_BYTES);
    ByteBuffer chunk =
        bytes <= DataReader.CHUNK_BYTES
            ? ByteBuffer.allocate(chunkBytes)
            : ByteBuffer.allocateDirect(chunkBytes);
    chunk.order(dtype.byteOrder());
    if (layout.isFortran() == header.fortranOrder()) {
      long units = bytes / unitBytes;
      long first = layout.firstUnit();
      for (long done = 0; done < units; ) {
        int n = (int) Math.min(units - done, chunk.capacity() / unitBytes);
        layout.storage().encode(first + done, chunk.clear(), n);
        writeFully(channel, chunk.flip());
        done += n;
      }
      return;
    }
    int width = dtype.unitsPerItem();
    int perChunk = (int) Math.min(header.size(), Math.max(1, (1 << 20) / dtype.itemSize()));
    Object values = dtype.unit().newArray(perChunk * width);
    for (long done = 0; done < header.size(); ) {
      int n = (int) Math.min(header.size() - done, perChunk);
      layout.get(done, values, 0, n);
      Storage part = Storage.wrap(dtype.unit(), values);
      for (int written = 0; written < n * width; ) {
        int count = Math.min(n * width - written, chunk.capacity() / unitBytes);
        part.encode(written, chunk.clear(), count);
        writeFully(channel, chunk.flip());
        written += count;
      }
      done += n;
    }
  }

  static void writeFully(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
