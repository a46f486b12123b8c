package org.allclose.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.TestData;
import org.allclose.WeightSource;
import org.allclose.jnpy.NpyArray;
import org.allclose.jnpy.Npz;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IgnoredWeightsTest {
  private static final Path SAFETENSORS = TestData.folder().resolve("safetensors");
  private static final NetworkSpec SPEC = Network.input(3).dense("fc1", 2).build();

  @TempDir Path folder;

  @Test
  void tensorsThatTheNetworkDoesNotUse_areLeftOut() throws IOException {
    for (String name : new String[] {"bool_extra.safetensors", "f4_extra.safetensors"}) {
      WeightSource source = WeightFiles.open(SAFETENSORS.resolve(name));
      IgnoredWeights weights = IgnoredWeights.of(source, "(attn|q)\\..*");
      assertEquals(Set.of("fc1.weight", "fc1.bias"), weights.names());
      assertEquals(1, weights.ignored().size());
      SPEC.bind(WeightLayout.PYTORCH.adapt(weights, SPEC));
    }
  }

  @Test
  void tensorsOfOtherTypes_areErrorsWhenTheyAreAskedFor() throws IOException {
    WeightSource bool = WeightFiles.open(SAFETENSORS.resolve("bool_extra.safetensors"));
    assertRefused(
        bool.description() + "!attn.mask: expected F64, F32, F16 or BF16 but got BOOL",
        () -> bool.get("attn.mask"));
    assertRefused(
        bool.description()
            + ": expected parameters [fc1.weight, fc1.bias] in layout PYTORCH but got [fc1.weight,"
            + " fc1.bias, attn.mask]; unused [attn.mask]",
        () -> WeightLayout.PYTORCH.adapt(bool, SPEC));
  }

  @Test
  void arraysOfAnNpzThatAreNoTensors_areErrorsWhenTheyAreAskedFor() throws IOException {
    Path file = folder.resolve("w.npz");
    Npz.write(
        file,
        Map.of("names", NpyArray.of(new String[] {"a"}, 1), "W", NpyArray.of(new double[] {1}, 1)));
    WeightSource source = WeightFiles.open(file);
    assertEquals(1, source.get("W").get(0));
    assertRefused(
        file + "!names.npy: expected elements that convert to double but got dtype <U1",
        () -> source.get("names"));
    Path objects = TestData.folder().resolve("foreign/object.npz");
    WeightSource refused = WeightFiles.open(objects);
    assertEquals(0, refused.get("a").get(0));
    assertRefused(
        objects
            + "!b.npy: dtype '|O' is refused: Python objects are stored as a pickle, which can run"
            + " code and is never read",
        () -> refused.get("b"));
  }

  @Test
  void patternsThatCannotBe_areRefused() throws IOException {
    WeightSource source = WeightFiles.open(SAFETENSORS.resolve("bool_extra.safetensors"));
    assertRefused(
        source.description()
            + ": expected a name that matches 'mask', to ignore it, but got [fc1.weight, fc1.bias,"
            + " attn.mask]",
        () -> IgnoredWeights.of(source, "mask"));
    assertRefused(
        "ignore: expected a regular expression but got '('", () -> IgnoredWeights.of(source, "("));
    IgnoredWeights weights = IgnoredWeights.of(source, ".*bias|attn.*");
    assertEquals(
        "ignored 2 tensors that match '.*bias|attn.*': [fc1.bias, attn.mask]", weights.note());
    assertRefused(
        source.description()
            + " without [fc1.bias, attn.mask]: expected parameters [fc1.weight, fc1.bias] in layout"
            + " PYTORCH but got [fc1.weight]; missing [fc1.bias]",
        () -> WeightLayout.PYTORCH.adapt(weights, SPEC));
  }

  private static void assertRefused(
      String message, org.junit.jupiter.api.function.Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
