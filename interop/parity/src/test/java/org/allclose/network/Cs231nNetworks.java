package org.allclose.network;

import static org.allclose.Network.input;
import static org.allclose.Network.inputs;

import java.util.LinkedHashMap;
import java.util.Map;
import org.allclose.NetworkBuilder;
import org.allclose.NetworkSpec;
import org.allclose.layer.combine.Add;
import org.allclose.layer.combine.Matmul;
import org.allclose.layer.combine.Multiply;
import org.allclose.layer.combine.Subtract;
import org.allclose.layer.combine.Sum;

/**
 * What the assignments of cs231n ask for, as one writes it here; under the names of the cases that
 * the reference has recorded of the assignments' formulas.
 */
final class Cs231nNetworks {
  /** The assignments' {@code reg}. */
  private static final double REG = 0.05;

  private Cs231nNetworks() {}

  static Map<String, NetworkSpec> all() {
    Map<String, NetworkSpec> all = new LinkedHashMap<>();
    NetworkSpec loops = distancesInLoops();
    all.put("knn_two_loops", loops);
    all.put("knn_one_loop", loops);
    all.put("knn_no_loops", distances());
    NetworkSpec svm = linear().hingeLoss().l2(2 * REG).build();
    all.put("svm_naive", svm);
    all.put("svm_vectorized", svm);
    NetworkSpec softmax = linear().softmaxLoss().l2(2 * REG).build();
    all.put("softmax_naive", softmax);
    all.put("softmax_vectorized", softmax);
    all.put(
        "two_layer_net",
        input(6).dense("fc1", 8).relu("relu1").dense("fc2", 4).softmaxLoss().l2(2 * REG).build());
    putLayers(all);
    putNetworks(all);
    Cs231nLossNetworks.putAll(all);
    return all;
  }

  /** Differences of all pairs, one by one. */
  private static NetworkSpec distancesInLoops() {
    return inputs(in -> in.values("test", 5, 6).values("train", 7, 6))
        .reshape("points", 5, 1, 6)
        .layer("differences", new Subtract(), "points", "train")
        .layer("squares", new Multiply(), "differences", "differences")
        .sum("squared", -1)
        .sqrt("distances")
        .build();
  }

  /** {@code a^2 + b^2 - 2ab}. */
  private static NetworkSpec distances() {
    return inputs(in -> in.values("test", 5, 6).values("train", 7, 6))
        .layer("testSquares", new Multiply(), "test", "test")
        .layer("testSums", sums().keep(true))
        .layer("trainSquares", new Multiply(), "train", "train")
        .layer("trainSums", sums())
        .layer("squares", new Add(), "testSums", "trainSums")
        .from("train")
        .permute("trainColumns", 1, 0)
        .layer("products", new Matmul(), "test", "trainColumns")
        .scale("twice", 2)
        .layer("squared", new Subtract(), "squares", "twice")
        .sqrt("distances")
        .build();
  }

  private static Sum sums() {
    return new Sum(-1);
  }

  /** Scores {@code x.dot(W)}; the assignments' {@code reg * sum(W * W)} is an l2 of twice that. */
  private static NetworkBuilder linear() {
    return input(6).dense("linear", 4, d -> d.bias(false));
  }

  private static void putLayers(Map<String, NetworkSpec> all) {
    all.put("affine", input(2, 3).dense("affine", 4).build());
    all.put("relu", input(4, 2).relu("relu").build());
    all.put("softmax_loss", input(4).reshape("scores", 4).softmaxLoss().build());
    NetworkSpec batchNorm = input(5).batchNorm("bn").build();
    all.put("batchnorm", batchNorm);
    all.put("batchnorm_alt", batchNorm);
    all.put("batchnorm_test", batchNorm);
    all.put("layernorm", input(9).layerNorm("ln").build());
    NetworkSpec dropout = input(8).dropout("drop", 0.7).build();
    all.put("dropout", dropout);
    all.put("dropout_test", dropout);
    all.put("conv_naive", input(3, 5, 5).conv2d("conv", 4, c -> c.stride(2).padding(1)).build());
    all.put("max_pool_naive", input(3, 5, 5).maxPool2d("pool", 3, p -> p.stride(2)).build());
    all.put("spatial_batchnorm", input(4, 3, 3).batchNorm("bn").build());
    all.put("spatial_groupnorm", input(6, 3, 4).groupNorm("gn", 2).build());
  }

  private static void putNetworks(Map<String, NetworkSpec> all) {
    all.put("fc_net", fullyConnected((net, i) -> net));
    all.put("fc_net_layernorm", fullyConnected((net, i) -> net.layerNorm("norm" + i)));
    all.put(
        "fc_net_batchnorm_dropout",
        input(2, 3)
            .dense("fc1", 8)
            .batchNorm("norm1", n -> n.runningVariance(0))
            .relu("relu1")
            .dropout("drop1", 0.8)
            .dense("fc2", 6)
            .batchNorm("norm2", n -> n.runningVariance(0))
            .relu("relu2")
            .dropout("drop2", 0.8)
            .dense("fc3", 4)
            .softmaxLoss()
            .l2(REG)
            .build());
    all.put(
        "three_layer_convnet",
        input(2, 6, 6)
            .conv2d("conv", 4, c -> c.padding(1))
            .relu("relu1")
            .maxPool2d("pool", 2)
            .dense("fc1", 6)
            .relu("relu2")
            .dense("fc2", 4)
            .softmaxLoss()
            .l2(REG)
            .build());
  }

  /** Adds the normalization of a hidden layer. */
  private interface Norm {
    NetworkBuilder add(NetworkBuilder net, int hidden);
  }

  private static NetworkSpec fullyConnected(Norm norm) {
    NetworkBuilder first = norm.add(input(2, 3).dense("fc1", 8), 1).relu("relu1");
    return norm.add(first.dense("fc2", 6), 2)
        .relu("relu2")
        .dense("fc3", 4)
        .softmaxLoss()
        .l2(REG)
        .build();
  }
}
