package org.allclose.weights;

import java.util.Map;
import java.util.Optional;
import org.allclose.layer.BatchNorm;
import org.allclose.layer.Conv2d;
import org.allclose.layer.Dense;
import org.allclose.layer.GroupNorm;
import org.allclose.layer.Layer;
import org.allclose.layer.LayerNorm;

/**
 * What a framework calls the parameters of each type of layer.
 *
 * <p>A layer that is not here is one whose parameters the framework names and orders in a way that
 * nobody has looked up: it has no name, rather than that of another layer.
 */
final class FrameworkNames {

  /** {@code torch.nn}: Linear, Conv2d, BatchNorm1d and 2d, LayerNorm, GroupNorm. */
  static final FrameworkNames PYTORCH =
      new FrameworkNames(
          Map.of(
              Dense.class, Map.of("W", "weight", "b", "bias"),
              Conv2d.class, Map.of("W", "weight", "b", "bias"),
              BatchNorm.class,
                  Map.of(
                      "gamma", "weight",
                      "beta", "bias",
                      "runningMean", "running_mean",
                      "runningVariance", "running_var"),
              LayerNorm.class, Map.of("gamma", "weight", "beta", "bias"),
              GroupNorm.class, Map.of("gamma", "weight", "beta", "bias")));

  /**
   * {@code keras.layers}: Dense, Conv2D, BatchNormalization, LayerNormalization,
   * GroupNormalization.
   */
  static final FrameworkNames KERAS =
      new FrameworkNames(
          Map.of(
              Dense.class, Map.of("W", "kernel", "b", "bias"),
              Conv2d.class, Map.of("W", "kernel", "b", "bias"),
              BatchNorm.class,
                  Map.of(
                      "gamma", "gamma",
                      "beta", "beta",
                      "runningMean", "moving_mean",
                      "runningVariance", "moving_variance"),
              LayerNorm.class, Map.of("gamma", "gamma", "beta", "beta"),
              GroupNorm.class, Map.of("gamma", "gamma", "beta", "beta")));

  private final Map<Class<? extends Layer>, Map<String, String>> names;

  private FrameworkNames(Map<Class<? extends Layer>, Map<String, String>> names) {
    this.names = names;
  }

  /** Returns the name of a parameter within its layer, if the framework has such a layer. */
  Optional<String> of(Layer kind, String parameter) {
    return Optional.ofNullable(names.getOrDefault(kind.getClass(), Map.of()).get(parameter));
  }
}
