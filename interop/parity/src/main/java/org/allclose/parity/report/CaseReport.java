package org.allclose.parity.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.allclose.internal.text.Printable;

/**
 * What came of replaying one case.
 *
 * @param name the case
 * @param tensors the comparisons of what was expected, in the order of the case
 * @param layers for a network, the comparisons of the layers' outputs, first layer first
 * @param inputGradients for a network, the comparisons of the gradients of the layers' inputs,
 *     first layer first
 * @param firstDivergingBackward for a network, the first layer, from the end, of which the gradient
 *     of a parameter or of the input does not match
 * @param hints what explains the mismatches, as far as known mistakes do
 * @param kinks decisions that fell the other way by rounding, a line each
 * @param smallestChange what the comparisons would have seen, if that was tried
 * @param recorded with what the case was recorded
 */
public record CaseReport(
    String name,
    List<Comparison> tensors,
    List<TensorReport> layers,
    List<TensorReport> inputGradients,
    Optional<String> firstDivergingBackward,
    List<String> hints,
    List<String> kinks,
    Optional<SmallestChange> smallestChange,
    Map<String, String> recorded) {

  public CaseReport {
    tensors = List.copyOf(tensors);
    layers = List.copyOf(layers);
    inputGradients = List.copyOf(inputGradients);
    hints = List.copyOf(hints);
    kinks = List.copyOf(kinks);
    recorded = Collections.unmodifiableMap(new LinkedHashMap<>(recorded));
  }

  /** Returns the same report with what explains it. */
  public CaseReport withHints(List<String> found) {
    return new CaseReport(
        name,
        tensors,
        layers,
        inputGradients,
        firstDivergingBackward,
        found,
        kinks,
        smallestChange,
        recorded);
  }

  /** Returns the same report with what its comparisons would have seen. */
  public CaseReport withSmallestChange(Optional<SmallestChange> tried) {
    return new CaseReport(
        name,
        tensors,
        layers,
        inputGradients,
        firstDivergingBackward,
        hints,
        kinks,
        tried,
        recorded);
  }

  /** Returns whether every comparison matches, and there is at least one of an expected tensor. */
  public boolean matches() {
    return !tensors.isEmpty() && comparisons().allMatch(Comparison::matches);
  }

  /** Returns the comparisons that failed: expected tensors, outputs of layers, their gradients. */
  public List<Comparison> failures() {
    return comparisons().filter(tensor -> !tensor.matches()).toList();
  }

  /** Returns the comparisons of tensors that failed. */
  public List<TensorReport> failedNumbers() {
    return failures().stream().flatMap(comparison -> comparison.numbers().stream()).toList();
  }

  /** Returns the first layer, in forward order, whose output does not match. */
  public Optional<TensorReport> firstDivergingLayer() {
    return layers.stream().filter(layer -> !layer.matches()).findFirst();
  }

  /**
   * Returns what there is to say of a failure, a line each: the comparisons that failed, the first
   * layers that diverge, and what explains it; printable, whatever names they are of.
   */
  public List<String> explain() {
    Stream<String> forward =
        firstDivergingLayer().stream()
            .map(layer -> "the first layer whose output diverges is " + layer.name());
    Stream<String> backward =
        firstDivergingBackward.stream()
            .map(layer -> "the first layer, from the end, whose gradients diverge is " + layer);
    return Stream.of(
            failures().stream().map(Comparison::explain),
            forward,
            backward,
            matches() ? Stream.<String>empty() : kinks.stream(),
            hints.stream().map(hint -> "likely cause: " + hint))
        .flatMap(lines -> lines)
        .map(Printable::of)
        .toList();
  }

  /** Returns all comparisons: expected tensors, outputs of layers, gradients of their inputs. */
  public Stream<Comparison> comparisons() {
    return Stream.of(tensors, layers, inputGradients).flatMap(List::stream);
  }

  /** Returns the expected tensors among the comparisons, without what was no tensor. */
  public List<TensorReport> numbers() {
    return tensors.stream().flatMap(comparison -> comparison.numbers().stream()).toList();
  }
}
