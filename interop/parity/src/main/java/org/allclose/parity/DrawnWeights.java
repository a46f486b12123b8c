package org.allclose.parity;

import java.util.LinkedHashMap;
import java.util.Map;
import org.allclose.NetworkSpec;
import org.allclose.Parameters;
import org.allclose.WeightSource;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.ParameterSpec.Role;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/**
 * Parameters that a case does not keep but draws, because nothing depends on which they are.
 *
 * <p>From {@code RandomState(seed)} come first all weights, in the order of the network's
 * parameters, each {@code sqrt(2 / fan) * randn(*shape)}, where fan is the number of elements for
 * one of the first axis, or for matrices the length of the first axis; then all other parameters,
 * in that order, each {@code start + 0.3 * rand(*shape)}, where start is 1 for scales and running
 * variances and 0 for others. What the case keeps in a file is not drawn.
 *
 * <p>Source: the recorder's {@code drawn_weights}.
 */
final class DrawnWeights {
  private static final double SPREAD = 0.3;

  private DrawnWeights() {}

  /**
   * Draws the parameters of a network.
   *
   * @param kept some of them, which are not drawn
   */
  static Parameters of(NetworkSpec spec, int seed, WeightSource kept) {
    NumpyRandomState random = NumpyRandomState.seed(seed);
    Map<String, Tensor> drawn = new LinkedHashMap<>();
    for (ParameterSpec parameter : spec.parameters()) {
      String name = parameter.name();
      if (kept.names().contains(name)) {
        drawn.put(name, kept.get(name));
      } else if (parameter.role() == Role.WEIGHT) {
        drawn.put(name, weight(parameter.shape(), random));
      }
    }
    for (String name : kept.names()) {
      drawn.putIfAbsent(name, kept.get(name)); // binding refuses what the network does not have
    }
    for (ParameterSpec parameter : spec.parameters()) {
      if (!drawn.containsKey(parameter.name())) {
        drawn.put(parameter.name(), other(parameter, random));
      }
    }
    return Parameters.wrap(drawn);
  }

  private static Tensor weight(Shape shape, NumpyRandomState random) {
    int fan = shape.rank() > 2 ? shape.size() / shape.axis(0) : shape.axis(0);
    double scale = Math.sqrt(2.0 / fan);
    return random.randn(shape.toArray()).map(value -> scale * value);
  }

  private static Tensor other(ParameterSpec parameter, NumpyRandomState random) {
    boolean isOne = parameter.role() == Role.SCALE || parameter.name().endsWith("/runningVariance");
    double start = isOne ? 1 : 0;
    return random.rand(parameter.shape().toArray()).map(value -> start + SPREAD * value);
  }
}
