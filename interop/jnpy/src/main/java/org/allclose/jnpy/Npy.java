package org.allclose.jnpy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import org.allclose.internal.file.AtomicFile;
import org.allclose.internal.file.BufferedFile;
import org.allclose.internal.file.FileKind;

/**
 * Reads and writes {@code .npy} files: one array each.
 *
 * <p>Whatever is wrong with the bytes is an {@link NpyException}; other {@link IOException}s are
 * those of the file system.
 */
public final class Npy {
  private static final String STREAM = "stream";

  private Npy() {}

  /**
   * Reads an array into memory.
   *
   * @throws NpyException if the file is not a readable array; bytes after the data are ignored
   */
  public static NpyArray read(Path file) throws IOException {
    return read(file, ReadOptions.defaults());
  }

  /** As {@link #read(Path)}, with other options. */
  public static NpyArray read(Path file, ReadOptions options) throws IOException {
    try (OpenFile open = OpenFile.of(file, FileKind.NPY, options)) {
      return read(open.bytes(), options);
    }
  }

  /**
   * Reads the array at hand from a stream and leaves the stream at the byte after it, so that a
   * further call reads the next array.
   *
   * @throws NpyException if the stream does not hold a readable array there
   */
  public static NpyArray read(InputStream in) throws IOException {
    return read(in, ReadOptions.defaults());
  }

  /** As {@link #read(InputStream)}, with other options. */
  public static NpyArray read(InputStream in, ReadOptions options) throws IOException {
    return read(Sources.stream(in, STREAM), options);
  }

  /** As {@link #read(InputStream)}, from a blocking channel. */
  public static NpyArray read(ReadableByteChannel channel) throws IOException {
    return read(channel, ReadOptions.defaults());
  }

  /** As {@link #read(ReadableByteChannel)}, with other options. */
  public static NpyArray read(ReadableByteChannel channel, ReadOptions options) throws IOException {
    return read(Sources.channel(channel, STREAM), options);
  }

  /**
   * Reads elements that lie in a file without a header, in C order.
   *
   * @param start where in the file they begin
   * @param source what messages call the array
   * @throws NpyException if the file ends before they do
   */
  public static NpyArray readElements(
      FileChannel channel, long start, String source, DType dtype, long... shape)
      throws IOException {
    NpyHeader header = NpyHeader.of(dtype, false, shape);
    ByteSource in = Sources.file(channel, start, channel.size(), source);
    Storage storage = DataReader.read(in, dtype, header.dataBytes(), Limits.defaults());
    return NpyArray.of(header, storage, source);
  }

  static NpyArray read(ByteSource source, ReadOptions options) throws IOException {
    NpyHeader header = NpyHeader.read(source, options);
    Storage storage = DataReader.read(source, header.dtype(), header.dataBytes(), options.limits());
    return NpyArray.of(header, storage, source.name());
  }

  /**
   * Reads the header of a file, and nothing behind it.
   *
   * @throws NpyException if the file does not begin with the header of a readable array
   */
  public static NpyHeader header(Path file) throws IOException {
    return header(file, ReadOptions.defaults());
  }

  /** As {@link #header(Path)}, with other options. */
  public static NpyHeader header(Path file, ReadOptions options) throws IOException {
    try (OpenFile open = OpenFile.of(file, FileKind.NPY, options)) {
      return NpyHeader.read(open.bytes(), options);
    }
  }

  /**
   * Maps an array into memory instead of reading it.
   *
   * @throws NpyException if the file is not a readable array
   */
  public static NpyFile open(Path file) throws IOException {
    return open(file, ReadOptions.defaults());
  }

  /** As {@link #open(Path)}, with other options. */
  public static NpyFile open(Path file, ReadOptions options) throws IOException {
    try (OpenFile open = OpenFile.of(file, FileKind.NPY, options)) {
      ByteSource in = open.bytes();
      NpyHeader header = NpyHeader.read(in, options);
      if (header.dataBytes() > in.remaining()) {
        throw NpyHeader.endsEarly(in, "array data", header.dataBytes(), in.remaining());
      }
      return NpyFile.map(
          open.channel(), header.length(), header, in.name(), options.limits(), () -> {});
    }
  }

  /**
   * Reads rows of the first axis into memory, and no other data than those.
   *
   * @param from the first row
   * @param to the row after the last
   * @throws IndexOutOfBoundsException if there are no such rows, or no axes
   * @throws NpyException if the file is not a readable array
   */
  public static NpyArray readRange(Path file, long from, long to) throws IOException {
    return readRange(file, from, to, ReadOptions.defaults());
  }

  /** As {@link #readRange(Path, long, long)}, with other options. */
  public static NpyArray readRange(Path file, long from, long to, ReadOptions options)
      throws IOException {
    try (NpyFile open = open(file, options)) {
      return open.readRange(from, to);
    }
  }

  /**
   * Starts to read an array part by part.
   *
   * @throws NpyException if the file does not begin with the header of a readable array
   */
  public static NpyReader reader(Path file) throws IOException {
    return reader(file, ReadOptions.defaults());
  }

  /** As {@link #reader(Path)}, with other options. */
  public static NpyReader reader(Path file, ReadOptions options) throws IOException {
    OpenFile open = OpenFile.of(file, FileKind.NPY, options);
    try {
      ByteSource source = open.bytes();
      NpyHeader header = NpyHeader.read(source, options);
      return new NpyReader(source, open, header, options.limits());
    } catch (IOException | RuntimeException | Error e) {
      open.close();
      throw e;
    }
  }

  /** As {@link #reader(Path)}, from a stream, which stays open. */
  public static NpyReader reader(InputStream in, ReadOptions options) throws IOException {
    ByteSource source = Sources.stream(in, STREAM);
    return new NpyReader(source, () -> {}, NpyHeader.read(source, options), options.limits());
  }

  /**
   * Writes an array as numpy's {@code save} does, to the byte.
   *
   * <p>The file appears whole or not at all, and survives a loss of power: see {@link Durability}.
   */
  public static void write(Path file, NpyArray array) throws IOException {
    write(file, array, Durability.FORCED);
  }

  /** As {@link #write(Path, NpyArray)}, with the durability to choose. */
  public static void write(Path file, NpyArray array, Durability durability) throws IOException {
    try (AtomicFile target = durability.create(file)) {
      BufferedFile out = target.buffered(NpyWriter.BUFFER_BYTES);
      write(out, array);
      out.flush();
      target.commit();
    }
  }

  /** Writes an array to a stream, which stays open. */
  public static void write(OutputStream out, NpyArray array) throws IOException {
    write(Channels.newChannel(out), array);
  }

  /** Writes an array to a blocking channel, which stays open. */
  public static void write(WritableByteChannel channel, NpyArray array) throws IOException {
    DataWriter.write(channel, array);
  }
}
