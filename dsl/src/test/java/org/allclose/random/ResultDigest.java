package org.allclose.random;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of numbers, little-endian, in pieces so that results are not copied as a whole. */
final class ResultDigest {
  private static final int BYTES = 1 << 15;

  private final ByteBuffer buffer = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final MessageDigest digest;

  ResultDigest() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  ResultDigest add(double... numbers) {
    for (double number : numbers) {
      room(8).putDouble(number);
    }
    return this;
  }

  ResultDigest add(float... numbers) {
    for (float number : numbers) {
      room(4).putFloat(number);
    }
    return this;
  }

  ResultDigest add(byte... numbers) {
    for (byte number : numbers) {
      room(1).put(number);
    }
    return this;
  }

  /** Adds as many of each number's lowest bits as its dtype has, a whole byte at least. */
  ResultDigest add(int bits, long... numbers) {
    for (long number : numbers) {
      switch (bits) {
        case 16 -> room(2).putShort((short) number);
        case 32 -> room(4).putInt((int) number);
        case 64 -> room(8).putLong(number);
        default -> room(1).put((byte) number);
      }
    }
    return this;
  }

  /** Adds numbers as of dtype int64. */
  ResultDigest add(int... numbers) {
    for (int number : numbers) {
      room(8).putLong(number);
    }
    return this;
  }

  private ByteBuffer room(int bytes) {
    if (buffer.remaining() < bytes) {
      digest.update(buffer.flip());
      buffer.clear();
    }
    return buffer;
  }

  /** Returns the digest of all that was added. */
  String hex() {
    digest.update(buffer.flip());
    return HexFormat.of().formatHex(digest.digest());
  }
}
