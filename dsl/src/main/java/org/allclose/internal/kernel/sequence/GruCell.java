package org.allclose.internal.kernel.sequence;

import org.allclose.internal.kernel.math.ElementaryFunctions;

/**
 * Gates r, z, n, the last of which is {@code tanh(ax + b + r * (ah + bh))}; {@code h = (1 - z) * n
 * + z * h}.
 */
public final class GruCell implements Cell {

  /** The one there is. */
  public static final Cell INSTANCE = new GruCell();

  private GruCell() {}

  @Override
  public int gates() {
    return 3;
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
        int column = 2 * units + j;
        int before = run.state(step) + row * units + j;
        double ah = run.ah()[row * 3 * units + column];
        double hn = run.bh().length == 0 ? ah : ah + run.bh()[column];
        double n =
            ElementaryFunctions.tanh(a[gates + column] + run.b()[column] + a[gates + j] * hn);
        double z = a[gates + units + j];
        a[gates + column] = n;
        run.kept()[before] = hn;
        run.h()[run.state(step + 1) + row * units + j] = (1 - z) * n + z * run.h()[before];
      }
    }
  }

  @Override
  public void addTerms(Run run, int step, double[] sums, double[] ofH, double[] ofC) {
    int units = run.units();
    for (int at = 0; at < ofH.length; at++) {
      int gate = at / units * 3 * units + at % units;
      double r = run.a()[3 * run.state(step) + gate];
      double z = run.a()[3 * run.state(step) + gate + units];
      double n = run.a()[3 * run.state(step) + gate + 2 * units];
      double before = run.h()[run.state(step) + at];
      double ofR = r * (1 - r) * sums[gate] + r;
      double ofZ = z * (1 - z) * sums[gate + units] + z;
      double ofN = (1 - n * n) * (sums[gate + 2 * units] + run.kept()[run.state(step) + at] * ofR);
      ofH[at] = (1 - z) * (ofN + n) + (n + before) * (ofZ + z) + n + z * (ofH[at] + before);
    }
  }

  /**
   * {@code dn = dh * (1 - z) * (1 - n * n)}, {@code dr = dn * hn * (r * (1 - r))}, {@code dz = dh *
   * (h - n) * (z * (1 - z))}; of h's product the last is {@code dn * r}; what comes back besides is
   * {@code dh * z}.
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
        double dn = dh[at] * (1 + sign * z) * (1 + sign * (n * n));
        da[gates + j] = dn * run.kept()[run.state(step) + at] * (r * (1 + sign * r));
        da[gates + units + j] = dh[at] * (before + sign * n) * (z * (1 + sign * z));
        da[gates + 2 * units + j] = dn;
        dah[gates + j] = da[gates + j];
        dah[gates + units + j] = da[gates + units + j];
        dah[gates + 2 * units + j] = dn * r;
        dh[at] = dh[at] * z;
      }
    }
    return true;
  }
}
