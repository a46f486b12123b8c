package org.allclose;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.allclose.layer.Graph;
import org.allclose.layer.Layer;
import org.allclose.layer.combine.Add;

/**
 * What all calls of the builder that add a layer go by: a layer takes the output of the one before,
 * unless it says otherwise.
 */
abstract class Steps {
  Steps() {}

  /** Returns the layers so far. */
  abstract Graph graph();

  /** Returns the builder of a graph that has grown from this one's. */
  abstract NetworkBuilder with(Graph longer);

  /**
   * Adds a layer that is made here and now, so that what is wrong with it is told with its place.
   */
  final NetworkBuilder add(Optional<String> name, Supplier<? extends Layer> layer) {
    return with(graph().append(name, layer));
  }

  /** Adds a layer of several inputs. */
  final NetworkBuilder combine(
      Supplier<? extends Layer> layer, String first, String second, String... more) {
    List<String> inputs = new ArrayList<>(List.of(first, second));
    inputs.addAll(List.of(more));
    return with(graph().append(Optional.empty(), inputs, layer));
  }

  /**
   * Adds a layer under a name.
   *
   * @param inputs the names of the layers or inputs whose outputs it takes; if there is none, it
   *     takes the one before, or nothing if it is a {@linkplain Layer#isSource source}
   * @throws IllegalArgumentException if the name is taken, empty, or has characters other than
   *     letters, digits, {@code _}, {@code -} and {@code .}, or there is nothing of a name that it
   *     takes
   */
  public final NetworkBuilder layer(String name, Layer layer, String... inputs) {
    return inputs.length == 0
        ? add(Optional.of(name), () -> layer)
        : with(graph().append(Optional.of(name), List.of(inputs), () -> layer));
  }

  /** Adds a layer, named by its kind and number. */
  public final NetworkBuilder layer(Layer layer) {
    return add(Optional.empty(), () -> layer);
  }

  /**
   * Moves to an earlier layer, or to an input: the next layer takes its output.
   *
   * @throws IllegalArgumentException if there is nothing of this name
   */
  public final NetworkBuilder from(String name) {
    return with(graph().from(name));
  }

  /**
   * Adds the layers of a block, whose names start with the block's: {@code block/dense1}.
   *
   * @param body adds them, such as {@code b -> b.dense(64).relu()} or a {@link TransformerLayer};
   *     it finds layers by their names within the block, and else by their whole names
   * @throws IllegalArgumentException if the body gives something else than its builder grown
   */
  public final NetworkBuilder block(String name, Function<LayerSteps, NetworkBuilder> body) {
    Graph outer = graph();
    Graph block =
        body.apply(new NetworkBuilder.Input(outer.begin(Optional.of(name), "block"))).graph();
    return with(block.end(outer, "block"));
  }

  /**
   * Adds a residual block under a name, {@code y = x + f(x)}: the layers of f, whose names start
   * with the block's, and an {@link Add} of the block's name.
   *
   * @param body builds f, such as {@code f -> f.dense(64).relu().dense(64)}; it must keep the shape
   */
  public final NetworkBuilder residual(String name, Function<LayerSteps, NetworkBuilder> body) {
    return residual(Optional.of(name), body);
  }

  /** Adds a residual block, as {@link #residual(String, Function)}. */
  public final NetworkBuilder residual(Function<LayerSteps, NetworkBuilder> body) {
    return residual(Optional.empty(), body);
  }

  private NetworkBuilder residual(
      Optional<String> name, Function<LayerSteps, NetworkBuilder> body) {
    Graph outer = graph();
    Graph block = body.apply(new NetworkBuilder.Input(outer.begin(name, "residual"))).graph();
    return with(block.end(outer, "residual", List.of(outer.end(), block.end()), Add::new));
  }
}
