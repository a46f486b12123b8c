package org.allclose.train.schedule;

import java.util.List;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

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

  /** What the rate does not fall below where nothing is said. */
  public static final double DEFAULT_MINIMUM = 0;

  private static final Setting<PlateauDecay, Double> RATE =
      Setting.<PlateauDecay>number("rate", PlateauDecay::rate).notNegative();
  private static final Setting<PlateauDecay, Double> FACTOR =
      Setting.<PlateauDecay>number("factor", PlateauDecay::factor).notNegative();
  private static final Setting<PlateauDecay, Integer> PATIENCE =
      Setting.<PlateauDecay>integer("patience", PlateauDecay::patience).atLeast(1);
  private static final Setting<PlateauDecay, Double> MINIMUM =
      Setting.<PlateauDecay>number("minimum", PlateauDecay::minimum)
          .notNegative()
          .orElse(DEFAULT_MINIMUM);

  /** What this kind of schedule says of itself. */
  public static final Type<PlateauDecay> TYPE =
      Type.of(
              "plateau",
              PlateauDecay.class,
              v -> new PlateauDecay(v.get(RATE), v.get(FACTOR), v.get(PATIENCE), v.get(MINIMUM)),
              RATE,
              FACTOR,
              PATIENCE,
              MINIMUM)
          .withSamples(
              () ->
                  List.of(
                      Sample.ofInputs(new PlateauDecay(0.1, 0.5, 2, 0.01)),
                      Sample.ofInputs(new PlateauDecay(0.1, 0.5, 1, 0))));

  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public PlateauDecay {
    RATE.check(rate);
    FACTOR.check(factor);
    PATIENCE.check(patience);
    MINIMUM.check(minimum);
  }

  @Override
  public Type<PlateauDecay> type() {
    return TYPE;
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

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
