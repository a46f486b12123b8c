package org.allclose.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.allclose.Execution;
import org.allclose.Network;
import org.allclose.Parameters;
import org.allclose.internal.kernel.reduce.Finite;
import org.allclose.layer.Mode;
import org.allclose.layer.ParameterSpec;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;

/**
 * Trains a network in place, step by step, with the bits of the Python reference's solver.
 *
 * <p>One random state is drawn from by the batches, by dropout and by the samples that accuracy is
 * taken on, in turns, as numpy's global one is in Python. For one thread at a time.
 *
 * <p>Source: cs231n {@code Solver}; {@code testdata/reference/solver.py}.
 */
public final class Trainer {
  private final Network network;
  private final TrainingConfig config;
  private final Dataset data;
  private final Optional<Dataset> validation;
  private final NumpyRandomState random;
  private final Parameters parameters;
  private final Set<String> trained;
  private final OptimizerState optimizer;
  private final Runner whole;
  private final int stepsPerEpoch;
  private final List<TrainingListener> listeners = new ArrayList<>();
  private Optional<Runner> rest = Optional.empty();
  private Runner latest;
  private int[] order = new int[0];
  private History history = new History();
  private Optional<Parameters> best = Optional.empty();
  private Optional<Parameters> last = Optional.empty();
  private Optional<Fingerprint> fingerprint = Optional.empty();
  private final Map<String, Object> origin = new LinkedHashMap<>();
  private boolean hasStepped;
  private volatile boolean isToStop;
  private double rate;

  /** The buffers for batches of one size. */
  private static final class Runner {
    private final Execution execution;
    private final Dataset.Batch batch;
    private Optional<Parameters> statistics = Optional.empty();

    Runner(Network network, Dataset data, int size) {
      execution = network.execution(size);
      batch = data.batch(size);
    }

    /** Computes the loss and the gradients of some samples. */
    double run(int[] rows) {
      batch.gather(rows, 0);
      execution.forward(batch.x());
      double loss = execution.loss(batch.targets());
      execution.backwardParameters();
      return loss;
    }

    /** Gives the network the statistics of the latest batch. */
    void keepStatistics() {
      if (statistics.isEmpty()) {
        statistics = Optional.of(execution.statistics());
      }
      for (Map.Entry<String, Tensor> entry : statistics.get().asMap().entrySet()) {
        Tensor kept = execution.parameters().get(entry.getKey());
        System.arraycopy(entry.getValue().unwrap(), 0, kept.unwrap(), 0, kept.size());
      }
    }
  }

  /**
   * Prepares a run.
   *
   * @param network its parameters are changed by the run; needs a loss
   * @param data what it is trained on
   * @param validation what it is tried on at each check
   * @param random drawn from by this run alone
   * @throws ShapeMismatchException if the samples do not have the shape of the network's input
   * @throws IllegalArgumentException if a label is not a class, or the network has no loss
   */
  public Trainer(
      Network network,
      TrainingConfig config,
      Dataset data,
      Optional<Dataset> validation,
      NumpyRandomState random) {
    this.network = network.withMode(Mode.TRAINING).withRandom(random);
    this.config = config;
    this.data = data;
    this.validation = validation;
    this.random = random;
    if (network.spec().loss().isEmpty()) {
      throw new IllegalArgumentException(
          "training: expected a network with a loss: " + network.spec());
    }
    check("data", data);
    validation.ifPresent(set -> check("validation data", set));
    whole = runner(config.draw().largestBatch(data.size(), config.batch()));
    latest = whole;
    parameters = whole.execution.parameters();
    trained = trained(network);
    optimizer = new OptimizerState(config.optimizer(), parameters, trained);
    stepsPerEpoch = config.draw().stepsPerEpoch(data.size(), config.batch());
  }

  private void check(String what, Dataset set) {
    if (!set.shape().equals(network.spec().input())) {
      throw new ShapeMismatchException(
          what
              + ": expected samples of shape "
              + network.spec().input()
              + " but got "
              + set.shape());
    }
    try {
      set.targets().requireClasses(network.spec().output().size());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(what + ": " + e.getMessage(), e);
    }
  }

  private static Set<String> trained(Network network) {
    Set<String> names = new LinkedHashSet<>();
    for (ParameterSpec parameter : network.spec().parameters()) {
      if (parameter.role() != ParameterSpec.Role.STATISTIC) {
        names.add(parameter.name());
      }
    }
    return names;
  }

  /**
   * Returns what may not be meant in the config, one line each: a batch larger than the data, as
   * numpy, Keras and PyTorch take it without a word.
   */
  public List<String> notes() {
    if (config.batch() <= data.size()) {
      return List.of();
    }
    String what =
        config.draw() == Batching.CHOICE ? "draws some of them twice" : "takes all of them";
    return List.of(
        "batch: expected at most the "
            + data.size()
            + " samples there are but got "
            + config.batch()
            + ": each step "
            + what);
  }

  /** Adds what follows the run; it is told in the order of the calls. */
  public Trainer listen(TrainingListener listener) {
    listeners.add(listener);
    return this;
  }

  /** Returns how the network is trained. */
  public TrainingConfig config() {
    return config;
  }

  /** Returns what was so far; later steps show in it. */
  public History history() {
    return history;
  }

  /** Returns the network's parameters, the tensors themselves. */
  public Parameters parameters() {
    return parameters;
  }

  /**
   * Returns the gradients of the latest step, clipped where they are.
   *
   * @throws IllegalStateException if there was no step
   */
  public Parameters gradients() {
    return latest.execution.gradients();
  }

  /** Returns whether this trainer has done a step, rather than only gone on from a state. */
  public boolean hasGradients() {
    return hasStepped;
  }

  /** Returns the learning rate of the latest step. */
  public double rate() {
    return rate;
  }

  /** Returns the number of steps in an epoch. */
  public int stepsPerEpoch() {
    return stepsPerEpoch;
  }

  /** Returns the number of steps until the run ends, if it does not end early. */
  public long totalSteps() {
    OptionalInt steps = config.steps();
    return steps.isPresent()
        ? steps.getAsInt()
        : (long) config.epochs().orElseThrow() * stepsPerEpoch;
  }

  /**
   * Says what the run started from, such as its seed: part of its {@link Fingerprint}.
   *
   * @param value a number, a text, or a record of settings
   */
  public Trainer startedFrom(String key, Object value) {
    origin.put(key, value);
    return this;
  }

  /**
   * Runs to the end, from where the run is, or until it is {@linkplain #stop stopped}.
   *
   * @return {@link #history}
   * @throws DivergenceException if a loss or a gradient is not finite; the parameters are those
   *     before the step
   */
  public History run() {
    while (!hasEnded()) {
      if (isToStop) {
        isToStop = false;
        return history;
      }
      step();
    }
    if (config.keepBest() && best.isPresent() && last.isEmpty()) {
      last = Optional.of(parameters.copy());
      copy(best.get(), parameters, config.lastStatistics() ? trained : parameters.names());
    }
    listeners.forEach(listener -> listener.afterRun(this));
    return history;
  }

  /**
   * Lets a {@link #run} under way, or else the next one, return after the step that it does, before
   * its end; it can be run on. May be called by any thread.
   */
  public void stop() {
    isToStop = true;
  }

  /** Returns whether all steps are done, or the latest epochs were not good enough to go on. */
  public boolean hasEnded() {
    return history.steps() >= totalSteps() || hasLostPatience();
  }

  /**
   * Does one step.
   *
   * @return the loss before it
   * @throws DivergenceException if the loss or a gradient is not finite; the parameters stay
   */
  public double step() {
    last.ifPresent(values -> copy(values, parameters, parameters.names()));
    last = Optional.empty();
    int done = history.steps();
    int place = done % stepsPerEpoch;
    if (place == 0) {
      order = config.draw().order(data.size(), random);
    }
    int[] rows = config.draw().rows(data.size(), config.batch(), place, order, random);
    latest = runnerOf(rows.length);
    double loss = latest.run(rows);
    Parameters gradients = latest.execution.gradients();
    requireFinite(done, loss, gradients);
    config.clipping().apply(gradients);
    int epoch = done / stepsPerEpoch;
    rate = config.schedule().rate(new Schedule.Position(done, epoch, history.watchedLosses()));
    optimizer.step(gradients, rate);
    latest.keepStatistics();
    hasStepped = true;
    history.add(loss);
    Optional<EpochReport> ended = check(done);
    listeners.forEach(listener -> listener.afterStep(this));
    ended.ifPresent(report -> listeners.forEach(listener -> listener.afterEpoch(this, report)));
    return loss;
  }

  private Runner runner(int size) {
    try {
      return new Runner(network, data, size);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("batch of " + size + ": " + e.getMessage(), e);
    }
  }

  private Runner runnerOf(int size) {
    if (size == whole.batch.size()) {
      return whole;
    }
    if (rest.isEmpty()) {
      rest = Optional.of(runner(size));
    }
    return rest.get();
  }

  /**
   * Ends an epoch, or the first step where that is checked, before anyone is told of the step: a
   * state knows of both or of none.
   *
   * @return what came of an epoch that has ended
   */
  private Optional<EpochReport> check(int done) {
    if (done % stepsPerEpoch == stepsPerEpoch - 1) {
      EpochReport report = report(done / stepsPerEpoch + 1, stepsPerEpoch);
      history.add(report);
      keepIfBest(report);
      return Optional.of(report);
    }
    if (done == 0 && config.firstCheck()) {
      EpochReport report = report(0, 1);
      history.addFirstCheck(report);
      keepIfBest(report);
    }
    return Optional.empty();
  }

  /** Tries the network, training data first, as cs231n does: both may draw samples. */
  private EpochReport report(int epoch, int steps) {
    OptionalDouble accuracy =
        config.accuracySamples().isPresent() && data.targets().areLabels()
            ? OptionalDouble.of(
                new Scoring(network, data).accuracy(config.accuracySamples().getAsInt(), random))
            : OptionalDouble.empty();
    Optional<Scoring> tried = validation.map(set -> new Scoring(network, set));
    OptionalDouble validationLoss =
        tried.map(scoring -> OptionalDouble.of(scoring.loss())).orElse(OptionalDouble.empty());
    OptionalDouble validationAccuracy =
        tried
            .filter(scoring -> validation.orElseThrow().targets().areLabels())
            .map(this::validationAccuracy)
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

  private OptionalDouble validationAccuracy(Scoring scoring) {
    OptionalInt samples = config.validationSamples();
    return OptionalDouble.of(
        samples.isPresent() ? scoring.accuracy(samples.getAsInt(), random) : scoring.accuracy());
  }

  private void keepIfBest(EpochReport report) {
    if (config.keepBest() && bestEpoch() == report.epoch()) {
      best = Optional.of(parameters.copy());
    }
  }

  /** Returns the number of the first epoch that no other is better than; 0 is the first step's. */
  private int bestEpoch() {
    EpochReport chosen = history.checks().get(0);
    for (EpochReport epoch : history.checks()) {
      boolean better =
          epoch.validationAccuracy().isPresent()
              ? epoch.validationAccuracy().getAsDouble() > chosen.validationAccuracy().getAsDouble()
              : epoch.watchedLoss() < chosen.watchedLoss();
      if (better) {
        chosen = epoch;
      }
    }
    return chosen.epoch();
  }

  private boolean hasLostPatience() {
    return config.patience().isPresent()
        && !history.epochs().isEmpty()
        && history.steps() % stepsPerEpoch == 0
        && history.epochs().size() - bestEpoch() >= config.patience().getAsInt();
  }

  private void requireFinite(int done, double loss, Parameters gradients) {
    String place = "step " + (done + 1) + ": ";
    if (!Double.isFinite(loss)) {
      for (Map.Entry<String, Tensor> output : network.outputs(latest.batch.x()).entrySet()) {
        if (!Finite.all(output.getValue().unwrap(), output.getValue().size())) {
          throw new DivergenceException(
              place
                  + "layer '"
                  + output.getKey()
                  + "': expected finite outputs but got "
                  + Finite.first(output.getValue().unwrap()));
        }
      }
      throw new DivergenceException(place + "expected a finite loss but got " + loss);
    }
    List<String> backward = new ArrayList<>(gradients.names());
    for (int i = backward.size() - 1; i >= 0; i--) {
      Tensor gradient = gradients.get(backward.get(i));
      if (!Finite.all(gradient.unwrap(), gradient.size())) {
        throw new DivergenceException(
            place
                + "gradient of '"
                + backward.get(i)
                + "': expected finite values but got "
                + Finite.first(gradient.unwrap()));
      }
    }
  }

  /** Returns a copy of all that the run goes on from: of the last step, not the best epoch. */
  public TrainingState state() {
    return new TrainingState(
        last.orElse(parameters).copy(),
        optimizer.slots().copy(),
        random.getState(),
        Arrays.stream(order).boxed().toList(),
        history.copy(),
        best.map(Parameters::copy),
        fingerprint());
  }

  private Fingerprint fingerprint() {
    if (fingerprint.isEmpty()) {
      fingerprint = Optional.of(Fingerprint.of(origin, network.spec(), config, data, validation));
    }
    return fingerprint.get();
  }

  /**
   * Returns in what the run of a state differs from this one, each as {@code key: expected 0.1 but
   * got 0.05}; empty if it is a state of this run. When the run ends makes no difference.
   */
  public List<String> differences(TrainingState state) {
    return state.run().equals(Fingerprint.NONE)
        ? List.of("run: expected a state that says which run it is of but got none")
        : fingerprint().differences(state.run());
  }

  /**
   * Goes on from a state of this run: one with the same network, config and data, and started from
   * the same; only its end may be another.
   *
   * @throws IllegalArgumentException if it is of another one; nothing is changed then
   */
  public void restore(TrainingState state) {
    List<String> differences = differences(state);
    if (!differences.isEmpty()) {
      throw new IllegalArgumentException(
          "checkpoint of another run: " + Fingerprint.text(differences));
    }
    restoreWithChanges(state);
  }

  /**
   * Goes on from a state that may be of a run with other settings: from here on, this one's hold.
   *
   * @throws IllegalArgumentException if its parameters, slots or epochs are not such as this run
   *     has; nothing is changed then
   */
  public void restoreWithChanges(TrainingState state) {
    TrainingState.requireSame("checkpoint: parameters", parameters, state.parameters());
    requirePlace(state);
    optimizer.restore(state.slots(), state.history().steps());
    copy(state.parameters(), parameters, parameters.names());
    random.setState(state.random());
    order = state.order().stream().mapToInt(Integer::intValue).toArray();
    history = state.history().copy();
    best = state.best().map(Parameters::copy);
    last = Optional.empty();
  }

  /** Checks that a state is at a place in an epoch where this run comes by. */
  private void requirePlace(TrainingState state) {
    long steps = state.history().steps();
    int epochs = state.history().epochs().size();
    long length = epochs == 0 ? stepsPerEpoch : state.history().epochs().get(0).steps();
    if (length != stepsPerEpoch || steps / stepsPerEpoch != epochs) {
      throw new IllegalArgumentException(
          "checkpoint: expected epochs of "
              + stepsPerEpoch
              + " steps but got "
              + (epochs == 0 ? "none after " + steps + " steps" : "epochs of " + length));
    }
    boolean inEpoch = steps % stepsPerEpoch != 0;
    if (inEpoch && config.draw() == Batching.PERMUTATION && state.order().size() != data.size()) {
      throw new IllegalArgumentException(
          "checkpoint: expected an order of "
              + data.size()
              + " samples but got "
              + state.order().size());
    }
  }

  private static void copy(Parameters from, Parameters to, Collection<String> names) {
    for (String name : names) {
      Tensor target = to.get(name);
      System.arraycopy(from.get(name).unwrap(), 0, target.unwrap(), 0, target.size());
    }
  }
}
