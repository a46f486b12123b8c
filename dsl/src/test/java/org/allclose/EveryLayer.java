package org.allclose;

import java.util.LinkedHashMap;
import java.util.Map;
import org.allclose.init.Gaussian;
import org.allclose.layer.image.AveragePool2d;
import org.allclose.layer.norm.BatchNorm;
import org.allclose.layer.Chain;
import org.allclose.layer.image.Conv2d;
import org.allclose.layer.dense.Dense;
import org.allclose.layer.activation.Dropout;
import org.allclose.layer.activation.Elu;
import org.allclose.layer.combine.Flatten;
import org.allclose.layer.activation.Gelu;
import org.allclose.layer.activation.GeluTanh;
import org.allclose.layer.norm.GroupNorm;
import org.allclose.layer.Layer;
import org.allclose.layer.norm.LayerNorm;
import org.allclose.layer.activation.LeakyRelu;
import org.allclose.layer.image.MaxPool2d;
import org.allclose.layer.activation.Relu;
import org.allclose.layer.combine.Reshape;
import org.allclose.layer.combine.Add;
import org.allclose.layer.activation.Sigmoid;
import org.allclose.layer.activation.Softmax;
import org.allclose.layer.activation.Softplus;
import org.allclose.layer.activation.Tanh;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Extent2d;
import org.allclose.tensor.Shape;

/**
 * A network of each layer, and of those that are computed together; {@link EveryLayerTest} counts.
 */
public final class EveryLayer {
  private static final Shape IMAGES = Shape.of(4, 16, 16);
  private static final Shape FEATURES = Shape.of(48);

  private EveryLayer() {}

  /** Returns networks without a loss by what they are made of, freshly initialized. */
  public static Map<String, Network> networks() {
    Map<String, Network> networks = new LinkedHashMap<>();
    add(networks, IMAGES, new Conv2d(6).padding(1));
    add(networks, IMAGES, new Conv2d(1).kernel(1));
    add(networks, IMAGES, new Conv2d(6).padding(1), new Relu());
    add(networks, IMAGES, new Conv2d(6).padding(1), new Relu(), new MaxPool2d(Extent2d.of(2)));
    add(networks, IMAGES, new MaxPool2d(Extent2d.of(2)));
    add(networks, IMAGES, new MaxPool2d(Extent2d.of(3)).stride(2));
    add(networks, IMAGES, new AveragePool2d(Extent2d.of(2)));
    add(networks, IMAGES, new BatchNorm());
    add(networks, FEATURES, new BatchNorm());
    add(networks, IMAGES, new LayerNorm());
    add(networks, IMAGES, new GroupNorm(2));
    add(networks, FEATURES, new Dense(10));
    add(networks, FEATURES, new Dense(10), new Relu());
    add(networks, FEATURES, new Dropout(0.5));
    add(networks, IMAGES, new Flatten());
    add(networks, IMAGES, new Flatten(), new Dense(10));
    add(networks, FEATURES, new Reshape(Shape.of(3, 16)));
    add(networks, FEATURES, new Reshape(Shape.of(3, 4, 4)), new MaxPool2d(Extent2d.of(2)));
    add(networks, FEATURES, new Residual(chain(FEATURES, new Dense(48), new Relu())));
    add(networks, FEATURES, new Relu());
    add(networks, FEATURES, new LeakyRelu());
    add(networks, FEATURES, new Elu());
    add(networks, FEATURES, new Sigmoid());
    add(networks, FEATURES, new Tanh());
    add(networks, FEATURES, new Softplus());
    add(networks, FEATURES, new Gelu());
    add(networks, FEATURES, new GeluTanh());
    add(networks, FEATURES, new Softmax());
    return networks;
  }

  private static void add(Map<String, Network> networks, Shape input, Layer... layers) {
    Chain chain = chain(input, layers);
    NumpyRandomState random = NumpyRandomState.seed(231);
    Network network = NetworkSpec.of(chain).initialize(random, Gaussian.std(0.1));
    networks.put("input" + input + " -> " + chain, network.withRandom(random));
  }

  private static Chain chain(Shape input, Layer... layers) {
    Chain chain = Chain.of(input);
    for (Layer layer : layers) {
      chain = chain.append(java.util.Optional.empty(), () -> layer);
    }
    return chain;
  }
}
