package org.allclose.type;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a kind of layer, loss, optimizer, schedule or initializer says of itself. The settings of a
 * kind are in the order in which they are printed and written.
 *
 * <pre>{@code
 * public record LeakyRelu(double alpha) implements UnaryLayer {
 *   private static final Setting<LeakyRelu, Double> ALPHA =
 *       Setting.number("alpha", LeakyRelu::alpha).finite().orElse(DEFAULT_ALPHA).bare();
 *   public static final Type<LeakyRelu> TYPE =
 *       Type.of("leakyRelu", LeakyRelu.class, v -> new LeakyRelu(v.get(ALPHA)), ALPHA)
 *           .withSamples(() -> List.of(Sample.of(new LeakyRelu(0.1), 5)));
 * }
 * }</pre>
 *
 * @param <T> the record
 */
public final class Type<T> {
  private final String name;
  private final Class<T> kind;
  private final Function<Values<T>, T> maker;
  private final List<Setting<T, ?>> settings;
  private final Supplier<List<Sample<T>>> samples;

  private Type(
      String name,
      Class<T> kind,
      Function<Values<T>, T> maker,
      List<Setting<T, ?>> settings,
      Supplier<List<Sample<T>>> samples) {
    this.name = Objects.requireNonNull(name);
    this.kind = Objects.requireNonNull(kind);
    this.maker = Objects.requireNonNull(maker);
    this.settings = settings;
    this.samples = samples;
  }

  /**
   * Returns a type.
   *
   * @param name its name in files
   * @param kind the record
   * @param maker makes an instance of its settings' values
   * @param settings all of them, in order
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is copied and not kept
  public static <T> Type<T> of(
      String name, Class<T> kind, Function<Values<T>, T> maker, Setting<T, ?>... settings) {
    return new Type<>(name, kind, maker, List.of(settings), List::of);
  }

  /** Returns a type without settings. */
  public static <T> Type<T> plain(String name, Class<T> kind, Supplier<T> maker) {
    return new Type<>(name, kind, values -> maker.get(), List.of(), List::of);
  }

  /** Returns the same type with samples, which tests over all types run. */
  public Type<T> withSamples(Supplier<List<Sample<T>>> some) {
    return new Type<>(name, kind, maker, settings, some);
  }

  /** Returns the name in files, such as {@code dense}. */
  public String name() {
    return name;
  }

  /** Returns the record that instances are of. */
  public Class<T> kind() {
    return kind;
  }

  /** Returns the settings, in the order in which they are printed and written. */
  public List<Setting<T, ?>> settings() {
    return settings;
  }

  /** Returns instances with all that differs between them, and what they are given. */
  public List<Sample<T>> samples() {
    return samples.get();
  }

  /** Returns values that say nothing yet. */
  public Values<T> values() {
    return new Values<>(this);
  }

  T make(Values<T> values) {
    return maker.apply(values);
  }

  /**
   * Returns an instance that differs in one setting.
   *
   * @throws IllegalArgumentException if the value is not accepted
   */
  public <V> T with(T instance, Setting<T, V> setting, V value) {
    Values<T> values = values();
    settings.forEach(other -> copy(instance, other, values));
    return values.put(setting, value).make();
  }

  private static <T, V> void copy(T instance, Setting<T, V> setting, Values<T> values) {
    values.put(setting, setting.of(instance));
  }

  /**
   * Returns an instance that differs in one setting, by the setting's name and the plain value.
   *
   * @param instance one of this type
   * @param plain what {@link Setting#fromPlain} takes
   * @throws IllegalArgumentException if there is no such setting, or the value is not accepted
   */
  public T with(Object instance, String setting, Object plain) {
    return withPlain(kind.cast(instance), find(setting), plain);
  }

  private <V> T withPlain(T instance, Setting<T, V> setting, Object plain) {
    return with(instance, setting, setting.fromPlain(plain));
  }

  /** Returns the plain value of a setting, if there is one of this name and anything is said. */
  public Optional<Object> plain(Object instance, String setting) {
    return settings.stream()
        .filter(own -> own.name().equals(setting))
        .findFirst()
        .flatMap(own -> plain(kind.cast(instance), own));
  }

  private static <T, V> Optional<Object> plain(T instance, Setting<T, V> setting) {
    return setting.toPlain(setting.of(instance));
  }

  private Setting<T, ?> find(String setting) {
    return settings.stream()
        .filter(own -> own.name().equals(setting))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    name
                        + ": expected one of the settings "
                        + settings
                        + " but got '"
                        + setting
                        + "'"));
  }

  /** Returns the value of one of the settings. */
  public <V> V get(T instance, Setting<T, V> setting) {
    return setting.of(instance);
  }

  /**
   * Returns whether a setting is to be said of an instance: not if it is only for programs, nor if
   * it is quiet and at its default.
   */
  public <V> boolean says(T instance, Setting<T, V> setting) {
    return setting.kind() != Setting.Kind.PROGRAM
        && !(setting.isQuiet() && setting.of(instance).equals(setting.absent(valuesOf(instance))));
  }

  private Values<T> valuesOf(T instance) {
    Values<T> values = values();
    settings.forEach(other -> copy(instance, other, values));
    return values;
  }

  /**
   * Returns an instance on one line, such as {@code conv2d(32, kernel 3x3)}: what its {@code
   * toString} prints.
   */
  public String print(T instance) {
    StringBuilder text = new StringBuilder();
    for (Setting<T, ?> setting : settings) {
      if (says(instance, setting)) {
        text.append(text.isEmpty() ? "" : ", ").append(text(instance, setting));
      }
    }
    return text.isEmpty() || text.charAt(0) == '(' ? name + text : name + "(" + text + ")";
  }

  private static <T, V> String text(T instance, Setting<T, V> setting) {
    V value = setting.of(instance);
    String words = setting.name().replaceAll("(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    if (value instanceof Boolean truth) {
      return truth ? words : "no " + words;
    }
    String plain = setting.toPlain(value).orElseThrow().toString();
    return setting.isBare() ? plain : words + " " + plain;
  }

  @Override
  public String toString() {
    return name;
  }
}
