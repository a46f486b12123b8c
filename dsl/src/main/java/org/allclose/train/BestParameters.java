package org.allclose.train;

import java.util.Collection;
import java.util.Optional;
import org.allclose.Parameters;

/**
 * The parameters of a run's best check, and those of its last step while the best ones are in their
 * place.
 */
final class BestParameters {
  private final Parameters parameters;
  private Optional<Parameters> best = Optional.empty();
  private Optional<Parameters> last = Optional.empty();

  /**
   * @param parameters the network's, the tensors themselves
   */
  BestParameters(Parameters parameters) {
    this.parameters = parameters;
  }

  /** Keeps the parameters as they are as the best so far. */
  void keep() {
    best = Optional.of(parameters.copy());
  }

  /**
   * Puts the best parameters in the network, if there are any.
   *
   * @param names those that are to be the best; the others stay as they are
   */
  void putBest(Collection<String> names) {
    if (best.isPresent() && last.isEmpty()) {
      last = Optional.of(parameters.copy());
      put(best.get(), names);
    }
  }

  /** Puts the parameters of the last step back into the network. */
  void putLast() {
    last.ifPresent(values -> put(values, parameters.names()));
    last = Optional.empty();
  }

  /** Returns a copy of the parameters of the best check, if there are any. */
  Optional<Parameters> copyOfBest() {
    return best.map(Parameters::copy);
  }

  /** Returns a copy of the parameters of the last step. */
  Parameters copyOfLast() {
    return last.orElse(parameters).copy();
  }

  /** Goes on from a state. */
  void restore(TrainingState state) {
    put(state.parameters(), parameters.names());
    best = state.best().map(Parameters::copy);
    last = Optional.empty();
  }

  private void put(Parameters values, Collection<String> names) {
    for (String name : names) {
      parameters.get(name).copyFrom(values.get(name));
    }
  }
}
