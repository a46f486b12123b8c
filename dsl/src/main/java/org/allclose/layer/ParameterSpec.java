package org.allclose.layer;

import java.util.Objects;
import org.allclose.tensor.Shape;

/**
 * A parameter that a layer needs.
 *
 * @param name its name within the layer, such as {@code W}; within a network, {@code fc1/W}
 * @param shape its shape
 * @param role how training treats it
 */
public record ParameterSpec(String name, Shape shape, Role role) {

  /** How training treats a parameter. */
  public enum Role {
    /** Trained, and penalised by L2 regularization. */
    WEIGHT,
    /** Trained, not penalised: biases, and the shift of normalization. */
    BIAS,
    /** Trained, not penalised: the scale of normalization, which starts at 1. */
    SCALE,
    /** Not trained, but saved: running statistics. */
    STATISTIC
  }

  public ParameterSpec {
    Objects.requireNonNull(name);
    Objects.requireNonNull(shape);
    Objects.requireNonNull(role);
  }

  /** Returns the same parameter under a name that starts with the layer's. */
  public ParameterSpec in(String layer) {
    return new ParameterSpec(layer + "/" + name, shape, role);
  }
}
