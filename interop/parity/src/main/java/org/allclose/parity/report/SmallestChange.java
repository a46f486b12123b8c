package org.allclose.parity.report;

import java.util.List;
import org.allclose.internal.text.Decimal;

/**
 * How much a comparison would have seen: by what part of itself one weight may be changed before a
 * case that matches does not.
 *
 * <p>Of each parameter a few values are tried, among them the largest and the median by magnitude.
 * Each is changed by so little that the results follow in proportion, yet more than they are
 * allowed to; from how far they move follows the change that moves them just as far as is allowed.
 *
 * @param tried how many values were changed
 * @param unseen those whose results stay within what is allowed even where they are doubled
 * @param median the median of the smallest changes that are seen, relative to the value
 * @param largest the largest of them
 * @param hardest the value that this is of, such as {@code fc1/W(3, 7)}
 */
public record SmallestChange(
    int tried, List<String> unseen, double median, double largest, String hardest) {

  /** Returns one line. */
  @Override
  public String toString() {
    String effect =
        unseen.isEmpty()
            ? ""
            : unseen.size()
                + " of "
                + tried
                + " have no effect that would be seen, such as "
                + unseen.get(0);
    if (unseen.size() == tried) {
      return effect;
    }
    return "a change of one weight by "
        + Decimal.format("%.2g", median)
        + " of itself would have been seen (median of "
        + tried
        + " tried; "
        + hardest
        + ": "
        + Decimal.format("%.2g", largest)
        + ")"
        + (unseen.isEmpty() ? "" : "; " + effect);
  }
}
