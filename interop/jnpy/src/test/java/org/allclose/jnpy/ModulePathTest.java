package org.allclose.jnpy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's module runs with this one and those of the JDK, and with nothing else. */
class ModulePathTest {
  private static final String DECLARATION = "module user { requires org.allclose.jnpy; }";

  private static final String PROGRAM =
      """
      package user;

      import java.nio.file.Path;
      import org.allclose.jnpy.Npy;
      import org.allclose.jnpy.NpyArray;

      class Main {
        public static void main(String[] arguments) throws Exception {
          Path file = Path.of(arguments[0]);
          Npy.write(file, NpyArray.of(new double[] {1, 2, 3}, 3));
          System.out.print(Npy.read(file).toDoubles()[2] + " " + NpyArray.class.getModule());
        }
      }
      """;

  @TempDir Path folder;

  @Test
  void descriptor_exportsOnePackageAndNeedsTheJdkAlone() throws Exception {
    Set<ModuleReference> modules = ModuleFinder.of(jnpy()).findAll();
    assertEquals(1, modules.size());
    ModuleDescriptor descriptor = modules.iterator().next().descriptor();
    assertEquals("org.allclose.jnpy", descriptor.name());
    assertEquals(false, descriptor.isAutomatic());
    assertEquals(
        Set.of("org.allclose.jnpy"),
        descriptor.exports().stream()
            .filter(exports -> !exports.isQualified())
            .map(ModuleDescriptor.Exports::source)
            .collect(Collectors.toSet()));
    assertEquals(
        Set.of("java.base", "jdk.unsupported"),
        descriptor.requires().stream()
            .map(ModuleDescriptor.Requires::name)
            .collect(Collectors.toSet()));
  }

  @Test
  void userModule_readsAndWrites() throws Exception {
    Path sources = Files.createDirectories(folder.resolve("sources/user"));
    Path declaration = Files.writeString(sources.resolveSibling("module-info.java"), DECLARATION);
    Path program = Files.writeString(sources.resolve("Main.java"), PROGRAM);
    Path classes = folder.resolve("classes");
    assertEquals(
        0,
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(
                System.out,
                System.err,
                "-p",
                jnpy().toString(),
                "-d",
                classes.toString(),
                declaration.toString(),
                program.toString()));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-p",
                jnpy() + File.pathSeparator + classes,
                "-m",
                "user/user.Main",
                folder.resolve("x.npy").toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals("3.0 module org.allclose.jnpy", output);
    assertEquals(0, process.waitFor());
  }

  private static Path jnpy() throws Exception {
    return Path.of(NpyArray.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
