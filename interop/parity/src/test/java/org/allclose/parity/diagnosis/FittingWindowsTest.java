package org.allclose.parity.diagnosis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.Parameters;
import org.allclose.TestData;
import org.allclose.init.Gaussian;
import org.allclose.parity.CaseFile;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.ShapeMismatchException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FittingWindowsTest {
  @TempDir Path folder;

  @Test
  void weightsOfAnotherPadding_sayWhich() {
    assertEquals(
        "parameters!fc/W: expected shape (32, 3) but got (128, 3);"
            + " with padding 1x1 in all convolutions the weights fit",
        refused(spec(0, 0, 1, 3), spec(1, 1, 1, 3)));
    assertEquals(
        "parameters!fc/W: expected shape (72, 3) but got (128, 3);"
            + " with padding 1x1 in layer 'second' the weights fit",
        refused(spec(1, 0, 1, 3), spec(1, 1, 1, 3)));
  }

  @Test
  void weightsOfAnotherStride_sayWhich() {
    assertEquals(
        "parameters!fc/W: expected shape (128, 3) but got (32, 3);"
            + " with stride 2x2 in layer 'first' the weights fit",
        refused(spec(1, 1, 1, 3), spec(1, 1, 2, 3)));
  }

  @Test
  void weightsThatNoneOfThemFits_sayNothing() {
    assertEquals(
        "parameters!fc/W: expected shape (128, 4) but got (128, 3)",
        refused(spec(1, 1, 1, 4), spec(1, 1, 1, 3)));
  }

  @Test
  void recordedCase_saysIt() throws IOException {
    Path fault = TestData.folder().resolve("faults/bgr");
    try (Stream<Path> paths = Files.walk(fault)) {
      for (Path path : paths.filter(path -> !path.equals(fault)).toList()) {
        Files.copy(path, folder.resolve(fault.relativize(path).toString()));
      }
    }
    Path file = folder.resolve("network.json");
    String wrong =
        Files.readString(file)
            .replaceFirst("\"padding\": \\[\\s*1,\\s*1\\s*]", "\"padding\": [0, 0]");
    Files.writeString(file, wrong);
    assertEquals(
        folder.resolve("case.json")
            + ": "
            + folder.resolve("weights.npz")
            + "!fc1/W: expected shape (24, 6) but got (80, 6);"
            + " with padding 1x1 in layer 'conv1' the weights fit",
        assertThrows(IOException.class, () -> CaseFile.read(folder)).getMessage());
  }

  private static String refused(NetworkSpec spec, NetworkSpec recorded) {
    Parameters weights =
        recorded.initialize(NumpyRandomState.seed(0), Gaussian.std(1)).parameters();
    return assertThrows(ShapeMismatchException.class, () -> FittingWindows.bind(spec, weights))
        .getMessage();
  }

  private static NetworkSpec spec(int first, int second, int stride, int classes) {
    return Network.input(1, 8, 8)
        .conv2d("first", 2, c -> c.kernel(3).padding(first).stride(stride))
        .relu()
        .conv2d("second", 2, c -> c.kernel(3).padding(second))
        .flatten()
        .dense("fc", classes)
        .build();
  }
}
