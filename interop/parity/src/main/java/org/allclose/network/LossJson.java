package org.allclose.network;

import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.allclose.json.JsonFields;
import org.allclose.json.JsonFormatException;
import org.allclose.loss.BinaryCrossEntropy;
import org.allclose.loss.HingeLoss;
import org.allclose.loss.Loss;
import org.allclose.loss.MeanSquaredError;
import org.allclose.loss.SoftmaxLoss;

/** Losses in a network file: the settings of each type. */
final class LossJson {

  /** Makes a loss of its fields. */
  private interface Reader {
    Loss read(JsonFields fields) throws JsonFormatException;
  }

  /** One type of loss: its name, and how its settings are read and written. */
  private record Type<L extends Loss>(
      String name, Class<L> loss, Reader reader, BiConsumer<L, JsonObject> writer) {

    void write(Loss instance, JsonObject json) {
      writer.accept(loss.cast(instance), json);
    }
  }

  private static final Map<String, Type<?>> TYPES =
      byName(
          plain("softmax", SoftmaxLoss.class, SoftmaxLoss::new),
          new Type<>(
              "hinge",
              HingeLoss.class,
              fields -> new HingeLoss(fields.number("margin", HingeLoss.DEFAULT_MARGIN)),
              (loss, json) -> json.addProperty("margin", loss.margin())),
          plain("meanSquaredError", MeanSquaredError.class, MeanSquaredError::new),
          plain("binaryCrossEntropy", BinaryCrossEntropy.class, BinaryCrossEntropy::new));

  private LossJson() {}

  private static Map<String, Type<?>> byName(Type<?>... types) {
    Map<String, Type<?>> byName = new LinkedHashMap<>();
    for (Type<?> type : types) {
      byName.put(type.name, type);
    }
    return byName;
  }

  /** A type without settings. */
  private static <L extends Loss> Type<L> plain(String name, Class<L> loss, Supplier<L> maker) {
    return new Type<>(name, loss, fields -> maker.get(), (instance, json) -> {});
  }

  /**
   * Reads a loss.
   *
   * @throws JsonFormatException if the type is unknown, or a setting is no good
   */
  static Loss read(JsonFields fields) throws JsonFormatException {
    return fields.oneOf("type", TYPES).reader.read(fields);
  }

  /**
   * Writes a loss.
   *
   * @throws IllegalArgumentException if network files do not know it
   */
  static JsonObject write(Loss loss) {
    for (Type<?> type : TYPES.values()) {
      if (type.loss.isInstance(loss)) {
        JsonObject json = new JsonObject();
        json.addProperty("type", type.name);
        type.write(loss, json);
        return json;
      }
    }
    throw new IllegalArgumentException(
        "loss: type: expected one of " + TYPES.keySet() + " but got '" + loss.type() + "'");
  }
}
