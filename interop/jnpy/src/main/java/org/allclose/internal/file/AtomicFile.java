package org.allclose.internal.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A file that appears whole or not at all.
 *
 * <p>What is written goes to a new file beside the target. {@link #commit} moves it onto the target
 * in one step, forced to the disk before unless {@link #createUnforced} was called, so whoever
 * looks, even after a crash, finds the old file or the new one. Closing without a commit leaves the
 * target as it was and removes the new file; what a killed process could not remove, the next one
 * that writes to the same target does.
 *
 * <p>A file that is replaced keeps its mode and, where the system lets its writer give files away,
 * owner and group; a new one gets the mode that the umask says. A symbolic link stays one: the file
 * that it leads to is replaced. A hard link does not: its other names keep the old content.
 *
 * <p>A device, a pipe, {@code /dev/stdout} and other open files of a process are never replaced.
 * They are written to as the bytes come, from the first one on, and what was written stays.
 *
 * <pre>{@code
 * try (AtomicFile file = AtomicFile.create(path)) {
 *   file.channel().write(bytes);
 *   file.commit();
 * }
 * }</pre>
 */
public final class AtomicFile implements Closeable {
  private final WriteTarget target;
  private final TargetChannel channel;
  private final Optional<TemporaryFile> temporary;
  private final boolean forced;
  private boolean committed;

  private AtomicFile(
      WriteTarget target,
      TargetChannel channel,
      Optional<TemporaryFile> temporary,
      boolean forced) {
    this.target = target;
    this.channel = channel;
    this.temporary = temporary;
    this.forced = forced;
  }

  /**
   * Starts a file that survives a loss of power once it is committed. The target, if it exists, is
   * not touched.
   *
   * @throws IOException if the target cannot be written: its folder does not exist or does not
   *     allow it, it is a folder or a socket, or it may not be written to itself
   */
  public static AtomicFile create(Path target) throws IOException {
    return create(target, true);
  }

  /** As {@link #create}, of a file that a loss of power may leave empty or cut short. */
  public static AtomicFile createUnforced(Path target) throws IOException {
    return create(target, false);
  }

  private static AtomicFile create(Path target, boolean forced) throws IOException {
    WriteTarget found = WriteTarget.of(target);
    if (found.isDirect()) {
      return new AtomicFile(found, direct(found), Optional.empty(), forced);
    }
    TemporaryFile temporary = TemporaryFile.beside(found);
    TargetChannel channel = TargetChannel.of(target, temporary.channel());
    return new AtomicFile(found, channel, Optional.of(temporary), forced);
  }

  private static TargetChannel direct(WriteTarget target) {
    Optional<FileChannel> output = StandardOutputs.of(target.file());
    return output.isPresent()
        ? TargetChannel.standard(target.given(), output.get())
        : TargetChannel.direct(
            target.given(),
            () ->
                FileChannel.open(
                    target.file(), StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING));
  }

  /**
   * Writes bytes as a whole file.
   *
   * @throws IOException if it cannot be written; the target is as it was then
   */
  public static void writeBytes(Path target, byte[] content) throws IOException {
    try (AtomicFile file = create(target)) {
      BufferedFile.writeFully(file.channel, ByteBuffer.wrap(content));
      file.commit();
    }
  }

  /** As {@link #writeBytes}, of a text in UTF-8. */
  public static void writeText(Path target, String text) throws IOException {
    writeBytes(target, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the file that is written, without symbolic links on the way to it. */
  public Path file() {
    return target.file();
  }

  /** Returns whether the target is written to as it is, and not replaced. */
  public boolean isDirect() {
    return target.isDirect();
  }

  /** Returns where to write, from the start of the file to its end. */
  public WritableByteChannel channel() {
    return channel;
  }

  /** Returns the same, at most so many bytes late, for those who go back to what they wrote. */
  public BufferedFile buffered(int bytes) {
    return new BufferedFile(channel, bytes);
  }

  /**
   * Makes what was written the target.
   *
   * @throws IllegalStateException if that was done before
   * @throws IOException if the bytes or the name cannot be written; the target is as it was then
   */
  public void commit() throws IOException {
    if (committed) {
      throw new IllegalStateException(target.given() + ": expected one commit but got a second");
    }
    channel.open();
    if (temporary.isPresent()) {
      // Moved before it is closed: a file without a lock is taken for one of a dead writer.
      if (forced) {
        channel.force();
      }
      temporary.get().replaceTarget();
      committed = true;
      if (forced) {
        temporary.get().forceName();
      }
    }
    committed = true;
    close();
  }

  /** Ends the work; without a commit the new file is removed. */
  @Override
  public void close() throws IOException {
    try (channel) {
      if (temporary.isPresent() && !committed) {
        temporary.get().remove();
      }
    } finally {
      if (temporary.isPresent()) {
        temporary.get().release();
      }
    }
  }
}
