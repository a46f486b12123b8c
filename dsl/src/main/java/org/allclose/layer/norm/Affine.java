package org.allclose.layer.norm;

import java.util.List;
import org.allclose.layer.AxisRole;
import org.allclose.layer.ParameterSpec;
import org.allclose.tensor.Shape;

/** What is done with normalized values: which parameters a normalization has. */
enum Affine {
  /** Nothing. */
  NONE(false, false),
  /** They are multiplied by gamma. */
  SCALE(true, false),
  /** They are multiplied by gamma, and beta is added. */
  SCALE_AND_SHIFT(true, true);

  static final String GAMMA = "gamma";
  static final String BETA = "beta";

  private final boolean scales;
  private final boolean shifts;

  Affine(boolean scales, boolean shifts) {
    this.scales = scales;
    this.shifts = shifts;
  }

  /** Returns what is done where both are learnt, or neither. */
  static Affine of(boolean present) {
    return present ? SCALE_AND_SHIFT : NONE;
  }

  boolean scales() {
    return scales;
  }

  boolean shifts() {
    return shifts;
  }

  /** Returns the parameters, gamma first. */
  List<ParameterSpec> parameters(Shape shape, AxisRole... axes) {
    ParameterSpec gamma = ParameterSpec.scale(GAMMA, shape, axes);
    if (shifts) {
      return List.of(gamma, ParameterSpec.bias(BETA, shape, axes));
    }
    return scales ? List.of(gamma) : List.of();
  }
}
