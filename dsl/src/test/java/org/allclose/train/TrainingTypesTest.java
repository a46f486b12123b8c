package org.allclose.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.allclose.Parameters;
import org.allclose.init.Fans;
import org.allclose.init.Initializer;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.train.optimizer.Adam;
import org.allclose.train.optimizer.AdamW;
import org.allclose.train.optimizer.Momentum;
import org.allclose.train.optimizer.Optimizer;
import org.allclose.train.optimizer.Sgd;
import org.allclose.train.schedule.CosineDecay;
import org.allclose.train.schedule.Schedule;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;
import org.allclose.type.Types;
import org.allclose.type.Values;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is true of all optimizers, schedules and initializers, by what they say of themselves. */
class TrainingTypesTest {
  private static final List<Double> NUMBERS =
      List.of(-1.0, 0.0, 1.0, 2.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
  private static final List<Integer> WHOLE_NUMBERS = List.of(Integer.MIN_VALUE, -1, 0);

  static Stream<Type<?>> types() {
    return Stream.of(Optimizer.class, Schedule.class, Initializer.class)
        .flatMap(family -> Types.of(family).all().stream());
  }

  static Stream<Optimizer> optimizers() {
    return samples(Optimizer.class);
  }

  static Stream<Schedule> schedules() {
    return samples(Schedule.class);
  }

  static Stream<Sample<? extends Initializer>> initializers() {
    return Types.of(Initializer.class).all().stream().flatMap(type -> type.samples().stream());
  }

  private static <F> Stream<F> samples(Class<F> family) {
    return Types.of(family).all().stream()
        .flatMap(type -> type.samples().stream())
        .map(sample -> family.cast(sample.value()));
  }

  @ParameterizedTest
  @MethodSource("types")
  <T> void samples_differFromTheDefault_inEverySetting(Type<T> type) {
    assertFalse(type.samples().isEmpty());
    for (Setting<T, ?> setting : type.settings()) {
      assertTrue(
          setting.isRequired()
              || type.samples().stream().anyMatch(sample -> differs(type, setting, sample)),
          setting.name());
    }
  }

  private static <T> boolean differs(Type<T> type, Setting<T, ?> setting, Sample<T> sample) {
    Values<T> values = type.values();
    for (Setting<T, ?> other : type.settings()) {
      if (other != setting) {
        put(type, other, sample.value(), values);
      }
    }
    return !type.get(values.make(), setting).equals(type.get(sample.value(), setting));
  }

  @ParameterizedTest
  @MethodSource("types")
  <T> void text_isTheName_andTheSettings(Type<T> type) {
    for (Sample<T> sample : type.samples()) {
      String text = sample.value().toString();
      assertEquals(type.print(sample.value()), text);
      assertTrue(text.startsWith(type.name()), text);
      for (Setting<T, ?> setting : type.settings()) {
        String value = type.plain(sample.value(), setting.name()).orElseThrow().toString();
        assertTrue(text.contains(value), text + " without " + setting.name() + " " + value);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  <T> void settings_makeTheSameAgain(Type<T> type) {
    for (Sample<T> sample : type.samples()) {
      Values<T> values = type.values();
      for (Setting<T, ?> setting : type.settings()) {
        put(type, setting, sample.value(), values);
      }
      assertEquals(sample.value(), values.make());
    }
  }

  /** Puts what a file would hold. */
  private static <T, V> void put(
      Type<T> type, Setting<T, V> setting, T instance, Values<T> values) {
    Optional<Object> plain = setting.toPlain(type.get(instance, setting));
    values.put(setting, setting.fromPlain(plain.orElseThrow()));
  }

  @ParameterizedTest
  @MethodSource("types")
  <T> void valuesOutOfRange_areRefused_byName(Type<T> type) {
    T sample = type.samples().get(0).value();
    for (Setting<T, ?> setting : type.settings()) {
      List<Object> refused = refused(setting);
      boolean hasRange = setting.kind() != Setting.Kind.CHOICE && !isAnyNumber(setting);
      assertEquals(hasRange, !refused.isEmpty(), setting.toString());
      for (Object value : refused) {
        IllegalArgumentException e =
            assertThrows(
                IllegalArgumentException.class, () -> type.with(sample, setting.name(), value));
        assertEquals(
            setting.name() + ": expected " + setting.range() + " but got " + value, e.getMessage());
      }
    }
  }

  private static boolean isAnyNumber(Setting<?, ?> setting) {
    return setting.range().equals("a number");
  }

  private static <T, V> List<Object> refused(Setting<T, V> setting) {
    List<Object> refused = new ArrayList<>();
    for (Object plain : setting.kind() == Setting.Kind.NUMBER ? NUMBERS : wholeNumbers(setting)) {
      if (!setting.accepts(setting.fromPlain(plain))) {
        refused.add(plain);
      }
    }
    return refused;
  }

  private static List<Integer> wholeNumbers(Setting<?, ?> setting) {
    return setting.kind() == Setting.Kind.INTEGER ? WHOLE_NUMBERS : List.of();
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void steps_changeParameterAndSlots_butNotTheGradient(Optimizer optimizer) {
    Tensor w = Tensor.matrix(new double[] {0.5, -3}, new double[] {0, 1e-3});
    Tensor dw = Tensor.matrix(new double[] {1, -0.25}, new double[] {2, -1});
    Tensor gradient = dw.copy();
    Tensor before = w.copy();
    OptimizerState state =
        new OptimizerState(optimizer, Parameters.wrap(Map.of("w", w)), Set.of("w"));
    Parameters first = state.slots().copy();
    state.step(Parameters.wrap(Map.of("w", dw)), 0.1);
    assertEquals(gradient, dw);
    for (int i = 0; i < w.size(); i++) {
      double moved = w.unwrap()[i] - before.unwrap()[i];
      assertEquals(-Math.signum(dw.unwrap()[i]), Math.signum(moved), optimizer + ", element " + i);
    }
    assertEquals(optimizer.slots().size(), first.names().size());
    first.asMap().forEach((name, slot) -> assertFalse(slot.equals(state.slots().get(name)), name));
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void rates_areFinite_andAtLeast0(Schedule schedule) {
    List<Double> losses = new ArrayList<>();
    for (int epoch = 0; epoch < 50; epoch++) {
      double rate = schedule.rate(new Schedule.Position(3L * epoch, epoch, losses));
      assertTrue(rate >= 0 && Double.isFinite(rate), schedule + ": " + rate);
      losses.add(1.0);
    }
  }

  @ParameterizedTest
  @MethodSource("initializers")
  void initializers_giveTheirShape_andTheSameFromTheSameStream(Sample<Initializer> sample) {
    Shape shape = sample.inputs().get(0);
    Tensor once = initialize(sample.value(), shape);
    assertEquals(shape, once.shape());
    assertEquals(once, initialize(sample.value(), shape));
  }

  private static Tensor initialize(Initializer initializer, Shape shape) {
    return initializer.initialize(shape, Fans.of(shape), NumpyRandomState.seed(1));
  }

  @Test
  void texts_areThoseOfTheSettings() {
    assertEquals("sgd", new Sgd().toString());
    assertEquals("momentum(0.9)", new Momentum().toString());
    assertEquals("adam(beta1 0.9, beta2 0.999, epsilon 1.0E-8)", new Adam().toString());
    assertEquals(
        "cosine(rate 0.1, warmup 10, steps 30, final 0.01)",
        new CosineDecay(0.1, 10, 30, 0.01).toString());
  }

  @Test
  void oneSetting_canBeAnother() {
    assertEquals(new Adam(0.9, 0.99, 1e-8), new Adam().beta2(0.99));
    assertEquals(new AdamW(0.9, 0.999, 1e-8, 0.004), new AdamW().decay(0.004));
  }
}
