package org.allclose.internal.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a path to write to leads to, symbolic links followed.
 *
 * @param given the path as the writer was given it, for messages
 * @param file where it leads, without symbolic links
 * @param isDirect whether it is a device, a pipe or an open file of a process, which are written to
 *     as they are; else it is a regular file, or none yet, which is replaced
 * @param replaced whose the file is that is replaced, if there is one
 */
record WriteTarget(Path given, Path file, boolean isDirect, Optional<Ownership> replaced) {
  /** As many as Linux follows. */
  private static final int MOST_LINKS = 40;

  /** Linux shows the open files of a process here, as links that only look like others. */
  private static final Pattern OPEN_FILES = Pattern.compile("/proc/[0-9]+(/task/[0-9]+)?/fd");

  /**
   * Follows a path.
   *
   * @throws IOException if nothing can be written there: its folder does not exist, it is a folder
   *     or a socket, or writing is denied
   */
  static WriteTarget of(Path given) throws IOException {
    Path file = given.toAbsolutePath();
    for (int links = 0; links < MOST_LINKS; links++) {
      Path name = file.getFileName();
      if (name == null) {
        throw FileFailures.writing(given, "it is a folder");
      }
      Path folder = realFolder(given, file.getParent());
      file = folder.resolve(name);
      if (OPEN_FILES.matcher(folder.toString()).matches()) {
        return openFile(given, file);
      }
      if (!Files.isSymbolicLink(file)) {
        return notALink(given, file);
      }
      file = file.resolveSibling(Files.readSymbolicLink(file));
    }
    throw FileFailures.writing(given, "too many symbolic links");
  }

  private static Path realFolder(Path given, Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      // As it was given, where it is the folder of the path and not of a link's.
      Path shown =
          given.getParent() != null && given.toAbsolutePath().getParent().equals(folder)
              ? given.getParent()
              : folder;
      throw FileFailures.writing(
          given, Files.exists(folder) ? shown + " is not a folder" : "there is no folder " + shown);
    }
    return folder.toRealPath();
  }

  private static WriteTarget openFile(Path given, Path file) throws IOException {
    boolean isSocket =
        Files.isSymbolicLink(file) && Files.readSymbolicLink(file).toString().startsWith("socket:");
    if (isSocket && StandardOutputs.of(file).isEmpty()) {
      throw FileFailures.writing(given, "it is a socket");
    }
    requireAccess(given, file);
    return new WriteTarget(given, file, true, Optional.empty());
  }

  private static WriteTarget notALink(Path given, Path file) throws IOException {
    BasicFileAttributes attributes;
    Optional<Ownership> ownership;
    try {
      attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      ownership = Ownership.of(file);
    } catch (NoSuchFileException e) {
      return new WriteTarget(given, file, false, Optional.empty());
    } catch (IOException e) {
      throw FileFailures.writing(given, e);
    }
    if (attributes.isDirectory()) {
      throw FileFailures.writing(given, "it is a folder");
    }
    if (ownership.isPresent() && ownership.get().isSocket()) {
      throw FileFailures.writing(given, "it is a socket");
    }
    requireAccess(given, file);
    return attributes.isRegularFile()
        ? new WriteTarget(given, file, false, ownership)
        : new WriteTarget(given, file, true, Optional.empty());
  }

  /** A file that may not be written to is not replaced either, although the folder allows it. */
  private static void requireAccess(Path given, Path file) throws IOException {
    if (!Files.isWritable(file)) {
      throw FileFailures.writing(
          given, Files.exists(file) ? "permission denied" : "it is there no more");
    }
  }
}
