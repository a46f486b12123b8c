package org.allclose.jnpy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.allclose.internal.file.FileKind;
import org.allclose.internal.text.Quoted;
import org.allclose.internal.text.Tuple;

/**
 * What stands before the data of an {@code .npy} file: dtype, order and shape.
 *
 * <h2>ElementOrder</h2>
 *
 * <table>
 * <caption>Bytes before the data</caption>
 * <tr><th>bytes</th><th>what</th></tr>
 * <tr><td>6</td><td>magic: {@code 93 4e 55 4d 50 59}, which is 0x93 and {@code NUMPY}</td></tr>
 * <tr><td>2</td><td>version: exactly {@code 01 00}, {@code 02 00} or {@code 03 00}</td></tr>
 * <tr><td>2 or 4</td><td>n, the length of the text: a little-endian integer without sign, of 2
 * bytes in version 1 and of 4 in versions 2 and 3</td></tr>
 * <tr><td>n</td><td>the text: ISO 8859-1 in versions 1 and 2, UTF-8 in version 3, where malformed
 * bytes are an error</td></tr>
 * </table>
 *
 * <p>The text has at most {@link Limits#headerCharacters} characters (numpy's bound is 10,000),
 * which is checked before memory is allocated for it. The data begin at byte 8 + 2 + n or 8 + 4 +
 * n. A reader asks neither for an alignment of that place nor for spaces or a newline at the end.
 *
 * <h2>Text</h2>
 *
 * <p>A dictionary as Python's literals are written. It is parsed, never evaluated:
 *
 * <pre>
 * text       = ws dictionary ws
 * dictionary = "{" ws [ entry { ws "," ws entry } ws [ "," ws ] ] "}"
 * entry      = string ws ":" ws value
 * string     = "'" { character } "'" | '"' { character } '"'
 * shape      = "(" ws ")" | "(" ws length ws "," ws { length ws "," ws } [ length ws ] ")"
 * length     = [ "-" ] decimal [ "L" ]
 * decimal    = "0" | ( "1" ... "9" ) { "0" ... "9" }
 * ws         = { space | tab | form feed | carriage return | line feed }
 * </pre>
 *
 * <p>A character of a string is any but its quote, NUL, a line end and the backslash: escapes are
 * refused, and so are further spellings of Python's that numpy happens to take (prefixes, strings
 * in a row, hexadecimal lengths, underscores in numbers, comments). {@code L} behind a length,
 * which Python 2 wrote, is read in versions 1 and 2.
 *
 * <p>The keys are these three, in any order, each once; a key that comes twice is an error here,
 * where numpy takes the last.
 *
 * <ul>
 *   <li>{@code descr}: a string, the dtype, see below.
 *   <li>{@code fortran_order}: the word {@code True} or {@code False}.
 *   <li>{@code shape}: a tuple as above. {@code ()} is one element without axes; {@code (6)} is no
 *       tuple.
 * </ul>
 *
 * <p>There are at most {@link Limits#axes} lengths (numpy's bound is 64), none negative. The
 * product of item size and lengths, those of 0 left out, is below 2<sup>63</sup>.
 *
 * <h2>dtype</h2>
 *
 * <p>A mark of the byte order and a code. {@code <} is little-endian, {@code >} big-endian; {@code
 * =}, {@code |} and no mark are read as little-endian. For elements of single bytes the mark says
 * nothing. numpy writes {@code |} for those and {@code <} or {@code >} for others.
 *
 * <table>
 * <caption>Codes, and other spellings that are read</caption>
 * <tr><th>code</th><th>numpy's name</th><th>also</th></tr>
 * <tr><td>b1</td><td>bool</td><td>? bool_</td></tr>
 * <tr><td>i1</td><td>int8</td><td>b byte</td></tr>
 * <tr><td>i2</td><td>int16</td><td>h short</td></tr>
 * <tr><td>i4</td><td>int32</td><td>i intc</td></tr>
 * <tr><td>i8</td><td>int64</td><td>l q p n int int_ long longlong intp</td></tr>
 * <tr><td>u1</td><td>uint8</td><td>B ubyte</td></tr>
 * <tr><td>u2</td><td>uint16</td><td>H ushort</td></tr>
 * <tr><td>u4</td><td>uint32</td><td>I uintc</td></tr>
 * <tr><td>u8</td><td>uint64</td><td>L Q P N uint ulong ulonglong uintp</td></tr>
 * <tr><td>f2</td><td>float16</td><td>e half</td></tr>
 * <tr><td>f4</td><td>float32</td><td>f single</td></tr>
 * <tr><td>f8</td><td>float64</td><td>d double float</td></tr>
 * <tr><td>c8</td><td>complex64</td><td>F csingle</td></tr>
 * <tr><td>c16</td><td>complex128</td><td>D cdouble complex</td></tr>
 * <tr><td>Sn</td><td>bytes</td><td>c for S1</td></tr>
 * <tr><td>Un</td><td>str</td><td></td></tr>
 * <tr><td>V2</td><td>void16</td><td>read as bfloat16 with {@link ReadOptions#voidAsBfloat16}; the
 * word bfloat16, which numpy alone does not know, always</td></tr>
 * </table>
 *
 * <p>Names of several letters, numpy's name among them, are read without a mark. n is decimal, at
 * least 1. Refused with the reason: {@code O} and all that holds it, which is stored as a pickle
 * that can run code; {@code T}; lists and tuples (structures, subarrays); {@code V}; {@code M8} and
 * {@code m8}; {@code f16} and {@code c32}; elements of no bytes.
 *
 * <h2>What numpy writes</h2>
 *
 * <pre>{@code
 * {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }
 * }</pre>
 *
 * <p>The keys sorted, one space behind each colon and comma. Behind the dictionary stand as many
 * spaces as let one length grow to 21 digits in place: that of the first axis, or of the last in
 * Fortran order; none without axes. Then 1 to 64 spaces and a newline, so that the data begin at a
 * multiple of 64: 64 spaces where the newline alone would do. The version is 1 if n fits into 2
 * bytes, which it always does here. Fortran order is written only where it differs from C order:
 * not for one axis longer than 1, nor for an array without elements.
 *
 * <p>Source: numpy's {@code numpy.lib.format}, and the behaviour of numpy 2.4.
 */
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
          String.format(
              Locale.ROOT,
              "shape: expected at most %d axes but got %d",
              limits.axes(),
              shape.length));
    }
    // An axis of length 0 must not hide an overflow of the others: numpy refuses that, too.
    long bytes = dtype.itemSize();
    boolean empty = false;
    for (long axis : shape) {
      if (axis < 0) {
        throw new NpyException(
            NpyException.Reason.SHAPE,
            source,
            "shape: expected lengths of at least 0 but got " + Tuple.of(shape));
      }
      empty |= axis == 0;
      if (Math.multiplyHigh(bytes, Math.max(axis, 1)) != 0 || bytes * Math.max(axis, 1) < 0) {
        throw new NpyException(
            NpyException.Reason.SHAPE,
            source,
            String.format(
                Locale.ROOT,
                "shape: expected at most %d bytes of data but got %s of %d bytes each",
                Long.MAX_VALUE,
                Quoted.of(Tuple.of(shape)),
                dtype.itemSize()));
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
    if (got == 0 || !Arrays.equals(prefix, 0, compared, MAGIC, 0, compared)) {
      FileKind kind = FileKind.of(Arrays.copyOf(prefix, got));
      if (kind != FileKind.UNKNOWN) {
        throw NpyException.of(kind.error(source.name(), FileKind.NPY));
      }
      throw new NpyException(
          NpyException.Reason.NOT_NPY,
          source.name(),
          String.format(
              Locale.ROOT,
              "magic: expected %s but got %s",
              Quoted.hex(MAGIC, 0, MAGIC.length),
              Quoted.hex(prefix, 0, compared)));
    }
    requireAll(source, "magic and version", prefix.length, got);
    int version = prefix[MAGIC.length];
    int minor = prefix[MAGIC.length + 1];
    if (version < 1 || version > 3 || minor != 0) {
      throw new NpyException(
          NpyException.Reason.VERSION,
          source.name(),
          String.format(
              Locale.ROOT,
              "version: expected 1.0, 2.0 or 3.0 but got %d.%d",
              version & 0xff,
              minor & 0xff));
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
          String.format(
              Locale.ROOT,
              "header: expected at most %d characters but got %d bytes",
              mostCharacters,
              length));
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
          NpyException.Reason.HEADER,
          source.name(),
          "header: expected UTF-8 but got other bytes",
          e);
    }
    int characters = text.codePointCount(0, text.length());
    if (characters > mostCharacters) {
      throw new NpyException(
          NpyException.Reason.LIMIT,
          source.name(),
          String.format(
              Locale.ROOT,
              "header: expected at most %d characters but got %d",
              mostCharacters,
              characters));
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
        String.format(
            Locale.ROOT, "%s ends early: expected %d bytes but got %d", part, expected, got));
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
        String.format(
            Locale.ROOT,
            "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }",
            dtype,
            fortranOrder ? "True" : "False",
            Tuple.of(shape));
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
    return dtype + " " + Tuple.of(shape) + (fortranOrder ? " F" : " C");
  }
}
