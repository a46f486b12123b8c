package org.allclose.json;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.allclose.jnpy.AtomicFile;
import org.allclose.jnpy.FileFailures;
import org.allclose.jnpy.FileKind;
import org.allclose.jnpy.InputFile;
import org.allclose.jnpy.Printable;

/**
 * Reads and prints JSON as RFC 8259 has it, in UTF-8 without a byte order mark, and refuses
 * duplicate and unknown keys.
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
   * Reads a file that holds one object.
   *
   * @param reader takes its fields, whose place is the file's name
   * @return what the reader returns
   * @throws JsonFormatException if it is not UTF-8, not JSON, not an object, beyond a limit, has a
   *     key that the reader did not ask for, or the reader refuses it
   * @throws E what else the reader throws
   * @throws IOException if the file cannot be read
   */
  public static <T, E extends IOException> T read(Path file, FieldsReader<T, E> reader)
      throws IOException, E {
    return read(InputFile.of(file), reader);
  }

  /** As {@link #read(Path, FieldsReader)}, of a file that was looked at. */
  public static <T, E extends IOException> T read(InputFile file, FieldsReader<T, E> reader)
      throws IOException, E {
    switch (file.kind()) {
      // What is text, its parser tells more of: where it is no JSON.
      case JSON, TEXT, UNKNOWN -> {}
      default -> throw new JsonFormatException(file.isNot(FileKind.JSON).getMessage());
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file.content())) {
      bytes = in.readNBytes(MAXIMUM_BYTES + 1);
    } catch (IOException e) {
      throw FileFailures.reading(file.name(), e);
    }
    return parse(file.name(), decode(file.name(), ByteBuffer.wrap(bytes)), reader);
  }

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

  /**
   * Returns JSON text in several lines, with a line feed at its end; what a terminal would not show
   * is escaped.
   */
  public static String print(JsonElement element) {
    String text =
        new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(element);
    StringBuilder printable = new StringBuilder(text.length() + 1);
    text.codePoints()
        .forEach(
            c -> {
              if (c == '\n' || Printable.isPrintable(c)) {
                printable.appendCodePoint(c);
              } else {
                for (char half : Character.toChars(c)) {
                  printable.append("\\u").append(HexFormat.of().toHexDigits(half));
                }
              }
            });
    return printable.append('\n').toString();
  }

  /**
   * Writes JSON to a file, which appears whole or not at all.
   *
   * @throws IOException if it cannot be written
   */
  public static void write(Path file, JsonElement element) throws IOException {
    AtomicFile.writeText(file, print(element));
  }
}
