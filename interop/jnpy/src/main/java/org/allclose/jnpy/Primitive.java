package org.allclose.jnpy;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;

/**
 * The Java primitive that an element is made of, and the bulk operations on buffers of it.
 *
 * <p>Everything moves through {@code put} of one buffer into another, which the JDK runs as one
 * copy of memory, with swapped bytes where the two differ in byte order. So bits never change: not
 * those of a NaN either. Arguments are not checked here beyond what the JDK checks.
 */
enum Primitive {
  BYTE(1) {
    @Override
    Object newArray(int length) {
      return new byte[length];
    }

    @Override
    Buffer wrap(Object array) {
      return ByteBuffer.wrap((byte[]) array);
    }

    @Override
    Buffer view(ByteBuffer bytes) {
      return bytes.slice();
    }

    @Override
    Buffer readOnly(Buffer buffer) {
      return ((ByteBuffer) buffer).asReadOnlyBuffer();
    }

    @Override
    void put(Buffer target, int at, Buffer source, int from, int count) {
      ((ByteBuffer) target).put(at, (ByteBuffer) source, from, count);
    }

    @Override
    void gather(Buffer source, int from, int step, Object target, int at, int count) {
      ByteBuffer bytes = (ByteBuffer) source;
      byte[] array = (byte[]) target;
      for (int i = 0, p = from; i < count; i++, p += step) {
        array[at + i] = bytes.get(p);
      }
    }

    @Override
    void spread(Object source, int from, int step, Object target, int at, int stride, int count) {
      byte[] in = (byte[]) source;
      byte[] out = (byte[]) target;
      for (int i = 0, p = from, q = at; i < count; i++, p += step, q += stride) {
        out[q] = in[p];
      }
    }
  },
  SHORT(2) {
    @Override
    Object newArray(int length) {
      return new short[length];
    }

    @Override
    Buffer wrap(Object array) {
      return ShortBuffer.wrap((short[]) array);
    }

    @Override
    Buffer view(ByteBuffer bytes) {
      return bytes.asShortBuffer();
    }

    @Override
    Buffer readOnly(Buffer buffer) {
      return ((ShortBuffer) buffer).asReadOnlyBuffer();
    }

    @Override
    void put(Buffer target, int at, Buffer source, int from, int count) {
      ((ShortBuffer) target).put(at, (ShortBuffer) source, from, count);
    }

    @Override
    void gather(Buffer source, int from, int step, Object target, int at, int count) {
      ShortBuffer shorts = (ShortBuffer) source;
      short[] array = (short[]) target;
      for (int i = 0, p = from; i < count; i++, p += step) {
        array[at + i] = shorts.get(p);
      }
    }

    @Override
    void spread(Object source, int from, int step, Object target, int at, int stride, int count) {
      short[] in = (short[]) source;
      short[] out = (short[]) target;
      for (int i = 0, p = from, q = at; i < count; i++, p += step, q += stride) {
        out[q] = in[p];
      }
    }
  },
  INT(4) {
    @Override
    Object newArray(int length) {
      return new int[length];
    }

    @Override
    Buffer wrap(Object array) {
      return IntBuffer.wrap((int[]) array);
    }

    @Override
    Buffer view(ByteBuffer bytes) {
      return bytes.asIntBuffer();
    }

    @Override
    Buffer readOnly(Buffer buffer) {
      return ((IntBuffer) buffer).asReadOnlyBuffer();
    }

    @Override
    void put(Buffer target, int at, Buffer source, int from, int count) {
      ((IntBuffer) target).put(at, (IntBuffer) source, from, count);
    }

    @Override
    void gather(Buffer source, int from, int step, Object target, int at, int count) {
      IntBuffer ints = (IntBuffer) source;
      int[] array = (int[]) target;
      for (int i = 0, p = from; i < count; i++, p += step) {
        array[at + i] = ints.get(p);
      }
    }

    @Override
    void spread(Object source, int from, int step, Object target, int at, int stride, int count) {
      int[] in = (int[]) source;
      int[] out = (int[]) target;
      for (int i = 0, p = from, q = at; i < count; i++, p += step, q += stride) {
        out[q] = in[p];
      }
    }
  },
  LONG(8) {
    @Override
    Object newArray(int length) {
      return new long[length];
    }

    @Override
    Buffer wrap(Object array) {
      return LongBuffer.wrap((long[]) array);
    }

    @Override
    Buffer view(ByteBuffer bytes) {
      return bytes.asLongBuffer();
    }

    @Override
    Buffer readOnly(Buffer buffer) {
      return ((LongBuffer) buffer).asReadOnlyBuffer();
    }

    @Override
    void put(Buffer target, int at, Buffer source, int from, int count) {
      ((LongBuffer) target).put(at, (LongBuffer) source, from, count);
    }

    @Override
    void gather(Buffer source, int from, int step, Object target, int at, int count) {
      LongBuffer longs = (LongBuffer) source;
      long[] array = (long[]) target;
      for (int i = 0, p = from; i < count; i++, p += step) {
        array[at + i] = longs.get(p);
      }
    }

    @Override
    void spread(Object source, int from, int step, Object target, int at, int stride, int count) {
      long[] in = (long[]) source;
      long[] out = (long[]) target;
      for (int i = 0, p = from, q = at; i < count; i++, p += step, q += stride) {
        out[q] = in[p];
      }
    }
  },
  FLOAT(4) {
    @Override
    Object newArray(int length) {
      return new float[length];
    }

    @Override
    Buffer wrap(Object array) {
      return FloatBuffer.wrap((float[]) array);
    }

    @Override
    Buffer view(ByteBuffer bytes) {
      return bytes.asFloatBuffer();
    }

    @Override
    Buffer readOnly(Buffer buffer) {
      return ((FloatBuffer) buffer).asReadOnlyBuffer();
    }

    @Override
    void put(Buffer target, int at, Buffer source, int from, int count) {
      ((FloatBuffer) target).put(at, (FloatBuffer) source, from, count);
    }

    @Override
    void gather(Buffer source, int from, int step, Object target, int at, int count) {
      FloatBuffer floats = (FloatBuffer) source;
      float[] array = (float[]) target;
      for (int i = 0, p = from; i < count; i++, p += step) {
        array[at + i] = floats.get(p);
      }
    }

    @Override
    void spread(Object source, int from, int step, Object target, int at, int stride, int count) {
      float[] in = (float[]) source;
      float[] out = (float[]) target;
      for (int i = 0, p = from, q = at; i < count; i++, p += step, q += stride) {
        out[q] = in[p];
      }
    }
  },
  DOUBLE(8) {
    @Override
    Object newArray(int length) {
      return new double[length];
    }

    @Override
    Buffer wrap(Object array) {
      return DoubleBuffer.wrap((double[]) array);
    }

    @Override
    Buffer view(ByteBuffer bytes) {
      return bytes.asDoubleBuffer();
    }

    @Override
    Buffer readOnly(Buffer buffer) {
      return ((DoubleBuffer) buffer).asReadOnlyBuffer();
    }

    @Override
    void put(Buffer target, int at, Buffer source, int from, int count) {
      ((DoubleBuffer) target).put(at, (DoubleBuffer) source, from, count);
    }

    @Override
    void gather(Buffer source, int from, int step, Object target, int at, int count) {
      DoubleBuffer doubles = (DoubleBuffer) source;
      double[] array = (double[]) target;
      for (int i = 0, p = from; i < count; i++, p += step) {
        array[at + i] = doubles.get(p);
      }
    }

    @Override
    void spread(Object source, int from, int step, Object target, int at, int stride, int count) {
      double[] in = (double[]) source;
      double[] out = (double[]) target;
      for (int i = 0, p = from, q = at; i < count; i++, p += step, q += stride) {
        out[q] = in[p];
      }
    }
  };

  private final int bytes;

  Primitive(int bytes) {
    this.bytes = bytes;
  }

  /** Returns the bytes of one unit. */
  int bytes() {
    return bytes;
  }

  /** Returns a new array of this primitive. */
  abstract Object newArray(int length);

  /** Returns an array of this primitive as a buffer that shares it. */
  abstract Buffer wrap(Object array);

  /** Returns the bytes from position to limit as a buffer of this primitive, in their order. */
  abstract Buffer view(ByteBuffer bytes);

  /** Returns a buffer of this primitive that shares its content and cannot be written to. */
  abstract Buffer readOnly(Buffer buffer);

  /** Copies {@code count} units from {@code source} at {@code from} to {@code target} at. */
  abstract void put(Buffer target, int at, Buffer source, int from, int count);

  /** Copies every {@code step}-th unit of a buffer into an array, closely packed. */
  abstract void gather(Buffer source, int from, int step, Object target, int at, int count);

  /** Copies every {@code step}-th unit of an array to every {@code stride}-th of another. */
  abstract void spread(
      Object source, int from, int step, Object target, int at, int stride, int count);
}
