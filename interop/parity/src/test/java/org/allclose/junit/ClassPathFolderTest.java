package org.allclose.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.allclose.parity.CaseFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassPathFolderTest {
  private static final Path CASES = Path.of("src/test/resources/cases");

  @TempDir Path folder;

  @Test
  void folderOnDisk_isThatFolder() throws IOException {
    try (URLClassLoader loader = loader(Path.of("src/test/resources/"));
        ClassPathFolder found = ClassPathFolder.find("cases", loader)) {
      assertEquals(CASES.toAbsolutePath(), found.path());
    }
    assertTrue(Files.exists(CASES));
  }

  @Test
  void folderInAJar_isCopiedAndDeleted() throws IOException {
    Path jar = folder.resolve("cases.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out);
        Stream<Path> files = Files.walk(CASES)) {
      for (Path file : files.toList()) {
        String name = CASES.getParent().relativize(file).toString().replace('\\', '/');
        entries.putNextEntry(new JarEntry(Files.isDirectory(file) ? name + "/" : name));
        if (!Files.isDirectory(file)) {
          Files.copy(file, entries);
        }
        entries.closeEntry();
      }
    }
    Path copy;
    try (URLClassLoader loader = loader(jar);
        ClassPathFolder found = ClassPathFolder.find("cases", loader)) {
      copy = found.path();
      List<Path> cases = CaseFile.below(copy);
      assertEquals(List.of(copy.resolve("model"), copy.resolve("moving_average")), cases);
      assertEquals(
          CaseFile.read(CASES.resolve("moving_average")).input("x"),
          CaseFile.read(cases.get(1)).input("x"));
    }
    assertFalse(Files.exists(copy));
  }

  @Test
  void missingFolder_isNamed() throws IOException {
    try (URLClassLoader loader = loader(folder)) {
      assertEquals(
          "classpath:none: expected a folder of cases",
          assertThrows(NoSuchFileException.class, () -> ClassPathFolder.find("none", loader))
              .getMessage());
    }
  }

  private static URLClassLoader loader(Path place) throws IOException {
    return new URLClassLoader(new URL[] {place.toUri().toURL()}, null);
  }
}
