package org.allclose.random;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.allclose.init.Fans;
import org.allclose.init.Gaussian;
import org.allclose.init.He;
import org.allclose.init.Initializer;
import org.allclose.init.Uniform;
import org.allclose.init.VarianceScaling;
import org.allclose.init.VarianceScaling.Distribution;
import org.allclose.init.Xavier;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/**
 * Makes the calls whose results {@code testdata/reference/random_digests.py} records of numpy; that
 * script says how lines are made and what is hashed.
 */
final class RandomDigests {
  private static final int MIXED_DIGITS = 16;

  private RandomDigests() {}

  static Path testdata() {
    return Path.of(System.getProperty("allclose.testdata"));
  }

  /** Returns the recorded lines that begin with one of the words. */
  static List<String> recorded(String... words) throws IOException {
    List<String> kinds = List.of(words);
    return Files.readAllLines(testdata().resolve("digests/random.txt")).stream()
        .filter(line -> kinds.contains(line.substring(0, line.indexOf(' '))))
        .toList();
  }

  /** Returns a line of a stream with the digest that is computed here. */
  static String replayStream(String line) {
    String[] words = line.split(" ");
    String[] call = List.of(words).subList(3, words.length - 1).toArray(new String[0]);
    words[words.length - 1] = digest(make(words[1], words[2]), call);
    return String.join(" ", words);
  }

  /** Returns the lines of mixtures with the digests and states that come out here. */
  static List<String> replayMixtures(List<String> lines) {
    List<String> replayed = new ArrayList<>();
    NumpyRandom random = null;
    for (String line : lines) {
      String[] words = line.split(" ");
      if (words[0].equals("seeded")) {
        random = make(words[1], words[2]);
        replayed.add(line);
      } else if (words[0].equals("call")) {
        String[] call = List.of(words).subList(1, words.length - 1).toArray(new String[0]);
        words[words.length - 1] = digest(random, call).substring(0, MIXED_DIGITS);
        replayed.add(String.join(" ", words));
      } else {
        replayed.add("state " + state(random));
      }
    }
    return replayed;
  }

  static NumpyRandom make(String generator, String seed) {
    BigInteger[] seeds = seeds(seed);
    if (generator.equals("default_rng")) {
      return seeds.length > 1 ? NumpyGenerator.seed(List.of(seeds)) : NumpyGenerator.seed(seeds[0]);
    }
    long[] numbers = new long[seeds.length];
    for (int i = 0; i < seeds.length; i++) {
      numbers[i] = seeds[i].longValueExact();
    }
    return numbers.length > 1 ? NumpyRandomState.seed(numbers) : NumpyRandomState.seed(numbers[0]);
  }

  private static BigInteger[] seeds(String text) {
    if (text.equals("many")) {
      BigInteger[] seeds = new BigInteger[700];
      for (int i = 0; i < seeds.length; i++) {
        seeds[i] = BigInteger.valueOf(i * (i * 104729L) % (1L << 32));
      }
      return seeds;
    }
    return List.of(text.split(",")).stream().map(BigInteger::new).toArray(BigInteger[]::new);
  }

  private static String state(NumpyRandom random) {
    if (random instanceof NumpyRandomState legacy) {
      MersenneTwisterState state = legacy.getState();
      long[] key = Arrays.stream(state.key()).asLongStream().toArray();
      return String.format(
          Locale.ROOT,
          "%s %d %d %d",
          new ResultDigest().add(32, key).hex().substring(0, MIXED_DIGITS),
          state.position(),
          state.hasGauss() ? 1 : 0,
          Double.doubleToRawLongBits(state.cachedGaussian()));
    }
    Pcg64State state = ((NumpyGenerator) random).getState();
    return String.format(
        Locale.ROOT,
        "%s %s %d %d",
        state.state(),
        state.increment(),
        state.hasHalf() ? 1 : 0,
        state.half());
  }

  private static String digest(NumpyRandom random, String[] call) {
    String size = call[call.length - 1];
    boolean one = size.equals("one");
    return switch (call[0]) {
      case "random" -> hash(one ? scalar(random.random()) : random.random(ints(size)));
      case "random_float" -> hashFloats((NumpyGenerator) random, size);
      case "uniform" ->
          hash(
              one
                  ? scalar(random.uniform(real(call[1]), real(call[2])))
                  : random.uniform(real(call[1]), real(call[2]), ints(size)));
      case "standard_normal" ->
          hash(one ? scalar(random.standardNormal()) : random.standardNormal(ints(size)));
      case "normal" ->
          hash(
              one
                  ? scalar(random.normal(real(call[1]), real(call[2])))
                  : random.normal(real(call[1]), real(call[2]), ints(size)));
      case "standard_exponential" ->
          hash(
              one
                  ? scalar(legacy(random).standardExponential())
                  : legacy(random).standardExponential(ints(size)));
      case "binomial" ->
          hash(
              one
                  ? scalar((double) legacy(random).binomial(whole(call[1]), real(call[2])))
                  : legacy(random).binomial(whole(call[1]), real(call[2]), ints(size)));
      case "integers" -> integers(random, call);
      case "bytes" -> new ResultDigest().add(random.bytes(integer(size))).hex();
      case "initial" -> initial(random, call);
      case "spawned", "jumped", "advance", "seed" -> stream(random, call);
      default -> call[0].startsWith("choice") ? choice(random, call) : permutation(random, call);
    };
  }

  private static String initial(NumpyRandom random, String[] call) {
    String[] recipe = call[1].split(":", -1);
    Initializer initializer =
        switch (recipe[0]) {
          case "gaussian" -> Gaussian.std(real(recipe[1]));
          case "uniform" -> Uniform.between(real(recipe[1]), real(recipe[2]));
          case "xavier_normal" -> Xavier.normal();
          case "xavier_uniform" -> Xavier.uniform();
          case "he_normal" -> He.normal();
          case "he_uniform" -> He.uniform();
          default -> new VarianceScaling(1, VarianceScaling.Fan.IN, Distribution.NORMAL);
        };
    ResultDigest digest = new ResultDigest();
    for (int i = 2; i < call.length; i++) {
      int[] axes = Arrays.stream(call[i].split("x")).mapToInt(Integer::parseInt).toArray();
      Shape shape = Shape.of(axes);
      digest.add(initializer.initialize(shape, Fans.of(shape), random).unwrap());
    }
    return digest.hex();
  }

  /** Calls that make or move a stream. */
  private static String stream(NumpyRandom random, String[] call) {
    ResultDigest digest = new ResultDigest();
    if (call[0].equals("seed")) {
      BigInteger[] seeds = seeds(call[1]);
      if (seeds.length == 1) {
        random.setSeed(seeds[0].longValueExact());
      } else {
        random.setSeed(Arrays.stream(seeds).mapToInt(BigInteger::intValue).toArray());
      }
      return digest.hex();
    }
    NumpyGenerator generator = (NumpyGenerator) random;
    if (call[0].equals("advance")) {
      generator.advance(new BigInteger(call[1]));
      return digest.hex();
    }
    List<NumpyGenerator> others =
        call[0].equals("spawned")
            ? generator.spawn(integer(call[1]))
            : List.of(generator.jumped(whole(call[1])));
    others.forEach(other -> digest.add(other.random(ints(call[2])).unwrap()));
    return digest.hex();
  }

  private static String integers(NumpyRandom random, String[] call) {
    IntegerType type = IntegerType.valueOf(call[1].toUpperCase(Locale.ROOT));
    IntegerRange range =
        type.closedRange(new BigInteger(call[2]).longValue(), new BigInteger(call[3]).longValue());
    boolean one = call[4].equals("one");
    long[] numbers = new long[] {0};
    if (random instanceof NumpyRandomState state) {
      numbers = one ? new long[] {state.randint(range)} : state.randint(range, integer(call[4]));
    } else if (random instanceof NumpyGenerator generator) {
      numbers =
          one
              ? new long[] {generator.integers(range)}
              : generator.integers(range, integer(call[4]));
    }
    return new ResultDigest().add(type.bits(), numbers).hex();
  }

  private static String choice(NumpyRandom random, String[] call) {
    int n = integer(call[1]);
    int count = integer(call[call.length - 1]);
    return switch (call[0]) {
      case "choice" -> hash(random.choice(n, count));
      case "choice_p" -> hash(random.choice(n, count, weights(n, call[2])));
      case "choice_without" -> hash(random.choiceWithoutReplacement(n, count));
      case "choice_without_p" ->
          hash(random.choiceWithoutReplacement(n, count, weights(n, call[2])));
      default -> hash(((NumpyGenerator) random).choiceWithoutReplacement(n, count, false));
    };
  }

  private static String permutation(NumpyRandom random, String[] call) {
    int[] numbers = new int[call.length - 1];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = integer(call[i + 1]);
    }
    if (call[0].equals("permutation")) {
      return hash(random.permutation(numbers[0]));
    }
    boolean hasAxis = call[0].endsWith("_axis");
    int axis = numbers[numbers.length - 1];
    Tensor x = counted(hasAxis ? List.of(numbers[0], numbers[1], numbers[2]) : list(numbers));
    return switch (call[0]) {
      case "shuffle", "shuffle_rows" -> {
        random.shuffle(x);
        yield hash(x);
      }
      case "shuffle_axis" -> {
        ((NumpyGenerator) random).shuffle(x, axis);
        yield hash(x);
      }
      case "permutation_rows" -> hash(random.permutation(x));
      case "permutation_axis" -> hash(((NumpyGenerator) random).permutation(x, axis));
      case "permuted" -> hash(((NumpyGenerator) random).permuted(x));
      case "permuted_axis" -> hash(((NumpyGenerator) random).permuted(x, axis));
      default -> throw new IllegalArgumentException("unknown call " + call[0]);
    };
  }

  private static List<Integer> list(int[] numbers) {
    return Arrays.stream(numbers).boxed().toList();
  }

  private static Tensor counted(List<Integer> axes) {
    Shape shape = Shape.of(axes.stream().mapToInt(Integer::intValue).toArray());
    double[] elements = new double[shape.size()];
    Arrays.setAll(elements, i -> i);
    return Tensor.wrap(shape, elements);
  }

  private static double[] weights(int n, String kind) {
    double[] weights = new double[n];
    long sum = 0;
    for (int i = 0; i < n; i++) {
      weights[i] = kind.equals("sparse") ? i % 3 : i + 1;
      sum += (long) weights[i];
    }
    for (int i = 0; i < n; i++) {
      weights[i] /= sum;
    }
    return weights;
  }

  private static NumpyRandomState legacy(NumpyRandom random) {
    return (NumpyRandomState) random;
  }

  private static double real(String text) {
    return Double.parseDouble(text);
  }

  private static long whole(String text) {
    return Long.parseLong(text);
  }

  private static int integer(String text) {
    return Integer.parseInt(text);
  }

  private static int[] ints(String text) {
    return new int[] {Integer.parseInt(text)};
  }

  private static Tensor scalar(double number) {
    return Tensor.scalar(number);
  }

  private static String hash(Tensor tensor) {
    return new ResultDigest().add(tensor.unwrap()).hex();
  }

  private static String hash(int[] indexes) {
    return new ResultDigest().add(indexes).hex();
  }

  private static String hashFloats(NumpyGenerator generator, String size) {
    float[] numbers = new float[size.equals("one") ? 1 : integer(size)];
    generator.random(numbers);
    return new ResultDigest().add(numbers).hex();
  }
}
