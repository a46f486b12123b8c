package org.allclose.parity;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.allclose.Network;
import org.allclose.internal.network.NetworkResults;
import org.allclose.layer.Node;
import org.allclose.parity.diagnosis.Diagnosis;
import org.allclose.parity.recording.Expectation;
import org.allclose.parity.recording.RecordedCase;
import org.allclose.parity.report.CaseReport;
import org.allclose.parity.report.TensorReport;
import org.allclose.tensor.DenseMatrix;
import org.allclose.tensor.Tensor;
import org.apache.commons.math3.linear.RealMatrix;

/**
 * One replay of a recorded case: gives its inputs, takes Java's results and compares them.
 *
 * <p>A comparison that fails does not throw: {@link #report} tells of all of them together. For one
 * thread.
 */
public final class ParityCase {
  private final RecordedCase recorded;
  private final CaseNoise noise;
  private final Map<String, TensorReport> tensors = new LinkedHashMap<>();
  private final Map<String, TensorReport> layers = new LinkedHashMap<>();
  private final Map<String, TensorReport> inputGradients = new LinkedHashMap<>();
  private List<String> kinks = List.of();

  public ParityCase(RecordedCase recorded) {
    this.recorded = recorded;
    noise = new CaseNoise(recorded);
  }

  /** Returns the case as it was recorded. */
  public RecordedCase recorded() {
    return recorded;
  }

  public String name() {
    return recorded.name();
  }

  /**
   * Returns an input, a copy.
   *
   * @throws IllegalArgumentException if the case has none of that name
   */
  public Tensor input(String name) {
    return recorded.input(name).copy();
  }

  /** Returns an input, a copy, as {@link #input}. */
  public Tensor tensor(String name) {
    return input(name);
  }

  /**
   * Returns the elements of an input of one axis, a copy.
   *
   * @throws IllegalArgumentException if the case has none of that name, or it has not one axis
   */
  public double[] array(String name) {
    return ofRank(1, name).toArray();
  }

  /**
   * Returns an input of one axis whose elements are whole numbers, such as labels.
   *
   * @throws IllegalArgumentException if the case has none of that name, it has not one axis, or an
   *     element is not a whole number that fits an int
   */
  public int[] integers(String name) {
    double[] values = ofRank(1, name).unwrap();
    int[] whole = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      whole[i] = (int) values[i];
      if (whole[i] != values[i]) {
        throw new IllegalArgumentException(
            place(name) + "[" + i + "]: expected a whole number but got " + values[i]);
      }
    }
    return whole;
  }

  /**
   * Returns an input of two axes, a copy, as a matrix of Commons Math.
   *
   * @throws IllegalArgumentException if the case has none of that name, it has not two axes, or it
   *     has no elements
   */
  public DenseMatrix matrix(String name) {
    Tensor tensor = ofRank(2, name);
    if (tensor.size() == 0) {
      throw new IllegalArgumentException(
          place(name) + ": expected elements but got shape " + tensor.shape());
    }
    return tensor.copy().asMatrix();
  }

  /**
   * Returns an input that is one number.
   *
   * @throws IllegalArgumentException if the case has none of that name, or it has axes
   */
  public double number(String name) {
    return ofRank(0, name).get();
  }

  /**
   * Returns the network whose results were recorded, bound to its weights.
   *
   * @throws IllegalStateException if the case is not a network's
   */
  public Network network() {
    return recorded
        .network()
        .orElseThrow(
            () -> new IllegalStateException("case '" + name() + "': expected one of a network"));
  }

  /**
   * Compares a result with what was recorded under its name.
   *
   * @throws IllegalArgumentException if the case expects none of that name
   * @throws IllegalStateException if the name was compared before
   */
  public void expect(String name, Tensor actual) {
    Expectation expectation = recorded.expected(name);
    put(
        "tensor",
        tensors,
        name,
        TensorReport.compare(name, expectation, actual, noise.of(name, expectation, actual)));
  }

  /**
   * Compares a number with what was recorded under its name.
   *
   * @throws IllegalArgumentException if the case expects none of that name
   * @throws IllegalStateException if the name was compared before
   */
  public void expect(String name, double actual) {
    expect(name, Tensor.scalar(actual));
  }

  /**
   * Compares numbers with what was recorded under a name as an array of one axis.
   *
   * @param actual not modified
   * @throws IllegalArgumentException if the case expects none of that name
   * @throws IllegalStateException if the name was compared before
   */
  public void expect(String name, double[] actual) {
    expect(name, Tensor.vector(actual));
  }

  /**
   * Compares whole numbers with what was recorded under a name as an array of one axis.
   *
   * @param actual not modified
   * @throws IllegalArgumentException if the case expects none of that name
   * @throws IllegalStateException if the name was compared before
   */
  public void expect(String name, int[] actual) {
    expect(name, Arrays.stream(actual).asDoubleStream().toArray());
  }

  /**
   * Compares a matrix with what was recorded under a name as an array of two axes.
   *
   * @param actual not modified
   * @throws IllegalArgumentException if the case expects none of that name
   * @throws IllegalStateException if the name was compared before
   */
  public void expect(String name, RealMatrix actual) {
    expect(name, Tensor.matrix(actual.getData()));
  }

  /**
   * Compares the output of a layer with what was recorded for it, if anything was.
   *
   * @throws IllegalStateException if the layer was compared before
   */
  public void expectOutput(String layer, Tensor actual) {
    Expectation expectation = recorded.outputs().get(layer);
    if (expectation != null) {
      put(
          "layer",
          layers,
          layer,
          TensorReport.compare(layer, expectation, actual, noise.ofOutput(layer, expectation)));
    }
  }

  /**
   * Compares the gradient of a layer's input with what was recorded for it, if anything was.
   *
   * @throws IllegalStateException if the layer was compared before
   */
  public void expectInputGradient(String layer, Tensor actual) {
    Expectation expectation = recorded.inputGradients().get(layer);
    if (expectation != null) {
      put(
          "input gradient of layer",
          inputGradients,
          layer,
          TensorReport.compare(
              TensorReport.INPUT_GRADIENT + layer,
              expectation,
              actual,
              noise.ofInputGradient(layer, expectation)));
    }
  }

  /**
   * Computes the case with this library and compares everything that was recorded: for a network,
   * scores, loss, gradients, and what each layer gives.
   *
   * @throws IllegalArgumentException if the case is of a function that this library does not know,
   *     lacks an input, expects a tensor that is not computed, or has inputs that do not fit
   * @throws IllegalStateException if something was compared before
   */
  public void replay() {
    CaseRunner.into(this);
  }

  /**
   * Returns what came of all comparisons so far, in the order of the case, and what explains it.
   */
  public CaseReport report() {
    CaseReport report = compared();
    return report.withHints(Diagnosis.of(recorded, report));
  }

  /** Returns what came of all comparisons so far, and nothing that explains it. */
  CaseReport compared() {
    return new CaseReport(
        name(),
        List.copyOf(inOrder(recorded.expected(), tensors)),
        inOrder(recorded.outputs(), layers),
        inOrder(recorded.inputGradients(), inputGradients),
        firstDivergingBackward(),
        List.of(),
        kinks,
        Optional.empty(),
        recorded.recorded());
  }

  /**
   * Tells of decisions that fell the other way by rounding, and if everything matches with the
   * recorded ones, takes those comparisons in place of its own.
   */
  void settle(List<String> lines, ParityCase decided) {
    kinks = List.copyOf(lines);
    if (decided.compared().matches()) {
      tensors.putAll(decided.tensors);
      layers.putAll(decided.layers);
      inputGradients.putAll(decided.inputGradients);
    }
  }

  @Override
  public String toString() {
    return name();
  }

  private static List<TensorReport> inOrder(
      Map<String, Expectation> order, Map<String, TensorReport> reports) {
    return order.keySet().stream().filter(reports::containsKey).map(reports::get).toList();
  }

  private Optional<String> firstDivergingBackward() {
    if (recorded.network().isEmpty()) {
      return Optional.empty();
    }
    List<Node> order = recorded.network().get().spec().layers();
    for (int i = order.size() - 1; i >= 0; i--) {
      Node layer = order.get(i);
      Stream<TensorReport> parameters =
          layer.parameters().stream()
              .filter(parameter -> parameter.role().isTrained())
              .map(parameter -> tensors.get(parameter.name()));
      Stream<TensorReport> input =
          Stream.concat(
              layer.inputPlaces().stream().map(inputGradients::get),
              gradientsAt(layer, order).map(tensors::get));
      if (Stream.concat(parameters, input)
          .anyMatch(report -> report != null && !report.matches())) {
        return Optional.of(layer.name());
      }
    }
    return Optional.empty();
  }

  /**
   * Returns what the gradients of the network's inputs are called that end with a layer: the first
   * to take them.
   */
  private Stream<String> gradientsAt(Node layer, List<Node> order) {
    return recorded.network().orElseThrow().spec().inputs().stream()
        .filter(
            input ->
                order.stream()
                    .filter(node -> node.inputs().contains(input.name()))
                    .findFirst()
                    .filter(layer::equals)
                    .isPresent())
        .map(
            input ->
                "d" + NetworkResults.recordedName(recorded.network().orElseThrow().spec(), input));
  }

  private Tensor ofRank(int rank, String name) {
    Tensor tensor = recorded.input(name);
    if (tensor.shape().rank() != rank) {
      throw new IllegalArgumentException(
          place(name) + ": expected " + rank + " axes but got shape " + tensor.shape());
    }
    return tensor;
  }

  private String place(String input) {
    return "case '" + name() + "': input '" + input + "'";
  }

  private void put(
      String what, Map<String, TensorReport> reports, String key, TensorReport report) {
    if (reports.putIfAbsent(key, report) != null) {
      throw new IllegalStateException(
          "case '" + name() + "': expected " + what + " '" + key + "' to be compared once");
    }
  }
}
