package org.allclose.parity;

import java.util.List;
import java.util.Optional;

/**
 * What came of replaying one case.
 *
 * @param name the case
 * @param tensors the comparisons of the expected tensors, in the order of the case
 * @param layers for a network, the comparisons of the layers' outputs, first layer first
 */
public record CaseReport(String name, List<TensorReport> tensors, List<TensorReport> layers) {

  public CaseReport {
    tensors = List.copyOf(tensors);
    layers = List.copyOf(layers);
  }

  /** Returns whether every tensor and every layer's output matches, and there is at least one. */
  public boolean matches() {
    return !tensors.isEmpty()
        && tensors.stream().allMatch(TensorReport::matches)
        && layers.stream().allMatch(TensorReport::matches);
  }

  /** Returns the comparisons that failed, expected tensors before layers. */
  public List<TensorReport> failures() {
    return java.util.stream.Stream.concat(tensors.stream(), layers.stream())
        .filter(tensor -> !tensor.matches())
        .toList();
  }

  /** Returns the first layer, in forward order, whose output does not match. */
  public Optional<TensorReport> firstDivergingLayer() {
    return layers.stream().filter(layer -> !layer.matches()).findFirst();
  }
}
