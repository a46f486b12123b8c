package org.allclose.jnpy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

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
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return read(Sources.file(channel, 0, channel.size(), file.toString()), options);
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

  static NpyArray read(ByteSource source, ReadOptions options) throws IOException {
    NpyHeader header = NpyHeader.read(source, options);
    Storage storage = DataReader.read(source, header, options.limits());
    return NpyArray.of(header, storage, source.name());
  }

  /**
   * Writes an array as numpy's {@code save} does, to the byte.
   *
   * <p>The file appears whole or not at all, see {@link AtomicFile}.
   */
  public static void write(Path file, NpyArray array) throws IOException {
    try (AtomicFile target = AtomicFile.create(file)) {
      write(target.channel(), array);
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
