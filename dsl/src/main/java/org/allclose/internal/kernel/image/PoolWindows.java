package org.allclose.internal.kernel.image;

/**
 * Where the windows of a pool lie on images: each is what a span of rows and a span of columns have
 * in common.
 *
 * @param channels channels of an image
 * @param rows the windows' rows
 * @param columns the windows' columns
 */
public record PoolWindows(int channels, Spans rows, Spans columns) {

  /** Returns the number of windows on a channel. */
  int outputs() {
    return rows.outputs() * columns.outputs();
  }

  /** Returns whether windows are of two by two elements side by side. */
  boolean isOfSquares() {
    return rows.isOfPairs() && columns.isOfPairs();
  }
}
