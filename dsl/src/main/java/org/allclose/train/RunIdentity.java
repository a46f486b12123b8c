package org.allclose.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.allclose.NetworkSpec;

/** Which run one is: what it is made of and started from, and the fingerprint of that. */
final class RunIdentity {
  private final NetworkSpec network;
  private final TrainingConfig config;
  private final Dataset data;
  private final Optional<Dataset> validation;
  private final Map<String, Object> origin = new LinkedHashMap<>();
  private Optional<Fingerprint> fingerprint = Optional.empty();

  RunIdentity(
      NetworkSpec network, TrainingConfig config, Dataset data, Optional<Dataset> validation) {
    this.network = network;
    this.config = config;
    this.data = data;
    this.validation = validation;
  }

  /** Says what the run started from. */
  void startedFrom(String key, Object value) {
    origin.put(key, value);
    fingerprint = Optional.empty();
  }

  /** Returns the fingerprint; it is made once, since it reads all data. */
  Fingerprint fingerprint() {
    if (fingerprint.isEmpty()) {
      fingerprint = Optional.of(Fingerprint.of(origin, network, config, data, validation));
    }
    return fingerprint.get();
  }

  /** Returns in what the run of a state differs from this one. */
  List<String> differences(TrainingState state) {
    return state.run().isEmpty()
        ? List.of("run: expected a state that says which run it is of but got none")
        : fingerprint().differences(Fingerprint.of(state.run()));
  }

  /**
   * Checks that a state is of this run.
   *
   * @throws IllegalArgumentException if not
   */
  void require(TrainingState state) {
    List<String> differences = differences(state);
    if (!differences.isEmpty()) {
      throw new IllegalArgumentException(
          "checkpoint of another run: " + Fingerprint.text(differences));
    }
  }
}
