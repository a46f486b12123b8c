package org.allclose.internal.arrays;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.allclose.WeightSource;
import org.allclose.internal.file.InputFile;
import org.allclose.internal.json.JsonFields;
import org.allclose.internal.json.JsonFile;
import org.allclose.internal.message.Excerpt;
import org.allclose.json.JsonFormatException;
import org.allclose.tensor.Tensor;

/**
 * Parameters in several {@code .safetensors} files that an index joins, such as {@code
 * model.safetensors.index.json}.
 *
 * <p>The index is a JSON object: {@code weight_map} says for each tensor which file beside the
 * index it lies in; {@code metadata}, which may be missing, is not used. Each file has exactly the
 * tensors that the index says it has. A file's name has no folder in it, so that an index reads
 * nothing but what lies beside it.
 *
 * <p>Source: the sharded checkpoints of Hugging Face's transformers.
 */
public final class SafetensorsShards implements WeightSource, ArraySource {
  private final Path index;

  /** The file of each tensor, in the order of the index. */
  private final Map<String, SafetensorsFile> shards;

  private SafetensorsShards(Path index, Map<String, SafetensorsFile> shards) {
    this.index = index;
    this.shards = shards;
  }

  /**
   * Reads an index and the headers of all its files.
   *
   * @throws JsonFormatException if the index or a file is not in its format, or they contradict
   *     each other
   * @throws IOException if a file is missing or cannot be read
   */
  public static SafetensorsShards open(Path index) throws IOException {
    return open(InputFile.of(index));
  }

  /** As {@link #open(Path)}, of a file that was looked at. */
  public static SafetensorsShards open(InputFile json) throws IOException {
    return JsonFile.read(json, fields -> index(json.path(), fields));
  }

  private static SafetensorsShards index(Path index, JsonFields fields) throws IOException {
    fields.has("metadata");
    return fields.object("weight_map", map -> join(index, map));
  }

  private static SafetensorsShards join(Path index, JsonFields map) throws IOException {
    Map<String, SafetensorsFile> files = new LinkedHashMap<>();
    Map<String, SafetensorsFile> shards = new LinkedHashMap<>();
    for (String tensor : map.keys()) {
      String name = map.text(tensor);
      if (!files.containsKey(name)) {
        files.put(name, shard(map, index, tensor, name));
      }
      SafetensorsFile file = files.get(name);
      if (!file.names().contains(tensor)) {
        throw map.error(tensor, "a tensor of " + name, "one of " + Excerpt.of(file.names()));
      }
      shards.put(tensor, file);
    }
    requireAllMapped(map, files, shards);
    return new SafetensorsShards(index, shards);
  }

  private static SafetensorsFile shard(JsonFields map, Path index, String tensor, String name)
      throws IOException {
    if (name.isEmpty() || name.equals("..") || name.matches(".*[/\\\\:\0].*")) {
      throw map.error(tensor, "the name of a file beside the index", "'" + name + "'");
    }
    Path file = index.resolveSibling(name);
    if (!Files.exists(file)) {
      throw map.error(tensor, "the file " + file, "none");
    }
    return SafetensorsFile.open(file);
  }

  /** Refuses tensors that the index does not have, or has in another file. */
  private static void requireAllMapped(
      JsonFields map, Map<String, SafetensorsFile> files, Map<String, SafetensorsFile> shards)
      throws JsonFormatException {
    for (SafetensorsFile file : files.values()) {
      for (String tensor : file.names()) {
        SafetensorsFile mapped = shards.get(tensor);
        if (mapped == null) {
          throw map.error("tensor '" + tensor + "' of " + file.description(), "none");
        }
        if (mapped != file) {
          throw map.error(
              tensor,
              "one file with the tensor",
              "two: " + mapped.description() + " and " + file.description());
        }
      }
    }
  }

  /** Returns the index's path. */
  @Override
  public String description() {
    return index.toString();
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(shards.keySet());
  }

  /**
   * Reads one tensor, as {@link SafetensorsFile#get} does.
   *
   * @throws IllegalArgumentException if there is none of that name, or its file does not give it
   */
  @Override
  public Tensor get(String name) {
    return shard(name).get(name);
  }

  @Override
  public StoredArray array(String name) throws IOException {
    return shard(name).array(name);
  }

  private SafetensorsFile shard(String name) {
    SafetensorsFile file = shards.get(name);
    if (file == null) {
      throw new IllegalArgumentException(
          index + ": expected one of " + shards.keySet() + " but got '" + name + "'");
    }
    return file;
  }

  @Override
  public String toString() {
    return "SafetensorsShards[" + index + "]";
  }
}
