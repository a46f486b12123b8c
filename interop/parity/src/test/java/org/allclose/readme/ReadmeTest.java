package org.allclose.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.allclose.Evaluation;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.TestData;
import org.allclose.WeightSource;
import org.allclose.init.Gaussian;
import org.allclose.init.He;
import org.allclose.junit.ParityTest;
import org.allclose.layer.Layer;
import org.allclose.loss.Loss;
import org.allclose.loss.Targets;
import org.allclose.network.NetworkFile;
import org.allclose.parity.ParityCase;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.train.Batching;
import org.allclose.train.Dataset;
import org.allclose.train.History;
import org.allclose.train.Trainer;
import org.allclose.train.TrainingConfig;
import org.allclose.train.optimizer.Momentum;
import org.allclose.training.TrainingFile;
import org.allclose.type.Types;
import org.allclose.weights.NumpyTensors;
import org.allclose.weights.NumpyWeights;
import org.allclose.weights.RenamedWeights;
import org.allclose.weights.WeightFiles;
import org.allclose.weights.WeightLayout;
import org.junit.jupiter.api.Test;

/** Runs the README's examples, and holds them equal to what stands there. */
class ReadmeTest {
  private static final Path README = TestData.folder().resolve("../README.md");

  @Test
  void example_runs() throws IOException {
    Path digits = TestData.fixtures().resolve("digits");
    // README 1 {
    NetworkSpec spec =
        Network.input(64).dense("fc1", 100).relu().dense("fc2", 10).softmaxLoss().l2(1e-4).build();

    Network net = spec.bind(NumpyWeights.open(digits.resolve("weights.npz")));

    Tensor images = NumpyTensors.read(digits.resolve("inputs/x.npy"));
    Targets labels = Targets.labels(NumpyTensors.read(digits.resolve("inputs/labels.npy")));

    Tensor scores = net.predict(images);
    double accuracy = labels.accuracy(scores);

    Evaluation e = net.evaluate(images, labels);
    double loss = e.loss();
    Tensor dW = e.gradient("fc1/W");
    // README 1 }
    assertEquals(NumpyTensors.read(digits.resolve("expected/scores.npy")), scores);
    assertEquals(NumpyTensors.read(digits.resolve("expected/accuracy.npy")).get(), accuracy);
    assertEquals(NumpyTensors.read(digits.resolve("expected/loss.npy")).get(), loss);
    assertEquals(NumpyTensors.read(digits.resolve("expected/fc1_W.npy")), dW);
  }

  @Test
  void initialization_isThatOfNumpy() {
    // README 2 {
    NetworkSpec convnet =
        Network.input(3, 32, 32)
            .conv2d("conv1", 32, c -> c.kernel(7).padding(3))
            .relu()
            .maxPool2d(2)
            .dense("fc1", 100)
            .relu()
            .dense("fc2", 10)
            .softmaxLoss()
            .l2(1e-3)
            .build();
    Network fresh = convnet.initialize(NumpyRandomState.seed(231), Gaussian.std(1e-2));
    // README 2 }
    // numpy: np.random.seed(231); repr(float(1e-2 * np.random.randn()))
    assertEquals(0.0041794341085522315, fresh.parameters().get("conv1/W").get(0, 0, 0, 0));
  }

  @Test
  void weightsOfPyTorch_areRead() throws IOException {
    Path folder = TestData.folder().resolve("torch_weights");
    NetworkSpec mlp =
        Network.input(12)
            .dense("layer0", 16)
            .relu()
            .dense("layer2", 9)
            .tanh()
            .dense("layer4", 5)
            .build();
    // README 3 {
    WeightSource theirs = WeightFiles.open(folder.resolve("mlp.safetensors"));
    WeightSource named = RenamedWeights.of(theirs, "(\\d)\\.(.*)", "layer$1.$2");
    Network torch = mlp.bind(WeightLayout.PYTORCH.adapt(named, mlp));
    // README 3 }
    Path recorded = TestData.fixtures().resolve("torch/mlp/weights.npz");
    assertEquals(NumpyWeights.open(recorded).get("2/W"), torch.parameters().get("layer2/W"));
  }

  // README 4 {
  @ParityTest(value = "moving_average", folder = "src/test/resources/cases")
  void movingAverage(ParityCase c) {
    double[] x = c.array("x");
    double[] y = new double[x.length - 2];
    for (int i = 0; i < y.length; i++) {
      y[i] = (x[i] + x[i + 1] + x[i + 2]) / 3;
    }
    c.expect("y", y);
  }

  // README 4 }

  // README 5 {
  @ParityTest(value = "model", folder = "src/test/resources/cases")
  void model(ParityCase c) {
    c.replay();
  }

  // README 5 }

  @Test
  void training_learns() throws IOException {
    Path digits = TestData.fixtures().resolve("digits");
    NetworkSpec spec =
        Network.input(64).dense("fc1", 100).relu().dense("fc2", 10).softmaxLoss().build();
    Tensor images = NumpyTensors.read(digits.resolve("inputs/x.npy"));
    Targets labels = Targets.labels(NumpyTensors.read(digits.resolve("inputs/labels.npy")));
    // README 6 {
    NumpyRandomState random = NumpyRandomState.seed(231);
    Network network = spec.initialize(random, Gaussian.std(0.1));
    TrainingConfig config =
        TrainingConfig.epochs(5, new Momentum(), 0.05).withBatches(50, Batching.PERMUTATION);
    Trainer trainer =
        new Trainer(network, config, Dataset.of(images, labels), Optional.empty(), random);
    History history = trainer.run();
    // README 6 }
    assertEquals(30, history.steps());
    assertTrue(history.latestLoss() < history.losses()[0]);
  }

  @Test
  void trainingFiles_areThoseOfTheReadme() throws IOException {
    Path folder = TestData.folder().resolve("training");
    for (String name : new String[] {"digits-convnet.json", "mnist-784-512-256-10.json"}) {
      NetworkFile.read(folder.resolve(name));
    }
    assertEquals(
        30, TrainingFile.read(folder.resolve("digits-train.json")).config().epochs().getAsInt());
    assertEquals(
        10, TrainingFile.read(folder.resolve("mnist-train.json")).config().epochs().getAsInt());
  }

  @Test
  void javaBlocks_areTheCodeThatRunsHere() throws IOException {
    List<String> blocks = blocks("java");
    assertEquals(9, blocks.size());
    for (int i = 0; i < 7; i++) {
      assertEquals(squeeze(region(i + 1)), squeeze(blocks.get(i)));
    }
    // Compiled and used by OwnLayerTest.
    Path own = Path.of("src/test/resources/own/com/example");
    assertEquals(Files.readString(own.resolve("Swish.java")), blocks.get(7));
    assertEquals(Files.readString(own.resolve("OwnTypes.java")), blocks.get(8));
  }

  @Test
  void graphs_haveBranchesAndInputs() {
    NumpyRandomState random = NumpyRandomState.seed(231);
    Tensor users = random.randn(3, 6);
    Tensor items = random.randn(3, 6);
    // README 7 {
    NetworkSpec block =
        Network.input(3, 8, 8)
            .conv2d("stem", 6, c -> c.padding(1))
            .conv2d("conv1", 8, c -> c.stride(2).padding(1).bias(false))
            .batchNorm("norm1")
            .from("stem")
            .conv2d("short", 8, c -> c.kernel(1).stride(2))
            .add("norm1", "short")
            .relu()
            .dense(10)
            .softmaxLoss()
            .build();
    NetworkSpec towers =
        Network.inputs(in -> in.values("user", 6).values("item", 6))
            .dense("user1", 4)
            .from("item")
            .dense("item1", 4)
            .multiply("user1", "item1")
            .dense("score", 1)
            .binaryCrossEntropy()
            .build();
    Map<String, Tensor> batch = Map.of("user", users, "item", items);
    Tensor scores = towers.initialize(random, He.normal()).predict(batch).get("score");
    // README 7 }
    assertEquals(Shape.of(3, 1), scores.shape());
    assertEquals(Shape.of(10), block.output());
  }

  @Test
  void everyLayerAndLoss_isNamed() throws IOException {
    String readme = Files.readString(README);
    List<String> names = new ArrayList<>(Types.of(Layer.class).byName().keySet());
    names.addAll(Types.of(Loss.class).byName().keySet());
    assertEquals(
        List.of(), names.stream().filter(name -> !readme.contains("`" + name + "`")).toList());
  }

  @Test
  void networkBlock_isANetworkFile() throws IOException {
    String network =
        blocks("json").stream().filter(json -> json.contains(NetworkFile.FORMAT)).findFirst().get();
    NetworkSpec spec = NetworkFile.parse("README.md", network);
    assertEquals(NetworkFile.read(TestData.fixtures().resolve("digits/network.json")), spec);
  }

  @Test
  void recordingBlocks_areTheProgramsThatRecordedTheCases() throws IOException {
    for (String program : new String[] {"record_moving_average.py", "record_model.py"}) {
      String text = Files.readString(Path.of("src/test/resources").resolve(program));
      assertTrue(blocks("python").contains(text), program);
    }
  }

  /** Returns the code between two marks of this file. */
  private static String region(int number) throws IOException {
    String source = Files.readString(Path.of("src/test/java/org/allclose/readme/ReadmeTest.java"));
    String start = "// README " + number + " {";
    int from = source.indexOf(start) + start.length();
    return source.substring(from, source.indexOf("// README " + number + " }"));
  }

  private static List<String> blocks(String language) throws IOException {
    List<String> blocks = new ArrayList<>();
    Matcher matcher =
        Pattern.compile("(?s)```" + language + "\n(.*?)```").matcher(Files.readString(README));
    while (matcher.find()) {
      blocks.add(matcher.group(1));
    }
    return blocks;
  }

  /** Drops white space: the README breaks lines as it reads best. */
  private static String squeeze(String code) {
    return code.replaceAll("\\s+", "");
  }
}
