package org.allclose.junit;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import org.allclose.parity.CaseFile;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/**
 * The cases that a {@link ParityTest} asks for.
 *
 * @param folder where they are looked for
 * @param cases their folders, each once, in the order of the annotation's paths
 */
record CaseSelection(Path folder, List<Path> cases) {

  /**
   * Finds the cases.
   *
   * @param paths as {@link ParityTest#value}
   * @param count as {@link ParityTest#cases}
   * @throws ExtensionConfigurationException if a path gives none, or their number is not right
   * @throws NoSuchFileException if a folder is missing
   * @throws IOException if a folder cannot be read
   */
  static CaseSelection of(Path folder, String[] paths, int count) throws IOException {
    Set<Path> found = new LinkedHashSet<>();
    for (String path : paths) {
      List<Path> some = isGlob(path) ? glob(folder, path) : CaseFile.below(folder.resolve(path));
      if (some.isEmpty()) {
        throw new ExtensionConfigurationException(
            "@ParityTest: expected a case in " + folder.resolve(path) + " but got none");
      }
      found.addAll(some);
    }
    if (paths.length == 0) {
      found.addAll(CaseFile.below(folder));
    }
    if (found.isEmpty()) {
      throw new ExtensionConfigurationException(
          "@ParityTest: expected at least one case below " + folder + " but got none");
    }
    if (count != ParityTest.ANY && count != found.size()) {
      throw new ExtensionConfigurationException(
          "@ParityTest: expected "
              + count
              + " cases below "
              + folder
              + " but got "
              + found.size()
              + ": "
              + found.stream().map(path -> name(folder, path)).toList());
    }
    return new CaseSelection(folder, List.copyOf(found));
  }

  /** Returns the path of a case below the folder, separated by slashes; its name for the folder. */
  String name(Path path) {
    return name(folder, path);
  }

  private static String name(Path folder, Path path) {
    String name = folder.relativize(path).toString().replace('\\', '/');
    return name.isEmpty() ? String.valueOf(path.getFileName()) : name;
  }

  private static boolean isGlob(String path) {
    return path.chars().anyMatch(character -> "*?[{".indexOf(character) >= 0);
  }

  private static List<Path> glob(Path folder, String pattern) throws IOException {
    PathMatcher matcher;
    try {
      matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    } catch (PatternSyntaxException e) {
      throw new ExtensionConfigurationException(
          "@ParityTest: expected a path or a glob but got '" + pattern + "'", e);
    }
    return CaseFile.below(folder).stream()
        .filter(path -> matcher.matches(Path.of(name(folder, path))))
        .toList();
  }
}
