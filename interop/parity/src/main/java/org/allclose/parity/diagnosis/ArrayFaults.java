package org.allclose.parity.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.allclose.internal.axes.Axes;
import org.allclose.parity.report.CaseReport;
import org.allclose.parity.report.TensorReport;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/** What one array, B, is of another of the same name, A, where they should be the same. */
final class ArrayFaults {

  /** Arrays of more axes are not tried in all orders of them. */
  private static final int MOST_AXES = 5;

  /** The formats that an array may have been rounded to. */
  private static final List<Precision> SHORTER =
      List.of(Precision.FLOAT32, Precision.FLOAT16, Precision.BFLOAT16);

  private ArrayFaults() {}

  /** Returns a line for each array that is explained by the other. */
  static List<String> of(CaseReport report) {
    List<String> hints = new ArrayList<>();
    for (TensorReport tensor : report.failedNumbers()) {
      if (tensor.difference().filter(difference -> difference.worst() < 0).isPresent()) {
        continue; // the values are equal; it is the dtype that differs
      }
      Tensor a = tensor.expected();
      Tensor b = tensor.actual();
      // Mostly B is what came of A; but of two arrays either may have lost digits.
      Explanation.best(b, a, candidates(a, b))
          .or(() -> Explanation.best(a, b, rounded("A is B", b)))
          .ifPresent(text -> hints.add("'" + tensor.name() + "': " + text));
    }
    return hints;
  }

  private static Stream<Candidate> candidates(Tensor a, Tensor b) {
    return Stream.of(
            rounded("B is A", a), transposed(a, b), reversed(a), scaled(a, b), reshaped(a, b))
        .flatMap(candidates -> candidates);
  }

  private static Stream<Candidate> rounded(String which, Tensor whole) {
    return SHORTER.stream()
        .map(
            precision ->
                Candidate.of(
                    which + " rounded to " + precision.dtype(), () -> precision.round(whole)));
  }

  private static Stream<Candidate> transposed(Tensor a, Tensor b) {
    int rank = a.shape().rank();
    return rank > MOST_AXES
        ? Stream.empty()
        : Permutations.ofAxes(rank)
            .filter(axes -> Permutations.shape(a.shape(), axes).equals(b.shape()))
            .map(
                axes ->
                    Candidate.of(
                        "B is A transposed: axes " + Shape.of(axes),
                        () -> Axes.transpose(a, axes)));
  }

  private static Stream<Candidate> reversed(Tensor a) {
    return IntStream.range(0, a.shape().rank())
        .mapToObj(
            axis ->
                Candidate.of(
                    "B is A with axis " + axis + " in reverse order", () -> Axes.reverse(a, axis)));
  }

  private static Stream<Candidate> scaled(Tensor a, Tensor b) {
    if (!a.shape().equals(b.shape())) {
      return Stream.empty();
    }
    double factor = Fit.factor(b.unwrap(), a.unwrap());
    if (!Double.isFinite(factor)) {
      return Stream.empty();
    }
    Optional<Double> meant = Fit.meant(factor);
    Optional<Double> divisor = Fit.meant(1 / factor);
    return Stream.of(
            meant.map(k -> scaled(a, "B is " + Fit.text(k) + " times A", 0, k)),
            divisor.map(k -> scaled(a, "B is A divided by " + Fit.text(k), 0, 1 / k)),
            Optional.of(scaled(a, "B is " + Fit.text(factor) + " times A", 1, factor)))
        .flatMap(Optional::stream);
  }

  private static Candidate scaled(Tensor a, String text, int fitted, double factor) {
    return new Candidate(text, fitted, () -> Axes.scaled(a, factor));
  }

  private static Stream<Candidate> reshaped(Tensor a, Tensor b) {
    return a.size() == b.size() && !a.shape().equals(b.shape())
        ? Stream.of(
            Candidate.of(
                "B has the elements of A in the same order, in another shape",
                () -> a.copy().reshape(b.shape())))
        : Stream.empty();
  }
}
