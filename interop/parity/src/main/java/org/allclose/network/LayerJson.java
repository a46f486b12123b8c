package org.allclose.network;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.allclose.json.JsonFields;
import org.allclose.json.JsonFormatException;
import org.allclose.layer.AveragePool2d;
import org.allclose.layer.BatchNorm;
import org.allclose.layer.Chain;
import org.allclose.layer.Conv2d;
import org.allclose.layer.Dense;
import org.allclose.layer.Dropout;
import org.allclose.layer.Elu;
import org.allclose.layer.Flatten;
import org.allclose.layer.Gelu;
import org.allclose.layer.GeluTanh;
import org.allclose.layer.GroupNorm;
import org.allclose.layer.Layer;
import org.allclose.layer.LayerNorm;
import org.allclose.layer.LeakyRelu;
import org.allclose.layer.MaxPool2d;
import org.allclose.layer.NamedLayer;
import org.allclose.layer.Relu;
import org.allclose.layer.Reshape;
import org.allclose.layer.Residual;
import org.allclose.layer.Sigmoid;
import org.allclose.layer.Softmax;
import org.allclose.layer.Softplus;
import org.allclose.layer.Tanh;
import org.allclose.tensor.Extent2d;
import org.allclose.tensor.Shape;

/** Layers in a network file: the settings of each type, and chains of them. */
final class LayerJson {

  /** Makes a layer of its fields, for inputs of a shape. */
  private interface Reader {
    Layer read(JsonFields fields, Shape input) throws JsonFormatException;
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
          new Type<>("conv2d", Conv2d.class, LayerJson::conv2d, LayerJson::conv2d),
          new Type<>("maxPool2d", MaxPool2d.class, LayerJson::maxPool2d, LayerJson::maxPool2d),
          new Type<>(
              "averagePool2d",
              AveragePool2d.class,
              LayerJson::averagePool2d,
              LayerJson::averagePool2d),
          new Type<>("batchNorm", BatchNorm.class, LayerJson::batchNorm, LayerJson::batchNorm),
          new Type<>(
              "layerNorm",
              LayerNorm.class,
              (fields, input) -> new LayerNorm(fields.number("epsilon", LayerNorm.DEFAULT_EPSILON)),
              (layer, json) -> json.addProperty("epsilon", layer.epsilon())),
          new Type<>("groupNorm", GroupNorm.class, LayerJson::groupNorm, LayerJson::groupNorm),
          new Type<>("dropout", Dropout.class, LayerJson::dropout, LayerJson::dropout),
          plain("flatten", Flatten.class, Flatten::new),
          new Type<>(
              "reshape",
              Reshape.class,
              (fields, input) -> new Reshape(Shape.of(fields.integers("shape", 1))),
              (layer, json) -> json.add("shape", integers(layer.shape().toArray()))),
          new Type<>("residual", Residual.class, LayerJson::residual, LayerJson::residual),
          plain("relu", Relu.class, Relu::new),
          new Type<>(
              "leakyRelu",
              LeakyRelu.class,
              (fields, input) -> new LeakyRelu(fields.number("alpha", LeakyRelu.DEFAULT_ALPHA)),
              (layer, json) -> json.addProperty("alpha", layer.alpha())),
          new Type<>(
              "elu",
              Elu.class,
              (fields, input) -> new Elu(fields.number("alpha", Elu.DEFAULT_ALPHA)),
              (layer, json) -> json.addProperty("alpha", layer.alpha())),
          plain("sigmoid", Sigmoid.class, Sigmoid::new),
          plain("tanh", Tanh.class, Tanh::new),
          plain("softplus", Softplus.class, Softplus::new),
          plain("gelu", Gelu.class, Gelu::new),
          plain("geluTanh", GeluTanh.class, GeluTanh::new),
          plain("softmax", Softmax.class, Softmax::new));

  private static final Map<String, Type<?>> BY_NAME =
      TYPES.stream()
          .collect(Collectors.toMap(Type::name, type -> type, (a, b) -> a, LinkedHashMap::new));

  private LayerJson() {}

  /** A type without settings. */
  private static <L extends Layer> Type<L> plain(
      String name, Class<L> layer, Supplier<? extends Layer> maker) {
    return new Type<>(name, layer, (fields, input) -> maker.get(), (instance, json) -> {});
  }

  /**
   * Reads the layers of a key one after another.
   *
   * @param start what they are appended to
   * @throws JsonFormatException if a type is unknown, a setting is missing or no good, or a layer
   *     does not fit the one before
   */
  static Chain readChain(Chain start, JsonFields fields) throws JsonFormatException {
    AtomicReference<Chain> chain = new AtomicReference<>(start);
    fields.objects(
        "layers",
        layer -> {
          chain.set(append(chain.get(), layer));
          return chain;
        });
    return chain.get();
  }

  private static Chain append(Chain chain, JsonFields fields) throws JsonFormatException {
    Layer layer = fields.oneOf("type", BY_NAME).reader.read(fields, chain.output());
    Optional<String> name =
        fields.has("name") ? Optional.of(fields.text("name")) : Optional.empty();
    return chain.append(name, () -> layer);
  }

  /**
   * Writes the layers of a chain.
   *
   * @throws IllegalArgumentException if network files do not know a layer
   */
  static JsonArray write(Chain chain) {
    JsonArray layers = new JsonArray();
    for (NamedLayer named : chain.layers()) {
      JsonObject layer = new JsonObject();
      layer.addProperty("type", named.layer().type());
      layer.addProperty("name", named.name());
      try {
        write(named.layer(), layer);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "layer " + (layers.size() + 1) + " '" + named.name() + "': " + e.getMessage(), e);
      }
      layers.add(layer);
    }
    return layers;
  }

  private static void write(Layer layer, JsonObject json) {
    for (Type<?> type : TYPES) {
      if (type.layer.isInstance(layer)) {
        type.write(layer, json);
        return;
      }
    }
    throw new IllegalArgumentException(
        "type: expected one of " + BY_NAME.keySet() + " but got '" + layer.type() + "'");
  }

  private static Layer dense(JsonFields fields, Shape input) throws JsonFormatException {
    return new Dense(
        fields.integer("units", 1), fields.truth("bias", Dense.DEFAULT_BIAS), Optional.empty());
  }

  private static void dense(Dense layer, JsonObject json) {
    json.addProperty("units", layer.units());
    addUnless(Dense.DEFAULT_BIAS, "bias", layer.bias(), json);
  }

  private static Layer conv2d(JsonFields fields, Shape input) throws JsonFormatException {
    return new Conv2d(
        fields.integer("filters", 1),
        pair(fields, "kernel", 1, Conv2d.DEFAULT_KERNEL),
        pair(fields, "stride", 1, Conv2d.DEFAULT_STRIDE),
        pair(fields, "padding", 0, Conv2d.DEFAULT_PADDING),
        fields.truth("bias", Conv2d.DEFAULT_BIAS),
        fields.truth("exact", Conv2d.DEFAULT_EXACT),
        Optional.empty());
  }

  private static void conv2d(Conv2d layer, JsonObject json) {
    json.addProperty("filters", layer.filters());
    json.add("kernel", pair(layer.kernel()));
    json.add("stride", pair(layer.stride()));
    json.add("padding", pair(layer.padding()));
    addUnless(Conv2d.DEFAULT_BIAS, "bias", layer.bias(), json);
    addUnless(Conv2d.DEFAULT_EXACT, "exact", layer.exact(), json);
  }

  private static Layer maxPool2d(JsonFields fields, Shape input) throws JsonFormatException {
    Extent2d size = pair(fields, "size", 1);
    return new MaxPool2d(
        size, pair(fields, "stride", 1, size), fields.truth("exact", MaxPool2d.DEFAULT_EXACT));
  }

  private static void maxPool2d(MaxPool2d layer, JsonObject json) {
    json.add("size", pair(layer.size()));
    json.add("stride", pair(layer.stride()));
    addUnless(MaxPool2d.DEFAULT_EXACT, "exact", layer.exact(), json);
  }

  private static Layer averagePool2d(JsonFields fields, Shape input) throws JsonFormatException {
    Extent2d size = pair(fields, "size", 1);
    return new AveragePool2d(
        size, pair(fields, "stride", 1, size), fields.truth("exact", AveragePool2d.DEFAULT_EXACT));
  }

  private static void averagePool2d(AveragePool2d layer, JsonObject json) {
    json.add("size", pair(layer.size()));
    json.add("stride", pair(layer.stride()));
    addUnless(AveragePool2d.DEFAULT_EXACT, "exact", layer.exact(), json);
  }

  private static Layer batchNorm(JsonFields fields, Shape input) throws JsonFormatException {
    return new BatchNorm(
        fields.number("epsilon", BatchNorm.DEFAULT_EPSILON),
        fields.number("momentum", BatchNorm.DEFAULT_MOMENTUM),
        fields.number("runningVariance", BatchNorm.DEFAULT_RUNNING_VARIANCE));
  }

  private static void batchNorm(BatchNorm layer, JsonObject json) {
    json.addProperty("epsilon", layer.epsilon());
    json.addProperty("momentum", layer.momentum());
    if (layer.runningVariance() != BatchNorm.DEFAULT_RUNNING_VARIANCE) {
      json.addProperty("runningVariance", layer.runningVariance());
    }
  }

  private static Layer dropout(JsonFields fields, Shape input) throws JsonFormatException {
    Dropout layer = new Dropout(fields.number("keep"));
    return fields.has("seed") ? layer.seed(fields.whole("seed")) : layer;
  }

  private static void dropout(Dropout layer, JsonObject json) {
    json.addProperty("keep", layer.keep());
    layer.seed().ifPresent(seed -> json.addProperty("seed", seed));
  }

  private static Layer groupNorm(JsonFields fields, Shape input) throws JsonFormatException {
    return new GroupNorm(
        fields.integer("groups", 1), fields.number("epsilon", GroupNorm.DEFAULT_EPSILON));
  }

  private static void groupNorm(GroupNorm layer, JsonObject json) {
    json.addProperty("groups", layer.groups());
    json.addProperty("epsilon", layer.epsilon());
  }

  private static Layer residual(JsonFields fields, Shape input) throws JsonFormatException {
    return new Residual(readChain(Chain.of(input), fields));
  }

  private static void residual(Residual layer, JsonObject json) {
    json.add("layers", write(layer.body()));
  }

  /** Reads a pair: an array of two numbers, or one number for both. */
  private static Extent2d pair(JsonFields fields, String key, int least)
      throws JsonFormatException {
    if (fields.isNumber(key)) {
      return Extent2d.of(fields.integer(key, least));
    }
    int[] both = fields.integers(key, least);
    if (both.length != 2) {
      throw fields.error(key, "[vertical, horizontal]", both.length + " numbers");
    }
    return new Extent2d(both[0], both[1]);
  }

  private static Extent2d pair(JsonFields fields, String key, int least, Extent2d absent)
      throws JsonFormatException {
    return fields.has(key) ? pair(fields, key, least) : absent;
  }

  private static JsonArray pair(Extent2d pair) {
    return integers(pair.height(), pair.width());
  }

  private static JsonArray integers(int... values) {
    JsonArray array = new JsonArray();
    for (int value : values) {
      array.add(value);
    }
    return array;
  }

  private static void addUnless(boolean absent, String key, boolean value, JsonObject json) {
    if (value != absent) {
      json.addProperty(key, value);
    }
  }
}
