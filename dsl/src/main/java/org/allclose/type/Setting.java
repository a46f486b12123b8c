package org.allclose.type;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.allclose.tensor.Extent2d;
import org.allclose.tensor.Shape;

/**
 * One thing that can be chosen of a layer, a loss, an optimizer, a schedule or an initializer: a
 * component of its record.
 *
 * <p>Immutable: each call returns a new setting. By its name it stands in files and errors.
 *
 * @param <T> the record
 * @param <V> the component's type
 */
public final class Setting<T, V> {

  /** What values a setting has, and how they are written. */
  public enum Kind {
    /** An {@link Integer}. */
    INTEGER,
    /** A {@link Long}. */
    WHOLE,
    /** A {@link Double}. */
    NUMBER,
    /** An {@code Optional<Double>}; in files a number, or nothing. */
    OPTIONAL_NUMBER,
    /** A {@link Boolean}. */
    TRUTH,
    /** An {@link Extent2d}; in files two numbers, or one for both directions. */
    EXTENT,
    /** A {@link Shape}; in files a list of numbers. */
    AXES,
    /** A {@code List<Integer>}; in files a list of numbers. */
    INTEGERS,
    /** A {@code List<Double>}; in files a list of numbers. */
    NUMBERS,
    /** A constant of an enumeration; in files its name in lower case. */
    CHOICE,
    /** What only programs can give; it is no part of a file. */
    PROGRAM
  }

  private final String name;
  private final Kind kind;
  private final Class<?> type;
  private final Function<T, V> component;
  private final Range<V> range;
  private final Optional<Function<Values<T>, V>> absent;
  private final boolean isQuiet;
  private final boolean isBare;

  /** Which values are accepted, and what errors say of them. */
  private record Range<V>(String text, Predicate<V> accepts) {}

  private Setting(
      String name,
      Kind kind,
      Class<?> type,
      Function<T, V> component,
      Range<V> range,
      Optional<Function<Values<T>, V>> absent,
      boolean isQuiet,
      boolean isBare) {
    this.name = Objects.requireNonNull(name);
    this.kind = kind;
    this.type = type;
    this.component = component;
    this.range = range;
    this.absent = absent;
    this.isQuiet = isQuiet;
    this.isBare = isBare;
  }

  private static <T, V> Setting<T, V> of(
      String name, Kind kind, Class<?> type, String text, Function<T, V> component) {
    return new Setting<>(
        name,
        kind,
        type,
        component,
        new Range<>(text, value -> true),
        Optional.empty(),
        false,
        false);
  }

  /** A whole number that fits an int. */
  public static <T> Setting<T, Integer> integer(String name, Function<T, Integer> component) {
    return of(name, Kind.INTEGER, Integer.class, "a whole number", component);
  }

  /** A whole number that may be left out, then and only then it is empty. */
  public static <T> Setting<T, Optional<Long>> optionalWhole(
      String name, Function<T, Optional<Long>> component) {
    return Setting.<T, Optional<Long>>of(name, Kind.WHOLE, Long.class, "a whole number", component)
        .orElse(Optional.empty())
        .quiet();
  }

  /** A floating-point number. */
  public static <T> Setting<T, Double> number(String name, Function<T, Double> component) {
    return of(name, Kind.NUMBER, Double.class, "a number", component);
  }

  /** A floating-point number that may be left out, then and only then it is empty. */
  public static <T> Setting<T, Optional<Double>> optionalNumber(
      String name, Function<T, Optional<Double>> component) {
    return Setting.<T, Optional<Double>>of(
            name, Kind.OPTIONAL_NUMBER, Double.class, "a number", component)
        .orElse(Optional.empty())
        .quiet();
  }

  /**
   * Yes or no; printed as the name alone, or with {@code no} before it, where it is not the
   * default.
   */
  public static <T> Setting<T, Boolean> truth(
      String name, boolean absent, Function<T, Boolean> component) {
    return Setting.<T, Boolean>of(name, Kind.TRUTH, Boolean.class, "true or false", component)
        .orElse(absent)
        .quiet();
  }

  /** Rows and columns. */
  public static <T> Setting<T, Extent2d> extent(String name, Function<T, Extent2d> component) {
    return of(name, Kind.EXTENT, Extent2d.class, "rows and columns", component);
  }

  /** The lengths of axes. */
  public static <T> Setting<T, Shape> axes(String name, Function<T, Shape> component) {
    return of(name, Kind.AXES, Shape.class, "lengths of axes", component);
  }

  /** Whole numbers in an order, such as those of axes. */
  public static <T> Setting<T, List<Integer>> integers(
      String name, Function<T, List<Integer>> component) {
    return of(name, Kind.INTEGERS, List.class, "whole numbers", component);
  }

  /** Floating-point numbers in an order, such as one for each class. */
  public static <T> Setting<T, List<Double>> numbers(
      String name, Function<T, List<Double>> component) {
    return of(name, Kind.NUMBERS, List.class, "numbers", component);
  }

  /** One of an enumeration's constants. */
  public static <T, E extends Enum<E>> Setting<T, E> choice(
      String name, Class<E> values, Function<T, E> component) {
    return of(name, Kind.CHOICE, values, "one of " + names(values), component);
  }

  /** What only programs can give: it stands in no file and no text. */
  public static <T, V> Setting<T, V> program(String name, V absent, Function<T, V> component) {
    return Setting.<T, V>of(name, Kind.PROGRAM, Object.class, "a value", component)
        .orElse(absent)
        .quiet();
  }

  /**
   * Returns the same setting for values that meet a condition.
   *
   * @param text what errors say is expected, such as {@code a probability above 0}
   */
  public Setting<T, V> where(String text, Predicate<V> accepts) {
    return new Setting<>(
        name, kind, type, component, new Range<>(text, accepts), absent, isQuiet, isBare);
  }

  /**
   * Returns the same setting for whole numbers, or lengths in both directions, of at least the
   * given one.
   */
  public Setting<T, V> atLeast(int least) {
    return kind == Kind.EXTENT
        ? where(
            "at least " + least + " in both directions",
            value -> ((Extent2d) value).height() >= least && ((Extent2d) value).width() >= least)
        : where("at least " + least, value -> ((Number) value).doubleValue() >= least);
  }

  /** Returns the same setting for finite numbers. */
  public Setting<T, V> finite() {
    return where("a finite number", value -> Double.isFinite(((Number) value).doubleValue()));
  }

  /** Returns the same setting for finite numbers above 0. */
  public Setting<T, V> positive() {
    return where(
        "a finite number above 0", value -> isFinite(value) && ((Number) value).doubleValue() > 0);
  }

  /** Returns the same setting for finite numbers of at least 0. */
  public Setting<T, V> notNegative() {
    return where(
        "a finite number of at least 0",
        value -> isFinite(value) && ((Number) value).doubleValue() >= 0);
  }

  private static boolean isFinite(Object value) {
    return Double.isFinite(((Number) value).doubleValue());
  }

  /** Returns the same setting with a value for where nothing is said. */
  public Setting<T, V> orElse(V value) {
    return orElse(values -> value);
  }

  /** Returns the same setting with the value of another one where nothing is said. */
  public Setting<T, V> orElseAs(Setting<T, V> other) {
    return orElse(values -> values.get(other));
  }

  private Setting<T, V> orElse(Function<Values<T>, V> value) {
    return new Setting<>(name, kind, type, component, range, Optional.of(value), isQuiet, isBare);
  }

  /** Returns the same setting that is neither printed nor written where it has its default. */
  public Setting<T, V> quiet() {
    return new Setting<>(name, kind, type, component, range, absent, true, isBare);
  }

  /** Returns the same setting that is printed without its name: {@code dense(100)}. */
  public Setting<T, V> bare() {
    return new Setting<>(name, kind, type, component, range, absent, isQuiet, true);
  }

  /** Returns the name, in files and errors. */
  public String name() {
    return name;
  }

  /** Returns what values it has. */
  public Kind kind() {
    return kind;
  }

  /** Returns what values are accepted, such as {@code at least 1}. */
  public String range() {
    return range.text;
  }

  /** Returns whether a value is accepted. */
  public boolean accepts(V value) {
    return range.accepts.test(value);
  }

  /** Returns whether something must be said. */
  public boolean isRequired() {
    return absent.isEmpty();
  }

  /**
   * Returns a value if it is accepted.
   *
   * @throws IllegalArgumentException if it is not
   */
  public V check(V value) {
    if (!accepts(Objects.requireNonNull(value, name))) {
      throw new IllegalArgumentException(
          name + ": expected " + range.text + " but got " + toPlain(value).orElse(value));
    }
    return value;
  }

  /** Returns the constants that a choice is among, by their names in files. */
  public List<String> choices() {
    return type.isEnum() ? names(type) : List.of();
  }

  private static List<String> names(Class<?> values) {
    return Arrays.stream(values.getEnumConstants()).map(Setting::nameOf).toList();
  }

  /** Returns the name of a choice in files. */
  static String nameOf(Object constant) {
    String[] words = ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).split("_", -1);
    StringBuilder text = new StringBuilder(words[0]);
    for (int i = 1; i < words.length; i++) {
      text.append(Character.toUpperCase(words[i].charAt(0))).append(words[i].substring(1));
    }
    return text.toString();
  }

  /**
   * Returns the value that stands for a plain one: an Integer, a Long, a Double, a Boolean, an
   * {@link Extent2d}, a {@link Shape}, a list of Integers or Doubles, the name of a choice.
   */
  @SuppressWarnings("unchecked") // each kind has one class of values
  public V fromPlain(Object plain) {
    return (V)
        switch (kind) {
          case WHOLE, OPTIONAL_NUMBER -> Optional.of(plain);
          case CHOICE ->
              Arrays.stream(type.getEnumConstants())
                  .filter(constant -> nameOf(constant).equals(plain))
                  .findFirst()
                  .orElseThrow();
          default -> plain;
        };
  }

  /** Returns what {@link #fromPlain} makes the value of; nothing if there is nothing to be said. */
  public Optional<Object> toPlain(V value) {
    return switch (kind) {
      case WHOLE, OPTIONAL_NUMBER -> ((Optional<?>) value).map(number -> number);
      case CHOICE -> Optional.of(nameOf(value));
      case PROGRAM -> Optional.empty();
      default -> Optional.of(value);
    };
  }

  V of(T instance) {
    return component.apply(instance);
  }

  /** Returns the value where nothing is said. */
  V absent(Values<T> values) {
    return absent
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    name + ": expected " + range.text + " but got nothing"))
        .apply(values);
  }

  boolean isQuiet() {
    return isQuiet;
  }

  boolean isBare() {
    return isBare;
  }

  @Override
  public String toString() {
    return name + ", " + range.text;
  }
}
