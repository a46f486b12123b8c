package org.allclose.train;

/**
 * A rate that is multiplied by a factor whenever the losses of so many epochs in a row were not
 * below the best before.
 *
 * <p>Source: Keras {@code ReduceLROnPlateau}, without its margin and cooldown.
 *
 * @param rate of the first epochs, at least 0
 * @param factor at least 0
 * @param patience the number of epochs, at least 1
 * @param minimum what the rate does not fall below, at least 0
 */
public record PlateauDecay(double rate, double factor, int patience, double minimum)
    implements Schedule {

  public PlateauDecay {
    Schedule.requireRate("rate", rate);
    Schedule.requireRate("factor", factor);
    Schedule.requireRate("minimum", minimum);
    if (patience < 1) {
      throw new IllegalArgumentException("patience: expected at least 1 epoch but got " + patience);
    }
  }

  @Override
  public String type() {
    return "plateau";
  }

  @Override
  public double rate(Position position) {
    double reduced = rate;
    double best = Double.POSITIVE_INFINITY;
    int waited = 0;
    for (double loss : position.losses()) {
      if (loss < best) {
        best = loss;
        waited = 0;
      } else if (++waited == patience) {
        double next = reduced * factor;
        reduced = next < minimum ? minimum : next;
        waited = 0;
      }
    }
    return reduced;
  }
}
