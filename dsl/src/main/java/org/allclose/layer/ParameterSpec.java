package org.allclose.layer;

import java.util.Objects;
import java.util.Optional;
import org.allclose.init.Constant;
import org.allclose.init.Initializer;
import org.allclose.init.Zeros;
import org.allclose.tensor.Shape;

/**
 * A parameter that a layer needs.
 *
 * @param name its name within the layer, such as {@code W}; within a network, {@code fc1/W}
 * @param shape its shape
 * @param role how training treats it
 * @param start how its values start; empty for weights that start as all weights of the network do
 */
public record ParameterSpec(String name, Shape shape, Role role, Optional<Initializer> start) {

  /** How training treats a parameter. */
  public enum Role {
    /** Trained, and penalised by L2 regularization. */
    WEIGHT,
    /** Trained, not penalised: biases, and the shift of normalization. */
    BIAS,
    /** Trained, not penalised: the scale of normalization. */
    SCALE,
    /** Not trained, but saved: running statistics. */
    STATISTIC
  }

  public ParameterSpec {
    Objects.requireNonNull(name);
    Objects.requireNonNull(shape);
    Objects.requireNonNull(role);
    Objects.requireNonNull(start);
  }

  /** Returns weights that start as all weights of the network do. */
  public static ParameterSpec weight(String name, Shape shape) {
    return new ParameterSpec(name, shape, Role.WEIGHT, Optional.empty());
  }

  /** Returns biases, which start at 0. */
  public static ParameterSpec bias(String name, Shape shape) {
    return new ParameterSpec(name, shape, Role.BIAS, Optional.of(new Zeros()));
  }

  /** Returns the scale of a normalization, which starts at 1. */
  public static ParameterSpec scale(String name, Shape shape) {
    return new ParameterSpec(name, shape, Role.SCALE, Optional.of(new Constant(1)));
  }

  /** Returns a running statistic, which starts at the given value. */
  public static ParameterSpec statistic(String name, Shape shape, double start) {
    return new ParameterSpec(name, shape, Role.STATISTIC, Optional.of(new Constant(start)));
  }

  /** Returns the same parameter under a name that starts with the layer's. */
  public ParameterSpec in(String layer) {
    return new ParameterSpec(layer + "/" + name, shape, role, start);
  }

  /** Returns the same parameter that starts in another way. */
  public ParameterSpec startingWith(Optional<Initializer> other) {
    return new ParameterSpec(name, shape, role, other);
  }
}
