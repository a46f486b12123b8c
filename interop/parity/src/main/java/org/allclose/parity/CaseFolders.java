package org.allclose.parity;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.allclose.jnpy.InputFile;

/** Finds recorded cases on disk. */
public final class CaseFolders {
  private CaseFolders() {}

  /**
   * Returns every folder in or below the given one that holds a {@value CaseFile#FILE}, in the
   * order of their paths.
   *
   * @throws NoSuchFileException if there is no such folder
   * @throws NotDirectoryException if it is a file
   * @throws IOException if a folder cannot be read
   */
  public static List<Path> below(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      throw new NoSuchFileException(folder + ": expected a folder of cases");
    }
    if (!Files.isDirectory(folder)) {
      throw new NotDirectoryException(
          folder + ": expected a folder of cases but got " + InputFile.of(folder).kind().what());
    }
    try (Stream<Path> paths = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      return paths
          .filter(path -> path.endsWith(CaseFile.FILE) && Files.isRegularFile(path))
          .map(Path::getParent)
          .sorted()
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
