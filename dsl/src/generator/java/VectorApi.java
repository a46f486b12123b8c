import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * Copies the classes of the Vector API, of the JDK that runs this, to a jar that sources can be
 * compiled against.
 *
 * <p>Whoever compiles against the module itself, {@code jdk.incubator.vector}, is warned that it is
 * an incubator module, which makes an error of every compilation with {@code -Werror}; only JDKs
 * after 17 let one switch that off. The jar is an ordinary one: under its name, {@code vector.api},
 * it is a module that nobody warns of. Nothing but javac ever sees it.
 *
 * <p>{@code java VectorApi.java <jar>}
 */
final class VectorApi {
  /** The API, and the supertypes that it has in another module. */
  private static final List<String> PACKAGES =
      List.of("jdk.incubator.vector/jdk/incubator/vector", "java.base/jdk/internal/vm/vector");

  private VectorApi() {}

  public static void main(String... arguments) throws IOException {
    Path target = Path.of(arguments[0]);
    Files.createDirectories(target.toAbsolutePath().getParent());
    FileSystem classes = FileSystems.getFileSystem(URI.create("jrt:/"));
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(target))) {
      for (String name : PACKAGES) {
        try (Stream<Path> files = Files.list(classes.getPath("modules", name))) {
          for (Path file : files.sorted().toList()) {
            // modules/<module>/<class>
            jar.putNextEntry(new ZipEntry(file.subpath(2, file.getNameCount()).toString()));
            Files.copy(file, jar);
          }
        }
      }
    }
  }
}
