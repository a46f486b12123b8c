package org.allclose.train;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.allclose.Network;
import org.allclose.random.NumpyRandomState;
import org.allclose.train.History.EpochReport;

/**
 * What happens at the end of an epoch, and after the first step where that is checked: the network
 * is tried, and its parameters are kept if they are the best so far.
 */
final class EpochEnd {
  private final Network network;
  private final TrainingConfig config;
  private final Dataset data;
  private final Optional<Dataset> validation;
  private final NumpyRandomState random;
  private final int stepsPerEpoch;

  EpochEnd(
      Network network,
      TrainingConfig config,
      Dataset data,
      Optional<Dataset> validation,
      NumpyRandomState random) {
    this.network = network;
    this.config = config;
    this.data = data;
    this.validation = validation;
    this.random = random;
    stepsPerEpoch = config.draw().stepsPerEpoch(data.size(), config.batch());
  }

  /** Returns the number of steps in an epoch. */
  int stepsPerEpoch() {
    return stepsPerEpoch;
  }

  /**
   * Ends an epoch, or the first step where that is checked, if it is at its end.
   *
   * @param history what was, the step included; modified
   * @param rate the learning rate of the step
   * @param best modified
   * @return what came of an epoch that has ended
   */
  Optional<EpochReport> afterStep(History history, double rate, BestParameters best) {
    if (history.steps() % stepsPerEpoch == 0) {
      EpochReport report = report(history.steps() / stepsPerEpoch, stepsPerEpoch, history, rate);
      history.add(report);
      keepIfBest(report, history, best);
      return Optional.of(report);
    }
    if (history.steps() == 1 && config.firstCheck()) {
      EpochReport report = report(0, 1, history, rate);
      history.addFirstCheck(report);
      keepIfBest(report, history, best);
    }
    return Optional.empty();
  }

  /** Tries the network, training data first, as cs231n does: both may draw samples. */
  private EpochReport report(int epoch, int steps, History history, double rate) {
    OptionalDouble accuracy =
        config.accuracySamples().isPresent() && data.targets().areLabels()
            ? accuracy(new Scoring(network, data), config.accuracySamples())
            : OptionalDouble.empty();
    Optional<Scoring> tried = validation.map(set -> new Scoring(network, set));
    OptionalDouble validationLoss =
        tried.map(scoring -> OptionalDouble.of(scoring.loss())).orElse(OptionalDouble.empty());
    OptionalDouble validationAccuracy =
        tried
            .filter(scoring -> validation.orElseThrow().targets().areLabels())
            .map(scoring -> accuracy(scoring, config.validationSamples()))
            .orElse(OptionalDouble.empty());
    return new EpochReport(
        epoch,
        history.steps(),
        history.meanOfLatest(steps),
        rate,
        accuracy,
        validationLoss,
        validationAccuracy);
  }

  private OptionalDouble accuracy(Scoring scoring, OptionalInt samples) {
    return OptionalDouble.of(
        samples.isPresent() ? scoring.accuracy(samples.getAsInt(), random) : scoring.accuracy());
  }

  private void keepIfBest(EpochReport report, History history, BestParameters best) {
    if (config.keepBest() && history.bestEpoch() == report.epoch()) {
      best.keep();
    }
  }

  /** Returns whether the latest epochs were not good enough to go on. */
  boolean hasLostPatience(History history) {
    return config.patience().isPresent()
        && !history.epochs().isEmpty()
        && history.steps() % stepsPerEpoch == 0
        && history.epochs().size() - history.bestEpoch() >= config.patience().getAsInt();
  }
}
