package org.allclose.jnpy;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.allclose.internal.file.FileKind;
import org.allclose.internal.file.InputFile;
import org.allclose.internal.file.WrongFileException;

/**
 * A file of numpy's that is open to be read.
 *
 * @param name what messages call it
 */
record OpenFile(FileChannel channel, String name) implements Closeable {

  /**
   * Opens a file, unless its first bytes say that it is of another kind.
   *
   * @throws NpyException if they do, or if it is a pipe of more bytes than are allowed
   */
  static OpenFile of(Path file, FileKind kind, ReadOptions options) throws IOException {
    String name = options.source().orElse(file.toString());
    try {
      InputFile input = InputFile.of(file, name, options.limits().arrayBytes());
      return new OpenFile(input.require(kind).open(), name);
    } catch (WrongFileException e) {
      throw NpyException.of(e);
    }
  }

  /** Returns all of its bytes. */
  ByteSource bytes() throws IOException {
    return Sources.file(channel, 0, channel.size(), name);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
