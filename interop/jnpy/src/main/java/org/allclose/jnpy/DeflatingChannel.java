package org.allclose.jnpy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.zip.Deflater;
import org.allclose.internal.file.BufferedFile;

/** Deflates what is written to it, at zlib's default level as numpy does. */
final class DeflatingChannel implements WritableByteChannel {
  private static final int OUTPUT_BYTES = 64 << 10;

  private final WritableByteChannel out;
  private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
  private final ByteBuffer output = ByteBuffer.allocate(OUTPUT_BYTES);

  DeflatingChannel(WritableByteChannel out) {
    this.out = out;
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    int count = bytes.remaining();
    deflater.setInput(bytes);
    while (!deflater.needsInput()) {
      drain();
    }
    return count;
  }

  /** Writes what is still held back; nothing can be written after it. */
  void finish() throws IOException {
    deflater.finish();
    while (!deflater.finished()) {
      drain();
    }
  }

  private void drain() throws IOException {
    deflater.deflate(output.clear());
    BufferedFile.writeFully(out, output.flip());
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  /** Frees the deflater; the channel behind stays open. */
  @Override
  public void close() {
    deflater.end();
  }
}
