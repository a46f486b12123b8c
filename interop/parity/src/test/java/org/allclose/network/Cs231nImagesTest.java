package org.allclose.network;

import static org.allclose.Network.input;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.allclose.Network;
import org.allclose.NetworkBuilder;
import org.allclose.NetworkSpec;
import org.allclose.Parameters;
import org.allclose.TestData;
import org.allclose.init.Gaussian;
import org.allclose.layer.Mode;
import org.allclose.layer.combine.Add;
import org.allclose.layer.combine.Constant;
import org.allclose.layer.combine.Divide;
import org.allclose.layer.combine.Maximum;
import org.allclose.layer.combine.Mean;
import org.allclose.layer.combine.Minimum;
import org.allclose.layer.combine.Multiply;
import org.allclose.layer.combine.Slice;
import org.allclose.layer.combine.Subtract;
import org.allclose.layer.combine.Sum;
import org.allclose.layer.math.Scale;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.junit.jupiter.api.Test;

/**
 * Makes images from gradients as cs231n's third assignment does: saliency maps, fooling images,
 * class visualizations, deep dreams and style transfer, each step with the bits of numpy, from the
 * seed alone. The steps themselves are small networks, too.
 *
 * <p>Recorded by {@code testdata/reference/record_cs231n_images.py}.
 */
class Cs231nImagesTest {
  static final Path FOLDER = TestData.folder().resolve("cs231n_images");

  private static final int CLASSES = 5;
  private static final double[] MEAN = {0.485, 0.456, 0.406};
  private static final double[] DEVIATION = {0.229, 0.224, 0.225};

  private final NumpyRandomState random = NumpyRandomState.seed(231);
  private final List<String> steps = new ArrayList<>();

  @Test
  void saliencyMaps() throws IOException {
    Network classifier = network(classifier());
    Tensor x = random.randn(4, 3, 8, 8);
    Tensor gradient = classGradient(classifier, x, 2, 0, 4, 1);
    Network largest = network(input(3, 8, 8).abs().max(0).build());
    note(largest.predict(gradient), classifier.predict(x));
    assertRecorded("saliency", classifier);
  }

  @Test
  void foolingImage() throws IOException {
    Network classifier = network(classifier());
    Network step = network(step(0.25));
    Tensor image = random.randn(1, 3, 8, 8);
    int target = argmin(classifier.predict(image));
    while (true) {
      Tensor scores = classifier.predict(image);
      note(image, scores);
      if (argmax(scores) == target) {
        break;
      }
      image = applied(step, image, classGradient(classifier, image, target));
    }
    assertRecorded("fooling", classifier);
  }

  @Test
  void classVisualization() throws IOException {
    Network classifier = network(classifier());
    Network step = network(step(0.5));
    Network penalized =
        network(
            images()
                .layer("penalty", new Scale(2 * 1e-3), "image")
                .layer("result", new Subtract(), "gradient", "penalty")
                .build());
    Network range = range();
    Tensor image = random.randn(1, 3, 8, 8);
    for (int i = 0; i < 12; i++) {
      int right = (int) random.randint(0, 3);
      int down = (int) random.randint(0, 3);
      image = rolled(image, right, down);
      Tensor gradient = applied(penalized, image, classGradient(classifier, image, 3));
      image = applied(step, image, gradient);
      image = range.predict(rolled(image, -right, -down));
      note(image, classifier.predict(image));
    }
    assertRecorded("class_visualization", classifier);
  }

  @Test
  void deepDream() throws IOException {
    Network features = network(convolutions().build());
    Network step =
        network(
            images()
                .layer("scaled", new Scale(0.1), "gradient")
                .from("gradient")
                .abs("sizes")
                .layer("size", new Mean(0, 1, 2).keep(true))
                .layer("change", new Divide(), "scaled", "size")
                .layer("result", new Add(), "image", "change")
                .build());
    Network range = range();
    Tensor image = random.randn(1, 3, 8, 8);
    for (int i = 0; i < 12; i++) {
      int right = (int) random.randint(-2, 3);
      int down = (int) random.randint(-2, 3);
      image = rolled(image, right, down);
      Tensor activations = features.predict(image);
      image = applied(step, image, features.backward(image, activations).inputGradient());
      image = range.predict(rolled(image, -right, -down));
      note(image, Tensor.EMPTY);
    }
    assertRecorded("deep_dream", features);
  }

  @Test
  void styleTransfer() throws IOException {
    Network features = network(convolutions().build());
    Tensor content = random.randn(1, 3, 8, 8);
    Tensor style = random.randn(1, 3, 8, 8);
    Tensor image = random.randn(1, 3, 8, 8);

    Map<String, Tensor> size = Map.of("size/constant", Tensor.vector(6 * 4 * 4));
    Network gram =
        Cs231nLossNetworks.gram("", input(6, 4, 4).reshape("rows", 6, 16))
            .build()
            .bind(Parameters.of(size));
    Map<String, Tensor> parameters = new LinkedHashMap<>(features.parameters().asMap());
    parameters.putAll(size);
    parameters.put("contentTarget/constant", features.predict(content).reshape(Shape.of(6, 4, 4)));
    parameters.put(
        "styleTarget/constant", gram.predict(features.predict(style)).reshape(Shape.of(6, 6)));
    Network loss = styleLoss().bind(Parameters.of(parameters)).withMode(Mode.INFERENCE);

    Network step =
        network(
            images()
                .layer("change", new Scale(2e-3), "gradient")
                .layer("moved", new Subtract(), "image", "change")
                .clamp("result", c -> c.min(-1.5).max(1.5))
                .build());
    for (int i = 0; i < 12; i++) {
      image = applied(step, image, loss.backward(image, Tensor.vector(1)).inputGradient());
      note(image, loss.predict(image));
    }
    assertRecorded("style_transfer", loss);
  }

  private static NetworkBuilder convolutions() {
    return input(3, 8, 8)
        .conv2d("conv1", 4, c -> c.padding(1))
        .relu("relu1")
        .maxPool2d("pool", 2)
        .conv2d("conv2", 6, c -> c.padding(1))
        .relu("relu2");
  }

  private static NetworkSpec classifier() {
    return convolutions().dense("fc", CLASSES).build();
  }

  /** The losses of content, style and total variation, and their sum. */
  private static NetworkSpec styleLoss() {
    NetworkBuilder content =
        squares(
            "content",
            0.06,
            List.of(0, 1, 2),
            convolutions()
                .layer("contentTarget", new Constant(6, 4, 4))
                .layer("content", new Subtract(), "relu2", "contentTarget"));
    NetworkBuilder gram =
        Cs231nLossNetworks.gram("", content.from("relu2").reshape("rows", 6, 16))
            .layer("styleTarget", new Constant(6, 6))
            .layer("style", new Subtract(), "gram", "styleTarget");
    NetworkBuilder style = squares("style", 200, List.of(0, 1), gram);
    return variation("across", 2, variation("down", 1, style))
        .layer("loss", new Add(), "contentLoss", "styleLoss", "downLoss", "acrossLoss")
        .build();
  }

  private static NetworkBuilder variation(String name, int axis, NetworkBuilder net) {
    NetworkBuilder differences =
        net.layer(name + "Later", new Slice(1, Slice.DEFAULT_END).axis(axis), "input")
            .layer(name + "Earlier", new Slice(0, -1).axis(axis), "input")
            .layer(name, new Subtract(), name + "Later", name + "Earlier");
    return squares(name, 0.02, List.of(0, 1, 2), differences);
  }

  private static NetworkBuilder squares(
      String name, double weight, List<Integer> axes, NetworkBuilder net) {
    return net.layer(name + "Squares", new Multiply(), name, name)
        .sum(name + "Total", axes)
        .scale(name + "Loss", weight);
  }

  private static NetworkBuilder.Input images() {
    return Network.inputs(in -> in.image("image", 3, 8, 8).image("gradient", 3, 8, 8));
  }

  /** The image and its gradient, made as long as the rate says: {@code x + rate * g / |g|}. */
  private static NetworkSpec step(double rate) {
    return images()
        .layer("scaled", new Scale(rate), "gradient")
        .layer("squares", new Multiply(), "gradient", "gradient")
        .layer("sum", new Sum(0, 1, 2).keep(true))
        .sqrt("length")
        .layer("change", new Divide(), "scaled", "length")
        .layer("result", new Add(), "image", "change")
        .build();
  }

  /** Keeps each channel between what black and white are. */
  private static Network range() {
    double[] low = new double[3];
    double[] high = new double[3];
    for (int i = 0; i < 3; i++) {
      low[i] = (0 - MEAN[i]) / DEVIATION[i];
      high[i] = (1 - MEAN[i]) / DEVIATION[i];
    }
    return input(3, 8, 8)
        .layer("low", new Constant(3, 1, 1))
        .layer("high", new Constant(3, 1, 1))
        .layer("least", new Maximum(), "input", "low")
        .layer("most", new Minimum(), "least", "high")
        .build()
        .bind(
            Parameters.of(
                Map.of(
                    "low/constant", Tensor.of(Shape.of(3, 1, 1), low),
                    "high/constant", Tensor.of(Shape.of(3, 1, 1), high))));
  }

  private static Tensor rolled(Tensor image, int right, int down) {
    NetworkSpec roll =
        input(3, 8, 8).roll(right, r -> r.axis(2)).roll(down, r -> r.axis(1)).build();
    return roll.bind(Parameters.of(Map.of())).predict(image);
  }

  private Network network(NetworkSpec spec) {
    return spec.initialize(random, Gaussian.std(0.3)).withMode(Mode.INFERENCE);
  }

  private static Tensor applied(Network step, Tensor image, Tensor gradient) {
    return step.predict(Map.of("image", image, "gradient", gradient)).values().iterator().next();
  }

  /** Returns the gradient of the scores of some classes, one for each image. */
  private static Tensor classGradient(Network classifier, Tensor x, int... classes) {
    double[][] ones = new double[classes.length][CLASSES];
    for (int i = 0; i < classes.length; i++) {
      ones[i][classes[i]] = 1;
    }
    return classifier.backward(x, Tensor.matrix(ones)).inputGradient();
  }

  private static int argmax(Tensor scores) {
    double largest = Arrays.stream(scores.unwrap()).max().orElseThrow();
    return Arrays.stream(scores.unwrap()).boxed().toList().indexOf(largest);
  }

  private static int argmin(Tensor scores) {
    double least = Arrays.stream(scores.unwrap()).min().orElseThrow();
    return Arrays.stream(scores.unwrap()).boxed().toList().indexOf(least);
  }

  private void note(Tensor images, Tensor scores) {
    steps.add(digest(images) + " " + Arrays.toString(scores.unwrap()));
  }

  private static String digest(Tensor tensor) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * tensor.size()).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asDoubleBuffer().put(tensor.unwrap(), 0, tensor.size());
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** The network is the recorded one, and so is each step. */
  private void assertRecorded(String name, Network network) throws IOException {
    String text = Files.readString(FOLDER.resolve(name + ".json"));
    JsonObject recorded = JsonParser.parseString(text).getAsJsonObject();
    assertEquals(
        NetworkFile.parse("network", recorded.get("network").toString()), network.spec());
    List<String> expected = new ArrayList<>();
    recorded
        .getAsJsonArray("steps")
        .forEach(
            step -> {
              List<Double> scores = new ArrayList<>();
              step.getAsJsonObject()
                  .getAsJsonArray("scores")
                  .forEach(score -> scores.add(Double.valueOf(score.getAsString())));
              expected.add(step.getAsJsonObject().get("image").getAsString() + " " + scores);
            });
    assertEquals(expected, steps);
  }
}
