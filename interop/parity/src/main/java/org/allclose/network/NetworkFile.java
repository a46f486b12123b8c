package org.allclose.network;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.internal.json.JsonFile;
import org.allclose.json.Json;
import org.allclose.json.JsonFields;
import org.allclose.json.JsonFormatException;
import org.allclose.layer.Chain;
import org.allclose.tensor.Shape;

/**
 * Network files: a {@link NetworkSpec} as JSON, format {@value #FORMAT}.
 *
 * <pre>{@code
 * {"format": "allclose-network/1", "input": [64],
 *  "layers": [{"type": "dense", "name": "fc1", "units": 100}, {"type": "relu"}],
 *  "loss": {"type": "softmax"}, "l2": 0.001}
 * }</pre>
 *
 * <p>{@code name}, {@code loss} and {@code l2} may be left out; unknown keys are errors.
 */
public final class NetworkFile {

  /** What the key {@code format} says. */
  public static final String FORMAT = "allclose-network/1";

  private NetworkFile() {}

  /**
   * Reads a network file.
   *
   * @throws JsonFormatException if the file is not in the format, or the layers do not fit
   * @throws IOException if it cannot be read
   */
  public static NetworkSpec read(Path file) throws IOException {
    return JsonFile.read(file, NetworkFile::read);
  }

  /**
   * Reads a network from the text of a network file.
   *
   * @param place what errors call the text
   * @throws JsonFormatException if the text is not in the format, or the layers do not fit
   */
  public static NetworkSpec parse(String place, String text) throws JsonFormatException {
    return Json.parse(place, text, NetworkFile::read);
  }

  /**
   * Reads a network from JSON that stands within another document.
   *
   * @throws JsonFormatException if the fields are not in the format, or the layers do not fit
   */
  public static NetworkSpec read(JsonFields fields) throws JsonFormatException {
    fields.oneOf("format", Map.of(FORMAT, FORMAT));
    Chain chain = LayerJson.readChain(Chain.of(inputShape(fields)), fields);
    if (chain.layers().isEmpty()) {
      throw fields.error("layers", "at least one layer", "none");
    }
    return withLoss(NetworkSpec.of(chain), fields);
  }

  /**
   * Returns the network as JSON.
   *
   * @throws IllegalArgumentException if network files do not know a layer or the loss
   */
  public static JsonObject toJson(NetworkSpec spec) {
    JsonObject json = new JsonObject();
    json.addProperty("format", FORMAT);
    JsonArray input = new JsonArray();
    for (int length : spec.input().toArray()) {
      input.add(length);
    }
    json.add("input", input);
    json.add("layers", LayerJson.write(spec.chain()));
    spec.loss().ifPresent(loss -> json.add("loss", LossJson.write(loss)));
    if (spec.l2() != NetworkSpec.DEFAULT_L2) {
      json.addProperty("l2", spec.l2());
    }
    return json;
  }

  /**
   * Returns the text of the network file of a network.
   *
   * @throws IllegalArgumentException if network files do not know a layer or the loss
   */
  public static String print(NetworkSpec spec) {
    return JsonFile.print(toJson(spec));
  }

  private static Shape inputShape(JsonFields fields) throws JsonFormatException {
    return Network.input(fields.integers("input", 1)).shape();
  }

  private static NetworkSpec withLoss(NetworkSpec spec, JsonFields fields)
      throws JsonFormatException {
    if (fields.has("loss")) {
      double l2 = fields.number("l2", NetworkSpec.DEFAULT_L2);
      return spec.withLoss(fields.object("loss", LossJson::read)).withL2(l2);
    }
    if (fields.has("l2")) {
      throw fields.error("l2", "a loss beside it", "none");
    }
    return spec;
  }
}
