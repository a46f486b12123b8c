package org.allclose.internal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * A file that is written from its start, gathered so that many small arrays take few calls of the
 * system.
 */
public final class BufferedFile implements WritableByteChannel {
  private final TargetChannel channel;
  private final ByteBuffer pending;
  private long flushed;

  /** Writes to a channel that is at its start, at most so many bytes late. */
  BufferedFile(TargetChannel channel, int bufferBytes) {
    this.channel = channel;
    this.pending = ByteBuffer.allocate(bufferBytes);
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    int count = bytes.remaining();
    if (count > pending.remaining()) {
      flush();
    }
    if (count > pending.remaining()) {
      writeFully(channel, bytes);
      flushed += count;
    } else {
      pending.put(bytes);
    }
    return count;
  }

  /** Returns how many bytes were written. */
  public long position() {
    return flushed + pending.position();
  }

  /** Replaces bytes that were written before; the next ones follow the last as before. */
  public void replace(long at, ByteBuffer bytes) throws IOException {
    if (at >= flushed) {
      pending.put((int) (at - flushed), bytes, bytes.position(), bytes.remaining());
      return;
    }
    // They may end in what is still pending.
    flush();
    int start = bytes.position();
    while (bytes.hasRemaining()) {
      channel.write(bytes, at + bytes.position() - start);
    }
  }

  /** Hands everything on to the file. */
  public void flush() throws IOException {
    flushed += pending.flip().remaining();
    writeFully(channel, pending);
    pending.clear();
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  /** Does nothing: the file behind stays open. */
  @Override
  public void close() {}

  /** Writes all bytes, however few the channel takes at a time. */
  public static void writeFully(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
