package org.allclose.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.Parameters;
import org.allclose.TestData;
import org.allclose.TransformerLayer;
import org.allclose.internal.json.Json;
import org.allclose.layer.Layer;
import org.allclose.layer.sequence.Lstm;
import org.allclose.layer.sequence.RecurrentLayer.Returns;
import org.allclose.layer.sequence.Rnn;
import org.allclose.loss.Reduction;
import org.allclose.loss.Targets;
import org.allclose.network.NetworkFile;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.train.Dataset;
import org.allclose.train.Trainer;
import org.allclose.weights.NumpyTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Repeats from the seed alone how the captioning models of cs231n's assignment 3 overfit a few
 * captions: every loss, every parameter, and the captions that are sampled afterwards.
 *
 * <p>Recorded by {@code testdata/reference/record_captioning.py}.
 */
class CaptioningReplayTest {
  static final Path FOLDER = TestData.folder().resolve("captioning");

  private static final int START = 1;
  private static final int VOCABULARY = 11;
  private static final int FEATURES = 5;
  private static final int WORD = 8;
  private static final int HIDDEN = 12;
  private static final int LENGTH = 8;
  private static final int MODEL = 16;

  static JsonObject read(String model) throws IOException {
    return JsonParser.parseString(Files.readString(FOLDER.resolve(model + ".json")))
        .getAsJsonObject();
  }

  private static NetworkSpec spec(JsonObject recorded) throws IOException {
    return NetworkFile.parse("network", recorded.getAsJsonObject("network").toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rnn", "lstm"})
  void recurrentModel_overfits_andSamplesItsCaptions(String cell) throws IOException {
    JsonObject recorded = read(cell);
    assertEquals(recurrent(cell), spec(recorded));
    NumpyRandomState random = NumpyRandomState.seed(recorded.get("seed").getAsInt());
    Network network = recurrent(cell).bind(Parameters.of(start(cell, random)));
    Map<String, Tensor> data = NumpyTensors.readNpz(FOLDER.resolve("data.npz"));
    Dataset captions =
        Dataset.of(
            Map.of("features", data.get("features"), "words", data.get("words")),
            Targets.labels(data.get("next")));
    Trainer trainer =
        new Trainer(
            network,
            Json.parse("run", recorded.getAsJsonObject("run").toString(), TrainingJson::read),
            captions,
            Optional.empty(),
            random);
    assertRepeats(recorded, trainer);
    assertSamples(recorded, sampleRecurrent(cell, trainer.parameters(), data.get("features")));
    assertEquals(1.0, captions.accuracy(network)); // of words that are not NULL
  }

  /** Trained as by the command line. */
  @Test
  void transformer_overfits_andSamplesItsCaptions() throws IOException {
    JsonObject recorded = read("transformer");
    assertEquals(transformer(LENGTH), spec(recorded));
    Trainer trainer =
        Json.parse("config", recorded.getAsJsonObject("config").toString(), TrainingFile::read)
            .trainer(transformer(LENGTH), FOLDER.resolve("data.npz"));
    assertRepeats(recorded, trainer);
    Map<String, Tensor> data = NumpyTensors.readNpz(FOLDER.resolve("data.npz"));
    assertSamples(recorded, sampleTransformer(trainer.parameters(), data.get("features")));
  }

  /** cs231n's CaptioningRNN. */
  private static NetworkSpec recurrent(String cell) {
    return Network.inputs(in -> in.values("features", FEATURES).tokens("words", LENGTH))
        .dense("project", HIDDEN)
        .from("words")
        .embedding("embed", VOCABULARY, WORD)
        .layer(cell, layer(cell, Returns.SEQUENCE), "embed", "project")
        .dense("vocab", VOCABULARY, d -> d.last(true))
        .softmaxLoss(s -> s.perPosition(true).ignored(0).reduction(Reduction.BATCH_MEAN))
        .build();
  }

  private static Layer layer(String cell, Returns returns) {
    return cell.equals("lstm")
        ? new Lstm(HIDDEN).returns(returns)
        : new Rnn(HIDDEN).returns(returns);
  }

  /** cs231n's CaptioningTransformer of one layer. */
  private static NetworkSpec transformer(int length) {
    return Network.inputs(in -> in.values("features", FEATURES).tokens("words", length))
        .dense("visual_projection", MODEL)
        .reshape("memory", 1, MODEL)
        .from("words")
        .embedding("embed", VOCABULARY, MODEL, e -> e.padding(0))
        .positionalEncoding("positional_encoding")
        .dropout("dropout", 0.9)
        .block("layers.0", TransformerLayer.decoder(2, 24, "memory").keep(0.9))
        .dense("output", VOCABULARY, d -> d.last(true))
        .softmaxLoss(s -> s.perPosition(true).ignored(0).reduction(Reduction.BATCH_MEAN))
        .build();
  }

  /** Returns parameters as CaptioningRNN draws them, in its order. */
  private static Map<String, Tensor> start(String cell, NumpyRandomState random) {
    int wide = (cell.equals("lstm") ? 4 : 1) * HIDDEN;
    Map<String, Tensor> all = new LinkedHashMap<>();
    all.put("embed/W", draw(random, VOCABULARY, WORD, 100));
    all.put("project/W", draw(random, FEATURES, HIDDEN, Math.sqrt(FEATURES)));
    all.put(cell + "/Wx", draw(random, WORD, wide, Math.sqrt(WORD)));
    all.put(cell + "/Wh", draw(random, HIDDEN, wide, Math.sqrt(HIDDEN)));
    all.put("vocab/W", draw(random, HIDDEN, VOCABULARY, Math.sqrt(HIDDEN)));
    all.put("project/b", Tensor.zeros(HIDDEN));
    all.put(cell + "/b", Tensor.zeros(wide));
    all.put("vocab/b", Tensor.zeros(VOCABULARY));
    return all;
  }

  private static Tensor draw(NumpyRandomState random, int rows, int columns, double divisor) {
    return random.randn(rows, columns).map(value -> value / divisor);
  }

  private static void assertRepeats(JsonObject recorded, Trainer trainer) {
    JsonArray losses = recorded.getAsJsonArray("losses");
    assertEquals(trainer.totalSteps(), losses.size());
    for (int step = 0; step < losses.size(); step++) {
      String place = "step " + (step + 1);
      double loss = Double.parseDouble(losses.get(step).getAsString());
      assertEquals(loss, trainer.step(), place + ": loss");
      assertEquals(
          recorded.getAsJsonArray("digests").get(step).getAsString(),
          ReplayTest.digest(trainer.parameters().asMap().values()),
          place + ": parameters");
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    trainer
        .parameters()
        .asMap()
        .forEach((name, value) -> parameters.put(name, ReplayTest.digest(List.of(value))));
    Map<String, String> expected = new LinkedHashMap<>();
    JsonObject last = recorded.getAsJsonObject("parameters");
    last.keySet().forEach(name -> expected.put(name, last.get(name).getAsString()));
    assertEquals(expected, parameters);
  }

  /** What is sampled: a word for each sample in each step, and the scores it was taken from. */
  private record Sampled(List<Tensor> words, List<Tensor> scores) {}

  /** Takes the best word after the word before, step by step, as CaptioningRNN.sample does. */
  private static Sampled sampleRecurrent(String cell, Parameters parameters, Tensor features) {
    boolean hasMemory = cell.equals("lstm");
    int batch = features.shape().axis(0);
    Network project = bind(Network.input(FEATURES).dense("project", HIDDEN).build(), parameters);
    Network step = bind(step(cell, Returns.LAST), parameters);
    Tensor h = project.predict(features);
    Tensor c = Tensor.zeros(batch, HIDDEN);
    Tensor word = Tensor.zeros(batch, 1).map(value -> START);
    Sampled sampled = new Sampled(new ArrayList<>(), new ArrayList<>());
    for (int t = 0; t < LENGTH; t++) {
      Map<String, Tensor> inputs = new LinkedHashMap<>(Map.of("word", word, "h", h));
      if (hasMemory) {
        inputs.put("c", c);
      }
      Map<String, Tensor> outputs = step.predict(inputs);
      if (hasMemory) {
        c = bind(step(cell, Returns.CELL), parameters).predict(inputs).get(cell);
      }
      h = outputs.get(cell);
      word = best(outputs.get("vocab"));
      sampled.words.add(word);
      sampled.scores.add(outputs.get("vocab"));
    }
    return sampled;
  }

  /** One step of a recurrent model: its state and scores, or its memory. */
  private static NetworkSpec step(String cell, Returns returns) {
    String[] takes =
        cell.equals("lstm") ? new String[] {"embed", "h", "c"} : new String[] {"embed", "h"};
    var next =
        Network.inputs(
                in -> {
                  var inputs = in.tokens("word", 1).values("h", HIDDEN);
                  return cell.equals("lstm") ? inputs.values("c", HIDDEN) : inputs;
                })
            .embedding("embed", VOCABULARY, WORD)
            .layer(cell, layer(cell, returns), takes);
    return returns == Returns.CELL
        ? next.build()
        : next.dense("vocab", VOCABULARY).outputs("vocab", cell).build();
  }

  /** Takes the best word behind the words so far, as CaptioningTransformer.sample does. */
  private static Sampled sampleTransformer(Parameters parameters, Tensor features) {
    int batch = features.shape().axis(0);
    Sampled sampled = new Sampled(new ArrayList<>(), new ArrayList<>());
    for (int length = 1; length <= LENGTH; length++) {
      Tensor words = Tensor.zeros(batch, length);
      for (int i = 0; i < batch; i++) {
        words.unwrap()[i * length] = START;
        for (int t = 1; t < length; t++) {
          words.unwrap()[i * length + t] = sampled.words.get(t - 1).unwrap()[i];
        }
      }
      Tensor scores =
          bind(transformer(length), parameters)
              .predict(Map.of("features", features, "words", words))
              .get("output");
      Tensor last = Tensor.zeros(batch, VOCABULARY);
      for (int i = 0; i < batch; i++) {
        int row = (i * length + length - 1) * VOCABULARY;
        System.arraycopy(scores.unwrap(), row, last.unwrap(), i * VOCABULARY, VOCABULARY);
      }
      sampled.words.add(best(last));
      sampled.scores.add(last);
    }
    return sampled;
  }

  /** Binds those of the parameters that a network has. */
  private static Network bind(NetworkSpec spec, Parameters parameters) {
    Map<String, Tensor> own = new LinkedHashMap<>();
    spec.parameters().forEach(p -> own.put(p.name(), parameters.get(p.name())));
    return spec.bind(Parameters.of(own));
  }

  private static Tensor best(Tensor scores) {
    double[] words = new double[scores.shape().axis(0)];
    for (int i = 0; i < words.length; i++) {
      for (int j = 1; j < VOCABULARY; j++) {
        words[i] = scores.get(i, j) > scores.get(i, (int) words[i]) ? j : words[i];
      }
    }
    return Tensor.of(Shape.of(words.length, 1), words);
  }

  private static void assertSamples(JsonObject recorded, Sampled sampled) {
    List<String> digests = new ArrayList<>();
    recorded.getAsJsonArray("scores").forEach(digest -> digests.add(digest.getAsString()));
    assertEquals(
        digests, sampled.scores.stream().map(step -> ReplayTest.digest(List.of(step))).toList());
    JsonArray captions = recorded.getAsJsonArray("sampled");
    for (int i = 0; i < captions.size(); i++) {
      JsonArray caption = captions.get(i).getAsJsonArray();
      for (int t = 0; t < LENGTH; t++) {
        double word = sampled.words.get(t).unwrap()[i];
        assertEquals(caption.get(t).getAsDouble(), word, "caption " + i + ", word " + t);
      }
    }
  }
}
