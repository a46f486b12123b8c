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

/**
 * Settings as text by key, read off the components of records: layers, losses, optimizers and
 * schedules are records, so that nothing they are made of can be forgotten here.
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
    } else if (isPlain(value)) {
      values.put(key, value.toString());
    } else {
      kind(value).ifPresent(kind -> values.put(key, kind));
      if (value instanceof Record settings) {
        addComponents(key + ": ", settings, List.of());
      }
    }
    return this;
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
        || (value instanceof Enum<?> && !(value instanceof Batching));
  }

  /** Returns what a thing is called in files, or its class; a class without a name has none. */
  private static Optional<String> kind(Object value) {
    if (value instanceof Layer layer) {
      return Optional.of(layer.type().name());
    }
    if (value instanceof Loss loss) {
      return Optional.of(loss.type().name());
    }
    if (value instanceof Optimizer optimizer) {
      return Optional.of(optimizer.type());
    }
    if (value instanceof Schedule schedule) {
      return Optional.of(schedule.type());
    }
    if (value instanceof Batching draw) {
      return Optional.of(draw.type());
    }
    String name = value.getClass().getSimpleName();
    return value.getClass().isHidden() || name.isEmpty() ? Optional.empty() : Optional.of(name);
  }
}
