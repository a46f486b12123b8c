package org.allclose.network;

import static org.allclose.Network.input;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.allclose.Evaluation;
import org.allclose.Network;
import org.allclose.NetworkBuilder;
import org.allclose.NetworkSpec;
import org.allclose.Parameters;
import org.allclose.layer.Mode;
import org.allclose.layer.combine.Add;
import org.allclose.layer.combine.Constant;
import org.allclose.layer.combine.Multiply;
import org.allclose.layer.combine.Slice;
import org.allclose.layer.combine.Subtract;
import org.allclose.loss.Targets;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.train.optimizer.Adam;
import org.allclose.train.optimizer.Optimizer;
import org.junit.jupiter.api.Test;

/**
 * Style transfer and adversarial networks as in cs231n's third assignment: Adam changes an image,
 * or two networks in turns, each step with the bits of numpy, from the seed alone.
 */
class Cs231nGenerationTest {
  private final ImageSteps steps = new ImageSteps();

  @Test
  void styleTransfer() throws IOException {
    Network features = steps.network(ImageSteps.convolutions().build());
    Tensor content = steps.random().randn(1, 3, 8, 8);
    Tensor style = steps.random().randn(1, 3, 8, 8);
    Tensor image = steps.random().randn(1, 3, 8, 8);

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

    Network range =
        input(3, 8, 8).clamp(c -> c.min(-1.5).max(1.5)).build().bind(Parameters.of(Map.of()));
    Descent adam = new Descent(new Adam());
    for (int t = 0; t < 12; t++) {
      if (t < 10) {
        image = range.predict(image);
      }
      if (t == 8) {
        adam = new Descent(new Adam());
      }
      Tensor gradient = loss.backward(image, Tensor.vector(1)).inputGradient();
      image = adam.step("image", image, gradient, t < 8 ? 0.3 : 0.05);
      steps.note(image, loss.predict(image));
    }
    steps.assertRecorded("style_transfer", loss.spec());
  }

  @Test
  void adversaries() throws IOException {
    NetworkSpec judging =
        input(9)
            .dense("fc1", 8)
            .leakyRelu("leaky1", 0.01)
            .dense("fc2", 1)
            .binaryCrossEntropy()
            .build();
    NetworkSpec making =
        input(4).dense("fc1", 8).relu("relu1").dense("fc2", 9).tanh("tanh").build();
    Network discriminator = steps.network(judging);
    Network generator = steps.network(making);
    Descent ofDiscriminator = new Descent(new Adam().beta1(0.5));
    Descent ofGenerator = new Descent(new Adam().beta1(0.5));
    for (int t = 0; t < 30; t++) {
      Tensor samples = uniform(6, 9);
      Evaluation real = discriminator.evaluate(samples, all(1));
      Evaluation fake = discriminator.evaluate(generator.predict(uniform(6, 4)), all(0));
      Map<String, Tensor> sums = new LinkedHashMap<>();
      real.gradients()
          .asMap()
          .forEach((name, gradient) -> sums.put(name, sum(gradient, fake.gradient(name))));
      discriminator = judging.bind(ofDiscriminator.step(discriminator.parameters(), sums));

      Tensor noise = uniform(6, 4);
      Tensor images = generator.predict(noise);
      Evaluation judged = discriminator.evaluate(images, all(1));
      Evaluation made = generator.backward(noise, judged.inputGradient());
      generator = making.bind(ofGenerator.step(generator.parameters(), made.gradients().asMap()));
      steps.note(images, real.loss() + fake.loss(), judged.loss());
    }
    steps.assertRecorded("gan", judging);
  }

  /** The losses of content, style and total variation, and their sum. */
  private static NetworkSpec styleLoss() {
    NetworkBuilder content =
        squares(
            "content",
            0.06,
            List.of(0, 1, 2),
            ImageSteps.convolutions()
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

  /** Returns numbers from -1 to 1. */
  private Tensor uniform(int samples, int numbers) {
    Tensor x = steps.random().rand(samples, numbers);
    Arrays.setAll(x.unwrap(), i -> 2 * x.unwrap()[i] - 1);
    return x;
  }

  private static Targets all(double target) {
    double[] targets = new double[6];
    Arrays.fill(targets, target);
    return Targets.values(Tensor.of(Shape.of(6, 1), targets));
  }

  private static Tensor sum(Tensor a, Tensor b) {
    Tensor sum = a.copy();
    Arrays.setAll(sum.unwrap(), i -> a.unwrap()[i] + b.unwrap()[i]);
    return sum;
  }

  /** An optimizer on tensors of any names. */
  private static final class Descent {
    private static final double RATE = 1e-2;

    private final Optimizer rule;
    private final Map<String, List<Tensor>> slots = new HashMap<>();
    private long step;

    Descent(Optimizer rule) {
      this.rule = rule;
    }

    Parameters step(Parameters parameters, Map<String, Tensor> gradients) {
      step++;
      Map<String, Tensor> values = parameters.asMap();
      values.forEach((name, value) -> update(name, value, gradients.get(name), RATE));
      return Parameters.wrap(values);
    }

    Tensor step(String name, Tensor value, Tensor gradient, double rate) {
      step++;
      Tensor changed = value.copy();
      update(name, changed, gradient, rate);
      return changed;
    }

    private void update(String name, Tensor value, Tensor gradient, double rate) {
      List<Tensor> own =
          slots.computeIfAbsent(
              name, key -> rule.slots().stream().map(slot -> Tensor.zeros(value.shape())).toList());
      rule.update(value, gradient, rate, own, step);
    }
  }
}
