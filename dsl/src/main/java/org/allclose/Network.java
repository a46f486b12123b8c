package org.allclose;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.UnaryOperator;
import org.allclose.internal.kernel.runtime.Parallel;
import org.allclose.layer.Graph;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Mode;
import org.allclose.layer.RoundingErrors;
import org.allclose.loss.Targets;
import org.allclose.loss.WeightedLoss;
import org.allclose.tensor.DenseMatrix;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;
import org.apache.commons.math3.linear.RealMatrix;
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
  private final int threads;
  private final Map<String, Tensor> decisions;
  private final boolean isTracing;

  /** Executions at rest, for the next caller with a batch of the same size in the same mode. */
  private final AtomicReferenceArray<Execution> resting =
      new AtomicReferenceArray<>(Runtime.getRuntime().availableProcessors());

  private Network(
      NetworkSpec spec,
      Parameters parameters,
      Mode mode,
      Optional<RandomGenerator> random,
      int threads,
      Map<String, Tensor> decisions,
      boolean isTracing) {
    this.spec = spec;
    this.parameters = parameters;
    this.mode = mode;
    this.random = random;
    this.threads = threads;
    this.decisions = decisions;
    this.isTracing = isTracing;
  }

  Network(NetworkSpec spec, Parameters parameters) {
    this(
        spec,
        parameters,
        DEFAULT_MODE,
        Optional.empty(),
        Parallel.ofDefault().threads(),
        Map.of(),
        false);
  }

  /**
   * Starts a network whose input samples have the given axis lengths, without the batch axis.
   *
   * @throws IllegalArgumentException if there is no axis or one shorter than 1
   */
  public static NetworkBuilder.Input input(int... sample) {
    return new NetworkBuilder.Input(Graph.of(Shape.of(sample)));
  }

  /**
   * Starts a network of several inputs: {@code in -> in.image("x", 3, 32, 32).tokens("ids", 128)}.
   * Its first layer takes the first one, unless it says otherwise.
   *
   * @throws IllegalArgumentException if there is no input, or two have the same name
   */
  public static NetworkBuilder.Input inputs(UnaryOperator<NetworkBuilder.Inputs> declaration) {
    return NetworkBuilder.Inputs.of(declaration);
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
  public Network withThreads(int number) {
    return new Network(
        spec, parameters, mode, random, Parallel.of(number).threads(), decisions, isTracing);
  }

  /**
   * Returns a network on the same parameters that evaluates in the given mode: {@link #evaluate},
   * {@link #backward}, {@link #outputs} and {@link #execution} do. {@link #predict} is in inference
   * mode always.
   */
  public Network withMode(Mode other) {
    return new Network(spec, parameters, other, random, threads, decisions, isTracing);
  }

  /**
   * Returns a network on the same parameters whose layers draw from the given stream where they
   * need chance in training mode, layer after layer. It is for one thread, as the stream is.
   */
  public Network withRandom(RandomGenerator stream) {
    return new Network(spec, parameters, mode, Optional.of(stream), threads, decisions, isTracing);
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
    return new Network(spec, parameters, mode, random, threads, Map.copyOf(inputs), isTracing);
  }

  /**
   * Returns a network on the same parameters whose evaluations keep what each layer gives: {@link
   * Evaluation#layerOutputs} and {@link Evaluation#layerInputGradients}. Layers are not computed
   * together then; every result has the same bits.
   */
  public Network tracing() {
    return new Network(spec, parameters, mode, random, threads, decisions, true);
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
   * Computes all outputs of the network for a batch of several inputs, in inference mode as {@link
   * #predict(Tensor)}.
   *
   * @param inputs by their names, shapes (n, ...); not modified
   * @return the outputs by their names, the scores first
   * @throws IllegalArgumentException if they are not the network's inputs
   */
  public Map<String, Tensor> predict(Map<String, Tensor> inputs) {
    Execution execution = take(spec.batchSize(inputs), Mode.INFERENCE);
    execution.forward(inputs);
    Map<String, Tensor> outputs = copies(execution);
    giveBack(execution);
    return outputs;
  }

  /**
   * Computes the scores of a batch that is a matrix, in inference mode as {@link #predict(Tensor)}.
   *
   * @param x a row for each sample, with the sample's elements in C order; not modified
   * @return a row for each sample, with its scores in C order
   * @throws ShapeMismatchException if a row does not have as many elements as an input sample
   */
  public RealMatrix predict(RealMatrix x) {
    return predict(batch(x)).asMatrix();
  }

  /** Returns the rows of a matrix as a batch of the one input. */
  private Tensor batch(RealMatrix x) {
    Shape sample = spec.input();
    if (x.getColumnDimension() != sample.size()) {
      throw new ShapeMismatchException(
          "x: expected a matrix of "
              + sample.size()
              + " columns but got "
              + x.getRowDimension()
              + " rows and "
              + x.getColumnDimension()
              + " columns");
    }
    return DenseMatrix.of(x).asTensor().reshape(sample.prepend(x.getRowDimension()));
  }

  private Map<String, Tensor> copies(Execution execution) {
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    spec.outputs().forEach(name -> outputs.put(name, execution.output(name).copy()));
    return outputs;
  }

  /**
   * Computes each layer's output for a batch, in the network's mode.
   *
   * @param x shape (n, ...) with n of at least 1; not modified
   * @return the outputs by the layers' names, in order
   * @throws ShapeMismatchException if x does not have the input's shape
   */
  public Map<String, Tensor> outputs(Tensor x) {
    return outputs(spec.inputs(x));
  }

  /** Computes each layer's output, as {@link #outputs(Tensor)}, for a batch of several inputs. */
  public Map<String, Tensor> outputs(Map<String, Tensor> inputs) {
    Execution execution = newExecution(spec.batchSize(inputs), mode, false);
    execution.forward(inputs);
    return execution.layerOutputs();
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
    return evaluate(spec.inputs(x), targets);
  }

  /**
   * Computes scores, loss and gradients of a batch that is a matrix, as {@link #evaluate(Tensor,
   * int...)}.
   *
   * @param x a row for each sample, with the sample's elements in C order; not modified
   * @throws ShapeMismatchException if a row does not have as many elements as an input sample
   */
  public Evaluation evaluate(RealMatrix x, int... labels) {
    return evaluate(batch(x), labels);
  }

  /**
   * Computes scores, loss and gradients of a batch that is a matrix, as {@link #evaluate(Tensor,
   * Targets)}.
   *
   * @param x a row for each sample, with the sample's elements in C order; not modified
   * @param values what the scores, shape (n, ...) of two axes, are compared with; not modified
   * @throws ShapeMismatchException if a row of x does not have as many elements as an input sample
   * @throws IllegalArgumentException if the values do not fit the scores
   */
  public Evaluation evaluate(RealMatrix x, RealMatrix values) {
    return evaluate(batch(x), Targets.values(DenseMatrix.of(values).asTensor()));
  }

  /**
   * Computes outputs, loss and gradients of a batch of several inputs.
   *
   * @param inputs by their names, shapes (n, ...); not modified
   * @param targets what the loss compares its output with
   * @throws IllegalArgumentException if they are not the network's inputs, or the targets do not
   *     fit
   * @throws IllegalStateException if the network has no loss
   */
  public Evaluation evaluate(Map<String, Tensor> inputs, Targets targets) {
    Execution execution = take(spec.batchSize(inputs), mode);
    execution.forward(inputs);
    Map<String, Tensor> outputs = copies(execution);
    double loss = execution.loss(targets);
    Map<String, Double> losses = new LinkedHashMap<>();
    for (WeightedLoss term : spec.losses()) {
      losses.put(term.output(), execution.loss(term.output()));
    }
    execution.backward();
    return collect(execution, outputs, OptionalDouble.of(loss), losses);
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
    return backward(spec.inputs(x), Map.of(spec.outputs().get(0), upstream));
  }

  /**
   * Computes outputs, and the gradients that follow from given gradients of outputs, without loss
   * and regularization.
   *
   * @param inputs by their names, shapes (n, ...); not modified
   * @param upstream by the outputs' names, shapes of the outputs; not modified
   * @throws IllegalArgumentException if they are not the network's inputs and outputs
   */
  public Evaluation backward(Map<String, Tensor> inputs, Map<String, Tensor> upstream) {
    Execution execution = take(spec.batchSize(inputs), mode);
    execution.forward(inputs);
    Map<String, Tensor> outputs = copies(execution);
    execution.backward(upstream);
    return collect(execution, outputs, OptionalDouble.empty(), Map.of());
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
    return newExecution(batch, mode, !isTracing);
  }

  @Override
  public String toString() {
    return "Network[" + spec + "]";
  }

  private Evaluation collect(
      Execution execution,
      Map<String, Tensor> outputs,
      OptionalDouble loss,
      Map<String, Double> losses) {
    Map<String, Tensor> inputGradients = new LinkedHashMap<>();
    for (Graph.Input input : spec.inputs()) {
      if (!input.isTokens()) {
        inputGradients.put(input.name(), execution.inputGradient(input.name()).copy());
      }
    }
    Evaluation evaluation =
        new Evaluation(
            outputs,
            loss,
            losses,
            inputGradients,
            isTracing ? execution.layerOutputs() : Map.of(),
            isTracing ? execution.layerInputGradients() : Map.of(),
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
    return newExecution(batch, wanted, !isTracing);
  }

  private Execution newExecution(int batch, Mode wanted, boolean isFused) {
    return new Execution(spec, parameters, context(batch, wanted), isFused, decisions);
  }

  /** Returns what measures the rounding noise of a batch in this network's mode. */
  GraphPass disturbedPass(LayerContext context, RoundingErrors errors) {
    return new GraphPass(
        spec.graph(), spec.outputs(), context, false, decisions, Optional.of(errors));
  }

  /** Returns what a batch of this network is run with in its own mode. */
  LayerContext context(int batch) {
    return context(batch, mode);
  }

  private LayerContext context(int batch, Mode wanted) {
    return LayerContext.of(batch, wanted, random, threads, parameters.asMap());
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
