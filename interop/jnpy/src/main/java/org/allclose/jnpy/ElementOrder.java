package org.allclose.jnpy;

/**
 * Where the elements of an array stand in its storage, and how they are brought into C order.
 *
 * <p>In C order element i stands at {@code base + i}. In Fortran order the element with indices
 * (i0, i1, ...) stands at {@code base + i0 + pitch * (i1 + d1 * (i2 + ...))}, where pitch is the
 * length of the first axis of the array that was stored: rows cut out of it keep their places.
 */
final class ElementOrder {
  /** Units copied at a time while transposing: 128 KiB of doubles, which the caches hold. */
  private static final int TILE_UNITS = 1 << 14;

  private final Storage storage;
  private final int width;
  private final boolean fortran;
  private final long base;
  private final long pitch;
  private final long[] shape;

  private ElementOrder(
      Storage storage, int width, boolean fortran, long base, long pitch, long[] shape) {
    this.storage = storage;
    this.width = width;
    this.fortran = fortran;
    this.base = base;
    this.pitch = pitch;
    this.shape = shape;
  }

  /**
   * Returns the layout of a whole array.
   *
   * @param width the units of an element
   */
  static ElementOrder of(Storage storage, int width, boolean fortran, long[] shape) {
    boolean same = !fortran || isContiguousBothWays(shape);
    return new ElementOrder(storage, width, !same, 0, same ? 0 : shape[0], shape);
  }

  /** Returns whether C and Fortran order are the same for the shape, as numpy tells. */
  static boolean isContiguousBothWays(long[] shape) {
    int longAxes = 0;
    for (long axis : shape) {
      if (axis == 0) {
        return true;
      }
      longAxes += axis > 1 ? 1 : 0;
    }
    return longAxes <= 1;
  }

  /** Returns whether the elements stand in Fortran order and that differs from C order. */
  boolean isFortran() {
    return fortran;
  }

  /** Returns the elements in the order of the storage, as one axis; none may have been cut out. */
  ElementOrder inStoredOrder(long size) {
    return new ElementOrder(storage, width, false, base, 0, new long[] {size});
  }

  /** Returns whether the elements stand side by side, in whichever order. */
  boolean isContiguous() {
    return !fortran || shape[0] == pitch;
  }

  /** Returns how many elements from the given one on, at most, are best copied at once. */
  int preferredCount(long from, int most) {
    if (!fortran) {
      return most;
    }
    // Whole rows are transposed in tiles; parts of a row are picked one by one.
    long row = rowLength();
    long within = from % row;
    if (within != 0) {
      return (int) Math.min(most, row - within);
    }
    return row > most ? most : (int) (most / row * row);
  }

  /** Returns the layout of rows of the first axis. */
  ElementOrder rows(long from, long[] rowsShape) {
    long start = fortran ? base + from : base + from * rowLength();
    return new ElementOrder(storage, width, fortran, start, pitch, rowsShape);
  }

  Storage storage() {
    return storage;
  }

  /** Returns the unit at which the elements begin; meaningful in C order. */
  long firstUnit() {
    return base * width;
  }

  /**
   * Copies elements in C order into a primitive array of the storage's kind.
   *
   * @param from the first element, counted in C order
   * @param array changed from unit {@code offset} on
   * @param count the number of elements
   */
  void get(long from, Object array, int offset, int count) {
    if (!fortran) {
      storage.get((base + from) * width, array, offset, count * width);
      return;
    }
    long row = rowLength();
    long done = 0;
    while (done < count) {
      long at = from + done;
      long index = at / row;
      long within = at % row;
      int target = offset + (int) done * width;
      if (within == 0 && count - done >= row) {
        long rows = (count - done) / row;
        transpose(index, (int) rows, (int) row, array, target);
        done += rows * row;
      } else {
        int n = (int) Math.min(count - done, row - within);
        partOfRow(index, within, n, array, target);
        done += n;
      }
    }
  }

  private long rowLength() {
    long row = 1;
    for (int axis = 1; axis < shape.length; axis++) {
      row *= shape[axis];
    }
    return row;
  }

  /** Copies whole rows: 2-d tiles over the first two axes, one for each index of the others. */
  private void transpose(long firstRow, int rows, int row, Object array, int offset) {
    int columns = (int) shape[1];
    int column = row / columns;
    int tileRows = Math.min(rows, Math.max(1, Math.min(512, TILE_UNITS / width)));
    int tileColumns = Math.max(1, TILE_UNITS / width / tileRows);
    Object tile = storage.unit().newArray(Math.min(tileColumns, columns) * tileRows * width);
    long[] others = new long[shape.length];
    for (int other = 0; other < column; other++) {
      // `other` counts the indices of axes 2, 3, ... in C order.
      long plane = planeOf(others);
      for (int r = 0; r < rows; r += tileRows) {
        int nr = Math.min(tileRows, rows - r);
        for (int c = 0; c < columns; c += tileColumns) {
          int nc = Math.min(tileColumns, columns - c);
          long source = base + firstRow + r + pitch * (plane + c);
          readTile(source, nr, nc, tile);
          int target = offset + (r * row + c * column + other) * width;
          writeTile(tile, nr, nc, array, target, row * width, column * width);
        }
      }
      advance(others);
    }
  }

  private void readTile(long source, int rows, int columns, Object tile) {
    if (rows == pitch) {
      storage.get(source * width, tile, 0, rows * columns * width);
      return;
    }
    for (int c = 0; c < columns; c++) {
      storage.get((source + c * pitch) * width, tile, c * rows * width, rows * width);
    }
  }

  private void writeTile(
      Object tile, int rows, int columns, Object array, int target, int row, int column) {
    Primitive unit = storage.unit();
    for (int u = 0; u < width; u++) {
      if (rows >= columns) {
        for (int c = 0; c < columns; c++) {
          unit.spread(tile, c * rows * width + u, width, array, target + c * column + u, row, rows);
        }
      } else {
        for (int r = 0; r < rows; r++) {
          unit.spread(
              tile, r * width + u, rows * width, array, target + r * row + u, column, columns);
        }
      }
    }
  }

  /** Copies elements of one row, walking along the last axis. */
  private void partOfRow(long index, long within, int count, Object array, int offset) {
    int last = shape.length - 1;
    long step = pitch;
    for (int axis = 1; axis < last; axis++) {
      step *= shape[axis];
    }
    int done = 0;
    while (done < count) {
      long rest = within + done;
      long along = rest % shape[last];
      int n = (int) Math.min(count - done, shape[last] - along);
      rest /= shape[last];
      long place = along;
      // Fortran order counts axis 1 fastest, C order the last: take the indices off one by one.
      long scale = step / pitch;
      place *= scale;
      for (int axis = last - 1; axis >= 1; axis--) {
        scale /= shape[axis];
        place += rest % shape[axis] * scale;
        rest /= shape[axis];
      }
      long start = base + index + pitch * place;
      if (width == 1) {
        storage.gather(start, step, array, offset + done, n);
      } else {
        for (int i = 0; i < n; i++) {
          storage.get((start + i * step) * width, array, offset + (done + i) * width, width);
        }
      }
      done += n;
    }
  }

  /** Returns the place of (0, 0, i2, i3, ...) in units of the pitch. */
  private long planeOf(long[] others) {
    long place = 0;
    for (int axis = shape.length - 1; axis >= 2; axis--) {
      place = place * shape[axis] + others[axis];
    }
    return place * shape[1];
  }

  /** Counts the indices of axes 2, 3, ... up by one, in C order. */
  private void advance(long[] others) {
    for (int axis = shape.length - 1; axis >= 2; axis--) {
      if (++others[axis] < shape[axis]) {
        return;
      }
      others[axis] = 0;
    }
  }
}
