package org.allclose.jnpy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;
import org.allclose.internal.file.FileFailures;

/** The plain sources of bytes. */
final class Sources {
  /** Below this many bytes the JDK's own buffers serve as well as one of direct memory. */
  private static final int SMALL_BYTES = 64 << 10;

  private Sources() {}

  /** Returns the bytes of a stream, never one more than are asked for. */
  static ByteSource stream(InputStream in, String name) {
    return new ByteSource() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public int read(ByteBuffer target) throws IOException {
        int got =
            in.read(target.array(), target.arrayOffset() + target.position(), target.remaining());
        target.position(target.position() + Math.max(got, 0));
        return got;
      }

      @Override
      public long remaining() {
        return UNKNOWN;
      }
    };
  }

  /** Returns the bytes of a channel from its position on. */
  static ByteSource channel(ReadableByteChannel channel, String name) {
    return new ByteSource() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public int read(ByteBuffer target) throws IOException {
        return channel.read(target);
      }

      @Override
      public long remaining() {
        return UNKNOWN;
      }

      @Override
      public ByteBuffer chunk(int bytes) {
        return bytes <= SMALL_BYTES ? ByteBuffer.allocate(bytes) : ByteBuffer.allocateDirect(bytes);
      }
    };
  }

  /** Returns the bytes of a file between two positions, without moving the channel's own. */
  static ByteSource file(FileChannel channel, long from, long to, String name) {
    return new FileSource(channel, from, to, name);
  }

  /** Reads ahead a little, so that a header takes one call of the system instead of four. */
  private static final class FileSource implements ByteSource {
    private static final int AHEAD_BYTES = 4 << 10;

    private final FileChannel channel;
    private final long to;
    private final String name;
    private final ByteBuffer ahead;
    private long at;

    FileSource(FileChannel channel, long from, long to, String name) {
      this.channel = channel;
      this.at = from;
      this.to = to;
      this.name = name;
      this.ahead =
          ByteBuffer.allocate((int) Math.max(0, Math.min(AHEAD_BYTES, to - from))).limit(0);
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      if (!ahead.hasRemaining()) {
        if (at >= to) {
          return -1;
        }
        if (target.remaining() >= AHEAD_BYTES) {
          // In pieces, since the JDK keeps a direct buffer as long as the longest read into an
          // array.
          return read(target, DataReader.CHUNK_BYTES);
        }
        int got = read(ahead.clear(), AHEAD_BYTES);
        ahead.flip();
        if (got <= 0) {
          return got;
        }
      }
      if (!channel.isOpen()) {
        throw new ClosedChannelException();
      }
      int count = Math.min(target.remaining(), ahead.remaining());
      target.put(target.position(), ahead, ahead.position(), count);
      target.position(target.position() + count);
      ahead.position(ahead.position() + count);
      return count;
    }

    private int read(ByteBuffer target, int most) throws IOException {
      int limit = target.limit();
      long count = Math.min(Math.min(to - at, most), target.remaining());
      target.limit(target.position() + (int) count);
      try {
        int got = channel.read(target, at);
        at += Math.max(got, 0);
        return got;
      } catch (IOException e) {
        throw FileFailures.reading(name, e);
      } finally {
        target.limit(limit);
      }
    }

    @Override
    public Optional<FileRegion> take(long bytes) {
      long start = at - ahead.remaining();
      at = start + bytes;
      ahead.position(ahead.limit());
      return Optional.of(new FileRegion(channel, start));
    }

    @Override
    public long remaining() {
      return to - at + ahead.remaining();
    }

    @Override
    public ByteBuffer chunk(int bytes) {
      return bytes <= SMALL_BYTES ? ByteBuffer.allocate(bytes) : ByteBuffer.allocateDirect(bytes);
    }
  }
}
