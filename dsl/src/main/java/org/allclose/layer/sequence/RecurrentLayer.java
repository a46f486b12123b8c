package org.allclose.layer.sequence;

import java.util.List;
import org.allclose.layer.Layer;
import org.allclose.layer.ParameterSpec;
import org.allclose.tensor.Shape;

/**
 * A layer that goes through sequences step by step.
 *
 * <p>Inputs: x (n, T, D); the states before the first step, (n, units) each, if they are not 0; and
 * with {@link #lengths} tokens (n, 1), the number of steps of each sample, from 0 to T. Where a
 * step is not below a sample's length, its state stays, and its output is 0. Parameters: Wx (D, k *
 * units), Wh (units, k * units), b (k * units) and, with {@link #recurrentBias}, bh like b, where k
 * is the number of gates.
 *
 * <p>Gradients are added up from the last step to the first.
 */
public interface RecurrentLayer extends Layer {

  /** Whether the last step comes first where nothing is said. */
  boolean DEFAULT_REVERSE = false;

  /** Whether there is a second bias where nothing is said. */
  boolean DEFAULT_RECURRENT_BIAS = false;

  /** Whether samples have lengths of their own where nothing is said. */
  boolean DEFAULT_LENGTHS = false;

  /** What a recurrent layer gives. */
  enum Returns {
    /** The states of all steps, (n, T, units). */
    SEQUENCE,
    /** The state after the last step, (n, units). */
    LAST,
    /** The memory c after the last step, (n, units), of an LSTM. */
    CELL
  }

  /** Returns the width of a state. */
  int units();

  /** Returns whether the last step comes first; the results stay in their places. */
  boolean reverse();

  /** Returns what the layer gives. */
  Returns returns();

  /** Returns whether there is a second bias bh, added to the product with h. */
  boolean recurrentBias();

  /** Returns whether the last input has the number of steps of each sample. */
  boolean lengths();

  @Override
  default boolean takesTokens(int input, int inputs) {
    return lengths() && input > 0 && input == inputs - 1;
  }

  @Override
  default Shape outputShape(List<Shape> inputs) {
    return Recurrences.outputShape(this, inputs);
  }

  @Override
  default List<ParameterSpec> parameters(List<Shape> inputs) {
    return Recurrences.parameters(this, inputs.get(0));
  }
}
