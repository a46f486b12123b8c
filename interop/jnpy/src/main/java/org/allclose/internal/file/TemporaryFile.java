package org.allclose.internal.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A new file beside the one that it is to replace.
 *
 * <p>Its name is {@code .NAME.tmp}, or {@code .NAME.1.tmp} and so on while others write to the same
 * target. Whoever writes one holds a lock on it, which the system takes away when the process dies;
 * so the next writer to the same target knows what killed ones left, and removes it.
 */
final class TemporaryFile {
  private static final int MOST_WRITERS = 1000;

  /** Longer names are cut: a file system allows 255 bytes, and a character may take three. */
  private static final int MOST_CHARACTERS = 64;

  /**
   * Those that this process writes. It must not even look whether they are locked: to close a file
   * a second time lets go of the locks that the process has on it.
   */
  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

  private final WriteTarget target;
  private final Path path;
  private final FileChannel channel;
  private boolean released;

  private TemporaryFile(WriteTarget target, Path path, FileChannel channel) {
    this.target = target;
    this.path = path;
    this.channel = channel;
  }

  /**
   * Creates a file, and removes those that killed writers to the same target left.
   *
   * @throws IOException if no file can be created there
   */
  static TemporaryFile beside(WriteTarget target) throws IOException {
    for (int number = 0; number < MOST_WRITERS; number++) {
      Path path = path(target.file(), number);
      if (!OURS.add(path)) {
        continue;
      }
      FileChannel channel = null;
      try {
        channel = create(target, path);
      } finally {
        if (channel == null) {
          OURS.remove(path);
        }
      }
      if (channel != null) {
        removeDead(target.file(), number + 1);
        return new TemporaryFile(target, path, channel);
      }
    }
    throw FileFailures.writing(target.given(), "more than " + MOST_WRITERS + " others write to it");
  }

  private static Path path(Path file, int number) {
    String name = file.getFileName().toString();
    if (name.length() > MOST_CHARACTERS) {
      int end = name.offsetByCodePoints(0, name.codePointCount(0, MOST_CHARACTERS) - 1);
      name = name.substring(0, end) + "~" + Integer.toHexString(name.hashCode());
    }
    return file.resolveSibling("." + name + (number == 0 ? "" : "." + number) + ".tmp");
  }

  /** Returns a new and locked file, or null if another writer has the name. */
  private static FileChannel create(WriteTarget target, Path path) throws IOException {
    while (true) {
      FileChannel channel;
      try {
        channel = open(target, path);
      } catch (FileAlreadyExistsException e) {
        if (!removeIfDead(path)) {
          return null;
        }
        continue;
      } catch (IOException e) {
        throw FileFailures.writing(target.given(), e);
      }
      lock(channel);
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        return channel;
      }
      // Another process took it for a dead one's before it was locked.
      channel.close();
    }
  }

  private static FileChannel open(WriteTarget target, Path path) throws IOException {
    // What may be secret stays so while it is written; a new file gets the mode that the umask
    // says.
    FileAttribute<?>[] attributes =
        target.replaced().isPresent()
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    return FileChannel.open(
        path,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
        attributes);
  }

  private static void lock(FileChannel channel) {
    try {
      channel.lock();
    } catch (IOException | OverlappingFileLockException e) {
      // There are file systems without locks: nobody can tell then that a writer has died.
      return;
    }
  }

  /** Removes what killed writers left under this number and those that follow it. */
  private static void removeDead(Path file, int from) {
    for (int number = from; number < MOST_WRITERS; number++) {
      Path path = path(file, number);
      if (Files.notExists(path, LinkOption.NOFOLLOW_LINKS) || !OURS.add(path)) {
        return;
      }
      try {
        if (!removeIfDead(path)) {
          return;
        }
      } finally {
        OURS.remove(path);
      }
    }
  }

  /**
   * Removes a file whose writer has died, and returns whether its name is free. Nothing is written
   * to it: the moment its writer ends well, it is the target.
   */
  private static boolean removeIfDead(Path path) {
    try {
      Optional<Object> key = key(path);
      if (key.isEmpty()) {
        return Files.notExists(path, LinkOption.NOFOLLOW_LINKS);
      }
      try (FileChannel channel =
          FileChannel.open(path, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
        if (channel.tryLock() == null || !key(path).equals(key)) {
          return false;
        }
        Files.delete(path);
        return true;
      }
    } catch (NoSuchFileException e) {
      return true;
    } catch (IOException | OverlappingFileLockException e) {
      // Somebody else's, or on a file system without locks.
      return false;
    }
  }

  /** Returns what tells a regular file from any that gets its name later. */
  private static Optional<Object> key(Path path) throws IOException {
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    Object key =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
    return Optional.of(key == null ? path : key);
  }

  FileChannel channel() {
    return channel;
  }

  /** Gives the file the target's owner and mode, and then its name. */
  void replaceTarget() throws IOException {
    try {
      if (target.replaced().isPresent()) {
        target.replaced().get().applyTo(path);
      }
      move();
    } catch (IOException e) {
      throw FileFailures.writing(target.given(), e);
    }
  }

  private void move() throws IOException {
    try {
      Files.move(path, target.file(), StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      // Some network file systems: nearly as good, since both names are in one directory.
      Files.move(path, target.file(), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Forces the new name itself to the disk, on systems that open directories. */
  void forceName() {
    Path folder = target.file().getParent();
    try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
      directory.force(true);
    } catch (IOException e) {
      // Windows refuses to open directories. The file is whole either way; only after a loss of
      // power could the old one be there still.
      return;
    }
  }

  /** Removes the file. */
  void remove() throws IOException {
    if (!released) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        throw FileFailures.writing(target.given(), e);
      }
    }
  }

  /** Lets others of this process use the name. */
  void release() {
    if (!released) {
      OURS.remove(path);
      released = true;
    }
  }
}
