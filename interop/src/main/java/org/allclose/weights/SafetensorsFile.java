package org.allclose.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.allclose.WeightSource;
import org.allclose.jnpy.FileFailures;
import org.allclose.jnpy.Half;
import org.allclose.jnpy.InputFile;
import org.allclose.json.Json;
import org.allclose.json.JsonFields;
import org.allclose.json.JsonFormatException;
import org.allclose.message.Excerpt;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/**
 * Parameters in a {@code .safetensors} file.
 *
 * <p>The file is the length of the header, 8 bytes little-endian; the header, a JSON object {@code
 * {"fc1.weight": {"dtype": "F32", "shape": [100, 64], "data_offsets": [0, 25600]}, ...}} in UTF-8,
 * which may end in spaces and may have texts under {@value #METADATA}; and the tensors' elements,
 * little-endian in C order, at the offsets from the end of the header, without gaps or overlaps.
 *
 * <p>F64, F32, F16 and BF16 are read, each value exactly; tensors of other types may be there. The
 * header is read and checked as a whole when the file is opened, a tensor when it is asked for.
 *
 * <p>Source: the format's description in the safetensors project.
 */
public final class SafetensorsFile implements WeightSource {

  /**
   * The longest header that is read, in bytes: room for tens of thousands of tensors, which {@link
   * Json#MAXIMUM_VALUES} limits too. The format's own reader takes 100 MB.
   */
  public static final long MAXIMUM_HEADER = Json.MAXIMUM_BYTES;

  /** The key of the header that is not a tensor. */
  public static final String METADATA = "__metadata__";

  /** Bits of an element of each type; the format has those of less than a byte as well. */
  private static final Map<String, Integer> BITS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("F64", 64),
              Map.entry("F32", 32),
              Map.entry("F16", 16),
              Map.entry("BF16", 16),
              Map.entry("I64", 64),
              Map.entry("U64", 64),
              Map.entry("C64", 64),
              Map.entry("I32", 32),
              Map.entry("U32", 32),
              Map.entry("I16", 16),
              Map.entry("U16", 16),
              Map.entry("I8", 8),
              Map.entry("U8", 8),
              Map.entry("BOOL", 8),
              Map.entry("F8_E4M3", 8),
              Map.entry("F8_E5M2", 8),
              Map.entry("F8_E8M0", 8)));

  private final Path file;
  private final Map<String, Entry> entries;

  /** A tensor of the header; start and end are places in the file. */
  private record Entry(String dtype, List<Long> shape, long start, long end) {}

  private SafetensorsFile(Path file, Map<String, Entry> entries) {
    this.file = file;
    this.entries = entries;
  }

  /**
   * Reads the header of a file.
   *
   * @throws JsonFormatException if the file is not in the format
   * @throws IOException if it cannot be read
   */
  public static SafetensorsFile open(Path file) throws IOException {
    try (FileChannel channel = InputFile.open(file)) {
      long size = channel.size();
      if (size < Long.BYTES) {
        throw new JsonFormatException(
            file + ": expected at least " + Long.BYTES + " bytes but got " + size);
      }
      long length = read(file, channel, 0, Long.BYTES).getLong();
      long longest = Math.min(MAXIMUM_HEADER, size - Long.BYTES);
      if (length < 2 || length > longest) {
        throw new JsonFormatException(
            file
                + ": length of the header: expected 2 to "
                + longest
                + " but got "
                + Long.toUnsignedString(length));
      }
      String header = Json.decode(file + ": header", read(file, channel, Long.BYTES, (int) length));
      return new SafetensorsFile(file, entries(file, header, Long.BYTES + length, size));
    }
  }

  /** Returns the file's path. */
  @Override
  public String description() {
    return file.toString();
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(entries.keySet());
  }

  /**
   * Reads one tensor.
   *
   * @throws IllegalArgumentException if there is none of that name, it is not of a floating-point
   *     type of 16, 32 or 64 bits, it is too large for a tensor, or it cannot be read any more
   */
  @Override
  public Tensor get(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException(
          file
              + ": expected one of "
              + Excerpt.of(entries.keySet())
              + " but got '"
              + Excerpt.of(name)
              + "'");
    }
    if (!Set.of("F64", "F32", "F16", "BF16").contains(entry.dtype)) {
      throw new IllegalArgumentException(
          place(file, name) + "expected F64, F32, F16 or BF16 but got " + entry.dtype);
    }
    int[] axes = new int[entry.shape.size()];
    for (int i = 0; i < axes.length; i++) {
      long length = entry.shape.get(i);
      if (length > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            place(file, name) + "expected axes that fit an int but got " + length);
      }
      axes[i] = (int) length;
    }
    Shape shape = Shape.of(axes);
    if (entry.end - entry.start > Integer.MAX_VALUE - 16) {
      throw new IllegalArgumentException(
          place(file, name) + "expected less than 2 GB but got " + (entry.end - entry.start));
    }
    try (FileChannel channel = InputFile.open(file)) {
      int length = (int) (entry.end - entry.start);
      return Tensor.wrap(
          shape, doubles(entry.dtype, read(file, channel, entry.start, length), shape.size()));
    } catch (IOException e) {
      throw new IllegalArgumentException(place(file, name) + e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return "SafetensorsFile[" + file + "]";
  }

  private static double[] doubles(String dtype, ByteBuffer bytes, int count) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] =
          switch (dtype) {
            case "F64" -> bytes.getDouble();
            case "F32" -> bytes.getFloat();
            case "F16" -> Half.fromFloat16(bytes.getShort());
            default -> Half.fromBfloat16(bytes.getShort());
          };
    }
    return values;
  }

  private static Map<String, Entry> entries(Path file, String header, long start, long size)
      throws JsonFormatException {
    Map<String, Entry> entries =
        Json.parse(file + ": header", header, fields -> entries(fields, size - start, start));
    List<Map.Entry<String, Entry>> ordered = new ArrayList<>(entries.entrySet());
    ordered.sort(
        Comparator.comparingLong((Map.Entry<String, Entry> entry) -> entry.getValue().start)
            .thenComparingLong(entry -> entry.getValue().end));
    long end = start;
    for (Map.Entry<String, Entry> entry : ordered) {
      if (entry.getValue().start != end) {
        throw new JsonFormatException(
            place(file, entry.getKey())
                + "data_offsets: expected it to start at "
                + (end - start)
                + ", where the one before ends, but got "
                + (entry.getValue().start - start));
      }
      end = entry.getValue().end;
    }
    if (end != size) {
      throw new JsonFormatException(
          file + ": expected " + (end - start) + " bytes of data but got " + (size - start));
    }
    return entries;
  }

  private static Map<String, Entry> entries(JsonFields fields, long bytes, long start)
      throws JsonFormatException {
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (String name : fields.keys()) {
      if (!name.equals(METADATA)) {
        entries.put(name, fields.object(name, tensor -> entry(tensor, bytes, start)));
      }
    }
    return entries;
  }

  private static Entry entry(JsonFields fields, long bytes, long start) throws JsonFormatException {
    int bits = fields.oneOf("dtype", BITS);
    long[] shape = fields.longs("shape");
    long[] offsets = fields.longs("data_offsets");
    if (offsets.length != 2 || offsets[1] < offsets[0] || offsets[1] > bytes) {
      throw fields.error(
          "data_offsets",
          "[begin, end] within " + bytes + " bytes of data",
          fields.raw("data_offsets"));
    }
    long expected = bits / Byte.SIZE;
    try {
      for (long length : shape) {
        expected = Math.multiplyExact(expected, length);
      }
    } catch (ArithmeticException e) {
      throw fields.error("shape", "one that fits a file", "too many elements");
    }
    if (expected != offsets[1] - offsets[0]) {
      throw fields.error(
          "data_offsets",
          expected + " bytes for the shape",
          Long.toString(offsets[1] - offsets[0]));
    }
    return new Entry(
        fields.text("dtype"),
        Arrays.stream(shape).boxed().toList(),
        start + offsets[0],
        start + offsets[1]);
  }

  private static String place(Path file, String name) {
    return file + "!" + Excerpt.of(name) + ": ";
  }

  private static ByteBuffer read(Path file, FileChannel channel, long start, int length)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      int got;
      try {
        got = channel.read(bytes, start + bytes.position());
      } catch (IOException e) {
        throw FileFailures.reading(file.toString(), e);
      }
      if (got < 0) {
        throw new JsonFormatException(
            file + ": expected " + length + " bytes but got " + bytes.position());
      }
    }
    return bytes.flip();
  }
}
