package org.allclose.internal.json;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import org.allclose.json.JsonFormatException;

/**
 * Reads JSON as RFC 8259 has it, in UTF-8 without a byte order mark, and refuses duplicate and
 * unknown keys.
 *
 * <p>What is read has limits, so that a hostile file costs neither the memory nor the stack:
 * {@value #MAXIMUM_BYTES} bytes, {@value #MAXIMUM_VALUES} values, {@value #MAXIMUM_DEPTH} levels,
 * {@value #MAXIMUM_NUMBER} characters a number.
 *
 * <p>Every error says where: file, line, column and key. Of a text that is not JSON, no character
 * is shown; of one that is, keys and short values.
 */
public final class Json {

  /** The most bytes that are read. */
  public static final int MAXIMUM_BYTES = 1 << 24;

  /** The most values of any kind, objects and arrays among them. */
  public static final int MAXIMUM_VALUES = 500_000;

  /** The most objects and arrays that may stand within each other. */
  public static final int MAXIMUM_DEPTH = 100;

  /** The most characters of a number. */
  public static final int MAXIMUM_NUMBER = 1000;

  private Json() {}

  /**
   * Reads a text that holds one object.
   *
   * @param place what errors call the text
   * @param reader takes its fields
   * @return what the reader returns
   * @throws JsonFormatException if it is not JSON, not an object, beyond a limit, has a key that
   *     the reader did not ask for, or the reader refuses it
   * @throws E what else the reader throws
   */
  public static <T, E extends IOException> T parse(
      String place, String text, FieldsReader<T, E> reader) throws JsonFormatException, E {
    JsonText source = new JsonText(place, text);
    return JsonFields.read(source, "", JsonParser.parse(source), reader);
  }

  /**
   * Returns the text of bytes in UTF-8.
   *
   * @param place what errors call the text
   * @throws JsonFormatException if they are something else, or too many
   */
  public static String decode(String place, ByteBuffer bytes) throws JsonFormatException {
    if (bytes.remaining() > MAXIMUM_BYTES) {
      throw new JsonFormatException(
          place + ": expected at most " + MAXIMUM_BYTES + " bytes of JSON but got more");
    }
    int first = bytes.remaining() < 2 ? -1 : Short.toUnsignedInt(bytes.getShort(bytes.position()));
    if (first == 0xfeff
        || first == 0xfffe
        || (first > 0 && (first < 0x100 || first % 0x100 == 0))) {
      throw new JsonFormatException(place + ": expected UTF-8 text but got UTF-16");
    }
    if (first == 0xefbb) {
      throw new JsonFormatException(
          place + ": expected UTF-8 text without a byte order mark but got one");
    }
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer text = CharBuffer.allocate(bytes.remaining());
    int start = bytes.position();
    CoderResult result = decoder.decode(bytes, text, true);
    if (result.isError()) {
      throw new JsonFormatException(
          place + ": expected UTF-8 text but byte " + (bytes.position() - start) + " is not");
    }
    return text.flip().toString();
  }
}
