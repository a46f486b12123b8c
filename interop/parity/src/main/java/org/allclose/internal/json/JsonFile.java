package org.allclose.internal.json;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.allclose.internal.file.AtomicFile;
import org.allclose.internal.file.FileFailures;
import org.allclose.internal.file.FileKind;
import org.allclose.internal.file.InputFile;
import org.allclose.internal.text.Printable;
import org.allclose.json.JsonFormatException;

/** JSON in files: read as {@link Json} has it, and printed as text that a terminal can show. */
public final class JsonFile {
  private JsonFile() {}

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
      bytes = in.readNBytes(Json.MAXIMUM_BYTES + 1);
    } catch (IOException e) {
      throw FileFailures.reading(file.name(), e);
    }
    return Json.parse(file.name(), Json.decode(file.name(), ByteBuffer.wrap(bytes)), reader);
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
