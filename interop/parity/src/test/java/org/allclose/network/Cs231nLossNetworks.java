package org.allclose.network;

import static org.allclose.Network.input;
import static org.allclose.Network.inputs;

import java.util.Map;
import org.allclose.LayerSteps;
import org.allclose.NetworkBuilder;
import org.allclose.NetworkSpec;
import org.allclose.layer.combine.Add;
import org.allclose.layer.combine.Concat;
import org.allclose.layer.combine.Constant;
import org.allclose.layer.combine.Divide;
import org.allclose.layer.combine.Matmul;
import org.allclose.layer.combine.Multiply;
import org.allclose.layer.combine.Slice;
import org.allclose.layer.combine.Subtract;
import org.allclose.layer.combine.Sum;
import org.allclose.layer.math.Abs;
import org.allclose.layer.math.Clamp;
import org.allclose.layer.math.Shift;

/**
 * The third assignment of {@link Cs231nNetworks}: style transfer, generative adversarial networks,
 * SimCLR. The output of most is a loss.
 */
final class Cs231nLossNetworks {
  private static final double LEAK = 0.01;

  /** How many logits a loss takes. */
  private static final int LOGITS = 6;

  /** How many pairs SimCLR's loss takes. */
  private static final int PAIRS = 4;

  private Cs231nLossNetworks() {}

  static void putAll(Map<String, NetworkSpec> all) {
    putStyles(all);
    putAdversaries(all);
    putAdversarialLosses(all);
    putSimilarities(all);
    all.put("simclr_loss_naive", simclr());
    all.put("simclr_loss_vectorized", simclr());
  }

  private static void putStyles(Map<String, NetworkSpec> all) {
    NetworkBuilder content =
        inputs(in -> in.image("features", 4, 3, 4).image("content", 4, 3, 4))
            .layer("difference", new Subtract(), "features", "content")
            .layer("squares", new Multiply(), "difference", "difference")
            .sum("total", 0, 1, 2);
    all.put("content_loss", content.scale("loss", 0.06).build());
    all.put("gram_matrix", gram("", input(4, 3, 4).reshape("rows", 4, 12)).build());
    NetworkBuilder first =
        inputs(in -> in.image("features1", 4, 3, 4).image("features2", 2, 2, 3))
            .reshape("rows1", 4, 12);
    NetworkBuilder second =
        style("1", 4, 200, gram("1", first)).from("features2").reshape("rows2", 2, 6);
    NetworkBuilder both = style("2", 2, 30, gram("2", second));
    all.put("style_loss", both.layer("loss", new Add(), "loss1", "loss2").build());
    NetworkBuilder down = neighbours("down", 1, input(3, 4, 5));
    all.put(
        "tv_loss",
        neighbours("across", 2, down)
            .layer("total", new Add(), "downTotal", "acrossTotal")
            .scale("loss", 0.02)
            .build());
  }

  /** The Gram matrix of features in rows, divided by a constant: how many features there are. */
  static NetworkBuilder gram(String suffix, NetworkBuilder net) {
    return net.permute("columns" + suffix, 1, 0)
        .layer("products" + suffix, new Matmul(), "rows" + suffix, "columns" + suffix)
        .layer("size" + suffix, new Constant(1))
        .layer("gram" + suffix, new Divide(), "products" + suffix, "size" + suffix);
  }

  private static NetworkBuilder style(
      String suffix, int channels, double weight, NetworkBuilder net) {
    return net.layer("target" + suffix, new Constant(channels, channels))
        .layer("difference" + suffix, new Subtract(), "gram" + suffix, "target" + suffix)
        .layer("squares" + suffix, new Multiply(), "difference" + suffix, "difference" + suffix)
        .sum("total" + suffix, 0, 1)
        .scale("loss" + suffix, weight);
  }

  /** The sum of squared differences of neighbours along an axis. */
  private static NetworkBuilder neighbours(String name, int axis, LayerSteps net) {
    return net.layer(name + "Later", new Slice(1, Slice.DEFAULT_END).axis(axis), "input")
        .layer(name + "Earlier", new Slice(0, -1).axis(axis), "input")
        .layer(name, new Subtract(), name + "Later", name + "Earlier")
        .layer(name + "Squares", new Multiply(), name, name)
        .sum(name + "Total", 0, 1, 2);
  }

  private static void putAdversaries(Map<String, NetworkSpec> all) {
    all.put(
        "gan_discriminator",
        input(6)
            .dense("fc1", 8)
            .leakyRelu("leaky1", LEAK)
            .dense("fc2", 8)
            .leakyRelu("leaky2", LEAK)
            .dense("fc3", 1)
            .binaryCrossEntropy()
            .build());
    NetworkBuilder generator = input(5).dense("fc1", 8).relu("relu1").dense("fc2", 8).relu("relu2");
    all.put("gan_generator", generator.dense("fc3", 9).tanh("tanh").build());
    all.put(
        "gan_dc_classifier",
        input(1, 8, 8)
            .conv2d("conv1", 3)
            .leakyRelu("leaky1", LEAK)
            .maxPool2d("pool1", 2)
            .conv2d("conv2", 4, c -> c.kernel(2))
            .leakyRelu("leaky2", LEAK)
            .dense("fc1", 4)
            .leakyRelu("leaky3", LEAK)
            .dense("fc2", 1)
            .build());
    all.put(
        "gan_dc_generator",
        input(5)
            .dense("fc1", 8)
            .relu("relu1")
            .batchNorm("bn1")
            .dense("fc2", 12)
            .relu("relu2")
            .batchNorm("bn2")
            .reshape("images", 3, 2, 2)
            .convTranspose2d("conv1", 2, c -> c.kernel(4).stride(2).padding(1))
            .relu("relu3")
            .batchNorm("bn3")
            .convTranspose2d("conv2", 1, c -> c.kernel(4).stride(2).padding(1))
            .tanh("tanh")
            .build());
  }

  private static void putAdversarialLosses(Map<String, NetworkSpec> all) {
    NetworkBuilder real = logistic("real", inputs(in -> in.values("real", 6).values("fake", 6)));
    NetworkBuilder both = logistic("fake", real);
    all.put(
        "gan_discriminator_loss", both.layer("loss", new Add(), "realLoss", "fakeLoss").build());
    all.put("gan_generator_loss", logistic("fake", inputs(in -> in.values("fake", 6))).build());
    NetworkBuilder squares =
        squared(
            "real",
            "realShifted",
            one("real", inputs(in -> in.values("real", 6).values("fake", 6))));
    all.put(
        "gan_ls_discriminator_loss",
        squared("fake", "fake", squares).layer("loss", new Add(), "realLoss", "fakeLoss").build());
    all.put(
        "gan_ls_generator_loss",
        squared("fake", "fakeShifted", one("fake", inputs(in -> in.values("fake", 6)))).build());
  }

  /** The mean of {@code max(x, 0) - x * target + log(1 + exp(-|x|))}. */
  private static NetworkBuilder logistic(String x, LayerSteps net) {
    return net.layer(x + "Positive", new Clamp().min(0), x)
        .layer(x + "Target", new Constant(LOGITS))
        .layer(x + "Product", new Multiply(), x, x + "Target")
        .layer(x + "Size", new Abs(), x)
        .negate(x + "Negative")
        .exp(x + "Exp")
        .shift(x + "Sum", 1)
        .log(x + "Log")
        .layer(x + "Difference", new Subtract(), x + "Positive", x + "Product")
        .layer(x + "Terms", new Add(), x + "Difference", x + "Log")
        .mean(x + "Loss", 0);
  }

  private static NetworkBuilder one(String x, LayerSteps net) {
    return net.layer(x + "Shifted", new Shift(-1), x);
  }

  private static NetworkBuilder squared(String x, String of, NetworkBuilder net) {
    return net.layer(x + "Squares", new Multiply(), of, of)
        .mean(x + "Mean", 0)
        .scale(x + "Loss", 0.5);
  }

  private static void putSimilarities(Map<String, NetworkSpec> all) {
    NetworkBuilder product =
        inputs(in -> in.values("left", 5).values("right", 5))
            .layer("products", new Multiply(), "left", "right")
            .sum("product", 0);
    all.put(
        "simclr_sim",
        length("right", length("left", product))
            .layer("lengths", new Multiply(), "leftLength", "rightLength")
            .layer("sim", new Divide(), "product", "lengths")
            .build());
    NetworkBuilder left =
        normalized(
            "left", "Left", inputs(in -> in.values("left", PAIRS, 5).values("right", PAIRS, 5)));
    all.put(
        "simclr_sim_positive_pairs",
        normalized("right", "Right", left)
            .layer("products", new Multiply(), "normalizedLeft", "normalizedRight")
            .layer("pairs", new Sum(-1).keep(true))
            .build());
    all.put(
        "simclr_sim_matrix", similarities(normalized("input", "", input(2 * PAIRS, 5))).build());
  }

  private static NetworkBuilder length(String vector, NetworkBuilder net) {
    return net.layer(vector + "Squares", new Multiply(), vector, vector)
        .sum(vector + "Sum", 0)
        .sqrt(vector + "Length");
  }

  /** The rows of a matrix, each divided by its length. */
  private static NetworkBuilder normalized(String matrix, String suffix, LayerSteps net) {
    return net.layer("squares" + suffix, new Multiply(), matrix, matrix)
        .layer("sums" + suffix, new Sum(-1).keep(true))
        .sqrt("lengths" + suffix)
        .layer("normalized" + suffix, new Divide(), matrix, "lengths" + suffix);
  }

  private static NetworkBuilder similarities(NetworkBuilder net) {
    return net.permute("columns", 1, 0)
        .layer("similarities", new Matmul(), "normalized", "columns");
  }

  /** The mean of {@code -log(exp(pair / tau) / sum of exp(other / tau))}. */
  private static NetworkSpec simclr() {
    NetworkBuilder out =
        inputs(in -> in.values("left", PAIRS, 5).values("right", PAIRS, 5))
            .layer("out", new Concat(), "left", "right");
    int others = 2 * PAIRS - 1;
    return similarities(normalized("out", "", out))
        .layer("tau", new Constant(1))
        .layer("scaled", new Divide(), "similarities", "tau")
        .exp("exponentials")
        .flatten("all")
        .gather("offDiagonal", 2 * PAIRS * others)
        .reshape("others", 2 * PAIRS, others)
        .layer("denominators", new Sum(-1).keep(true))
        .layer("leftRows", new Slice(0, PAIRS), "normalized")
        .layer("rightRows", new Slice(PAIRS, Slice.DEFAULT_END), "normalized")
        .layer("products", new Multiply(), "leftRows", "rightRows")
        .layer("pairs", new Sum(-1).keep(true))
        .layer("scaledPairs", new Divide(), "pairs", "tau")
        .exp("positive")
        .layer("numerators", new Concat(), "positive", "positive")
        .layer("quotients", new Divide(), "numerators", "denominators")
        .log("logarithms")
        .negate("terms")
        .mean("loss", 0, 1)
        .build();
  }
}
