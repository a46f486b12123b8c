package org.allclose.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.allclose.TestData;
import org.allclose.jnpy.DType;
import org.allclose.jnpy.Npy;
import org.allclose.jnpy.NpyArray;
import org.allclose.jnpy.Npz;
import org.allclose.random.MersenneTwisterState;
import org.allclose.random.NumpyGenerator;
import org.allclose.random.NumpyRandomState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** The recorded states and numbers are numpy's: {@code testdata/reference/random_states.py}. */
class RandomStatesTest {
  private static final Path STATES = TestData.folder().resolve("random_states");

  @TempDir private Path folder;

  /** The numbers of {@code draw} in the script. */
  private static double[] draw(NumpyRandomState random) {
    return concatenate(
        Arrays.stream(random.randn(101).unwrap()),
        Arrays.stream(random.rand(100).unwrap()),
        IntStream.of(random.permutation(100)).asDoubleStream(),
        Arrays.stream(random.randn(2).unwrap()));
  }

  private static double[] draw(NumpyGenerator random) {
    return concatenate(
        Arrays.stream(random.integers(0, 1000, 100)).asDoubleStream(),
        Arrays.stream(random.standardNormal(101).unwrap()),
        Arrays.stream(random.random(100).unwrap()),
        IntStream.of(random.permutation(100)).asDoubleStream());
  }

  private static double[] concatenate(DoubleStream... parts) {
    return Arrays.stream(parts).flatMapToDouble(part -> part).toArray();
  }

  @Test
  void aRandomState_continuesNumpysStream_andWritesTheStateThatNumpyWrites() throws IOException {
    Path before = STATES.resolve("random_state_before.npz");
    NumpyRandomState random = NumpyRandomState.of(RandomStates.readRandomState(before));
    assertArrayEquals(numbers(STATES.resolve("random_state_numbers.npy")), draw(random));
    Path after = folder.resolve("after.npz");
    RandomStates.write(after, random.getState());
    assertSameBytes(STATES.resolve("random_state_after.npz"), after);
  }

  @Test
  void aGenerator_continuesNumpysStream_andWritesTheStateThatNumpyWrites() throws IOException {
    NumpyGenerator random = NumpyGenerator.seed(0);
    random.setState(RandomStates.readGenerator(STATES.resolve("default_rng_before.npz")));
    assertArrayEquals(numbers(STATES.resolve("default_rng_numbers.npy")), draw(random));
    Path after = folder.resolve("after.npz");
    RandomStates.write(after, random.getState());
    assertSameBytes(STATES.resolve("default_rng_after.npz"), after);
  }

  private static double[] numbers(Path file) throws IOException {
    return Npy.read(file).toDoubles();
  }

  private static void assertSameBytes(Path expected, Path actual) throws IOException {
    assertArrayEquals(Files.readAllBytes(expected), Files.readAllBytes(actual));
  }

  /** Skipped, with the reason, where there is no Python with numpy. */
  @Test
  void numpy_continuesAStreamBegunInJava() throws IOException, InterruptedException {
    assumeNumpy();
    NumpyRandomState random = NumpyRandomState.seed(5);
    random.randn(1001);
    RandomStates.write(folder.resolve("legacy.npz"), random.getState());
    continueInNumpy("legacy");
    assertArrayEquals(draw(random), numbers(folder.resolve("legacy.npy")));
    assertEquals(
        random.getState(), RandomStates.readRandomState(folder.resolve("legacy_after.npz")));

    NumpyGenerator generator = NumpyGenerator.seed(5);
    generator.integers(0, 10, 1001);
    RandomStates.write(folder.resolve("newer.npz"), generator.getState());
    continueInNumpy("newer");
    assertArrayEquals(draw(generator), numbers(folder.resolve("newer.npy")));
    assertEquals(
        generator.getState(), RandomStates.readGenerator(folder.resolve("newer_after.npz")));
  }

  private void continueInNumpy(String name) throws IOException, InterruptedException {
    String script = TestData.folder().resolve("reference/random_states.py").toString();
    String state = folder.resolve(name + ".npz").toString();
    String numbers = folder.resolve(name + ".npy").toString();
    String after = folder.resolve(name + "_after.npz").toString();
    assertEquals("", run("python3", script, "--continue", state, numbers, after));
  }

  private void assumeNumpy() throws InterruptedException {
    String found;
    try {
      found = run("python3", "-c", "import numpy; print('numpy', numpy.__version__)").strip();
    } catch (IOException e) {
      found = "no python3: " + e.getMessage();
    }
    String version = found;
    assumeTrue(version.startsWith("numpy "), () -> "expected python3 with numpy: " + version);
  }

  private String run(String... command) throws IOException, InterruptedException {
    Path output = folder.resolve("output.txt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(5, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new IOException(command[0] + ": expected it to end within 5 minutes");
    }
    return Files.readString(output, StandardCharsets.UTF_8);
  }

  @Test
  void parts_canBeStoredAmongOtherArrays() throws IOException {
    NumpyRandomState random = NumpyRandomState.seed(231);
    random.randn();
    List<NpyArray> parts = RandomStates.toArrays(random.getState());
    assertEquals(random.getState(), RandomStates.toRandomState("checkpoint", parts));
  }

  @Test
  void errors_tellPlaceAndWhatWasExpected() throws IOException {
    MersenneTwisterState state = NumpyRandomState.seed(1).getState();
    List<NpyArray> parts = RandomStates.toArrays(state);
    assertMessage(
        "x: expected the 5 parts of a random state but got 4",
        () -> RandomStates.toRandomState("x", parts.subList(0, 4)));
    assertMessage(
        "array: expected the algorithm 'MT19937' but got 'PCG64'",
        () -> toState(parts, 0, NpyArray.of(new String[] {"PCG64"}, new int[0])));
    assertMessage(
        "array: expected the algorithm 'MT19937' but got 5",
        () -> toState(parts, 0, NpyArray.of(new long[] {5}, 1)));
    assertMessage(
        "array: expected the algorithm 'MT19937' but got shape (2,)",
        () -> toState(parts, 0, NpyArray.of(new String[] {"MT19937", "x"}, 2)));
    assertMessage(
        "x: random state: expected a key of 624 words but got 3",
        () -> toState(parts, 1, NpyArray.wrap(DType.UINT32, new int[3], 3)));
    long[] large = new long[624];
    large[7] = 1L << 32;
    assertMessage(
        "array: expected words of 0 to 2^32 - 1 but got 4294967296 at index 7",
        () -> toState(parts, 1, NpyArray.of(large, 624)));
    assertMessage(
        "x: random state: expected a position of 0 to 624 but got 625",
        () -> toState(parts, 2, NpyArray.of(new long[] {625}, new int[0])));
    assertMessage(
        "array: expected 1 elements but got shape (2,)",
        () -> toState(parts, 3, NpyArray.of(new long[] {1, 0}, 2)));
  }

  private static MersenneTwisterState toState(List<NpyArray> parts, int index, NpyArray other)
      throws IOException {
    List<NpyArray> changed = new ArrayList<>(parts);
    changed.set(index, other);
    return RandomStates.toRandomState("x", changed);
  }

  @Test
  void filesOfOtherThings_areErrors() throws IOException {
    Path legacy = STATES.resolve("random_state_before.npz");
    Path newer = STATES.resolve("default_rng_before.npz");
    assertMessage(
        newer
            + ": expected entries [arr_0, arr_1, arr_2, arr_3, arr_4] but got [bit_generator, state,"
            + " inc, has_uint32, uinteger]",
        () -> RandomStates.readRandomState(newer));
    assertMessage(
        legacy
            + ": expected entries [bit_generator, state, inc, has_uint32, uinteger] but got [arr_0,"
            + " arr_1, arr_2, arr_3, arr_4]",
        () -> RandomStates.readGenerator(legacy));
    Map<String, NpyArray> entries = new LinkedHashMap<>(Npz.read(newer));
    entries.put("inc", NpyArray.of(new long[] {0, 2}, 2));
    Path even = folder.resolve("even.npz");
    Npz.write(even, entries);
    assertMessage(
        even + ": random state: expected an odd increment but got 2",
        () -> RandomStates.readGenerator(even));
  }

  private static void assertMessage(String message, Executable call) {
    assertEquals(message, assertThrows(IOException.class, call).getMessage());
  }
}
