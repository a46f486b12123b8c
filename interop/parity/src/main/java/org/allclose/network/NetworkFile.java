package org.allclose.network;

import java.io.IOException;
import java.nio.file.Path;
import org.allclose.NetworkSpec;
import org.allclose.internal.json.Json;
import org.allclose.internal.json.JsonFile;
import org.allclose.internal.network.NetworkJson;
import org.allclose.json.JsonFormatException;

/**
 * Network files: a {@link NetworkSpec} as JSON, format {@value #FORMAT}.
 *
 * <pre>{@code
 * {"format": "allclose-network/2", "input": [3, 32, 32],
 *  "layers": [{"type": "conv2d", "name": "conv1", "filters": 32, "kernel": [3, 3], "padding": [1, 1]},
 *             {"type": "conv2d", "name": "short", "inputs": ["input"], "filters": 32, "kernel": [1, 1]},
 *             {"type": "add", "name": "sum", "inputs": ["conv1", "short"]}],
 *  "loss": {"type": "softmax"}, "l2": 0.001}
 * }</pre>
 *
 * <p>A layer without {@code inputs} takes the layer before it, the first one the input, which is
 * called {@value org.allclose.layer.Graph#INPUT}; {@code "inputs": []} is what a layer has that
 * takes nothing. A network of several inputs has {@code "inputs": [{"name": "x", "shape": [3, 32,
 * 32]}, {"name": "ids", "shape": [128], "type": "tokens"}]} in place of {@code input}. {@code
 * "outputs": ["a", "b"]} are what it gives, the last layer where nothing is said; a loss takes the
 * first of them, or the one that its {@code input} names. Several losses are {@code "losses":
 * [{"type": "nll", "input": "policy"}, {"type": "meanSquaredError", "input": "value", "weight":
 * 0.5}]} in place of {@code loss}. The settings of a layer are those of its {@link
 * org.allclose.type.Type}. {@code name}, {@code loss} and {@code l2} may be left out; unknown keys
 * are errors.
 *
 * <p>The older format {@value #FORMAT_1} is read as well: a chain of layers, some of which are
 * blocks {@code {"type": "residual", "layers": [...]}}.
 */
public final class NetworkFile {

  /** What the key {@code format} says. */
  public static final String FORMAT = NetworkJson.FORMAT;

  /** What the key {@code format} says in files of the first version. */
  public static final String FORMAT_1 = NetworkJson.FORMAT_1;

  private NetworkFile() {}

  /**
   * Reads a network file.
   *
   * @throws JsonFormatException if the file is not in the format, or the layers do not fit
   * @throws IOException if it cannot be read
   */
  public static NetworkSpec read(Path file) throws IOException {
    return JsonFile.read(file, NetworkJson::read);
  }

  /**
   * Reads a network from the text of a network file.
   *
   * @param place what errors call the text
   * @throws JsonFormatException if the text is not in the format, or the layers do not fit
   */
  public static NetworkSpec parse(String place, String text) throws JsonFormatException {
    return Json.parse(place, text, NetworkJson::read);
  }

  /**
   * Returns the text of the network file of a network.
   *
   * @throws IllegalArgumentException if network files do not know a layer or the loss
   */
  public static String print(NetworkSpec spec) {
    return NetworkJson.print(spec);
  }
}
