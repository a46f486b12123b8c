package org.allclose.weights;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.function.BiConsumer;
import org.allclose.json.JsonFields;
import org.allclose.json.JsonFormatException;
import org.allclose.layer.Dense;
import org.allclose.layer.Flatten;
import org.allclose.layer.Layer;
import org.allclose.layer.Relu;

/** The settings of each type of layer in a network file. */
final class LayerJson {

  /** Makes a layer of its fields. */
  private interface Reader {
    Layer read(JsonFields fields) throws JsonFormatException;
  }

  /** One type of layer: its name, and how its settings are read and written. */
  private record Type<L extends Layer>(
      String name, Class<L> layer, Reader reader, BiConsumer<L, JsonObject> writer) {

    void write(Layer instance, JsonObject json) {
      writer.accept(layer.cast(instance), json);
    }
  }

  private static final List<Type<?>> TYPES =
      List.of(
          new Type<>("dense", Dense.class, LayerJson::dense, LayerJson::dense),
          new Type<>("relu", Relu.class, fields -> new Relu(), (layer, json) -> {}),
          new Type<>("flatten", Flatten.class, fields -> new Flatten(), (layer, json) -> {}));

  private LayerJson() {}

  /**
   * Reads a layer; the caller has read its name and ends the reading.
   *
   * @throws JsonFormatException if the type is unknown, or a setting is missing or no good
   */
  static Layer read(JsonFields fields) throws JsonFormatException {
    String name = fields.text("type");
    for (Type<?> type : TYPES) {
      if (type.name.equals(name)) {
        try {
          return type.reader.read(fields);
        } catch (IllegalArgumentException e) {
          throw new JsonFormatException(fields.place() + ": " + e.getMessage(), e);
        }
      }
    }
    throw fields.error(
        "type", "one of " + TYPES.stream().map(Type::name).toList(), "'" + name + "'");
  }

  /**
   * Writes the type and the settings of a layer.
   *
   * @throws IllegalArgumentException if network files do not know such a layer
   */
  static void write(Layer layer, JsonObject json) {
    for (Type<?> type : TYPES) {
      if (type.layer.isInstance(layer)) {
        type.write(layer, json);
        return;
      }
    }
    throw new IllegalArgumentException(
        "layer type '"
            + layer.type()
            + "': expected one of "
            + TYPES.stream().map(Type::name).toList());
  }

  private static Layer dense(JsonFields fields) throws JsonFormatException {
    boolean bias = fields.has("bias") ? fields.truth("bias") : Dense.DEFAULT_BIAS;
    return new Dense(fields.integer("units"), bias);
  }

  private static void dense(Dense layer, JsonObject json) {
    json.addProperty("units", layer.units());
    if (layer.bias() != Dense.DEFAULT_BIAS) {
      json.addProperty("bias", layer.bias());
    }
  }
}
