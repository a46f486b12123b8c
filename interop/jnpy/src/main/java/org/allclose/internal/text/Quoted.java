package org.allclose.internal.text;

import java.util.Locale;

/** Text of a file as it is shown in an error: short, and as {@link Printable} has it. */
public final class Quoted {
  private static final int MOST_CHARACTERS = 60;
  private static final int LONGEST_PLACE = 200;

  private Quoted() {}

  /** Returns the text between single quotes, cut where it is long, with odd characters escaped. */
  public static String of(String text) {
    int shown = Math.min(text.length(), MOST_CHARACTERS);
    int more = text.length() - shown;
    return "'"
        + Printable.of(text.substring(0, shown))
        + (more == 0 ? "'" : String.format(Locale.ROOT, "… (%,d more)'", more));
  }

  /** Returns the name of an entry as a part of a place: as it is, unless it is very long. */
  public static String place(String name) {
    int more = name.length() - LONGEST_PLACE;
    return more <= 0
        ? name
        : String.format(Locale.ROOT, "%s… (%,d more)", name.substring(0, LONGEST_PLACE), more);
  }

  /** Returns the characters in hexadecimal, {@code 93 4e 55}. */
  public static String hex(byte[] bytes, int from, int to) {
    StringBuilder out = new StringBuilder();
    for (int i = from; i < to; i++) {
      out.append(i == from ? "" : " ").append(String.format(Locale.ROOT, "%02x", bytes[i]));
    }
    return out.toString();
  }
}
