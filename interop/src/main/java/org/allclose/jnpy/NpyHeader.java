package org.allclose.jnpy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** What stands before the data of an {@code .npy} file: dtype, order and shape. */
public final class NpyHeader {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int ALIGNMENT = 64;
  private static final int GROWTH_DIGITS = 21;

  private final int version;
  private final DType dtype;
  private final boolean fortranOrder;
  private final long[] shape;
  private final long size;
  private final int length;

  private NpyHeader(
      int version, DType dtype, boolean fortranOrder, long[] shape, long size, int length) {
    this.version = version;
    this.dtype = dtype;
    this.fortranOrder = fortranOrder;
    this.shape = shape;
    this.size = size;
    this.length = length;
  }

  /**
   * Returns the header that numpy's {@code save} writes for such an array: version 1.0.
   *
   * @param shape the lengths of the axes, none for a single element
   * @throws IllegalArgumentException if a length is negative, there are more than 64 axes, or the
   *     bytes of the data are more than {@link Long#MAX_VALUE}
   */
  public static NpyHeader of(DType dtype, boolean fortranOrder, long... shape) {
    try {
      NpyHeader header =
          checked(1, dtype, fortranOrder, shape.clone(), 0, "header", Limits.defaults());
      return header.withVersion(1);
    } catch (NpyException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  static NpyHeader checked(
      int version,
      DType dtype,
      boolean fortranOrder,
      long[] shape,
      int length,
      String source,
      Limits limits)
      throws NpyException {
    if (shape.length > limits.axes()) {
      throw new NpyException(
          NpyException.Reason.LIMIT,
          source,
          "shape: expected at most %d axes, got %d".formatted(limits.axes(), shape.length));
    }
    // An axis of length 0 must not hide an overflow of the others: numpy refuses that, too.
    long bytes = dtype.itemSize();
    boolean empty = false;
    for (long axis : shape) {
      if (axis < 0) {
        throw new NpyException(
            NpyException.Reason.SHAPE,
            source,
            "shape: expected lengths of at least 0, got " + text(shape));
      }
      empty |= axis == 0;
      if (Math.multiplyHigh(bytes, Math.max(axis, 1)) != 0 || bytes * Math.max(axis, 1) < 0) {
        throw new NpyException(
            NpyException.Reason.SHAPE,
            source,
            "shape: expected at most %d bytes of data, got %s of %d bytes each"
                .formatted(Long.MAX_VALUE, Quoted.of(text(shape)), dtype.itemSize()));
      }
      bytes *= Math.max(axis, 1);
    }
    long size = empty ? 0 : bytes / dtype.itemSize();
    return new NpyHeader(version, dtype, fortranOrder, shape, size, length);
  }

  /** Reads a header and leaves the source at the first byte of the data. */
  static NpyHeader read(ByteSource source, ReadOptions options) throws IOException {
    byte[] prefix = new byte[MAGIC.length + 2];
    int got = source.fill(ByteBuffer.wrap(prefix));
    int compared = Math.min(got, MAGIC.length);
    if (!Arrays.equals(prefix, 0, compared, MAGIC, 0, compared)) {
      String kind = prefix[0] == 'P' && prefix[1] == 'K' ? " (a zip file, as .npz are)" : "";
      throw new NpyException(
          NpyException.Reason.NOT_NPY,
          source.name(),
          "magic: expected %s, got %s%s"
              .formatted(
                  Quoted.hex(MAGIC, 0, MAGIC.length), Quoted.hex(prefix, 0, compared), kind));
    }
    requireAll(source, "magic and version", prefix.length, got);
    int version = prefix[MAGIC.length];
    int minor = prefix[MAGIC.length + 1];
    if (version < 1 || version > 3 || minor != 0) {
      throw new NpyException(
          NpyException.Reason.VERSION,
          source.name(),
          "version: expected 1.0, 2.0 or 3.0, got %d.%d".formatted(version & 0xff, minor & 0xff));
    }
    byte[] lengthBytes = new byte[lengthBytes(version)];
    requireAll(
        source, "header length", lengthBytes.length, source.fill(ByteBuffer.wrap(lengthBytes)));
    long length = 0;
    for (int i = lengthBytes.length - 1; i >= 0; i--) {
      length = (length << 8) | (lengthBytes[i] & 0xff);
    }
    String text = readText(source, version, length, options.limits().headerCharacters());
    int before = prefix.length + lengthBytes.length + (int) length;
    return HeaderParser.parse(text, version, before, source.name(), options);
  }

  /** Returns whether the source begins with the magic of an array. */
  static boolean startsAsArray(ByteSource source) throws IOException {
    byte[] magic = new byte[MAGIC.length];
    return source.fill(ByteBuffer.wrap(magic)) == magic.length && Arrays.equals(magic, MAGIC);
  }

  private static String readText(ByteSource source, int version, long length, int mostCharacters)
      throws IOException {
    // A character has one byte in versions 1 and 2, up to four in version 3: so much can be
    // refused before it is read.
    long mostBytes = version < 3 ? mostCharacters : 4L * mostCharacters;
    if (length > mostBytes) {
      throw new NpyException(
          NpyException.Reason.LIMIT,
          source.name(),
          "header: expected at most %d characters, got %d bytes".formatted(mostCharacters, length));
    }
    if (length > source.remaining()) {
      throw endsEarly(source, "header", length, source.remaining());
    }
    byte[] bytes = new byte[(int) length];
    requireAll(source, "header", length, source.fill(ByteBuffer.wrap(bytes)));
    if (version < 3) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new NpyException(
          NpyException.Reason.HEADER, source.name(), "header: expected UTF-8, got other bytes", e);
    }
    int characters = text.codePointCount(0, text.length());
    if (characters > mostCharacters) {
      throw new NpyException(
          NpyException.Reason.LIMIT,
          source.name(),
          "header: expected at most %d characters, got %d".formatted(mostCharacters, characters));
    }
    return text;
  }

  private static int lengthBytes(int version) {
    return version == 1 ? 2 : 4;
  }

  private static void requireAll(ByteSource source, String part, long expected, long got)
      throws NpyException {
    if (got != expected) {
      throw endsEarly(source, part, expected, got);
    }
  }

  static NpyException endsEarly(ByteSource source, String part, long expected, long got) {
    return new NpyException(
        NpyException.Reason.TRUNCATED,
        source.name(),
        "%s ends early: expected %d bytes, got %d".formatted(part, expected, got));
  }

  /** Returns the major number of the format's version: 1, 2 or 3. */
  public int version() {
    return version;
  }

  /** Returns what an element is. */
  public DType dtype() {
    return dtype;
  }

  /** Returns whether the first axis varies fastest in the data, instead of the last. */
  public boolean fortranOrder() {
    return fortranOrder;
  }

  /** Returns the lengths of the axes, a copy. */
  public long[] shape() {
    return shape.clone();
  }

  /** Returns the number of elements: the product of the lengths, 1 without axes. */
  public long size() {
    return size;
  }

  /** Returns the bytes of the data. */
  public long dataBytes() {
    return size * dtype.itemSize();
  }

  /** Returns the bytes before the data: magic, version, length and text. */
  public int length() {
    return length;
  }

  /**
   * Returns this header as another version of the format would hold it, as {@code
   * numpy.lib.format.write_array} does with {@code version=(2, 0)}.
   *
   * @param major 1, 2 or 3
   * @throws IllegalArgumentException if it is none of those
   */
  public NpyHeader withVersion(int major) {
    if (major < 1 || major > 3) {
      throw new IllegalArgumentException("version: expected 1, 2 or 3 but got " + major);
    }
    int before = MAGIC.length + 2 + lengthBytes(major) + text().length() + 1;
    int padded = (before / ALIGNMENT + 1) * ALIGNMENT;
    return new NpyHeader(major, dtype, fortranOrder, shape, size, padded);
  }

  /**
   * Returns the bytes that numpy writes for this header.
   *
   * <p>They may differ from the ones it was read from, which another program may have laid out.
   */
  public byte[] toBytes() {
    NpyHeader laidOut = withVersion(version);
    byte[] bytes = new byte[laidOut.length];
    Arrays.fill(bytes, (byte) ' ');
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    out.put(MAGIC).put((byte) version).put((byte) 0);
    int textLength = laidOut.length - MAGIC.length - 2 - lengthBytes(version);
    if (version == 1) {
      out.putShort((short) textLength);
    } else {
      out.putInt(textLength);
    }
    out.put(text().getBytes(StandardCharsets.ISO_8859_1));
    bytes[bytes.length - 1] = '\n';
    return bytes;
  }

  /** Returns the dictionary and the spaces that let the axis that grows grow in place. */
  private String text() {
    String dictionary =
        "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }"
            .formatted(dtype, fortranOrder ? "True" : "False", text(shape));
    if (shape.length == 0) {
      return dictionary;
    }
    long growing = shape[fortranOrder ? shape.length - 1 : 0];
    return dictionary + " ".repeat(GROWTH_DIGITS - Long.toString(growing).length());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NpyHeader header
        && version == header.version
        && dtype.equals(header.dtype)
        && fortranOrder == header.fortranOrder
        && Arrays.equals(shape, header.shape)
        && length == header.length;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * dtype.hashCode() + Arrays.hashCode(shape)) + Boolean.hashCode(fortranOrder);
  }

  /** Returns dtype, shape and order: {@code <f8 (3, 4) C}. */
  @Override
  public String toString() {
    return dtype + " " + text(shape) + (fortranOrder ? " F" : " C");
  }

  /** Returns a shape as Python prints it. */
  static String text(long[] shape) {
    return LongStream.of(shape)
        .mapToObj(Long::toString)
        .collect(Collectors.joining(", ", "(", shape.length == 1 ? ",)" : ")"));
  }
}
