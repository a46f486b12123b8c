package org.allclose.parity.diagnosis;

import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.allclose.internal.kernel.math.ElementaryFunctions;
import org.allclose.layer.Layer;
import org.allclose.layer.UnaryLayer;
import org.allclose.layer.activation.Softmax;
import org.allclose.layer.combine.Flatten;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;
import org.allclose.type.Setting;
import org.allclose.type.Type;
import org.allclose.type.Types;

/**
 * An activation that a recording may have, whether networks here have a layer for it or not.
 *
 * @param name what it is called, with the slope if it has one
 * @param function computes it for a batch
 */
record Activation(String name, UnaryOperator<Tensor> function) {

  private static final Shape FEATURES = Shape.of(5);

  /**
   * The layers that are activations, with the settings they have where nothing is said, those
   * without any first; of those that come to the same, such as ELU and CELU, the older name.
   */
  private static final List<Layer> LAYERS =
      Types.of(Layer.class).all().stream()
          .filter(type -> type.settings().stream().noneMatch(Setting::isRequired))
          .sorted(
              Comparator.<Type<?>>comparingInt(type -> type.settings().size())
                  .thenComparing(type -> type.name().length()))
          .<Layer>map(type -> type.values().make())
          .filter(Activation::keepsShapes)
          .toList();

  private static boolean keepsShapes(Layer layer) {
    try {
      return layer instanceof UnaryLayer unary
          && unary.outputShape(FEATURES).equals(FEATURES)
          && unary.parameters(FEATURES).isEmpty()
          && !(layer instanceof Flatten);
    } catch (ShapeMismatchException e) {
      return false; // one of images or sequences
    }
  }

  /** By the formulas of PyTorch and Keras. */
  private static final List<Activation> OTHERS =
      List.of(
          of("hard sigmoid, clip(0.2 x + 0.5, 0, 1)", x -> clip(0.2 * x + 0.5, 0, 1)),
          of("softplus, linear above 20", x -> x > 20 ? x : softplus(x)),
          of("squared relu", x -> x > 0 ? x * x : 0));

  /** Returns those that can take a batch. */
  static Stream<Activation> of(Tensor batch) {
    Stream<Activation> layers =
        LAYERS.stream()
            .filter(layer -> !(layer instanceof Softmax) || batch.shape().rank() == 2)
            .map(layer -> new Activation(layer.type().name(), x -> Layers.apply(layer, x)));
    return Stream.concat(layers, OTHERS.stream());
  }

  /** Returns whether a layer is an activation. */
  static boolean is(Layer layer) {
    return LAYERS.stream().anyMatch(other -> other.getClass() == layer.getClass());
  }

  private static Activation of(String name, DoubleUnaryOperator function) {
    return new Activation(name, x -> x.map(function));
  }

  private static double softplus(double x) {
    return ElementaryFunctions.log1p(ElementaryFunctions.exp(-Math.abs(x))) + Math.max(x, 0);
  }

  private static double clip(double x, double least, double most) {
    return Math.min(Math.max(x, least), most);
  }
}
