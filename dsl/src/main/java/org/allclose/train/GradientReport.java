package org.allclose.train;

import java.util.List;
import java.util.Locale;

/**
 * What a {@link GradientCheck} found.
 *
 * @param threshold the largest relative error that is accepted
 * @param entries one for each parameter and one for the input
 */
public record GradientReport(double threshold, List<Entry> entries) {

  public GradientReport {
    entries = List.copyOf(entries);
  }

  /**
   * One gradient.
   *
   * @param name the parameter, such as fc1/W, or {@code input}
   * @param checked how many coordinates or directions were compared
   * @param kinks how many more lie at a kink of the loss, where the gradient was compared with the
   *     slopes of both sides
   * @param worst the largest relative error {@code |a - n| / max(1e-8, |a| + |n|)}, beyond what the
   *     rounding of the loss can make
   * @param where the index of the worst coordinate, or the number of the worst direction
   * @param analytic the gradient that the backward pass gives there
   * @param numeric what the differences give there
   */
  public record Entry(
      String name,
      int checked,
      int kinks,
      double worst,
      String where,
      double analytic,
      double numeric) {

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%s: %d checked, %d at kinks, worst relative error %.2e at %s: analytic %s, numeric"
              + " %s",
          name,
          checked,
          kinks,
          worst,
          where,
          analytic,
          numeric);
    }
  }

  /** Returns whether something of every gradient was compared, and all of it is near enough. */
  public boolean passes() {
    return entries.stream().allMatch(this::passes);
  }

  private boolean passes(Entry entry) {
    return entry.checked + entry.kinks > 0 && entry.worst <= threshold;
  }

  /** Returns a line for each gradient. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Entry entry : entries) {
      text.append(passes(entry) ? "ok     " : "FAILED ").append(entry).append('\n');
    }
    return text.toString();
  }
}
