package org.allclose.internal.arrays;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.allclose.internal.json.Json;
import org.allclose.internal.json.JsonFields;
import org.allclose.json.JsonFormatException;

/**
 * What the header of a {@code .safetensors} file says of its tensors, checked against the file.
 *
 * <p>Stricter than the format's own reader in this: no key comes twice, and a tensor has no other
 * keys than the three.
 */
final class SafetensorsHeader {
  private final String file;

  /** The bytes behind the header. */
  private final long bytes;

  /** A tensor; start and end are counted from the end of the header. */
  record Entry(SafetensorsType type, List<Long> shape, long start, long end) {}

  private SafetensorsHeader(String file, long bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  /**
   * Reads the text of a header.
   *
   * @param file what errors call the file
   * @param bytes how many bytes the file has behind the header
   * @return the tensors by their names, in the order of the header
   * @throws JsonFormatException if it is not as the format has it
   */
  static Map<String, Entry> parse(String file, String text, long bytes) throws JsonFormatException {
    SafetensorsHeader header = new SafetensorsHeader(file, bytes);
    Map<String, Entry> entries = Json.parse(file + ": header", text, header::entries);
    header.requireNoGaps(entries);
    return entries;
  }

  private Map<String, Entry> entries(JsonFields fields) throws JsonFormatException {
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (String name : fields.keys()) {
      if (name.equals(SafetensorsFile.METADATA)) {
        requireTexts(fields);
      } else {
        entries.put(name, fields.object(name, this::entry));
      }
    }
    return entries;
  }

  /** Metadata are texts by their names, or nothing. */
  private static void requireTexts(JsonFields fields) throws JsonFormatException {
    if (fields.raw(SafetensorsFile.METADATA).equals("null")) {
      return;
    }
    fields.object(SafetensorsFile.METADATA, SafetensorsHeader::texts);
  }

  private static Map<String, String> texts(JsonFields fields) throws JsonFormatException {
    Map<String, String> texts = new LinkedHashMap<>();
    for (String key : fields.keys()) {
      texts.put(key, fields.text(key));
    }
    return texts;
  }

  private Entry entry(JsonFields fields) throws JsonFormatException {
    SafetensorsType type = fields.oneOf("dtype", SafetensorsType.BY_NAME);
    long[] shape = fields.longs("shape");
    long[] offsets = fields.longs("data_offsets");
    if (offsets.length != 2 || offsets[1] < offsets[0] || offsets[1] > bytes) {
      throw fields.error(
          "data_offsets",
          "[begin, end] within " + bytes + " bytes of data",
          fields.raw("data_offsets"));
    }
    long expected = bytesOf(fields, type, shape);
    if (expected != offsets[1] - offsets[0]) {
      throw fields.error(
          "data_offsets",
          expected + " bytes for the shape",
          Long.toString(offsets[1] - offsets[0]));
    }
    return new Entry(type, Arrays.stream(shape).boxed().toList(), offsets[0], offsets[1]);
  }

  private static long bytesOf(JsonFields fields, SafetensorsType type, long[] shape)
      throws JsonFormatException {
    long bits = type.bits();
    try {
      for (long length : shape) {
        bits = Math.multiplyExact(bits, length);
      }
    } catch (ArithmeticException e) {
      throw fields.error("shape", "one that fits a file", "too many elements");
    }
    if (bits % Byte.SIZE != 0) {
      throw fields.error(
          "shape", "whole bytes of elements of " + type.bits() + " bits", bits + " bits");
    }
    return bits / Byte.SIZE;
  }

  private void requireNoGaps(Map<String, Entry> entries) throws JsonFormatException {
    List<Map.Entry<String, Entry>> ordered = new ArrayList<>(entries.entrySet());
    ordered.sort(
        Comparator.comparingLong((Map.Entry<String, Entry> entry) -> entry.getValue().start)
            .thenComparingLong(entry -> entry.getValue().end));
    long end = 0;
    for (Map.Entry<String, Entry> entry : ordered) {
      if (entry.getValue().start != end) {
        throw broken(
            entry.getKey(),
            "data_offsets: expected it to start at "
                + end
                + ", where the one before ends, but got "
                + entry.getValue().start);
      }
      end = entry.getValue().end;
    }
    if (end != bytes) {
      throw new JsonFormatException(file + ": expected " + end + " bytes of data but got " + bytes);
    }
  }

  private JsonFormatException broken(String name, String detail) {
    return new JsonFormatException(file + "!" + name + ": " + detail);
  }
}
