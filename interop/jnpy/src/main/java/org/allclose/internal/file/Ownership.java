package org.allclose.internal.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Whose a file is and who may do what with it, on systems that know users by number. */
record Ownership(int mode, int user, int group) {
  private static final int KIND = 0170000;
  private static final int SOCKET = 0140000;
  private static final int PERMISSIONS = 07777;

  /** Returns that of a file, symbolic links not followed; nothing on other systems. */
  static Optional<Ownership> of(Path file) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return Optional.empty();
    }
    Map<String, Object> all =
        Files.readAttributes(file, "unix:mode,uid,gid", LinkOption.NOFOLLOW_LINKS);
    return Optional.of(
        new Ownership((int) all.get("mode"), (int) all.get("uid"), (int) all.get("gid")));
  }

  boolean isSocket() {
    return (mode & KIND) == SOCKET;
  }

  /**
   * Gives a file this owner, group and mode. What only the superuser may give away stays the
   * writer's; the mode is set always.
   */
  void applyTo(Path file) throws IOException {
    Ownership now = of(file).orElseThrow();
    if (group != now.group) {
      give(file, "unix:gid", group);
    }
    if (user != now.user) {
      give(file, "unix:uid", user);
    }
    if ((mode & PERMISSIONS) != (now.mode & PERMISSIONS) || user != now.user) {
      Files.setAttribute(file, "unix:mode", mode & PERMISSIONS);
    }
  }

  private static void give(Path file, String attribute, int number) {
    try {
      Files.setAttribute(file, attribute, number);
    } catch (IOException e) {
      // As for any program that replaces a file of somebody else: it becomes the writer's.
      return;
    }
  }
}
