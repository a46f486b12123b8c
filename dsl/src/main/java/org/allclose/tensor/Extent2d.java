package org.allclose.tensor;

/**
 * Two lengths on an image: vertical first, then horizontal.
 *
 * @param height rows
 * @param width columns
 */
public record Extent2d(int height, int width) {

  /** Returns the same length in both directions. */
  public static Extent2d of(int both) {
    return new Extent2d(both, both);
  }

  /** Returns this pair if both are at least the given number. */
  public Extent2d atLeast(int least, String what) {
    if (height < least || width < least) {
      throw new IllegalArgumentException(
          what + ": expected at least " + least + " in both directions but got " + this);
    }
    return this;
  }

  /** Returns the lengths as {@code 3x2}. */
  @Override
  public String toString() {
    return height + "x" + width;
  }
}
