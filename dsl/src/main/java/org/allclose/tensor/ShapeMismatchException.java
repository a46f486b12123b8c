package org.allclose.tensor;

/** Says that an array does not have the shape its place demands: place, what, expected but got. */
public final class ShapeMismatchException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public ShapeMismatchException(String message) {
    super(message);
  }
}
