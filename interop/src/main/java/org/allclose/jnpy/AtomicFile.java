package org.allclose.jnpy;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file that appears whole or not at all.
 *
 * <p>What is written goes to a new file beside the target. {@link #commit} moves it onto the target
 * in one step, forced to the disk before unless {@link Durability#BUFFERED} is asked for, so
 * whoever looks, even after a crash, finds the old file or the new one. Closing without a commit
 * leaves the target as it was and removes the new file.
 *
 * <pre>{@code
 * try (AtomicFile file = AtomicFile.create(path)) {
 *   file.channel().write(bytes);
 *   file.commit();
 * }
 * }</pre>
 */
public final class AtomicFile implements Closeable {
  private final Path target;
  private final Path temporary;
  private final FileChannel channel;
  private final Durability durability;
  private boolean committed;

  private AtomicFile(Path target, Path temporary, FileChannel channel, Durability durability) {
    this.target = target;
    this.temporary = temporary;
    this.channel = channel;
    this.durability = durability;
  }

  /**
   * Starts a file that survives a loss of power once it is committed. The target, if it exists, is
   * not touched; a symbolic link is followed.
   *
   * @throws IOException if the target's directory does not exist or cannot be written to
   */
  public static AtomicFile create(Path target) throws IOException {
    return create(target, Durability.FORCED);
  }

  /** As {@link #create(Path)}, with the durability to choose. */
  public static AtomicFile create(Path target, Durability durability) throws IOException {
    // The file that a link points to is replaced, not the link.
    Path real = Files.isSymbolicLink(target) ? target.toRealPath() : target.toAbsolutePath();
    if (Files.isDirectory(real)) {
      throw new FileSystemException(target.toString(), null, "expected a file, got a directory");
    }
    if (!Files.isDirectory(real.getParent())) {
      throw new FileSystemException(
          target.toString(), null, "expected a directory to write into, got none");
    }
    // A name that is taken is refused, so nobody gains by guessing it.
    String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    String suffix = "." + random + ".tmp";
    Path temporary = real.resolveSibling("." + real.getFileName() + suffix);
    FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    return new AtomicFile(real, temporary, channel, durability);
  }

  /**
   * Writes a text in UTF-8 as a whole file.
   *
   * @throws IOException if it cannot be written; the target is as it was then
   */
  public static void writeText(Path target, String text) throws IOException {
    try (AtomicFile file = create(target)) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        file.channel().write(bytes);
      }
      file.commit();
    }
  }

  /** Returns where to write; it may be read and positioned at will until the commit. */
  public FileChannel channel() {
    return channel;
  }

  /**
   * Makes what was written the target.
   *
   * @throws IllegalStateException if that was done before
   * @throws IOException if the bytes or the name cannot be written; the target is as it was then
   */
  public void commit() throws IOException {
    if (committed) {
      throw new IllegalStateException(target + ": expected one commit, got a second");
    }
    if (durability == Durability.FORCED) {
      channel.force(true);
    }
    channel.close();
    try {
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      // Some network file systems: nearly as good, since both names are in one directory.
      Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
    }
    committed = true;
    if (durability == Durability.FORCED) {
      forceDirectory();
    }
  }

  /** Forces the new name itself to the disk, on systems that open directories. */
  private void forceDirectory() {
    try (FileChannel directory = FileChannel.open(target.getParent(), StandardOpenOption.READ)) {
      directory.force(true);
    } catch (IOException e) {
      // Windows refuses to open directories. The file is whole either way; only after a loss of
      // power could the old one be there still.
      return;
    }
  }

  /** Ends the work; without a commit the new file is removed. */
  @Override
  public void close() throws IOException {
    channel.close();
    if (!committed) {
      Files.deleteIfExists(temporary);
    }
  }
}
