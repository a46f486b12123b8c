package org.allclose.layer;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.allclose.init.Constant;
import org.allclose.init.Fans;
import org.allclose.init.Initializer;
import org.allclose.init.Zeros;
import org.allclose.tensor.Shape;

/**
 * A parameter that a layer needs.
 *
 * @param name its name within the layer, such as {@code W}; within a network, {@code fc1/W}
 * @param shape its shape
 * @param axes what each of its axes counts
 * @param role how training treats it
 * @param start how its values start; empty for weights that start as all weights of the network do
 */
public record ParameterSpec(
    String name, Shape shape, List<AxisRole> axes, Role role, Optional<Initializer> start) {

  /** How training treats a parameter. */
  public enum Role {
    /** Trained, and penalised by L2 regularization. */
    WEIGHT,
    /** Trained, not penalised: biases, and the shift of normalization. */
    BIAS,
    /** Trained, not penalised: the scale of normalization. */
    SCALE,
    /** Not trained, but saved: running statistics, which batches in training mode update. */
    STATISTIC,
    /** Not trained, but saved: what stays as it was given. */
    CONSTANT;

    /** Returns whether it has a gradient. */
    public boolean isTrained() {
      return this != STATISTIC && this != CONSTANT;
    }
  }

  /**
   * @throws IllegalArgumentException if there is not one role for each axis
   */
  public ParameterSpec {
    Objects.requireNonNull(name);
    Objects.requireNonNull(shape);
    Objects.requireNonNull(role);
    Objects.requireNonNull(start);
    axes = List.copyOf(axes);
    if (axes.size() != shape.rank()) {
      throw new IllegalArgumentException(
          "parameter '"
              + name
              + "': expected a role for each axis of "
              + shape
              + " but got "
              + axes);
    }
  }

  /** Returns weights that start as all weights of the network do. */
  public static ParameterSpec weight(String name, Shape shape, AxisRole... axes) {
    return new ParameterSpec(name, shape, List.of(axes), Role.WEIGHT, Optional.empty());
  }

  /** Returns biases, which start at 0. */
  public static ParameterSpec bias(String name, Shape shape, AxisRole... axes) {
    return new ParameterSpec(name, shape, List.of(axes), Role.BIAS, Optional.of(new Zeros()));
  }

  /** Returns the scale of a normalization, which starts at 1. */
  public static ParameterSpec scale(String name, Shape shape, AxisRole... axes) {
    return new ParameterSpec(name, shape, List.of(axes), Role.SCALE, Optional.of(new Constant(1)));
  }

  /** Returns a running statistic, which starts at the given value. */
  public static ParameterSpec statistic(String name, Shape shape, double start, AxisRole... axes) {
    return new ParameterSpec(
        name, shape, List.of(axes), Role.STATISTIC, Optional.of(new Constant(start)));
  }

  /** Returns values that are given and stay so; 0 where nothing is given. */
  public static ParameterSpec constant(String name, Shape shape, AxisRole... axes) {
    return new ParameterSpec(name, shape, List.of(axes), Role.CONSTANT, Optional.of(new Zeros()));
  }

  /** Returns the same parameter under a name that starts with the layer's. */
  public ParameterSpec in(String layer) {
    return new ParameterSpec(layer + "/" + name, shape, axes, role, start);
  }

  /** Returns the same parameter that starts in another way. */
  public ParameterSpec startingWith(Optional<Initializer> other) {
    return new ParameterSpec(name, shape, axes, role, other);
  }

  /**
   * Returns the fans that follow from the roles of the axes: {@link AxisRole#IN} and {@link
   * AxisRole#OUT}, each times the size of the {@link AxisRole#KERNEL}; for parameters that have
   * neither in nor out, those of their {@linkplain Fans#of shape}.
   */
  public Fans fans() {
    if (!axes.contains(AxisRole.IN) && !axes.contains(AxisRole.OUT)) {
      return Fans.of(shape);
    }
    int kernel = product(AxisRole.KERNEL);
    return new Fans(product(AxisRole.IN) * kernel, product(AxisRole.OUT) * kernel);
  }

  private int product(AxisRole wanted) {
    int product = 1;
    for (int axis = 0; axis < axes.size(); axis++) {
      product *= axes.get(axis) == wanted ? shape.axis(axis) : 1;
    }
    return product;
  }
}
