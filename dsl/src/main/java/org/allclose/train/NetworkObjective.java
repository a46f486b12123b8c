package org.allclose.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.allclose.Execution;
import org.allclose.Network;
import org.allclose.Parameters;
import org.allclose.layer.ParameterSpec;
import org.allclose.loss.Targets;
import org.allclose.tensor.DenseMatrix;
import org.allclose.tensor.Tensor;
import org.apache.commons.math3.exception.DimensionMismatchException;
import org.apache.commons.math3.fitting.leastsquares.MultivariateJacobianFunction;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.apache.commons.math3.optim.InitialGuess;
import org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunction;
import org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunctionGradient;
import org.apache.commons.math3.util.Pair;

/**
 * The loss of a network on a batch as a function of its trained parameters, for the optimizers of
 * Commons Math.
 *
 * <p>A point is all trained parameters one after another, in the network's order, each in C order;
 * statistics and constants are no part of it. {@link #start} is where the network's parameters are,
 * {@link #networkAt} the network with those of another point.
 *
 * <pre>{@code
 * NetworkObjective objective = NetworkObjective.of(network, x, Targets.values(y));
 * PointValuePair found =
 *     new NonLinearConjugateGradientOptimizer(Formula.POLAK_RIBIERE, new SimpleValueChecker(1e-10, 1e-10))
 *         .optimize(objective.function(), objective.gradient(), GoalType.MINIMIZE,
 *             objective.start(), new MaxEval(1000));
 * Network trained = objective.networkAt(found.getPoint());
 * }</pre>
 *
 * <p>The network runs in its own mode and without a stream to draw from, so that the loss is a
 * function. The network that is given is not modified, its parameters are copied. An object is for
 * one thread at a time.
 */
public final class NetworkObjective {

  /** The cube root of 2^-53, nearly: where truncation and rounding of a central difference meet. */
  private static final double STEP = 0x1p-17;

  private final Network network;

  /** Runs a copy of the network, whose parameters are those of the latest point. */
  private final Execution execution;

  private final Map<String, Tensor> inputs;
  private final Targets targets;
  private final List<Tensor> trained;
  private final List<String> names;
  private final int dimension;

  private NetworkObjective(Network network, Map<String, Tensor> inputs, Targets targets) {
    this.network = network;
    this.inputs = inputs;
    this.targets = targets;
    execution = copy(network, network.parameters()).execution(network.spec().batchSize(inputs));
    trained = new ArrayList<>();
    names = new ArrayList<>();
    for (ParameterSpec parameter : network.spec().parameters()) {
      if (parameter.role().isTrained()) {
        names.add(parameter.name());
        trained.add(execution.parameters().get(parameter.name()));
      }
    }
    dimension = trained.stream().mapToInt(Tensor::size).sum();
  }

  /**
   * Returns the loss on a batch of the one input.
   *
   * @param x shape (n, ...); kept, not modified
   * @throws org.allclose.tensor.ShapeMismatchException if x does not have the input's shape
   */
  public static NetworkObjective of(Network network, Tensor x, Targets targets) {
    return of(network, network.spec().inputs(x), targets);
  }

  /**
   * Returns the loss on a batch of several inputs.
   *
   * @param inputs by their names, shapes (n, ...); kept, not modified
   * @throws IllegalArgumentException if they are not the network's inputs
   */
  public static NetworkObjective of(Network network, Map<String, Tensor> inputs, Targets targets) {
    return new NetworkObjective(copy(network, network.parameters()), Map.copyOf(inputs), targets);
  }

  private static Network copy(Network network, Parameters values) {
    return network.spec().bind(values).withMode(network.mode());
  }

  /** Returns the number of trained values. */
  public int dimension() {
    return dimension;
  }

  /** Returns the point of the network's own parameters, a copy. */
  public RealVector point() {
    return new ArrayRealVector(flat(network.parameters()), false);
  }

  /** Returns {@link #point} as an optimizer takes it. */
  public InitialGuess start() {
    return new InitialGuess(flat(network.parameters()));
  }

  /** Returns the loss as a function of the point. */
  public ObjectiveFunction function() {
    return new ObjectiveFunction(this::loss);
  }

  /** Returns the gradient of the loss as a function of the point. */
  public ObjectiveFunctionGradient gradient() {
    return new ObjectiveFunctionGradient(this::gradient);
  }

  /**
   * Returns the network with the parameters of a point, and the statistics of the one that was
   * given.
   *
   * @throws DimensionMismatchException if the point does not have as many values
   */
  public Network networkAt(double[] point) {
    Map<String, Tensor> values = new LinkedHashMap<>(network.parameters().asMap());
    List<Tensor> own = names.stream().map(values::get).toList();
    put(point, own);
    return copy(network, Parameters.wrap(values));
  }

  /**
   * Returns the loss, regularization included.
   *
   * @throws IllegalStateException if the network has no loss
   */
  private double loss(double[] point) {
    put(point, trained);
    execution.forward(inputs);
    double loss = execution.loss(targets);
    return loss;
  }

  private double[] gradient(double[] point) {
    put(point, trained);
    execution.forward(inputs);
    execution.loss(targets);
    execution.backwardParameters();
    return flat(execution.gradients());
  }

  /**
   * Returns the scores, without the loss, and their derivatives as a function of the point: the
   * model of a {@code LeastSquaresProblem}, such as {@code LevenbergMarquardtOptimizer} solves. Its
   * target is a vector of all that the scores are to be, in C order.
   *
   * <p>There is a backward pass for each score of the batch: for small networks.
   */
  public MultivariateJacobianFunction scores() {
    return this::scores;
  }

  private Pair<RealVector, RealMatrix> scores(RealVector point) {
    put(point.toArray(), trained);
    Tensor scores = execution.forward(inputs).copy();
    DenseMatrix jacobian = DenseMatrix.zeros(scores.size(), dimension);
    Tensor upstream = Tensor.zeros(scores.shape());
    for (int row = 0; row < scores.size(); row++) {
      upstream.unwrap()[row] = 1;
      execution.backward(upstream);
      upstream.unwrap()[row] = 0;
      jacobian.setRow(row, flat(execution.gradients()));
    }
    return new Pair<>(new ArrayRealVector(scores.toArray(), false), jacobian);
  }

  /**
   * Returns the curvature of the loss at a point, its matrix of second derivatives, by central
   * differences of gradients.
   *
   * <p>Column i is {@code (gradient(p + h e_i) - gradient(p - h e_i)) / 2h} with {@code h = 2^-17 *
   * max(1, |p_i|)}, made symmetric by the mean with its transpose: about ten digits are right where
   * the loss is smooth. There are two gradients for each trained value: for small networks.
   *
   * @throws DimensionMismatchException if the point does not have as many values
   */
  public RealMatrix curvature(RealVector point) {
    DenseMatrix columns = DenseMatrix.zeros(dimension, dimension);
    for (int i = 0; i < dimension; i++) {
      double[] near = point.toArray();
      double step = STEP * Math.max(1, Math.abs(near[i]));
      near[i] = point.getEntry(i) + step;
      RealVector above = new ArrayRealVector(gradient(near), false);
      double width = near[i];
      near[i] = point.getEntry(i) - step;
      width -= near[i]; // as it was rounded
      RealVector below = new ArrayRealVector(gradient(near), false);
      columns.setColumnVector(i, above.subtract(below).mapDivide(width));
    }
    return columns.add(columns.transpose()).scalarMultiply(0.5);
  }

  private double[] flat(Parameters values) {
    double[] point = new double[dimension];
    int start = 0;
    for (String name : names) {
      Tensor value = values.get(name);
      System.arraycopy(value.unwrap(), 0, point, start, value.size());
      start += value.size();
    }
    return point;
  }

  private void put(double[] point, List<Tensor> into) {
    if (point.length != dimension) {
      throw new DimensionMismatchException(point.length, dimension);
    }
    int start = 0;
    for (Tensor value : into) {
      System.arraycopy(point, start, value.unwrap(), 0, value.size());
      start += value.size();
    }
  }
}
