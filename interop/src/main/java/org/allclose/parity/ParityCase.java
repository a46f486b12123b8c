package org.allclose.parity;

import java.util.LinkedHashMap;
import java.util.Map;
import org.allclose.Network;
import org.allclose.tensor.Tensor;

/**
 * One replay of a recorded case: gives its inputs, takes Java's results and compares them.
 *
 * <p>A comparison that fails does not throw: {@link #report} tells of all of them together. For one
 * thread.
 */
public final class ParityCase {
  private final RecordedCase recorded;
  private final Map<String, TensorReport> tensors = new LinkedHashMap<>();
  private final Map<String, TensorReport> layers = new LinkedHashMap<>();

  public ParityCase(RecordedCase recorded) {
    this.recorded = recorded;
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
    put("tensor", tensors, TensorReport.compare(name, recorded.expected(name), actual));
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
   * Compares the output of a layer with what was recorded for it, if anything was.
   *
   * @throws IllegalStateException if the layer was compared before
   */
  public void expectOutput(String layer, Tensor actual) {
    Expectation expectation = recorded.outputs().get(layer);
    if (expectation != null) {
      put("layer", layers, TensorReport.compare(layer, expectation, actual));
    }
  }

  /** Returns what came of all comparisons so far, in the order of the case. */
  public CaseReport report() {
    return new CaseReport(
        name(),
        recorded.expected().keySet().stream()
            .filter(tensors::containsKey)
            .map(tensors::get)
            .toList(),
        recorded.outputs().keySet().stream().filter(layers::containsKey).map(layers::get).toList());
  }

  @Override
  public String toString() {
    return name();
  }

  private void put(String what, Map<String, TensorReport> reports, TensorReport report) {
    if (reports.putIfAbsent(report.name(), report) != null) {
      throw new IllegalStateException(
          "case '"
              + name()
              + "': expected "
              + what
              + " '"
              + report.name()
              + "' to be compared once");
    }
  }
}
