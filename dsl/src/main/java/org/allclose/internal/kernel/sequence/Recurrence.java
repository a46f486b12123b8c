package org.allclose.internal.kernel.sequence;

import java.util.Arrays;
import org.allclose.internal.kernel.elementwise.Elementwise;
import org.allclose.internal.kernel.product.MatrixProduct;
import org.allclose.internal.kernel.reduce.Sums;

/**
 * A cell, step by step through sequences (N, T, D), and back through time: the gradients of
 * parameters are added up from the last step to the first, from 0 on.
 *
 * <p>A step's products are those of matrices of one step. Rows whose length is reached keep their
 * state. An instance is a plan and its buffers, and belongs to one caller at a time.
 */
public final class Recurrence {
  private static final double[] NONE = {};

  private final Cell cell;
  private final Size size;
  private final boolean reverse;
  private final Weights w;
  private final Cell.Run run;
  private final MatrixProduct timesWx;
  private final MatrixProduct timesWh;
  private final MatrixProduct backX;
  private final MatrixProduct backH;
  private final MatrixProduct gradientWx;
  private final MatrixProduct gradientWh;
  private final double[] xs;
  private final double[] h;
  private final double[] c;
  private final double[] a;
  private final double[] ah;
  private final double[] kept;
  private final double[] dkept;
  private final double[] dproduct;
  private final double[] dh;
  private final double[] dc;
  private final double[] beforeH;
  private final double[] da;
  private final double[] dah;
  private final double[] dx;
  private final double[] dwx;
  private final double[] dwh;
  private final double[] db;
  private final double[] beforeC;
  private final double[] through;
  private double[] lengths = NONE;
  private double sign = -1;

  /** Lengths of the axes: rows N, steps T, features D, units H. */
  public record Size(int rows, int steps, int features, int units) {}

  /**
   * The parameters, or their gradients.
   *
   * @param bh empty if there is none
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Weights(double[] wx, double[] wh, double[] b, double[] bh) {}

  /**
   * @param reverse whether the last step comes first
   * @param weights kept
   */
  public Recurrence(Cell cell, Size size, boolean reverse, Weights weights) {
    w = weights;
    this.cell = cell;
    this.size = size;
    this.reverse = reverse;
    int n = size.rows;
    int d = size.features;
    int u = size.units;
    int wide = cell.gates() * u;
    timesWx = MatrixProduct.builder(n, wide, d).build();
    timesWh = MatrixProduct.builder(n, wide, u).build();
    backX = MatrixProduct.builder(n, d, wide).transposeB().build();
    backH = MatrixProduct.builder(n, u, wide).transposeB().build();
    gradientWx = MatrixProduct.builder(d, wide, n).transposeA().build();
    gradientWh = MatrixProduct.builder(u, wide, n).transposeA().build();
    xs = new double[size.steps * n * d];
    h = new double[(size.steps + 1) * n * u];
    c = cell.hasMemory() ? new double[h.length] : NONE;
    a = new double[size.steps * n * wide];
    ah = new double[n * wide];
    kept = new double[size.steps * n * u];
    dh = new double[n * u];
    dc = new double[n * u];
    beforeH = new double[n * u];
    beforeC = new double[n * u];
    through = new double[n * u];
    da = new double[n * wide];
    dah = new double[n * wide];
    dx = new double[n * d];
    dwx = new double[d * wide];
    dwh = new double[u * wide];
    db = new double[wide];
    dkept = cell.multipliesKept() ? new double[n * u] : NONE;
    dproduct = cell.multipliesKept() ? new double[n * wide] : NONE;
    run = new Cell.Run(n, u, a, ah, w.b, w.bh, h, c, kept, dkept);
  }

  /**
   * Computes all states.
   *
   * @param x (N, T, D); not modified
   * @param h0 the state before; empty for 0
   * @param c0 the memory before; empty for 0
   * @param until lengths of rows; empty if all are T; kept until the backward pass
   */
  public void forward(double[] x, double[] h0, double[] c0, double[] until) {
    lengths = until;
    start(h0, h);
    if (cell.hasMemory()) {
      start(c0, c);
    }
    int n = size.rows;
    int state = n * size.units;
    for (int step = 0; step < size.steps; step++) {
      int time = time(step);
      Steps.take(x, n, size.steps, size.features, time, xs, step * n * size.features);
      timesWx.run(xs, step * n * size.features, w.wx, 0, a, step * ah.length);
      timesWh.run(h, step * state, w.wh, 0, ah, 0);
      cell.forward(run, step);
      if (cell.multipliesKept()) {
        timesWh.run(kept, step * state, w.wh, 0, ah, 0);
        cell.finish(run, step);
      }
      keepIdle(h, step, time);
      if (cell.hasMemory()) {
        keepIdle(c, step, time);
      }
    }
  }

  /** Lets go of the lengths. */
  public void release() {
    lengths = NONE;
  }

  private void start(double[] given, double[] states) {
    if (given.length == 0) {
      Arrays.fill(states, 0, size.rows * size.units, 0.0);
    } else {
      System.arraycopy(given, 0, states, 0, given.length);
    }
  }

  private void keepIdle(double[] states, int step, int time) {
    int state = size.rows * size.units;
    Steps.replaceIdle(
        lengths, time, states, step * state, size.rows, size.units, states, (step + 1) * state);
  }

  private int time(int step) {
    return reverse ? size.steps - 1 - step : step;
  }

  /**
   * Copies the states of all steps; 0 where a row's length is reached.
   *
   * @param out (N, T, H); modified: overwritten
   */
  public void states(double[] out) {
    int state = size.rows * size.units;
    for (int step = 0; step < size.steps; step++) {
      System.arraycopy(h, (step + 1) * state, beforeH, 0, state);
      Steps.replaceIdle(lengths, time(step), NONE, 0, size.rows, size.units, beforeH, 0);
      Steps.put(beforeH, 0, size.rows, size.units, out, size.steps, time(step));
    }
  }

  /** Copies the state after the last step. */
  public void lastState(double[] out) {
    System.arraycopy(h, h.length - out.length, out, 0, out.length);
  }

  /** Copies the memory after the last step. */
  public void lastMemory(double[] out) {
    System.arraycopy(c, c.length - out.length, out, 0, out.length);
  }

  /**
   * Computes gradients from that of the states of all steps.
   *
   * @param dout (N, T, H); not modified
   * @param dxs of x; modified: overwritten
   * @param gradients modified: overwritten
   */
  public void backwardFromStates(double[] dout, double[] dxs, Weights gradients) {
    Arrays.fill(dh, 0.0);
    Arrays.fill(dc, 0.0);
    backward(dout, dxs, gradients);
  }

  /** Computes gradients from that of the state, or else of the memory, after the last step. */
  public void backwardFromLast(double[] dout, boolean ofMemory, double[] dxs, Weights gradients) {
    startFromLast(dout, ofMemory);
    backward(NONE, dxs, gradients);
  }

  private void startFromLast(double[] dout, boolean ofMemory) {
    Arrays.fill(ofMemory ? dh : dc, 0.0);
    System.arraycopy(dout, 0, ofMemory ? dc : dh, 0, dout.length);
  }

  /** Copies the gradient of the state before the first step. */
  public void startGradient(double[] out) {
    System.arraycopy(dh, 0, out, 0, out.length);
  }

  /** Copies the gradient of the memory before the first step. */
  public void startMemoryGradient(double[] out) {
    System.arraycopy(dc, 0, out, 0, out.length);
  }

  private void backward(double[] dout, double[] dxs, Weights gradients) {
    Arrays.fill(gradients.wx, 0.0);
    Arrays.fill(gradients.wh, 0.0);
    Arrays.fill(gradients.b, 0.0);
    Arrays.fill(gradients.bh, 0.0);
    for (int step = size.steps - 1; step >= 0; step--) {
      int time = time(step);
      if (dout.length > 0) {
        Steps.addRunning(lengths, dout, size.rows, size.steps, size.units, time, dh);
      }
      step(step, time);
      backX.run(da, 0, w.wx, 0, dx, 0);
      Steps.put(dx, 0, size.rows, size.features, dxs, size.steps, time);
      gradientWx.run(xs, step * dx.length, da, 0, dwx, 0);
      Elementwise.add(gradients.wx, dwx, gradients.wx, dwx.length);
      gradientWh.run(h, step * dh.length, dah, 0, dwh, 0);
      Elementwise.add(gradients.wh, dwh, gradients.wh, dwh.length);
      if (cell.multipliesKept()) {
        gradientWh.run(kept, step * dh.length, dproduct, 0, dwh, 0);
        Elementwise.add(gradients.wh, dwh, gradients.wh, dwh.length);
      }
      Sums.overRows(da, size.rows, db.length, db);
      Elementwise.add(gradients.b, db, gradients.b, db.length);
      if (gradients.bh.length > 0) {
        Sums.overRows(cell.multipliesKept() ? da : dah, size.rows, db.length, db);
        Elementwise.add(gradients.bh, db, gradients.bh, db.length);
      }
    }
  }

  /** Goes one step back: from the gradients of the state after it to those before. */
  private void step(int step, int time) {
    System.arraycopy(dh, 0, beforeH, 0, dh.length);
    if (cell.hasMemory()) {
      System.arraycopy(dc, 0, beforeC, 0, dc.length);
    }
    if (cell.multipliesKept()) {
      cell.backwardToProduct(run, step, sign, dh, dproduct);
      Steps.replaceIdle(lengths, time, NONE, 0, size.rows, db.length, dproduct, 0);
      backH.run(dproduct, 0, w.wh, 0, dkept, 0);
    }
    boolean besides = cell.backward(run, step, sign, dh, dc, da, dah);
    Steps.replaceIdle(lengths, time, NONE, 0, size.rows, db.length, da, 0);
    Steps.replaceIdle(lengths, time, NONE, 0, size.rows, db.length, dah, 0);
    if (cell.hasMemory()) {
      Steps.replaceIdle(lengths, time, beforeC, 0, size.rows, size.units, dc, 0);
    }
    backH.run(dah, 0, w.wh, 0, through, 0);
    if (besides) {
      Elementwise.add(dh, through, dh, dh.length);
    } else {
      System.arraycopy(through, 0, dh, 0, dh.length);
    }
    Steps.replaceIdle(lengths, time, beforeH, 0, size.rows, size.units, dh, 0);
  }

  /**
   * Takes the magnitudes of all that another run kept, so that going back gives the terms of its
   * gradients: everything is added, nothing taken away.
   */
  public void takeMagnitudes(Recurrence other) {
    sign = 1;
    lengths = other.lengths;
    magnitudes(other.xs, xs);
    magnitudes(other.h, h);
    magnitudes(other.c, c);
    magnitudes(other.a, a);
    magnitudes(other.kept, kept);
  }

  private static void magnitudes(double[] values, double[] magnitudes) {
    for (int i = 0; i < values.length; i++) {
      magnitudes[i] = Math.abs(values[i]);
    }
  }

  /**
   * Replaces the states by the sums of magnitudes that they are computed from, those of the states
   * before among them, after {@link #takeMagnitudes}.
   */
  public void statesToTerms() {
    int state = size.rows * size.units;
    double[] ofH = new double[state];
    double[] ofC = new double[state];
    double[] sums = new double[ah.length];
    double[][] termsOfH = new double[size.steps][];
    double[][] termsOfC = new double[size.steps][];
    for (int step = 0; step < size.steps; step++) {
      double[] before = new double[state];
      for (int i = 0; i < state; i++) {
        before[i] = h[step * state + i] + ofH[i];
      }
      affineTerms(step, before, sums);
      if (cell.multipliesKept()) {
        cell.keptTerms(run, step, sums, ofH, before);
        double[] ofKept = new double[sums.length];
        affineTerms(step, before, ofKept);
        Steps.takeLastGate(ofKept, size.rows, size.units, cell.gates(), sums);
      }
      double[] oldH = ofH.clone();
      double[] oldC = ofC.clone();
      cell.addTerms(run, step, sums, ofH, ofC);
      Steps.replaceIdle(lengths, time(step), oldH, 0, size.rows, size.units, ofH, 0);
      Steps.replaceIdle(lengths, time(step), oldC, 0, size.rows, size.units, ofC, 0);
      termsOfH[step] = ofH.clone();
      termsOfC[step] = ofC.clone();
    }
    for (int step = 0; step < size.steps; step++) {
      System.arraycopy(termsOfH[step], 0, h, (step + 1) * state, state);
      if (cell.hasMemory()) {
        System.arraycopy(termsOfC[step], 0, c, (step + 1) * state, state);
      }
    }
  }

  /** Computes the terms of all gates before their functions, from those of what Wh multiplies. */
  private void affineTerms(int step, double[] left, double[] sums) {
    timesWx.run(xs, step * size.rows * size.features, w.wx, 0, sums, 0);
    timesWh.run(left, 0, w.wh, 0, ah, 0);
    for (int i = 0; i < sums.length; i++) {
      int column = i % w.b.length;
      sums[i] += ah[i] + w.b[column] + (w.bh.length == 0 ? 0 : w.bh[column]);
    }
  }
}
