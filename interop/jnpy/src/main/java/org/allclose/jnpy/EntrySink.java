package org.allclose.jnpy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.zip.CRC32;
import org.allclose.internal.file.BufferedFile;

/** Passes the bytes of an entry on and keeps their count and checksum. */
final class EntrySink implements WritableByteChannel {
  private final WritableByteChannel out;
  private final CRC32 checksum = new CRC32();
  private long size;

  EntrySink(WritableByteChannel out) {
    this.out = out;
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    int count = bytes.remaining();
    size += count;
    checksum.update(bytes.duplicate());
    BufferedFile.writeFully(out, bytes);
    return count;
  }

  /** Returns the checksum of what was written. */
  long crc() {
    return checksum.getValue();
  }

  /** Returns the bytes that were written. */
  long size() {
    return size;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  /** Does nothing: the channel behind stays open. */
  @Override
  public void close() {}
}
