package org.allclose.parity.diagnosis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.allclose.Network;
import org.allclose.Parameters;
import org.allclose.TestData;
import org.allclose.layer.ParameterSpec;
import org.allclose.parity.CaseFile;
import org.allclose.parity.CaseRunner;
import org.allclose.parity.recording.Match;
import org.allclose.parity.recording.RecordedCase;
import org.allclose.parity.report.CaseReport;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Tensor;
import org.allclose.weights.NumpyTensors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every good recording of a network with weights that are a little off, which is no known mistake:
 * no cause may be named, neither for what numpy recorded nor for the same rounded to float32. A
 * third of the recordings each, unless {@code -Dallclose.digests=all} asks for all.
 */
class FalseCausesTest {

  /** Changes of all elements of a tensor, and of one. */
  private static final List<UnaryOperator<Tensor>> CHANGES =
      List.of(
          tensor -> noisy(tensor, 1e-3),
          tensor -> withOne(tensor, 1.01),
          tensor -> withOne(tensor, -3.3));

  /** Those that are not of the size of rounding to float32 anywhere. */
  private static final List<UnaryOperator<Tensor>> LARGE_CHANGES =
      List.of(tensor -> noisy(tensor, 0.1), tensor -> withOne(tensor, -3.3));

  /** What people allow where float32 was recorded. */
  private static final Match FLOAT32 = Match.tolerance(1e-5, 1e-6);

  @TempDir Path folder;

  private static List<Path> networks() throws IOException {
    return CaseFile.below(TestData.fixtures()).stream()
        .filter(
            path -> {
              try {
                return CaseFile.read(path)
                    .network()
                    .filter(
                        network ->
                            network.spec().parameters().stream()
                                .anyMatch(
                                    parameter -> parameter.role() != ParameterSpec.Role.CONSTANT))
                    .isPresent();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .toList();
  }

  private static List<Path> networksAsRecorded() throws IOException {
    return TestData.everyOf(3, 0, networks());
  }

  private static List<Path> networksInFloat32() throws IOException {
    return TestData.everyOf(3, 1, networks());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networksAsRecorded")
  void noise_hasNoCause(Path path) throws IOException {
    assertNoCause(CaseFile.read(path), CHANGES);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networksInFloat32")
  void noiseInFloat32_hasNoCause(Path path) throws IOException {
    assertNoCause(CaseFile.read(inFloat32(path)).withMatch(FLOAT32), LARGE_CHANGES);
  }

  private static void assertNoCause(RecordedCase recorded, List<UnaryOperator<Tensor>> changes) {
    int found = 0;
    Network network = recorded.network().orElseThrow();
    for (ParameterSpec parameter : network.spec().parameters()) {
      String name = parameter.name();
      if (parameter.role() == ParameterSpec.Role.CONSTANT) {
        continue; // An index, say, which would be none.
      }
      if (isConstant(network.parameters().get(name))) {
        continue; // Gamma at its start, or no bias: the recording has it so, as a cause would say.
      }
      for (UnaryOperator<Tensor> change : changes) {
        Map<String, Tensor> values = new LinkedHashMap<>(network.parameters().asMap());
        values.computeIfPresent(name, (key, value) -> change.apply(value));
        Parameters wrong = Parameters.wrap(values);
        CaseReport report = CaseRunner.run(recorded.withWeights(spec -> wrong));
        assertEquals(List.of(), report.hints(), () -> recorded.name() + ": " + name);
        found += report.matches() ? 0 : 1;
      }
    }
    assertTrue(found > 0, () -> recorded.name() + ": expected a mismatch to look at");
  }

  private static boolean isConstant(Tensor tensor) {
    return (tensor.size() > 1 || tensor.unwrap()[0] == 0)
        && Arrays.stream(tensor.unwrap()).allMatch(value -> value == tensor.unwrap()[0]);
  }

  private static Tensor noisy(Tensor tensor, double size) {
    NumpyRandomState random = NumpyRandomState.seed(tensor.size());
    return tensor.map(value -> value * (1 + size * random.randn()));
  }

  private static Tensor withOne(Tensor tensor, double factor) {
    Tensor changed = tensor.copy();
    int middle = tensor.size() / 2;
    changed.unwrap()[middle] = factor * changed.unwrap()[middle] + 1e-3;
    return changed;
  }

  /** Returns a copy of a case, all of whose results are rounded to float32. */
  private Path inFloat32(Path path) throws IOException {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.toList()) {
        Path copy = folder.resolve(path.relativize(file).toString());
        boolean isResult =
            file.startsWith(path.resolve("expected"))
                || file.startsWith(path.resolve("outputs"))
                || file.startsWith(path.resolve("inputGradients"));
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else if (isResult) {
          Tensor result = NumpyTensors.read(file);
          NumpyTensors.write(copy, result.map(value -> (float) value));
        } else {
          Files.copy(file, copy);
        }
      }
    }
    return folder;
  }
}
