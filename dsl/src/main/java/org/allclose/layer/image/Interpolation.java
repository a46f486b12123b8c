package org.allclose.layer.image;

/** How a pixel of an image of another size is made of those around its place. */
public enum Interpolation {
  /** A copy of the nearest. */
  NEAREST,
  /** A mean of the two nearest of both directions. */
  BILINEAR,
  /** A weighted sum of the four nearest of both directions. */
  BICUBIC
}
