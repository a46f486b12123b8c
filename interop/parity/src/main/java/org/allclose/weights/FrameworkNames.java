package org.allclose.weights;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.allclose.layer.AxisRole;
import org.allclose.layer.ParameterSpec;

/**
 * What a framework calls parameters, by their names here.
 *
 * <p>A name that is not here is one that nobody has looked up: it has no counterpart, rather than
 * that of another one.
 */
final class FrameworkNames {

  /**
   * {@code torch.nn}: Linear, Conv2d, BatchNorm1d and 2d, LayerNorm, GroupNorm, Embedding, PReLU.
   * What stands in a module itself, a parameter or a buffer, has no name but the layer's.
   */
  static final FrameworkNames PYTORCH =
      new FrameworkNames(
          Map.of(
              "W", "weight",
              "b", "bias",
              "gamma", "weight",
              "beta", "bias",
              "alpha", "weight",
              "runningMean", "running_mean",
              "runningVariance", "running_var",
              "value", "",
              "constant", ""),
          "weight");

  /**
   * {@code keras.layers}: Dense, Conv2D, BatchNormalization, LayerNormalization,
   * GroupNormalization, Embedding, PReLU.
   */
  static final FrameworkNames KERAS =
      new FrameworkNames(
          Map.of(
              "W", "kernel",
              "b", "bias",
              "gamma", "gamma",
              "beta", "beta",
              "alpha", "alpha",
              "runningMean", "moving_mean",
              "runningVariance", "moving_variance"),
          "embeddings");

  private final Map<String, String> names;
  private final String vectors;

  /**
   * @param vectors the name of vectors of tokens
   */
  private FrameworkNames(Map<String, String> names, String vectors) {
    this.names = names;
    this.vectors = vectors;
  }

  /**
   * Returns the name of a parameter within its layer, if the framework has one: of weights only if
   * their axes are said to be in and out, since else nobody knows their order.
   */
  Optional<String> of(ParameterSlot slot) {
    if (slot.parameter().axes().equals(List.of(AxisRole.TOKEN, AxisRole.FEATURE))) {
      return Optional.of(vectors);
    }
    boolean isOrdered =
        slot.parameter().role() != ParameterSpec.Role.WEIGHT
            || slot.parameter().axes().containsAll(List.of(AxisRole.IN, AxisRole.OUT));
    return !isOrdered ? Optional.empty() : Optional.ofNullable(names.get(slot.parameter().name()));
  }
}
