package org.allclose.internal.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.ZipFile;

/**
 * A file that is to be read: its name, its {@link FileKind}, and bytes that can be read anywhere
 * and more than once.
 *
 * <p>A pipe, such as {@code /dev/stdin} or what a shell makes of {@code <(...)}, can be read once
 * and in order alone: it is copied into a temporary file, which goes when this JVM ends.
 */
public final class InputFile {
  private static final int COPIED_BYTES = 1 << 16;

  private final Path file;
  private final String name;
  private final Path content;
  private final FileKind kind;

  private InputFile(Path file, String name, Path content, FileKind kind) {
    this.file = file;
    this.name = name;
    this.content = content;
    this.kind = kind;
  }

  /**
   * As {@link #of(Path, String, long)}, with as many bytes as the heap of this JVM can ever hold.
   */
  public static InputFile of(Path file) throws IOException {
    return of(file, file.toString(), Runtime.getRuntime().maxMemory());
  }

  /**
   * Looks at the first bytes of a file; copies what is no regular file.
   *
   * @param name what messages call the file
   * @param mostBytes the most bytes of a pipe
   * @throws WrongFileException if a pipe has more bytes
   * @throws IOException if there is no such file, or it cannot be read
   */
  public static InputFile of(Path file, String name, long mostBytes) throws IOException {
    if (Files.isDirectory(file)) {
      return new InputFile(file, name, file, FileKind.FOLDER);
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(FileKind.SNIFFED_BYTES);
      FileKind kind = FileKind.of(start);
      Path content = Files.isRegularFile(file) ? file : copy(name, start, in, kind, mostBytes);
      return new InputFile(file, name, content, isZip(start) ? ofEntries(content, start) : kind);
    } catch (WrongFileException e) {
      throw e;
    } catch (IOException e) {
      throw FileFailures.reading(name, e);
    }
  }

  /** Copies a pipe; of what no reader takes the first bytes alone, for it may be endless. */
  private static Path copy(String name, byte[] start, InputStream in, FileKind kind, long mostBytes)
      throws IOException {
    Path copy = Files.createTempFile("allclose", ".tmp");
    copy.toFile().deleteOnExit();
    try (OutputStream out = Files.newOutputStream(copy)) {
      out.write(start);
      long bytes = start.length;
      byte[] part = new byte[COPIED_BYTES];
      boolean wanted =
          List.of(FileKind.NPY, FileKind.NPZ, FileKind.SAFETENSORS, FileKind.JSON).contains(kind);
      for (int got = wanted ? in.read(part) : -1; got >= 0; got = in.read(part)) {
        bytes += got;
        if (bytes > mostBytes) {
          throw new WrongFileException(
              WrongFileException.Fault.SIZE,
              name,
              "pipe: expected at most " + mostBytes + " bytes but got more");
        }
        out.write(part, 0, got);
      }
    }
    return copy;
  }

  private static boolean isZip(byte[] start) {
    return start.length > 3 && start[0] == 'P' && start[1] == 'K' && start[2] == 3;
  }

  /** Looks at all names of a zip file, unless the first is an array's: it may be that of a note. */
  private static FileKind ofEntries(Path file, byte[] start) {
    boolean onDisk = file.getFileSystem().equals(FileSystems.getDefault());
    if (FileKind.firstEntry(start).endsWith(".npy") || !onDisk) {
      return FileKind.of(start);
    }
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return FileKind.ofEntries(zip.stream().map(entry -> entry.getName()).toList());
    } catch (IOException | IllegalArgumentException e) {
      // Damaged, or with names that are no UTF-8; how, its reader says.
      return FileKind.of(start);
    }
  }

  /** Returns what messages call the file. */
  public String name() {
    return name;
  }

  /** Returns the file as it was given. */
  public Path path() {
    return file;
  }

  /** Returns what its first bytes say that it is. */
  public FileKind kind() {
    return kind;
  }

  /** Returns where the bytes are, which for a pipe is a copy. */
  public Path content() {
    return content;
  }

  /** Opens the bytes. */
  public FileChannel open() throws IOException {
    try {
      return FileChannel.open(content, StandardOpenOption.READ);
    } catch (IOException e) {
      throw FileFailures.reading(name(), e);
    }
  }

  /**
   * Refuses the file if it is known to be of another kind.
   *
   * @return this file
   * @throws WrongFileException if it is; a file of no known kind is left to its reader
   */
  public InputFile require(FileKind... wanted) throws WrongFileException {
    if (kind != FileKind.UNKNOWN && !List.of(wanted).contains(kind)) {
      throw isNot(wanted);
    }
    return this;
  }

  /** Returns {@link #name}. */
  @Override
  public String toString() {
    return name();
  }

  /** Returns the error that the file is of none of these kinds. */
  public WrongFileException isNot(FileKind... wanted) {
    return kind.error(name(), wanted);
  }
}
