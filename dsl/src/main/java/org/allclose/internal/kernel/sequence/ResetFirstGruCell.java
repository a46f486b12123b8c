package org.allclose.internal.kernel.sequence;

import java.util.Arrays;
import org.allclose.internal.kernel.math.ElementaryFunctions;

/**
 * Gates r, z, n, the last of which is {@code tanh(ax + (r * h).dot(Wh) + b + bh)}; {@code h = (1 -
 * z) * n + z * h}. What is kept, and multiplied, is {@code r * h}.
 */
public final class ResetFirstGruCell implements Cell {

  /** The one there is. */
  public static final Cell INSTANCE = new ResetFirstGruCell();

  private ResetFirstGruCell() {}

  @Override
  public int gates() {
    return 3;
  }

  @Override
  public boolean multipliesKept() {
    return true;
  }

  @Override
  public void forward(Run run, int step) {
    int units = run.units();
    double[] a = run.a();
    for (int row = 0; row < run.rows(); row++) {
      int gates = 3 * run.state(step) + row * 3 * units;
      for (int j = 0; j < 2 * units; j++) {
        a[gates + j] = LstmCell.sigmoid(run.affine(gates + j, row, j, 3 * units));
      }
      for (int j = 0; j < units; j++) {
        int before = run.state(step) + row * units + j;
        run.kept()[before] = a[gates + j] * run.h()[before];
      }
    }
  }

  @Override
  public void finish(Run run, int step) {
    int units = run.units();
    double[] a = run.a();
    for (int row = 0; row < run.rows(); row++) {
      int gates = 3 * run.state(step) + row * 3 * units;
      for (int j = 0; j < units; j++) {
        int column = 2 * units + j;
        int before = run.state(step) + row * units + j;
        double n = ElementaryFunctions.tanh(run.affine(gates + column, row, column, 3 * units));
        double z = a[gates + units + j];
        a[gates + column] = n;
        run.h()[run.state(step + 1) + row * units + j] = (1 - z) * n + z * run.h()[before];
      }
    }
  }

  @Override
  public void keptTerms(Run run, int step, double[] sums, double[] ofH, double[] terms) {
    int units = run.units();
    for (int at = 0; at < ofH.length; at++) {
      int gate = at / units * 3 * units + at % units;
      double r = run.a()[3 * run.state(step) + gate];
      double kept = run.kept()[run.state(step) + at];
      double ofR = r * (1 - r) * sums[gate] + r;
      terms[at] = kept + r * ofH[at] + run.h()[run.state(step) + at] * ofR + kept;
    }
  }

  @Override
  public void addTerms(Run run, int step, double[] sums, double[] ofH, double[] ofC) {
    int units = run.units();
    for (int at = 0; at < ofH.length; at++) {
      int gate = at / units * 3 * units + at % units;
      double z = run.a()[3 * run.state(step) + gate + units];
      double n = run.a()[3 * run.state(step) + gate + 2 * units];
      double before = run.h()[run.state(step) + at];
      double ofZ = z * (1 - z) * sums[gate + units] + z;
      double ofN = (1 - n * n) * sums[gate + 2 * units] + n;
      ofH[at] = (1 - z) * ofN + (n + before) * (ofZ + z) + n + z * (ofH[at] + before);
    }
  }

  /** {@code dn = dh * (1 - z) * (1 - n * n)}; r and z have no part in this product. */
  @Override
  public void backwardToProduct(Run run, int step, double sign, double[] dh, double[] product) {
    int units = run.units();
    Arrays.fill(product, 0.0);
    for (int row = 0; row < run.rows(); row++) {
      int gates = row * 3 * units;
      int values = 3 * run.state(step) + gates;
      for (int j = 0; j < units; j++) {
        double z = run.a()[values + units + j];
        double n = run.a()[values + 2 * units + j];
        product[gates + 2 * units + j] =
            dh[row * units + j] * (1 + sign * z) * (1 + sign * (n * n));
      }
    }
  }

  /**
   * {@code dr = dkept * h * (r * (1 - r))}, {@code dz = dh * (h - n) * (z * (1 - z))}; of h's
   * product the last gate is 0; what comes back besides is {@code dh * z + dkept * r}.
   */
  @Override
  public boolean backward(
      Run run, int step, double sign, double[] dh, double[] dc, double[] da, double[] dah) {
    int units = run.units();
    for (int row = 0; row < run.rows(); row++) {
      int gates = row * 3 * units;
      int values = 3 * run.state(step) + gates;
      for (int j = 0; j < units; j++) {
        int at = row * units + j;
        double r = run.a()[values + j];
        double z = run.a()[values + units + j];
        double n = run.a()[values + 2 * units + j];
        double before = run.h()[run.state(step) + at];
        double dkept = run.dkept()[at];
        da[gates + j] = dkept * before * (r * (1 + sign * r));
        da[gates + units + j] = dh[at] * (before + sign * n) * (z * (1 + sign * z));
        da[gates + 2 * units + j] = dh[at] * (1 + sign * z) * (1 + sign * (n * n));
        dah[gates + j] = da[gates + j];
        dah[gates + units + j] = da[gates + units + j];
        dah[gates + 2 * units + j] = 0.0;
        dh[at] = dh[at] * z + dkept * r;
      }
    }
    return true;
  }
}
