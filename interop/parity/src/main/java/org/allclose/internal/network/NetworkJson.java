package org.allclose.internal.network;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.internal.json.JsonFields;
import org.allclose.internal.json.JsonFile;
import org.allclose.internal.json.SettingsJson;
import org.allclose.json.JsonFormatException;
import org.allclose.layer.Graph;
import org.allclose.layer.Layer;
import org.allclose.layer.Node;
import org.allclose.layer.combine.Add;
import org.allclose.loss.Loss;
import org.allclose.loss.WeightedLoss;
import org.allclose.tensor.Shape;
import org.allclose.type.Type;
import org.allclose.type.Types;

/**
 * A network as JSON, and back.
 *
 * <p>{@code org.allclose.network.NetworkFile} says what the format is.
 */
public final class NetworkJson {

  /** What the key {@code format} says. */
  public static final String FORMAT = "allclose-network/2";

  /** What the key {@code format} says in files of the first version. */
  public static final String FORMAT_1 = "allclose-network/1";

  private static final String RESIDUAL = "residual";

  private static final Pattern TAKEN = Pattern.compile("\"name\"\\s*:\\s*\"" + Graph.INPUT + "\"");

  private NetworkJson() {}

  /**
   * Reads a network from JSON that stands within another document.
   *
   * @throws JsonFormatException if the fields are not in the format, or the layers do not fit
   */
  public static NetworkSpec read(JsonFields fields) throws JsonFormatException {
    boolean isFirst = fields.oneOf("format", choices(FORMAT_1, FORMAT));
    Types<Layer> types = Types.of(Layer.class);
    Graph graph =
        isFirst
            ? readBlock(Graph.of(List.of(firstInput(fields))), types, fields)
            : readGraph(Graph.of(inputs(fields)), types, fields);
    if (graph.nodes().isEmpty()) {
      throw fields.error("layers", "at least one layer", "none");
    }
    List<String> outputs =
        !isFirst && fields.has("outputs") ? fields.texts("outputs") : List.of(graph.end());
    return withLoss(NetworkSpec.of(graph, outputs), isFirst, fields);
  }

  /** Returns two choices in their order; the first is true. */
  private static Map<String, Boolean> choices(String first, String second) {
    Map<String, Boolean> choices = new LinkedHashMap<>();
    choices.put(first, true);
    choices.put(second, false);
    return choices;
  }

  private static List<Graph.Input> inputs(JsonFields fields) throws JsonFormatException {
    if (!fields.has("inputs")) {
      return List.of(new Graph.Input(Graph.INPUT, inputShape(fields), false));
    }
    return fields.objects(
        "inputs",
        input ->
            new Graph.Input(
                input.text("name"),
                Shape.of(input.integers("shape", 1)),
                input.has("type") && !input.oneOf("type", choices("values", "tokens"))));
  }

  private static Graph readGraph(Graph start, Types<Layer> types, JsonFields fields)
      throws JsonFormatException {
    AtomicReference<Graph> graph = new AtomicReference<>(start);
    fields.objects(
        "layers",
        layer -> {
          Layer settings = SettingsJson.read(layer.oneOf("type", types.byName()), layer);
          List<String> takes =
              layer.has("inputs") ? layer.texts("inputs") : List.of(graph.get().end());
          graph.set(graph.get().append(name(layer), takes, () -> settings));
          return graph;
        });
    return graph.get();
  }

  /**
   * Returns the input of the first version, which nothing names: a layer may be called as it is
   * here.
   */
  private static Graph.Input firstInput(JsonFields fields) throws JsonFormatException {
    Shape shape = inputShape(fields);
    boolean isTaken = TAKEN.matcher(fields.raw("layers")).find();
    return new Graph.Input(isTaken ? "x" : Graph.INPUT, shape, false);
  }

  /** Reads the layers of a network or a block of the first version, one after another. */
  private static Graph readBlock(Graph start, Types<Layer> types, JsonFields fields)
      throws JsonFormatException {
    Map<String, Optional<Type<? extends Layer>>> choices = new LinkedHashMap<>();
    types.byName().forEach((name, type) -> choices.put(name, Optional.of(type)));
    choices.put(RESIDUAL, Optional.empty());
    AtomicReference<Graph> graph = new AtomicReference<>(start);
    fields.objects(
        "layers",
        layer -> {
          Optional<Type<? extends Layer>> type = layer.oneOf("type", choices);
          if (type.isPresent()) {
            Layer settings = SettingsJson.read(type.get(), layer);
            graph.set(graph.get().append(name(layer), () -> settings));
          } else {
            graph.set(residual(graph.get(), types, layer));
          }
          return graph;
        });
    return graph.get();
  }

  private static Graph residual(Graph before, Types<Layer> types, JsonFields layer)
      throws JsonFormatException {
    Graph block = readBlock(before.begin(name(layer), RESIDUAL), types, layer);
    if (block.end().equals(before.end())) {
      throw layer.error("layers", "at least one layer", "none");
    }
    return block.end(before, RESIDUAL, List.of(before.end(), block.end()), Add::new);
  }

  private static Optional<String> name(JsonFields fields) throws JsonFormatException {
    return fields.has("name") ? Optional.of(fields.text("name")) : Optional.empty();
  }

  /**
   * Returns the text of the network file of a network.
   *
   * @throws IllegalArgumentException if network files do not know a layer or the loss
   */
  public static String print(NetworkSpec spec) {
    JsonObject json = new JsonObject();
    json.addProperty("format", FORMAT);
    Graph.Input first = spec.inputs().get(0);
    if (spec.inputs().size() == 1 && first.name().equals(Graph.INPUT) && !first.isTokens()) {
      json.add("input", SettingsJson.integers(spec.input().toArray()));
    } else {
      json.add("inputs", inputs(spec));
    }
    json.add("layers", layers(spec));
    if (!spec.outputs().equals(List.of(last(spec)))) {
      json.add("outputs", texts(spec.outputs()));
    }
    if (spec.losses().size() == 1 && spec.losses().get(0).isPlain()) {
      json.add("loss", loss(spec, spec.losses().get(0)));
    } else if (!spec.losses().isEmpty()) {
      JsonArray losses = new JsonArray();
      spec.losses().forEach(loss -> losses.add(loss(spec, loss)));
      json.add("losses", losses);
    }
    if (spec.l2() != NetworkSpec.DEFAULT_L2) {
      json.addProperty("l2", spec.l2());
    }
    return JsonFile.print(json);
  }

  private static String last(NetworkSpec spec) {
    return spec.layers().get(spec.layers().size() - 1).name();
  }

  private static JsonArray inputs(NetworkSpec spec) {
    JsonArray inputs = new JsonArray();
    for (Graph.Input input : spec.inputs()) {
      JsonObject json = new JsonObject();
      json.addProperty("name", input.name());
      json.add("shape", SettingsJson.integers(input.shape().toArray()));
      if (input.isTokens()) {
        json.addProperty("type", "tokens");
      }
      inputs.add(json);
    }
    return inputs;
  }

  private static JsonArray layers(NetworkSpec spec) {
    JsonArray layers = new JsonArray();
    Types<Layer> types = Types.of(Layer.class);
    String before = spec.inputs().get(0).name();
    for (Node node : spec.layers()) {
      JsonObject layer = new JsonObject();
      Type<?> type = node.layer().type();
      requireKnown("layer " + (layers.size() + 1) + " '" + node.name() + "'", type, types);
      layer.addProperty("type", type.name());
      layer.addProperty("name", node.name());
      if (!node.inputs().equals(List.of(before))) {
        layer.add("inputs", texts(node.inputs()));
      }
      SettingsJson.write(type, node.layer(), layer);
      layers.add(layer);
      before = node.name();
    }
    return layers;
  }

  private static JsonObject loss(NetworkSpec spec, WeightedLoss weighted) {
    JsonObject json = new JsonObject();
    Loss loss = weighted.loss();
    requireKnown("loss", loss.type(), Types.of(Loss.class));
    json.addProperty("type", loss.type().name());
    if (!weighted.output().equals(spec.outputs().get(0))) {
      json.addProperty("input", weighted.output());
    }
    if (!weighted.isPlain()) {
      json.addProperty("weight", weighted.weight());
    }
    SettingsJson.write(loss.type(), loss, json);
    return json;
  }

  /** Refuses what a reader would not find. */
  private static void requireKnown(String place, Type<?> type, Types<?> types) {
    if (types.find(type.name()).filter(known -> known.kind() == type.kind()).isEmpty()) {
      throw new IllegalArgumentException(
          place
              + ": type: expected one of "
              + types.byName().keySet()
              + " but got '"
              + type.name()
              + "'");
    }
  }

  private static JsonArray texts(List<String> texts) {
    JsonArray array = new JsonArray();
    texts.forEach(array::add);
    return array;
  }

  private static Shape inputShape(JsonFields fields) throws JsonFormatException {
    return Network.input(fields.integers("input", 1)).shape();
  }

  private static Loss loss(JsonFields fields) throws JsonFormatException {
    return SettingsJson.read(fields.oneOf("type", Types.of(Loss.class).byName()), fields);
  }

  private static WeightedLoss weightedLoss(NetworkSpec spec, JsonFields fields)
      throws JsonFormatException {
    String output = fields.has("input") ? fields.text("input") : spec.outputs().get(0);
    double weight = fields.number("weight", WeightedLoss.DEFAULT_WEIGHT);
    return new WeightedLoss(output, loss(fields), weight);
  }

  private static NetworkSpec withLoss(NetworkSpec spec, boolean isFirst, JsonFields fields)
      throws JsonFormatException {
    if (!isFirst && fields.has("losses")) {
      if (fields.has("loss")) {
        throw fields.error("losses", "no 'loss' beside it", "one");
      }
      List<WeightedLoss> losses = fields.objects("losses", loss -> weightedLoss(spec, loss));
      return spec.withLosses(losses).withL2(fields.number("l2", NetworkSpec.DEFAULT_L2));
    }
    if (!fields.has("loss")) {
      if (fields.has("l2")) {
        throw fields.error("l2", "a loss beside it", "none");
      }
      return spec;
    }
    double l2 = fields.number("l2", NetworkSpec.DEFAULT_L2);
    return fields
        .object(
            "loss",
            loss -> {
              Loss settings = loss(loss);
              return !isFirst && loss.has("input")
                  ? spec.withLoss(settings, loss.text("input"))
                  : spec.withLoss(settings);
            })
        .withL2(l2);
  }
}
