package org.allclose.train;

import java.util.List;
import java.util.Optional;
import org.allclose.Parameters;
import org.allclose.random.MersenneTwisterState;

/**
 * All that a training run goes on from: with it the rest of a run has the bits of one that was
 * never stopped.
 *
 * @param parameters the network's, running statistics included
 * @param slots what the optimizer remembers
 * @param random where the random stream is
 * @param order the samples of the current epoch in their order; empty if batches are drawn singly
 * @param history what was
 * @param best the parameters of the best check, if they are kept and there was a check
 */
public record TrainingState(
    Parameters parameters,
    Parameters slots,
    MersenneTwisterState random,
    List<Integer> order,
    History history,
    Optional<Parameters> best) {

  public TrainingState {
    order = List.copyOf(order);
  }
}
