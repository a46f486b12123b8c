package org.allclose.layer.image;

import org.allclose.internal.kernel.image.WindowAxis;
import org.allclose.tensor.ShapeMismatchException;

/** What lies around images and sequences where windows reach beyond them: numpy's {@code pad}. */
public enum PaddingMode {
  /** Zeros. */
  ZEROS {
    @Override
    int most(int length) {
      return Integer.MAX_VALUE;
    }

    @Override
    int source(int place, int length) {
      throw new IllegalArgumentException("expected a margin of an image's own elements");
    }
  },
  /** The image, mirrored at its edge, which is not repeated. */
  REFLECT {
    @Override
    int most(int length) {
      return length - 1;
    }

    @Override
    int source(int place, int length) {
      return place < 0 ? -place : place < length ? place : 2 * (length - 1) - place;
    }
  },
  /** The element at the edge: numpy's {@code edge}. */
  REPLICATE {
    @Override
    int most(int length) {
      return Integer.MAX_VALUE;
    }

    @Override
    int source(int place, int length) {
      return Math.min(Math.max(place, 0), length - 1);
    }
  },
  /** The image from its other end: numpy's {@code wrap}. */
  CIRCULAR {
    @Override
    int most(int length) {
      return length;
    }

    @Override
    int source(int place, int length) {
      return Math.floorMod(place, length);
    }
  };

  /** Returns how wide a margin may be. */
  abstract int most(int length);

  /** Returns the row or column of the image that one of the padded image is, counted from it. */
  abstract int source(int place, int length);

  /**
   * Refuses margins that are too wide.
   *
   * @throws ShapeMismatchException if one is
   */
  final void check(WindowAxis axis) {
    int margin = Math.max(axis.before(), axis.padded() - axis.before() - axis.length());
    if (margin > most(axis.length())) {
      throw new ShapeMismatchException(
          "expected a "
              + type()
              + " margin of at most "
              + most(axis.length())
              + " around a length of "
              + axis.length()
              + " but got "
              + margin);
    }
  }

  /** Returns the row or column of the image that each one of the padded image is. */
  final int[] sources(WindowAxis axis) {
    int[] sources = new int[axis.padded()];
    for (int i = 0; i < sources.length; i++) {
      sources[i] = source(i - axis.before(), axis.length());
    }
    return sources;
  }

  private String type() {
    return this == REFLECT ? "reflected" : "circular";
  }
}
