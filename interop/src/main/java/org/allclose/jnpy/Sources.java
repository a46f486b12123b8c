package org.allclose.jnpy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;

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
    return new ByteSource() {
      private long at = from;

      @Override
      public String name() {
        return name;
      }

      @Override
      public int read(ByteBuffer target) throws IOException {
        if (at >= to) {
          return -1;
        }
        int limit = target.limit();
        // In pieces, since the JDK keeps a direct buffer as long as the longest read into an array.
        long most = Math.min(to - at, DataReader.CHUNK_BYTES);
        target.limit((int) Math.min(limit, target.position() + most));
        int got = channel.read(target, at);
        target.limit(limit);
        at += Math.max(got, 0);
        return got;
      }

      @Override
      public long remaining() {
        return to - at;
      }

      @Override
      public ByteBuffer chunk(int bytes) {
        return bytes <= SMALL_BYTES ? ByteBuffer.allocate(bytes) : ByteBuffer.allocateDirect(bytes);
      }
    };
  }
}
