package org.allclose.internal.kernel.sequence;

import org.allclose.internal.kernel.math.ElementaryFunctions;

/** Gates i, f, o, g; {@code c = f * c + i * g}, {@code h = o * tanh(c)}. */
public final class LstmCell implements Cell {

  /** The one there is. */
  public static final Cell INSTANCE = new LstmCell();

  private LstmCell() {}

  @Override
  public int gates() {
    return 4;
  }

  @Override
  public boolean hasMemory() {
    return true;
  }

  @Override
  public void forward(Run run, int step) {
    int units = run.units();
    double[] a = run.a();
    for (int row = 0; row < run.rows(); row++) {
      int gates = 4 * run.state(step) + row * 4 * units;
      for (int j = 0; j < 4 * units; j++) {
        double sum = run.affine(gates + j, row, j, 4 * units);
        a[gates + j] = j < 3 * units ? sigmoid(sum) : ElementaryFunctions.tanh(sum);
      }
      for (int j = 0; j < units; j++) {
        int before = run.state(step) + row * units + j;
        int after = run.state(step + 1) + row * units + j;
        double c = a[gates + units + j] * run.c()[before] + a[gates + j] * a[gates + 3 * units + j];
        run.c()[after] = c;
        run.kept()[before] = ElementaryFunctions.tanh(c);
        run.h()[after] = a[gates + 2 * units + j] * run.kept()[before];
      }
    }
  }

  /** {@code z = exp(-|x|); where(x >= 0, 1, z) / (1 + z)}. */
  static double sigmoid(double x) {
    double z = ElementaryFunctions.exp(-Math.abs(x));
    return (x >= 0 ? 1.0 : z) / (1 + z);
  }

  @Override
  public void addTerms(Run run, int step, double[] sums, double[] ofH, double[] ofC) {
    int units = run.units();
    for (int at = 0; at < ofH.length; at++) {
      int gate = at / units * 4 * units + at % units;
      double i = run.a()[4 * run.state(step) + gate];
      double f = run.a()[4 * run.state(step) + gate + units];
      double o = run.a()[4 * run.state(step) + gate + 2 * units];
      double g = run.a()[4 * run.state(step) + gate + 3 * units];
      double tangent = run.kept()[run.state(step) + at];
      double before = run.c()[run.state(step) + at];
      double ofI = i * (1 - i) * sums[gate] + i;
      double ofF = f * (1 - f) * sums[gate + units] + f;
      double ofO = o * (1 - o) * sums[gate + 2 * units] + o;
      double ofG = (1 - g * g) * sums[gate + 3 * units] + g;
      ofC[at] = f * ofC[at] + before * ofF + g * ofI + i * ofG + f * before + i * g;
      ofH[at] = tangent * ofO + o * ((1 - tangent * tangent) * ofC[at] + tangent);
    }
  }

  /**
   * {@code dc = dc + dh * o * (1 - tangent * tangent)}; the gates get {@code dc * g * (i * (1 -
   * i))}, {@code dc * c * (f * (1 - f))}, {@code dh * tangent * (o * (1 - o))} and {@code dc * i *
   * (1 - g * g)}; then {@code dc = dc * f}.
   */
  @Override
  public boolean backward(
      Run run, int step, double sign, double[] dh, double[] dc, double[] da, double[] dah) {
    int units = run.units();
    for (int row = 0; row < run.rows(); row++) {
      int gates = row * 4 * units;
      int values = 4 * run.state(step) + gates;
      for (int j = 0; j < units; j++) {
        int at = row * units + j;
        double i = run.a()[values + j];
        double f = run.a()[values + units + j];
        double o = run.a()[values + 2 * units + j];
        double g = run.a()[values + 3 * units + j];
        double tangent = run.kept()[run.state(step) + at];
        double c = dc[at] + dh[at] * o * (1 + sign * (tangent * tangent));
        da[gates + j] = c * g * (i * (1 + sign * i));
        da[gates + units + j] = c * run.c()[run.state(step) + at] * (f * (1 + sign * f));
        da[gates + 2 * units + j] = dh[at] * tangent * (o * (1 + sign * o));
        da[gates + 3 * units + j] = c * i * (1 + sign * (g * g));
        dc[at] = c * f;
      }
    }
    System.arraycopy(da, 0, dah, 0, run.rows() * 4 * units);
    return false;
  }
}
