package org.allclose.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.allclose.TestData;
import org.allclose.jnpy.NpyArray;
import org.allclose.jnpy.Npz;
import org.allclose.parity.CaseFile;

/** Commands on files that were good before a {@link Mutator} had them. */
final class FuzzedCommands {
  private static final String NETWORK =
      """
      {"format": "allclose-network/1", "input": [3],
       "layers": [{"type": "dense", "name": "fc1", "units": 4}, {"type": "batchNorm"},
                  {"type": "relu"}, {"type": "dropout", "keep": 0.5},
                  {"type": "dense", "name": "fc2", "units": 2}],
       "loss": {"type": "softmax"}, "l2": 0.001}
      """;

  private static final String CONFIG =
      """
      {"format": "allclose-train/1", "seed": 231, "start": {"type": "gaussian", "std": 0.1},
       "data": {"x": "x", "y": "y", "divideBy": 2, "shuffle": true, "validation": 2},
       "optimizer": {"type": "adam", "beta1": 0.9},
       "schedule": {"type": "cosine", "rate": 0.001, "steps": 6, "warmup": 1},
       "batch": 4, "epochs": 2, "draw": "permutation", "accuracySamples": 8,
       "clipNorm": 5, "keepBest": true, "patience": 2}
      """;

  /** Numbers of epochs and steps that end soon: others are no fault, but take their time. */
  private static final String MANY =
      "(?s).*\"(?:epochs|steps|accuracySamples)\"[^-+.0-9]*+" + "[-+.0-9]*(?:[0-9]{3,}|[eE]).*";

  private final Path folder;
  private final Mutator mutator;
  private final List<Path> cases = new ArrayList<>();
  private final List<String> networks = new ArrayList<>();
  private final List<byte[]> safetensors = new ArrayList<>();
  private final List<byte[]> arrays = new ArrayList<>();
  private final List<byte[]> archives = new ArrayList<>();
  private final Path train;

  /** What is to be run, and which files it may make if it is good. */
  record Command(String kind, List<String> arguments, List<Path> outputs) {}

  FuzzedCommands(Path folder, Mutator mutator) throws IOException {
    this.folder = folder;
    this.mutator = mutator;
    train = Files.createDirectories(folder.resolve("train"));
    collect();
    prepareTraining();
  }

  private void collect() throws IOException {
    for (Path path : CaseFile.below(TestData.fixtures())) {
      try (Stream<Path> files = Files.walk(path)) {
        if (files.mapToLong(FuzzedCommands::size).sum() < 40_000) {
          cases.add(path);
        }
      }
    }
    try (Stream<Path> files = Files.walk(TestData.folder())) {
      for (Path file : files.filter(f -> size(f) < 20_000).sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.equals("network.json")) {
          networks.add(Files.readString(file));
        } else if (name.endsWith(".safetensors")) {
          safetensors.add(Files.readAllBytes(file));
        } else if (name.endsWith(".npz")) {
          archives.add(Files.readAllBytes(file));
        } else if (name.endsWith(".npy") && arrays.size() < 400) {
          arrays.add(Files.readAllBytes(file));
        }
      }
    }
  }

  private void prepareTraining() throws IOException {
    Files.writeString(train.resolve("network.json"), NETWORK);
    Files.writeString(train.resolve("config.json"), CONFIG);
    double[] x = new double[36];
    for (int i = 0; i < x.length; i++) {
      x[i] = i * 7 % 11;
    }
    long[] y = {0, 1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 0};
    Map<String, NpyArray> data = new LinkedHashMap<>();
    data.put("x", NpyArray.of(x, 12, 3));
    data.put("y", NpyArray.of(y, 12));
    Npz.write(train.resolve("data.npz"), data);
    List<String> arguments = new ArrayList<>(training(train, train));
    arguments.addAll(List.of("--checkpoint", train.resolve("checkpoint.npz").toString()));
    StringWriter err = new StringWriter();
    int status =
        Allclose.run(
            new PrintWriter(new StringWriter()),
            new PrintWriter(err),
            arguments.toArray(String[]::new));
    if (status != 0) {
      throw new IllegalStateException(err.toString());
    }
  }

  private static List<String> training(Path network, Path config) {
    return List.of(
        "train",
        "--network",
        network.resolve("network.json").toString(),
        "--data",
        network.resolve("data.npz").toString(),
        "--config",
        config.resolve("config.json").toString(),
        "--output",
        config.resolve("out.npz").toString());
  }

  /** Writes files anew and returns a command on them. */
  Command next(int number) throws IOException {
    Path here = folder.resolve("run");
    clear(here);
    Files.createDirectories(here);
    return switch (number % 8) {
      case 0 -> network(here);
      case 1 -> aCase(here);
      case 2 -> config(here);
      case 3 -> checkpoint(here);
      case 4 -> safetensors(here);
      case 5 -> archive(here);
      case 6 -> array(here);
      default -> prediction(here);
    };
  }

  /** Keeps the files of the last command, and returns where. */
  Path keep(int number) throws IOException {
    return Files.move(folder.resolve("run"), folder.resolve("finding-" + number));
  }

  private Command network(Path here) throws IOException {
    Path file =
        Files.writeString(here.resolve("network.json"), mutator.text(mutator.pick(networks)));
    return new Command("network", List.of("summary", "--network", file.toString()), List.of());
  }

  private Command aCase(Path here) throws IOException {
    Path original = mutator.pick(cases);
    Path copy = here.resolve("case");
    List<Path> files;
    try (Stream<Path> walk = Files.walk(original)) {
      files = walk.filter(Files::isRegularFile).sorted().toList();
    }
    Path changed = mutator.chance(2) ? original.resolve("case.json") : mutator.pick(files);
    for (Path file : files) {
      Path target = copy.resolve(original.relativize(file));
      Files.createDirectories(target.getParent());
      byte[] bytes = Files.readAllBytes(file);
      Files.write(target, file.equals(changed) ? mutated(file, bytes) : bytes);
    }
    List<Path> outputs =
        List.of(here.resolve("r.html"), here.resolve("r.json"), here.resolve("r.xml"));
    return new Command(
        "case",
        List.of(
            "check",
            copy.toString(),
            "--html",
            outputs.get(0).toString(),
            "--json",
            outputs.get(1).toString(),
            "--junit",
            outputs.get(2).toString()),
        outputs);
  }

  private byte[] mutated(Path file, byte[] bytes) throws IOException {
    String name = file.getFileName().toString();
    return name.endsWith(".npy")
        ? mutator.npy(bytes)
        : name.endsWith(".npz")
            ? mutator.npz(bytes)
            : mutator
                .text(new String(bytes, StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.UTF_8);
  }

  private Command config(Path here) throws IOException {
    String text = mutator.text(CONFIG);
    Files.writeString(here.resolve("config.json"), text.matches(MANY) ? CONFIG : text);
    return new Command("config", training(train, here), List.of(here.resolve("out.npz")));
  }

  private Command checkpoint(Path here) throws IOException {
    Files.writeString(here.resolve("config.json"), CONFIG);
    byte[] bytes = mutator.npz(Files.readAllBytes(train.resolve("checkpoint.npz")));
    Path file = Files.write(here.resolve("checkpoint.npz"), bytes);
    List<String> arguments = new ArrayList<>(training(train, here));
    arguments.addAll(List.of("--checkpoint", file.toString()));
    return new Command("checkpoint", arguments, List.of(here.resolve("out.npz")));
  }

  private Command safetensors(Path here) throws IOException {
    byte[] original = mutator.pick(safetensors);
    Path good = Files.write(here.resolve("good.safetensors"), original);
    Path bad = Files.write(here.resolve("bad.safetensors"), mutator.safetensors(original));
    return new Command("safetensors", List.of("diff", good.toString(), bad.toString()), List.of());
  }

  private Command archive(Path here) throws IOException {
    byte[] original = mutator.pick(archives);
    Path good = Files.write(here.resolve("good.npz"), original);
    Path bad = Files.write(here.resolve("bad.npz"), mutator.npz(original));
    return numpy("npz", good, bad, here.resolve("out.npz"));
  }

  private Command array(Path here) throws IOException {
    byte[] original = mutator.pick(arrays);
    Path good = Files.write(here.resolve("good.npy"), original);
    Path bad = Files.write(here.resolve("bad.npy"), mutator.npy(original));
    return numpy("npy", good, bad, here.resolve("out.npy"));
  }

  private Command numpy(String kind, Path good, Path bad, Path out) {
    return mutator.pick(
        List.of(
            new Command(kind, List.of("show", bad.toString()), List.of()),
            new Command(kind, List.of("show", "--json", bad.toString()), List.of()),
            new Command(kind, List.of("diff", good.toString(), bad.toString()), List.of()),
            new Command(kind, List.of("convert", bad.toString(), out.toString()), List.of(out))));
  }

  private Command prediction(Path here) throws IOException {
    Path recorded = TestData.fixtures().resolve("two_layer");
    List<String> names = List.of("network.json", "weights.npz", "inputs/x.npy");
    String changed = mutator.pick(names);
    List<String> paths = new ArrayList<>();
    for (String name : names) {
      Path target = here.resolve(name);
      Files.createDirectories(target.getParent());
      byte[] bytes = Files.readAllBytes(recorded.resolve(name));
      Files.write(target, name.equals(changed) ? mutated(target, bytes) : bytes);
      paths.add(target.toString());
    }
    Path out = here.resolve("out.npy");
    return new Command(
        "prediction",
        List.of(
            "predict",
            "--network",
            paths.get(0),
            "--weights",
            paths.get(1),
            "--input",
            paths.get(2),
            "--output",
            out.toString()),
        List.of(out));
  }

  private static long size(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void clear(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
