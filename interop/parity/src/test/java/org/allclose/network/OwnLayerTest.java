package org.allclose.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.init.Gaussian;
import org.allclose.layer.Layer;
import org.allclose.random.NumpyRandomState;
import org.allclose.train.GradientCheck;
import org.allclose.type.Type;
import org.allclose.type.Types;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A layer of a user's own in a jar of its own, which is the README's, works wherever ours do. */
class OwnLayerTest {
  private static final Path SOURCES = Path.of("src/test/resources/own");
  private static final String FILE =
      "{\"format\": \"allclose-network/2\", \"input\": [4],"
          + " \"layers\": [{\"type\": \"dense\", \"units\": 3}, {\"type\": \"swish\", \"beta\": 0.5},"
          + " {\"type\": \"dense\", \"units\": 2}], \"loss\": {\"type\": \"meanSquaredError\"}}";

  @TempDir static Path folder;
  private static URL jar;

  /** Compiles the sources and puts them in a jar with the name of their provider. */
  @BeforeAll
  static void makeJar() throws IOException {
    Path classes = Files.createDirectory(folder.resolve("classes"));
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-d",
                classes.toString(),
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                SOURCES.resolve("com/example/Swish.java").toString(),
                SOURCES.resolve("com/example/OwnTypes.java").toString());
    assertEquals(0, status);
    Path file = folder.resolve("own.jar");
    try (OutputStream bytes = Files.newOutputStream(file);
        JarOutputStream out = new JarOutputStream(bytes)) {
      out.putNextEntry(new JarEntry("META-INF/services/org.allclose.type.TypeProvider"));
      out.write("com.example.OwnTypes\n".getBytes(StandardCharsets.UTF_8));
      try (var all = Files.walk(classes)) {
        for (Path entry : all.filter(Files::isRegularFile).toList()) {
          out.putNextEntry(new JarEntry(classes.relativize(entry).toString().replace('\\', '/')));
          Files.copy(entry, out);
        }
      }
    }
    jar = file.toUri().toURL();
  }

  /** What is done where the jar is on the class path. */
  private interface Work {
    void run() throws Exception;
  }

  private static void withJar(Work work) throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {jar}, before)) {
      thread.setContextClassLoader(loader);
      work.run();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void networkFile_hasTheLayer() throws Exception {
    withJar(
        () -> {
          NetworkSpec spec = NetworkFile.parse("network.json", FILE);
          assertEquals(
              "input(4,) -> dense1:dense(3) -> swish1:swish(beta 0.5) -> dense2:dense(2)"
                  + " -> meanSquaredError loss",
              spec.toString());
          assertEquals(spec, NetworkFile.parse("network.json", NetworkFile.print(spec)));
          var e =
              assertThrows(
                  IOException.class,
                  () -> NetworkFile.parse("network.json", FILE.replace("0.5", "-1")));
          assertEquals(
              "network.json: line 1, column 116: layers[1].beta: expected a finite number above 0 but"
                  + " got -1",
              e.getMessage());
        });
  }

  @Test
  void gradients_ofEverySample_areChecked() throws Exception {
    withJar(
        () -> {
          Type<? extends Layer> type = Types.of(Layer.class).find("swish").orElseThrow();
          assertEquals(2, type.samples().size());
          for (var sample : type.samples()) {
            Network network =
                Network.input(sample.inputs().get(0).toArray())
                    .layer(sample.value())
                    .build()
                    .initialize(NumpyRandomState.seed(1), Gaussian.std(1));
            NumpyRandomState random = NumpyRandomState.seed(2);
            GradientCheck.Report report =
                GradientCheck.of(network)
                    .threshold(1e-8)
                    .run(random.randn(4, 5), random.randn(4, 5));
            assertTrue(report.passes(), report.toString());
          }
        });
  }

  @Test
  void withoutTheJar_theTypeIsUnknown() {
    assertEquals(List.of(), Types.of(Layer.class).find("swish").stream().toList());
    assertThrows(IOException.class, () -> NetworkFile.parse("network.json", FILE));
  }
}
