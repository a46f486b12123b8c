package org.allclose;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.allclose.internal.kernel.runtime.Parallel;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Mode;
import org.allclose.loss.Targets;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;
import org.apache.commons.math3.random.RandomGenerator;

/**
 * A network with its parameters: computes scores, loss and gradients with the bits of numpy.
 *
 * <p>Safe for use by many threads at once, as long as nobody changes the parameters. A batch is
 * computed as one: as in numpy, the last bits of a sample's scores can depend on how many samples
 * are in its batch.
 */
public final class Network {

  /** What {@link #evaluate} and {@link #backward} run for where nothing is said. */
  public static final Mode DEFAULT_MODE = Mode.TRAINING;

  private final NetworkSpec spec;
  private final Parameters parameters;
  private final Mode mode;
  private final Optional<RandomGenerator> random;
  private final Parallel parallel;
  private final Map<String, Tensor> decisions;

  /** Executions at rest, for the next caller with a batch of the same size in the same mode. */
  private final AtomicReferenceArray<Execution> resting =
      new AtomicReferenceArray<>(Runtime.getRuntime().availableProcessors());

  private Network(
      NetworkSpec spec,
      Parameters parameters,
      Mode mode,
      Optional<RandomGenerator> random,
      Parallel parallel,
      Map<String, Tensor> decisions) {
    this.spec = spec;
    this.parameters = parameters;
    this.mode = mode;
    this.random = random;
    this.parallel = parallel;
    this.decisions = decisions;
  }

  Network(NetworkSpec spec, Parameters parameters) {
    this(spec, parameters, DEFAULT_MODE, Optional.empty(), Parallel.ofDefault(), Map.of());
  }

  /**
   * Starts a network whose input samples have the given axis lengths, without the batch axis.
   *
   * @throws IllegalArgumentException if there is no axis or one shorter than 1
   */
  public static NetworkBuilder.Input input(int... sample) {
    return new NetworkBuilder.Input(sample);
  }

  /**
   * Returns a network on the same parameters that uses up to the given number of threads, the
   * caller's included. No result depends on it.
   *
   * <p>The default is the system property {@value Parallel#THREADS_PROPERTY}, else the number of
   * processors.
   *
   * @throws IllegalArgumentException if the number is not from 1 to {@value Parallel#MAX_THREADS}
   */
  public Network withThreads(int threads) {
    return new Network(spec, parameters, mode, random, Parallel.of(threads), decisions);
  }

  /**
   * Returns a network on the same parameters that evaluates in the given mode: {@link #evaluate},
   * {@link #backward}, {@link #outputs} and {@link #execution} do. {@link #predict} is in inference
   * mode always.
   */
  public Network withMode(Mode other) {
    return new Network(spec, parameters, other, random, parallel, decisions);
  }

  /**
   * Returns a network on the same parameters whose layers draw from the given stream where they
   * need chance in training mode, layer after layer. It is for one thread, as the stream is.
   */
  public Network withRandom(RandomGenerator stream) {
    return new Network(spec, parameters, mode, Optional.of(stream), parallel, decisions);
  }

  /**
   * Returns a network on the same parameters, some of whose layers decide as for other inputs than
   * those they are given: a ReLU, which values are positive; a pool, which are the largest.
   *
   * <p>Where inputs differ by rounding alone, this tells what follows from the rounding itself from
   * what follows from a decision that falls the other way.
   *
   * @param inputs a batch of inputs by the names of the layers, shape (n, ...); kept, not modified
   */
  public Network decidingAs(Map<String, Tensor> inputs) {
    return new Network(spec, parameters, mode, random, parallel, Map.copyOf(inputs));
  }

  public NetworkSpec spec() {
    return spec;
  }

  /** Returns the mode that everything but {@link #predict} runs in. */
  public Mode mode() {
    return mode;
  }

  /** Returns the parameters, a copy. */
  public Parameters parameters() {
    return parameters.copy();
  }

  /**
   * Computes the scores of a batch in inference mode, also where the network evaluates in training
   * mode: batch norm takes the running statistics, dropout does nothing.
   *
   * <p>The scores in the network's own mode are those of {@link Evaluation#scores}, and the last of
   * {@link #outputs}.
   *
   * @param x shape (n, ...) with n of at least 1; not modified
   * @return the scores, shape (n, ...)
   * @throws ShapeMismatchException if x does not have the input's shape
   */
  public Tensor predict(Tensor x) {
    Tensor scores = Tensor.zeros(spec.output().prepend(spec.batchSize(x)));
    predict(x, scores);
    return scores;
  }

  /**
   * Computes the scores of a batch into a tensor of the caller, in inference mode as {@link
   * #predict(Tensor)}.
   *
   * @param x shape (n, ...) with n of at least 1; not modified
   * @param scores shape (n, ...); modified: overwritten with the scores
   * @throws ShapeMismatchException if x or scores do not have their shape
   */
  public void predict(Tensor x, Tensor scores) {
    int batch = spec.batchSize(x);
    if (!scores.shape().isBatchOf(spec.output()) || scores.shape().axis(0) != batch) {
      throw new ShapeMismatchException(
          "scores: expected shape " + spec.output().prepend(batch) + " but got " + scores.shape());
    }
    Execution execution = take(batch, Mode.INFERENCE);
    System.arraycopy(execution.forward(x).unwrap(), 0, scores.unwrap(), 0, scores.size());
    giveBack(execution);
  }

  /**
   * Computes each layer's output for a batch, in the network's mode.
   *
   * @param x shape (n, ...) with n of at least 1; not modified
   * @return the outputs by the layers' names, in order
   * @throws ShapeMismatchException if x does not have the input's shape
   */
  public Map<String, Tensor> outputs(Tensor x) {
    return newExecution(spec.batchSize(x), mode, false).outputs(x);
  }

  /**
   * Computes scores, loss and gradients of a batch.
   *
   * @param x shape (n, ...) with n of at least 1; not modified
   * @param labels the right class of each sample
   * @throws ShapeMismatchException if x does not have the input's shape, or there is not one label
   *     for each sample
   * @throws IllegalArgumentException if a label is not a class
   * @throws IllegalStateException if the network has no loss
   */
  public Evaluation evaluate(Tensor x, int... labels) {
    return evaluate(x, Targets.wrap(labels));
  }

  /**
   * Computes scores, loss and gradients of a batch.
   *
   * @param x shape (n, ...) with n of at least 1; not modified
   * @param targets what the loss compares the scores with
   * @throws ShapeMismatchException if x does not have the input's shape
   * @throws IllegalArgumentException if the targets do not fit the scores
   * @throws IllegalStateException if the network has no loss
   */
  public Evaluation evaluate(Tensor x, Targets targets) {
    Execution execution = take(spec.batchSize(x), mode);
    Tensor scores = execution.forward(x).copy();
    double loss = execution.loss(targets);
    execution.backward();
    return collect(execution, scores, OptionalDouble.of(loss));
  }

  /**
   * Computes scores, and the gradients that follow from a given gradient of the scores, without
   * loss and regularization.
   *
   * @param x shape (n, ...) with n of at least 1; not modified
   * @param upstream shape of the scores; not modified
   * @throws ShapeMismatchException if x or upstream do not have their shape
   */
  public Evaluation backward(Tensor x, Tensor upstream) {
    Execution execution = take(spec.batchSize(x), mode);
    Tensor scores = execution.forward(x).copy();
    execution.backward(upstream);
    return collect(execution, scores, OptionalDouble.empty());
  }

  /**
   * Returns buffers of the caller's own for batches of one size, on this network's parameters.
   *
   * @throws IllegalArgumentException if the size is less than 1
   */
  public Execution execution(int batch) {
    if (batch < 1) {
      throw new IllegalArgumentException("batch: expected at least 1 sample but got " + batch);
    }
    return newExecution(batch, mode, true);
  }

  @Override
  public String toString() {
    return "Network[" + spec + "]";
  }

  private Evaluation collect(Execution execution, Tensor scores, OptionalDouble loss) {
    Evaluation evaluation =
        new Evaluation(
            scores,
            loss,
            execution.inputGradient().copy(),
            execution.gradients().copy(),
            execution.statistics().copy());
    giveBack(execution);
    return evaluation;
  }

  private Execution take(int batch, Mode wanted) {
    for (int i = 0; i < resting.length(); i++) {
      Execution execution = resting.get(i);
      if (execution != null
          && execution.batch() == batch
          && execution.mode() == wanted
          && resting.compareAndSet(i, execution, null)) {
        return execution;
      }
    }
    return newExecution(batch, wanted, true);
  }

  private Execution newExecution(int batch, Mode wanted, boolean fused) {
    return new Execution(spec, parameters, binding(batch, wanted), fused);
  }

  /** Returns what a batch of this network is run with in its own mode. */
  LayerContext binding(int batch) {
    return binding(batch, mode);
  }

  private LayerContext binding(int batch, Mode wanted) {
    return LayerContext.of(spec.input(), batch, wanted, random, parallel, parameters.asMap())
        .withDecisions(decisions);
  }

  /** Keeps an execution for the next caller, in place of another one if there is no room. */
  private void giveBack(Execution execution) {
    execution.release();
    for (int i = 0; i < resting.length(); i++) {
      if (resting.compareAndSet(i, null, execution)) {
        return;
      }
    }
    resting.set(0, execution);
  }
}
