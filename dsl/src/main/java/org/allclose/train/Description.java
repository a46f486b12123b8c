package org.allclose.train;

import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.allclose.layer.Graph;
import org.allclose.layer.Layer;
import org.allclose.layer.Node;
import org.allclose.loss.Loss;
import org.allclose.tensor.Extent2d;
import org.allclose.tensor.Shape;
import org.allclose.train.optimizer.Optimizer;
import org.allclose.train.schedule.Schedule;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Settings as text by key: layers, losses, optimizers and schedules by what they say of themselves,
 * other records, such as initializers, by their components, so that nothing that a run is made of
 * can be forgotten here.
 *
 * <p>The same settings give the same text in every JVM.
 */
final class Description {
  private final Map<String, String> values = new LinkedHashMap<>();

  /** Returns the texts so far. */
  Map<String, String> values() {
    return values;
  }

  /** Adds the components of a record, each under its own name, but for some. */
  Description addAll(Record settings, List<String> except) {
    addComponents("", settings, except);
    return this;
  }

  /** Adds a value: its kind under the key, its settings under {@code key: name}. */
  Description add(String key, Object value) {
    if (value instanceof Optional<?> optional) {
      optional.ifPresent(present -> add(key, present));
    } else if (value instanceof OptionalInt optional) {
      optional.ifPresent(present -> add(key, present));
    } else if (value instanceof Collection<?> collection) {
      addElements(key, collection);
    } else if (value instanceof Batching draw) {
      values.put(key, draw.type());
    } else if (isPlain(value)) {
      values.put(key, value.toString());
    } else {
      type(value)
          .ifPresentOrElse(type -> addSettings(key, type, value), () -> addOther(key, value));
    }
    return this;
  }

  /** Returns what a thing says of itself, if it does. */
  private static Optional<Type<?>> type(Object value) {
    if (value instanceof Layer layer) {
      return Optional.of(layer.type());
    }
    if (value instanceof Loss loss) {
      return Optional.of(loss.type());
    }
    if (value instanceof Optimizer optimizer) {
      return Optional.of(optimizer.type());
    }
    return value instanceof Schedule schedule ? Optional.of(schedule.type()) : Optional.empty();
  }

  private <T> void addSettings(String key, Type<T> type, Object value) {
    values.put(key, type.name());
    T instance = type.kind().cast(value);
    for (Setting<T, ?> setting : type.settings()) {
      add(key + ": " + setting.name(), type.get(instance, setting));
    }
  }

  /** Adds what says nothing of itself, by its class; one without a name has none. */
  private void addOther(String key, Object value) {
    String name = value.getClass().getSimpleName();
    if (!value.getClass().isHidden() && !name.isEmpty()) {
      values.put(key, name);
    }
    if (value instanceof Record record) {
      addComponents(key + ": ", record, List.of());
    }
  }

  /** Adds the layers of a network, each under its place. */
  Description addLayers(Graph graph) {
    String before = graph.inputs().get(0).name();
    for (int i = 0; i < graph.nodes().size(); i++) {
      Node node = graph.nodes().get(i);
      String place = "layer " + (i + 1) + " '" + node.name() + "'";
      add(place, node.layer());
      if (!node.inputs().equals(List.of(before))) {
        values.put(place + ": takes", String.join(", ", node.inputs()));
      }
      before = node.name();
    }
    return this;
  }

  private void addElements(String key, Collection<?> collection) {
    int i = 0;
    for (Object element : collection) {
      add(key + "[" + i++ + "]", element);
    }
  }

  private void addComponents(String prefix, Record settings, List<String> except) {
    for (RecordComponent component : settings.getClass().getRecordComponents()) {
      if (!except.contains(component.getName())) {
        add(prefix + component.getName(), value(component, settings));
      }
    }
  }

  /** Returns the value of a component; of one that is closed to us, that it is. */
  private static Object value(RecordComponent component, Record settings) {
    try {
      component.getAccessor().setAccessible(true);
      Object value = component.getAccessor().invoke(settings);
      return value != null && value.getClass().isArray()
          ? Arrays.deepToString(new Object[] {value})
          : Optional.ofNullable(value);
    } catch (ReflectiveOperationException | InaccessibleObjectException e) {
      return "not open";
    }
  }

  private static boolean isPlain(Object value) {
    return value instanceof Number
        || value instanceof Boolean
        || value instanceof CharSequence
        || value instanceof Shape
        || value instanceof Extent2d
        || value instanceof Enum<?>;
  }
}
