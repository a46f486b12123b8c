package org.allclose.jnpy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Builds files by hand, well formed or not. */
final class NpyBytes {
  /** A dictionary that is in order, for 2 by 3 doubles. */
  static final String DICTIONARY = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private NpyBytes() {}

  /** Returns a file of version 1.0 with a header of exactly this text. */
  static byte[] file(String header, int dataBytes) {
    return file(1, header, dataBytes);
  }

  /** Returns a file with a header of exactly this text; the data are zeros. */
  static byte[] file(int version, String header, int dataBytes) {
    Charset charset = version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
    byte[] text = header.getBytes(charset);
    return prefix(version, 0, text.length).bytes(text).bytes(new byte[dataBytes]).build();
  }

  /** Starts with nothing. */
  static NpyBytes empty() {
    return new NpyBytes();
  }

  /** Starts with magic, version and a header length, which may lie. */
  static NpyBytes prefix(int major, int minor, long headerLength) {
    NpyBytes bytes = new NpyBytes().bytes(0x93, 'N', 'U', 'M', 'P', 'Y', major, minor);
    for (int i = 0; i < (major == 1 ? 2 : 4); i++) {
      bytes.bytes((int) (headerLength >>> (8 * i)));
    }
    return bytes;
  }

  /** Returns a dictionary of three values as they are spelled. */
  static String dictionary(String descr, String fortranOrder, String shape) {
    return String.format(
        Locale.ROOT,
        "{'descr': %s, 'fortran_order': %s, 'shape': %s, }\n",
        descr,
        fortranOrder,
        shape);
  }

  /** Returns a file of one element for the dtype, with room for many bytes. */
  static byte[] ofDescr(String descr) {
    return file(dictionary(descr, "False", "()"), 64);
  }

  /** Returns a file of bytes with the shape. */
  static byte[] ofShape(String shape, int dataBytes) {
    return file(dictionary("'|u1'", "False", shape), dataBytes);
  }

  NpyBytes bytes(int... values) {
    for (int value : values) {
      out.write(value);
    }
    return this;
  }

  NpyBytes bytes(byte[] values) {
    out.writeBytes(values);
    return this;
  }

  byte[] build() {
    return out.toByteArray();
  }
}
