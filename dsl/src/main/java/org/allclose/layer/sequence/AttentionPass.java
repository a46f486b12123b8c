package org.allclose.layer.sequence;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.allclose.internal.ops.AttentionMap;
import org.allclose.internal.ops.Movement;
import org.allclose.internal.ops.Ops;
import org.allclose.internal.ops.Places;
import org.allclose.internal.ops.ShapeOps;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Mode;
import org.allclose.layer.Pass;
import org.allclose.layer.RoundingErrors;
import org.allclose.layer.Terms;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/**
 * Scaled dot-product attention of queries, keys and values, and perhaps a mask, each of whose
 * features may be of several heads.
 */
final class AttentionPass implements Pass {
  final Setup setup;
  final AttentionMap.Sizes sizes;
  private final LayerContext context;
  private final Ops ops;
  private final AttentionMap map;
  private final Optional<Movement> copies;
  private final Tensor mask;
  private final Tensor drop;
  private final Tensor out;
  private final Tensor[] gradients;
  private List<Tensor> inputs = List.of();
  private Tensor scoreGradient = Tensor.EMPTY;

  /**
   * What is computed.
   *
   * @param heads parts of the features
   * @param causal whether step i attends to no step behind i
   * @param scale what products are multiplied by, if not divided by the root of the features
   * @param keep the probability to keep a weight in training
   */
  record Setup(int heads, boolean causal, Optional<Double> scale, double keep) {

    /** Returns what a product of queries and keys of so many features is multiplied by, about. */
    double factor(int features) {
      return scale.orElse(1 / Math.sqrt(features));
    }
  }

  /**
   * @param context its inputs are q, k and v of shape (..., steps, features), and perhaps a mask,
   *     whose axes are some of the last of the scores' or of length 1
   * @param scores the shape of a sample's scores
   */
  AttentionPass(LayerContext context, Setup setup, Shape scores) {
    this.context = context;
    this.setup = setup;
    Shape q = context.inputs().get(0);
    Shape v = context.inputs().get(2);
    int sources = context.inputs().get(1).axis(q.rank() - 2);
    int targets = q.axis(q.rank() - 2);
    int features = q.axis(q.rank() - 1);
    int values = v.axis(q.rank() - 1);
    int outer = context.batch() * (q.size() / (targets * features));
    sizes =
        new AttentionMap.Sizes(
            outer, setup.heads, targets, sources, features / setup.heads, values / setup.heads);
    ops = Ops.of(context.dtype(), context.threads());
    map = AttentionMap.of(context.dtype(), context.threads(), sizes, setup.causal, setup.scale);
    out = context.newBatch(q.withLast(values));
    boolean drops = context.mode() == Mode.TRAINING && setup.keep < 1;
    drop = drops ? context.newBatch(scores) : Tensor.EMPTY;
    gradients = new Tensor[context.inputs().size()];
    Arrays.fill(gradients, Tensor.EMPTY);
    if (gradients.length > 3) {
      Places places = Places.of(context.inputs().get(3)).expand(scores);
      ShapeOps shapes = ShapeOps.of(context.dtype(), context.threads());
      copies = Optional.of(shapes.movement(context.batch(), places));
      mask = context.newBatch(scores);
    } else {
      copies = Optional.empty();
      mask = Tensor.EMPTY;
    }
  }

  @Override
  public Tensor forward(List<Tensor> given) {
    inputs = given;
    if (copies.isPresent()) {
      copies.get().take(given.get(3), 0, mask);
    }
    if (drop.size() > 0) {
      ops.dropoutMask(context.random(), setup.keep, drop);
    }
    map.forward(given.get(0), given.get(1), given.get(2), mask, drop, out);
    return out;
  }

  @Override
  public List<Tensor> backwardToInputs(Tensor dout) {
    if (gradients[0].size() == 0) {
      for (int i = 0; i < gradients.length; i++) {
        gradients[i] = context.newBatch(context.inputs().get(i));
      }
    }
    map.backward(dout, gradients[0], gradients[1], gradients[2]);
    if (copies.isPresent()) {
      if (scoreGradient.size() == 0) {
        scoreGradient = Tensor.wrap(mask.shape(), map.scoreGradient());
      }
      copies.get().gradient(scoreGradient, gradients[3]);
    }
    return Arrays.asList(gradients);
  }

  /** Returns the latest inputs. */
  List<Tensor> inputs() {
    return inputs;
  }

  /** Returns the latest weights, before any were dropped. */
  double[] weights() {
    return map.weights();
  }

  /** Returns the gradient of the scores of the latest backward pass. */
  double[] scoreGradient() {
    return map.scoreGradient();
  }

  /** Returns what the weights were multiplied by; nothing if none were dropped. */
  double[] drop() {
    return drop.unwrap();
  }

  /** Returns the latest mask, copied to all scores; nothing if there is none. */
  double[] mask(List<Tensor> given) {
    if (copies.isEmpty()) {
      return mask.unwrap();
    }
    Tensor copied = Tensor.zeros(mask.shape());
    copies.get().take(given.get(3), 0, copied);
    return copied.unwrap();
  }

  /** Returns the gradient of the mask from that of the scores. */
  Tensor maskGradient(double[] ofScores) {
    Tensor gradient = context.newBatch(context.inputs().get(3));
    copies.orElseThrow().gradient(Tensor.wrap(mask.shape(), ofScores), gradient);
    return gradient;
  }

  /** Returns a new gradient of an input. */
  Tensor newGradient(int input) {
    return context.newBatch(context.inputs().get(input));
  }

  /** Returns a new output. */
  Tensor newOutput() {
    return Tensor.zeros(out.shape());
  }

  Matrix targets(double[] array, int matrix, int columns) {
    return part(array, matrix, sizes.targets(), columns);
  }

  Matrix sources(double[] array, int matrix, int columns) {
    return part(array, matrix, sizes.sources(), columns);
  }

  /** Returns a head's matrix of an array with so many steps and columns of a head. */
  private Matrix part(double[] array, int matrix, int steps, int columns) {
    int row = setup.heads * columns;
    int start = matrix / setup.heads * steps * row + matrix % setup.heads * columns;
    return Matrix.of(array, start, steps, columns, row);
  }

  /** Returns a head's matrix of scores. */
  Matrix scores(double[] array, int matrix) {
    int columns = sizes.sources();
    return Matrix.of(array, matrix * sizes.scores(), sizes.targets(), columns, columns);
  }

  @Override
  public Terms terms() {
    return new AttentionTerms(this);
  }

  @Override
  public Pass disturbed(RoundingErrors errors) {
    return new DisturbedAttentionPass(this, errors);
  }

  @Override
  public void release() {
    inputs = List.of();
    map.release();
  }
}
