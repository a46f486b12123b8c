package org.allclose.internal.arrays;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import org.allclose.WeightSource;
import org.allclose.internal.file.FileFailures;
import org.allclose.internal.file.FileKind;
import org.allclose.internal.file.InputFile;
import org.allclose.internal.json.Json;
import org.allclose.internal.message.Excerpt;
import org.allclose.jnpy.DType;
import org.allclose.jnpy.Npy;
import org.allclose.jnpy.NpyArray;
import org.allclose.json.JsonFormatException;
import org.allclose.tensor.Tensor;

/**
 * Parameters in a {@code .safetensors} file.
 *
 * <p>The file is the length of the header, 8 bytes little-endian; the header, a JSON object {@code
 * {"fc1.weight": {"dtype": "F32", "shape": [100, 64], "data_offsets": [0, 25600]}, ...}} in UTF-8,
 * which may end in spaces and may have texts under {@value #METADATA}; and the tensors' elements,
 * little-endian in C order, at the offsets from the end of the header, without gaps or overlaps.
 *
 * <p>Parameters are F64, F32, F16 or BF16, each value exactly; tensors of other types may be there,
 * and be read as arrays. The header is read and checked as a whole when the file is opened, a
 * tensor when it is asked for.
 *
 * <p>Source: the format's description in the safetensors project.
 */
public final class SafetensorsFile implements WeightSource, ArraySource {

  /**
   * The longest header that is read, in bytes: room for tens of thousands of tensors, which {@link
   * Json#MAXIMUM_VALUES} limits too. The format's own reader takes 100 MB.
   */
  public static final long MAXIMUM_HEADER = Json.MAXIMUM_BYTES;

  /** The key of the header that is not a tensor. */
  public static final String METADATA = "__metadata__";

  private final InputFile file;
  private final Map<String, SafetensorsHeader.Entry> entries;

  /** Where in the file the elements begin. */
  private final long data;

  private SafetensorsFile(InputFile file, Map<String, SafetensorsHeader.Entry> entries, long data) {
    this.file = file;
    this.entries = entries;
    this.data = data;
  }

  /**
   * Reads the header of a file.
   *
   * @throws JsonFormatException if the file is not in the format
   * @throws IOException if it cannot be read, or is known to be of another kind
   */
  public static SafetensorsFile open(Path file) throws IOException {
    return open(InputFile.of(file));
  }

  /** As {@link #open(Path)}, of a file that was looked at. */
  public static SafetensorsFile open(InputFile file) throws IOException {
    try (FileChannel channel = file.require(FileKind.SAFETENSORS).open()) {
      long size = channel.size();
      if (size < Long.BYTES) {
        throw new JsonFormatException(
            file.name() + ": expected at least " + Long.BYTES + " bytes but got " + size);
      }
      long length = read(file, channel, 0, Long.BYTES).getLong();
      long longest = Math.min(MAXIMUM_HEADER, size - Long.BYTES);
      if (length < 2 || length > longest) {
        throw new JsonFormatException(
            file.name()
                + ": length of the header: expected 2 to "
                + longest
                + " but got "
                + Long.toUnsignedString(length));
      }
      String header =
          Json.decode(file.name() + ": header", read(file, channel, Long.BYTES, (int) length));
      long data = Long.BYTES + length;
      return new SafetensorsFile(
          file, SafetensorsHeader.parse(file.name(), header, size - data), data);
    }
  }

  /** Returns the file's path. */
  @Override
  public String description() {
    return file.name();
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
    SafetensorsType type = entry(name).type();
    if (!type.isWeight()) {
      throw new IllegalArgumentException(
          place(name) + ": expected F64, F32, F16 or BF16 but got " + type);
    }
    try {
      return ArrayTensors.of(elements(name, type.numpy().orElseThrow()));
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  @Override
  public StoredArray array(String name) throws IOException {
    SafetensorsHeader.Entry entry = entry(name);
    return entry.type().numpy().isPresent()
        ? StoredArray.of(elements(name, entry.type().numpy().get()))
        : StoredArray.ofBytes(
            entry.type().name(),
            longs(entry),
            elements(name, DType.UINT8, entry.end() - entry.start()));
  }

  private NpyArray elements(String name, DType dtype) throws IOException {
    return elements(name, dtype, longs(entry(name)));
  }

  private NpyArray elements(String name, DType dtype, long... shape) throws IOException {
    try (FileChannel channel = file.open()) {
      return Npy.readElements(channel, data + entry(name).start(), place(name), dtype, shape);
    }
  }

  private SafetensorsHeader.Entry entry(String name) {
    SafetensorsHeader.Entry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException(
          file.name()
              + ": expected one of "
              + Excerpt.of(entries.keySet())
              + " but got '"
              + Excerpt.of(name)
              + "'");
    }
    return entry;
  }

  private static long[] longs(SafetensorsHeader.Entry entry) {
    return entry.shape().stream().mapToLong(Long::longValue).toArray();
  }

  @Override
  public String toString() {
    return "SafetensorsFile[" + file.name() + "]";
  }

  private String place(String name) {
    return file.name() + "!" + name;
  }

  private static ByteBuffer read(InputFile file, FileChannel channel, long start, int length)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      int got;
      try {
        got = channel.read(bytes, start + bytes.position());
      } catch (IOException e) {
        throw FileFailures.reading(file.name(), e);
      }
      if (got < 0) {
        throw new JsonFormatException(
            file.name() + ": expected " + length + " bytes but got " + bytes.position());
      }
    }
    return bytes.flip();
  }
}
