package org.allclose.internal.message;

import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Names, values and lists of somebody else as they stand in a message: all of them where they are
 * few and short, else the first, and how many more there are.
 */
public final class Excerpt {
  /** Items of a list that are shown. */
  public static final int ITEMS = 40;

  /** Characters of a name or a value that are shown. */
  public static final int CHARACTERS = 200;

  private Excerpt() {}

  /** Returns a list as Java prints it, {@code [a, b]}, or {@code [a, b, … (97 more)]}. */
  public static String of(Collection<?> items) {
    String shown =
        items.stream()
            .limit(ITEMS)
            .map(item -> of(String.valueOf(item)))
            .collect(Collectors.joining(", "));
    int more = items.size() - ITEMS;
    return more <= 0
        ? "[" + shown + "]"
        : String.format(Locale.ROOT, "[%s, … (%,d more)]", shown, more);
  }

  /** Returns a text, or its first characters as in {@code aaaa… (1,000 more)}. */
  public static String of(String text) {
    return of(text, CHARACTERS);
  }

  /**
   * As {@link #of(String)}, with the number of characters to choose.
   *
   * @param most how many are shown, at least 1
   */
  public static String of(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    // Half a surrogate pair is no character.
    int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return String.format(
        Locale.ROOT, "%s… (%,d more)", text.substring(0, end), text.length() - end);
  }
}
