package org.allclose.layer;

/**
 * What an axis of a parameter counts. From it follow fan-in and fan-out, the order of axes in other
 * frameworks, and which axes can be confused.
 */
public enum AxisRole {
  /** What one output is a sum over: features or channels that come in. */
  IN,
  /** Units or filters. */
  OUT,
  /** Places of a window. */
  KERNEL,
  /** Channels of images that come in, one number for each. */
  CHANNEL,
  /** Rows or columns of images that come in. */
  PLACE,
  /** Features that come in, one number for each. */
  FEATURE,
  /** Tokens of a vocabulary. */
  TOKEN
}
