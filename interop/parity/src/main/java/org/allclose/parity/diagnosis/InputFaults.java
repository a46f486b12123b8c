package org.allclose.parity.diagnosis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.allclose.internal.axes.Axes;
import org.allclose.layer.combine.Flatten;
import org.allclose.layer.combine.Reshape;
import org.allclose.layer.dense.Dense;
import org.allclose.layer.image.Conv2d;
import org.allclose.tensor.Tensor;

/** Inputs that only the recording scales or shifts: what its first layer is given is not x. */
final class InputFaults {

  /** The largest value of a byte, which pixels are divided by. */
  private static final double BYTE = 255;

  /** More channels are not looked at one by one. */
  private static final int MOST_CHANNELS = 4;

  /** A smaller shift that is found from a recording is none. */
  private static final double NO_SHIFT = 1e-9;

  /** How many parameters the layer must have to believe a number that was fitted. */
  private static final int NUMBERS_A_FIT = 4;

  private InputFaults() {}

  static Stream<Candidate> of(Suspect suspect) {
    boolean isFirst =
        suspect.isBehindInput()
            && !suspect.layer().takesTokens(0, suspect.place().inputShapes().size())
            && suspect.before().stream()
                .allMatch(
                    place -> place.layer() instanceof Flatten || place.layer() instanceof Reshape);
    return isFirst
        ? Stream.of(usual(suspect), standardized(suspect), solved(suspect))
            .flatMap(candidates -> candidates)
        : Stream.empty();
  }

  /** What is usually done to pixels. */
  private static Stream<Candidate> usual(Suspect suspect) {
    return Stream.of(
        scaled(suspect, "x / 255", x -> x / BYTE),
        scaled(suspect, "x / 127.5 - 1", x -> x / 127.5 - 1),
        scaled(suspect, "255 x", x -> BYTE * x),
        scaled(suspect, "(x + 1) 127.5", x -> (x + 1) * 127.5),
        scaled(suspect, "2 x - 1", x -> 2 * x - 1),
        scaled(suspect, "(x - 0.1307) / 0.3081", x -> (x - 0.1307) / 0.3081));
  }

  private static Candidate scaled(Suspect suspect, String formula, DoubleUnaryOperator function) {
    return Candidate.of(text(formula), () -> suspect.withInput(suspect.input().map(function)));
  }

  private static String text(String formula) {
    return "the inputs are scaled: the layer was given " + formula + ": record that as x";
  }

  /** Mean 0 and deviation 1 over the batch, of all inputs or of each feature or channel. */
  private static Stream<Candidate> standardized(Suspect suspect) {
    Tensor x = suspect.input();
    return Stream.of(
        Candidate.of(
            text("(x - mean) / deviation of the batch"),
            () -> suspect.withInput(standardized(x, 1))),
        Candidate.of(
            text(
                "(x - mean) / deviation of each "
                    + (x.shape().rank() == 4 ? "channel" : "feature")),
            () -> suspect.withInput(standardized(x, x.shape().axis(1)))));
  }

  private static Tensor standardized(Tensor x, int parts) {
    int inner = x.size() / x.shape().axis(0) / parts;
    double[] means = new double[parts];
    double[] variances = new double[parts];
    double count = (double) x.size() / parts;
    for (int i = 0; i < x.size(); i++) {
      means[i / inner % parts] += x.unwrap()[i] / count;
    }
    for (int i = 0; i < x.size(); i++) {
      double distance = x.unwrap()[i] - means[i / inner % parts];
      variances[i / inner % parts] += distance * distance / count;
    }
    return normalized(x, means, Arrays.stream(variances).map(Math::sqrt).toArray());
  }

  /** Scale and shift found from the recording, of all inputs or of each of a few channels. */
  private static Stream<Candidate> solved(Suspect suspect) {
    boolean isLinear = suspect.layer() instanceof Dense || suspect.layer() instanceof Conv2d;
    if (!isLinear
        || !suspect.isDirect()
        || !suspect.expected().shape().equals(suspect.actual().shape())) {
      return Stream.empty();
    }
    int channels = suspect.place().input().axis(0);
    boolean hasChannels = suspect.input().shape().rank() == 4 && channels <= MOST_CHANNELS;
    return Stream.of(1, hasChannels ? channels : 1)
        .distinct()
        .flatMap(parts -> solved(suspect, parts));
  }

  private static Stream<Candidate> solved(Suspect suspect, int parts) {
    Tensor zeros = suspect.withInput(Tensor.zeros(suspect.input().shape()));
    Tensor ones = suspect.input().map(x -> 1);
    List<Tensor> columns = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      columns.add(linear(suspect, only(suspect.input(), part, parts), zeros));
      columns.add(linear(suspect, only(ones, part, parts), zeros));
    }
    Optional<double[]> found = Fit.solve(Axes.combined(1, suspect.expected(), -1, zeros), columns);
    return found.stream().flatMap(factors -> named(suspect, parts, factors));
  }

  /** Returns the layer's output without its bias. */
  private static Tensor linear(Suspect suspect, Tensor input, Tensor zeros) {
    return Axes.combined(1, suspect.withInput(input), -1, zeros);
  }

  /** Writes {@code a * x + c} as people do where that is short: by mean and deviation. */
  private static Stream<Candidate> named(Suspect suspect, int parts, double... factors) {
    double[] mean = new double[parts];
    double[] deviation = new double[parts];
    for (int part = 0; part < parts; part++) {
      double shift = factors[2 * part + 1];
      deviation[part] = 1 / factors[2 * part];
      mean[part] = Math.abs(shift) <= NO_SHIFT ? 0 : -shift * deviation[part];
    }
    Stream<Candidate> named =
        Stream.of(1.0, BYTE).flatMap(unit -> named(suspect, unit, mean, deviation).stream());
    // A shift moves the units as their biases do: it takes more units than shifts to tell.
    boolean isFew =
        NUMBERS_A_FIT * factors.length <= suspect.parameterCount()
            && parts < suspect.place().output().axis(0);
    Stream<Candidate> raw =
        isFew ? Stream.of(candidate(suspect, factors.length, 1, mean, deviation)) : Stream.empty();
    return Stream.concat(named, raw);
  }

  private static Optional<Candidate> named(
      Suspect suspect, double unit, double[] mean, double[] deviation) {
    Optional<double[]> shortMean = meant(mean, unit);
    Optional<double[]> shortDeviation = meant(deviation, unit);
    return shortMean.isPresent() && shortDeviation.isPresent()
        ? Optional.of(candidate(suspect, 0, unit, shortMean.get(), shortDeviation.get()))
        : Optional.empty();
  }

  /** The layer is given {@code (x / unit - mean) / deviation}. */
  private static Candidate candidate(
      Suspect suspect, int fitted, double unit, double[] mean, double[] deviation) {
    String x = unit == 1 ? "x" : "x / " + Fit.text(unit);
    String shifted =
        Arrays.stream(mean).allMatch(m -> m == 0) ? x : "(" + x + " - " + text(mean) + ")";
    String formula =
        Arrays.stream(deviation).allMatch(d -> d == 1)
            ? shifted
            : shifted + " / " + text(deviation);
    return new Candidate(
        text(formula),
        fitted,
        () ->
            suspect.withInput(
                normalized(suspect.input().map(value -> value / unit), mean, deviation)));
  }

  /** Returns the short numbers that all may be meant as, divided by a unit. */
  private static Optional<double[]> meant(double[] numbers, double unit) {
    List<Double> found =
        Arrays.stream(numbers)
            .boxed()
            .flatMap(number -> Fit.meant(number / unit).stream())
            .toList();
    return found.size() == numbers.length
        ? Optional.of(found.stream().mapToDouble(number -> number).toArray())
        : Optional.empty();
  }

  /** Returns x, where all but one part of its features or channels is 0. */
  private static Tensor only(Tensor x, int part, int parts) {
    Tensor one = x.copy();
    int inner = x.size() / x.shape().axis(0) / parts;
    for (int i = 0; i < x.size(); i++) {
      if (i / inner % parts != part) {
        one.unwrap()[i] = 0;
      }
    }
    return one;
  }

  /** Returns {@code (x - mean) / deviation}, a feature or channel at a time. */
  private static Tensor normalized(Tensor x, double[] mean, double[] deviation) {
    Tensor result = x.copy();
    int inner = x.size() / x.shape().axis(0) / mean.length;
    for (int i = 0; i < x.size(); i++) {
      int part = i / inner % mean.length;
      result.unwrap()[i] = (result.unwrap()[i] - mean[part]) / deviation[part];
    }
    return result;
  }

  private static String text(double... numbers) {
    String all = Arrays.stream(numbers).mapToObj(Fit::text).collect(Collectors.joining(", "));
    return numbers.length == 1 ? all : "(" + all + ")";
  }
}
