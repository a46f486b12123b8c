package org.allclose.network;

import static org.allclose.Network.input;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.allclose.Network;
import org.allclose.NetworkBuilder;
import org.allclose.NetworkSpec;
import org.allclose.Parameters;
import org.allclose.layer.combine.Add;
import org.allclose.layer.combine.Constant;
import org.allclose.layer.combine.Divide;
import org.allclose.layer.combine.Maximum;
import org.allclose.layer.combine.Mean;
import org.allclose.layer.combine.Minimum;
import org.allclose.layer.combine.Multiply;
import org.allclose.layer.combine.Subtract;
import org.allclose.layer.combine.Sum;
import org.allclose.layer.math.Scale;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.junit.jupiter.api.Test;

/**
 * Makes images from gradients as cs231n's third assignment does: saliency maps, fooling images,
 * class visualizations and deep dreams, each step with the bits of numpy, from the seed alone. The
 * steps themselves are small networks, too.
 */
class Cs231nImagesTest {
  private static final int CLASSES = 5;
  private static final double[] MEAN = {0.485, 0.456, 0.406};
  private static final double[] DEVIATION = {0.229, 0.224, 0.225};

  private final ImageSteps steps = new ImageSteps();

  @Test
  void saliencyMaps() throws IOException {
    Network classifier = steps.network(classifier());
    Tensor x = steps.random().randn(4, 3, 8, 8);
    Tensor gradient = classGradient(classifier, x, 2, 0, 4, 1);
    Network largest = steps.network(input(3, 8, 8).abs().max(0).build());
    steps.note(largest.predict(gradient), classifier.predict(x));
    steps.assertRecorded("saliency", classifier.spec());
  }

  @Test
  void foolingImage() throws IOException {
    Network classifier = steps.network(classifier());
    Network step = steps.network(step(0.25));
    Tensor image = steps.random().randn(1, 3, 8, 8);
    int target = argmin(classifier.predict(image));
    while (true) {
      Tensor scores = classifier.predict(image);
      steps.note(image, scores);
      if (argmax(scores) == target) {
        break;
      }
      image = applied(step, image, classGradient(classifier, image, target));
    }
    steps.assertRecorded("fooling", classifier.spec());
  }

  @Test
  void classVisualization() throws IOException {
    Network classifier = steps.network(classifier());
    Network step = steps.network(step(0.5));
    Network penalized =
        steps.network(
            images()
                .layer("penalty", new Scale(2 * 1e-3), "image")
                .layer("result", new Subtract(), "gradient", "penalty")
                .build());
    Network range = range();
    Tensor image = steps.random().randn(1, 3, 8, 8);
    for (int i = 0; i < 12; i++) {
      int right = (int) steps.random().randint(0, 3);
      int down = (int) steps.random().randint(0, 3);
      image = rolled(image, right, down);
      Tensor gradient = applied(penalized, image, classGradient(classifier, image, 3));
      image = applied(step, image, gradient);
      image = range.predict(rolled(image, -right, -down));
      steps.note(image, classifier.predict(image));
    }
    steps.assertRecorded("class_visualization", classifier.spec());
  }

  @Test
  void deepDream() throws IOException {
    Network features = steps.network(ImageSteps.convolutions().build());
    Network step =
        steps.network(
            images()
                .layer("scaled", new Scale(0.1), "gradient")
                .from("gradient")
                .abs("sizes")
                .layer("size", new Mean(0, 1, 2).keep(true))
                .layer("change", new Divide(), "scaled", "size")
                .layer("result", new Add(), "image", "change")
                .build());
    Network range = range();
    Tensor image = steps.random().randn(1, 3, 8, 8);
    for (int i = 0; i < 12; i++) {
      int right = (int) steps.random().randint(-2, 3);
      int down = (int) steps.random().randint(-2, 3);
      image = rolled(image, right, down);
      Tensor activations = features.predict(image);
      image = applied(step, image, features.backward(image, activations).inputGradient());
      image = range.predict(rolled(image, -right, -down));
      steps.note(image, Tensor.EMPTY);
    }
    steps.assertRecorded("deep_dream", features.spec());
  }

  private static NetworkSpec classifier() {
    return ImageSteps.convolutions().dense("fc", CLASSES).build();
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
}
