package org.allclose.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.allclose.Parameters;
import org.allclose.tensor.Tensor;
import org.allclose.train.optimizer.Optimizer;
import org.allclose.type.Type;
import org.allclose.type.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps on awkward values, as {@code testdata/reference/optimizer_digests.py} recorded them. */
class OptimizerDigestsTest {
  private static final double[] VALUES = {
    0.0,
    -0.0,
    Double.MIN_VALUE,
    -Double.MIN_VALUE,
    1e-310,
    -3e-308,
    1e-300,
    -1e-300,
    1e-160,
    -1e-8,
    0.5,
    -3.0,
    1e8,
    -1e160,
    1e300,
    -1e300
  };
  private static final int STEPS = 6;
  private static final double RATE = 0.01;

  @Test
  void recorded_areAllOptimizers() throws IOException {
    assertEquals(Types.of(Optimizer.class).byName().keySet(), recorded().keySet());
  }

  @ParameterizedTest
  @MethodSource("types")
  void steps_onAwkwardValues_haveNumpysBits(Type<? extends Optimizer> type) throws Exception {
    assertEquals(recorded().get(type.name()), steps(type.values().make()));
  }

  static Collection<Type<? extends Optimizer>> types() {
    return Types.of(Optimizer.class).all();
  }

  /** Returns the lines that were recorded, by the names of optimizers. */
  private static Map<String, List<String>> recorded() throws IOException {
    Path file =
        Path.of(System.getProperty("allclose.testdata", "../testdata"), "digests/optimizers.txt");
    return Files.readAllLines(file).stream()
        .filter(line -> !line.startsWith("#"))
        .collect(
            Collectors.groupingBy(
                line -> line.substring(0, line.indexOf(' ')), TreeMap::new, Collectors.toList()));
  }

  private static List<String> steps(Optimizer optimizer) throws Exception {
    int n = VALUES.length * VALUES.length;
    double[] w = new double[n];
    double[] all = new double[n];
    for (int i = 0; i < n; i++) {
      w[i] = VALUES[i / VALUES.length];
      all[i] = VALUES[i % VALUES.length];
    }
    Parameters parameters = Parameters.wrap(Map.of("w", Tensor.vector(w)));
    OptimizerState state = new OptimizerState(optimizer, parameters, Set.of("w"));
    List<String> lines = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      double[] dw = new double[n];
      for (int i = 0; i < n; i++) {
        dw[(i + step) % n] = all[i];
      }
      state.step(Parameters.wrap(Map.of("w", Tensor.vector(dw))), RATE);
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes(parameters.get("w")));
      for (Tensor slot : state.slots().asMap().values()) {
        digest.update(bytes(slot));
      }
      String hex = HexFormat.of().formatHex(digest.digest());
      lines.add(optimizer.type().name() + " " + (step + 1) + " " + hex);
    }
    return lines;
  }

  /** Returns the values with every NaN the same. */
  private static byte[] bytes(Tensor tensor) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * tensor.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : tensor.unwrap()) {
      bytes.putLong(Double.doubleToLongBits(value));
    }
    return bytes.array();
  }
}
