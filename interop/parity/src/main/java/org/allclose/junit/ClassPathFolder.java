package org.allclose.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A folder of the class path: where it is on disk, or a copy of it if it lies in a jar.
 *
 * @param path where its files are
 * @param copied whether it is a copy, which {@link #close} deletes
 */
record ClassPathFolder(Path path, boolean copied) implements AutoCloseable {

  /**
   * Finds a folder.
   *
   * @param name without a leading slash
   * @throws NoSuchFileException if the class path has none of that name
   * @throws IOException if it cannot be read
   */
  static ClassPathFolder find(String name, ClassLoader loader) throws IOException {
    URL url = loader.getResource(name);
    if (url == null) {
      throw new NoSuchFileException(ParityTest.CLASSPATH + name + ": expected a folder of cases");
    }
    try {
      if (url.getProtocol().equals("file")) {
        return new ClassPathFolder(Path.of(url.toURI()), false);
      }
      URI jar = URI.create(url.toURI().toString().replaceFirst("!/.*", "!/"));
      Path copy = Files.createTempDirectory("allclose-cases-");
      ClassPathFolder folder = new ClassPathFolder(copy, true);
      try (FileSystem files = FileSystems.newFileSystem(jar, Map.of())) {
        copy(files.getPath("/" + name), copy);
        return folder;
      } catch (IOException e) {
        folder.close();
        throw e;
      }
    } catch (URISyntaxException e) {
      throw new IOException(url + ": expected a file or a jar", e);
    }
  }

  @Override
  public void close() throws IOException {
    if (copied) {
      try (Stream<Path> paths = Files.walk(path)) {
        for (Path file : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
