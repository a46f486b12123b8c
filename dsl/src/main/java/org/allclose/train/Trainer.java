package org.allclose.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.Parameters;
import org.allclose.layer.Mode;
import org.allclose.layer.ParameterSpec;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.train.History.EpochReport;
import org.allclose.train.schedule.Schedule;

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
  private final NumpyRandomState random;
  private final BatchRunner runner;
  private final Parameters parameters;
  private final Set<String> trained;
  private final OptimizerState optimizer;
  private final BestParameters best;
  private final EpochEnd epochEnd;
  private final RunIdentity identity;
  private final List<TrainingListener> listeners = new ArrayList<>();
  private int[] order = new int[0];
  private History history = new History();
  private boolean hasStepped;
  private volatile boolean isToStop;
  private double rate;

  /** Training met a number that is not finite, and stopped before it changed a parameter. */
  public static final class DivergenceException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    DivergenceException(String message) {
      super(message);
    }
  }

  /**
   * Prepares a run.
   *
   * @param network its parameters are changed by the run; needs a loss
   * @param data what it is trained on
   * @param validation what it is tried on at each check
   * @param random drawn from by this run alone
   * @throws ShapeMismatchException if the samples do not have the shapes of the network's inputs
   * @throws IllegalArgumentException if a label is not a class, or the network has no loss
   */
  public Trainer(
      Network network,
      TrainingConfig config,
      Dataset data,
      Optional<Dataset> validation,
      NumpyRandomState random) {
    NetworkSpec spec = network.spec();
    RunChecks.requireLoss(spec);
    RunChecks.requireFit("data", data, spec);
    validation.ifPresent(set -> RunChecks.requireFit("validation data", set, spec));
    this.network = network.withMode(Mode.TRAINING).withRandom(random);
    this.config = config;
    this.data = data;
    this.random = random;
    int batch = config.draw().largestBatch(data.size(), config.batch());
    runner = new BatchRunner(this.network, data, batch);
    parameters = runner.parameters();
    trained = trained(spec);
    optimizer = new OptimizerState(config.optimizer(), parameters, trained);
    best = new BestParameters(parameters);
    epochEnd = new EpochEnd(this.network, config, data, validation, random);
    identity = new RunIdentity(spec, config, data, validation);
  }

  private static Set<String> trained(NetworkSpec network) {
    Set<String> names = new LinkedHashSet<>();
    for (ParameterSpec parameter : network.parameters()) {
      if (parameter.role().isTrained()) {
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
    return RunChecks.notes(config, data);
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
    return runner.gradients();
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
    return epochEnd.stepsPerEpoch();
  }

  /** Returns the number of steps until the run ends, if it does not end early. */
  public long totalSteps() {
    OptionalInt steps = config.steps();
    return steps.isPresent()
        ? steps.getAsInt()
        : (long) config.epochs().orElseThrow() * stepsPerEpoch();
  }

  /**
   * Says what the run started from, such as its seed: part of what says which run a {@linkplain
   * #state state} is of.
   *
   * @param value a number, a text, or a record of settings
   */
  public Trainer startedFrom(String key, Object value) {
    identity.startedFrom(key, value);
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
    if (config.keepBest()) {
      best.putBest(config.lastStatistics() ? trained : parameters.names());
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
    return history.steps() >= totalSteps() || epochEnd.hasLostPatience(history);
  }

  /**
   * Does one step.
   *
   * @return the loss before it
   * @throws DivergenceException if the loss or a gradient is not finite; the parameters stay
   */
  public double step() {
    best.putLast();
    int done = history.steps();
    double loss = runner.run(draw(done % stepsPerEpoch()));
    RunChecks.requireFinite(done + 1, loss, runner);
    Parameters gradients = runner.gradients();
    config.clipping().apply(gradients);
    int epoch = done / stepsPerEpoch();
    rate = config.schedule().rate(new Schedule.Position(done, epoch, history.watchedLosses()));
    optimizer.step(gradients, rate);
    runner.keepStatistics();
    hasStepped = true;
    history.add(loss);
    // Before anyone is told of the step: a state knows of both it and the epoch's end or of none.
    Optional<EpochReport> ended = epochEnd.afterStep(history, rate, best);
    listeners.forEach(listener -> listener.afterStep(this));
    ended.ifPresent(report -> listeners.forEach(listener -> listener.afterEpoch(this, report)));
    return loss;
  }

  /** Draws the samples of a step, {@code place} being its number in the epoch. */
  private int[] draw(int place) {
    if (place == 0) {
      order = config.draw().order(data.size(), random);
    }
    return config.draw().rows(data.size(), config.batch(), place, order, random);
  }

  /** Returns a copy of all that the run goes on from: of the last step, not the best epoch. */
  public TrainingState state() {
    return new TrainingState(
        best.copyOfLast(),
        optimizer.slots().copy(),
        random.getState(),
        Arrays.stream(order).boxed().toList(),
        history.copy(),
        best.copyOfBest(),
        identity.fingerprint().asMap());
  }

  /**
   * Returns in what the run of a state differs from this one, each as {@code key: expected 0.1 but
   * got 0.05}; empty if it is a state of this run. When the run ends makes no difference.
   */
  public List<String> differences(TrainingState state) {
    return identity.differences(state);
  }

  /**
   * Goes on from a state of this run: one with the same network, config and data, and started from
   * the same; only its end may be another.
   *
   * @throws IllegalArgumentException if it is of another one; nothing is changed then
   */
  public void restore(TrainingState state) {
    identity.require(state);
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
    RunChecks.requirePlace(state, stepsPerEpoch(), config, data);
    optimizer.restore(state.slots(), state.history().steps());
    best.restore(state);
    random.setState(state.random());
    order = state.order().stream().mapToInt(Integer::intValue).toArray();
    history = state.history().copy();
  }
}
