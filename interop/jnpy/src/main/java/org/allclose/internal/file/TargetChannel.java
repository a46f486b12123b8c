package org.allclose.internal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Locale;

/** Writes to a file and says which, as its writer knows it, where that fails. */
final class TargetChannel implements WritableByteChannel {
  /** Opens the file when the first byte is there: to open a pipe waits for its reader. */
  interface Opener {
    FileChannel open() throws IOException;
  }

  private final Path target;
  private final boolean isDirect;
  private final boolean isOwned;
  private final Opener opener;
  private FileChannel channel;
  private boolean closed;
  private long written;

  private TargetChannel(Path target, boolean isDirect, boolean isOwned, Opener opener) {
    this.target = target;
    this.isDirect = isDirect;
    this.isOwned = isOwned;
    this.opener = opener;
  }

  /** Writes to an open file that becomes the target, or a part of it. */
  static TargetChannel of(Path target, FileChannel channel) {
    TargetChannel result = new TargetChannel(target, false, true, () -> channel);
    result.channel = channel; // to be closed even if nothing is written
    return result;
  }

  /** Writes to the target itself, which can only go forward. */
  static TargetChannel direct(Path target, Opener opener) {
    return new TargetChannel(target, true, true, opener);
  }

  /** Writes to an output of this process, which stays open. */
  static TargetChannel standard(Path target, FileChannel output) {
    return new TargetChannel(target, true, false, () -> output);
  }

  /** Returns whether bytes cannot be replaced once they are written. */
  boolean isDirect() {
    return isDirect;
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    int before = bytes.remaining();
    try {
      return channel().write(bytes);
    } catch (IOException e) {
      throw failure(e, written + before);
    } finally {
      written += before - bytes.remaining();
    }
  }

  /** Replaces bytes that were written before. */
  int write(ByteBuffer bytes, long at) throws IOException {
    try {
      return channel().write(bytes, at);
    } catch (IOException e) {
      throw failure(e, written);
    }
  }

  /** Forces what was written to the disk. */
  void force() throws IOException {
    try {
      channel().force(true);
    } catch (IOException e) {
      throw failure(e, written);
    }
  }

  /** Opens the file if nothing was written yet: whoever reads a pipe waits for that. */
  void open() throws IOException {
    try {
      channel();
    } catch (IOException e) {
      throw failure(e, written);
    }
  }

  private FileChannel channel() throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (channel == null) {
      channel = opener.open();
    }
    return channel;
  }

  private IOException failure(IOException e, long needed) {
    // Of a file on a disk, nearly always because there is no room for it.
    String room = String.format(Locale.ROOT, " (needed at least %,d bytes)", needed);
    return FileFailures.writing(target, e, isDirect ? "" : room);
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    if (channel != null && isOwned) {
      try {
        channel.close();
      } catch (IOException e) {
        throw failure(e, written);
      }
    }
  }
}
