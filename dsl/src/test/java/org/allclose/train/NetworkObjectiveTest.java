package org.allclose.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.Parameters;
import org.allclose.init.Gaussian;
import org.allclose.layer.Mode;
import org.allclose.loss.Targets;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Tensor;
import org.apache.commons.math3.exception.DimensionMismatchException;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresBuilder;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresOptimizer.Optimum;
import org.apache.commons.math3.fitting.leastsquares.LevenbergMarquardtOptimizer;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.PointValuePair;
import org.apache.commons.math3.optim.SimpleValueChecker;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.nonlinear.scalar.gradient.NonLinearConjugateGradientOptimizer;
import org.apache.commons.math3.optim.nonlinear.scalar.gradient.NonLinearConjugateGradientOptimizer.Formula;
import org.junit.jupiter.api.Test;

/** Commons Math's optimizers on networks; expected numbers come from numpy. */
class NetworkObjectiveTest {
  private static final Tensor X =
      Tensor.matrix(
          new double[] {1, 0.5},
          new double[] {2, -1},
          new double[] {0, 1.5},
          new double[] {-1, 0.25},
          new double[] {0.5, 2});
  private static final Tensor Y =
      Tensor.matrix(
          new double[] {1},
          new double[] {3},
          new double[] {-2},
          new double[] {0.5},
          new double[] {1.5});
  private static final Targets VALUES = Targets.values(Y);

  /** {@code A = np.hstack([x, np.ones((5, 1))]); np.linalg.lstsq(A, y)}: weights and bias. */
  private static final double[] SOLUTION = {
    0.7772957339117859, -0.57411424439624, 0.7845263919016632
  };

  /** {@code np.mean((A.dot(w) - y)**2)} */
  private static final double LEAST = 1.2725958062183658;

  private static Network started(NetworkSpec spec) {
    return spec.initialize(NumpyRandomState.seed(231), Gaussian.std(0.5));
  }

  private static Network linear() {
    return started(Network.input(2).dense(1).meanSquaredError().build());
  }

  private static PointValuePair minimize(NetworkObjective objective, double tolerance) {
    return new NonLinearConjugateGradientOptimizer(
            Formula.POLAK_RIBIERE, new SimpleValueChecker(tolerance, tolerance))
        .optimize(
            objective.function(),
            objective.gradient(),
            GoalType.MINIMIZE,
            objective.start(),
            new MaxEval(100_000));
  }

  @Test
  void conjugateGradient_findsTheLeastSquares() {
    NetworkObjective objective = NetworkObjective.of(linear(), X, VALUES);
    PointValuePair found = minimize(objective, 1e-14);
    assertEquals(LEAST, found.getValue(), 1e-10);
    assertArrayEquals(SOLUTION, found.getPoint(), 1e-5);
    Network trained = objective.networkAt(found.getPoint());
    assertEquals(found.getValue(), trained.evaluate(X, VALUES).loss());
  }

  @Test
  void conjugateGradient_trainsALayerBehindAnother() {
    Network network =
        started(Network.input(2).dense(4).tanh().dense(1).meanSquaredError().l2(1e-4).build());
    NetworkObjective objective = NetworkObjective.of(network, X, VALUES);
    PointValuePair found = minimize(objective, 1e-7);
    assertTrue(found.getValue() < 0.1 * LEAST, found.getValue() + " of the linear " + LEAST);
  }

  @Test
  void levenbergMarquardt_findsTheLeastSquares() {
    NetworkObjective objective = NetworkObjective.of(linear(), X, VALUES);
    Optimum found = fit(objective);
    assertArrayEquals(SOLUTION, found.getPoint().toArray(), 1e-12);
    assertEquals(LEAST, found.getCost() * found.getCost() / 5, 1e-14);
  }

  /** Five values and nine weights: the network goes through all of them. */
  @Test
  void levenbergMarquardt_fitsALayerBehindAnother() {
    Network network = started(Network.input(2).dense(4).tanh().dense(1).meanSquaredError().build());
    NetworkObjective objective = NetworkObjective.of(network, X, VALUES);
    Network trained = objective.networkAt(fit(objective).getPoint().toArray());
    assertArrayEquals(Y.toArray(), trained.predict(X).toArray(), 1e-8);
  }

  private static Optimum fit(NetworkObjective objective) {
    return new LevenbergMarquardtOptimizer()
        .optimize(
            new LeastSquaresBuilder()
                .model(objective.scores())
                .target(Y.toArray())
                .start(objective.point())
                .maxEvaluations(1000)
                .maxIterations(1000)
                .build());
  }

  /** {@code 2 / 5 * A.T.dot(A)} wherever it is measured. */
  @Test
  void curvature_ofALinearModel_isThatOfItsInputs() {
    NetworkObjective objective = NetworkObjective.of(linear(), X, VALUES);
    RealMatrix curvature = objective.curvature(objective.point());
    double[][] expected = {{2.5, -0.3, 1.0}, {-0.3, 3.025, 1.3}, {1.0, 1.3, 2.0}};
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(expected[i], curvature.getRow(i), 1e-9);
    }
  }

  /**
   * {@code sum(np.kron(np.outer(a, a), np.diag(p) - np.outer(p, p)) / 5 for a, p in zip(A,
   * probabilities))}, its second row.
   */
  @Test
  void curvature_ofSoftmax_isTheCovarianceOfItsProbabilities() {
    NetworkSpec spec = Network.input(2).dense("fc", 3).softmaxLoss().build();
    Network network =
        spec.bind(
            Parameters.of(
                Map.of(
                    "fc/W",
                    Tensor.matrix(new double[] {0.1, -0.2, 0.3}, new double[] {0, 0.4, -0.5}),
                    "fc/b",
                    Tensor.vector(0.05, -0.1, 0.2))));
    NetworkObjective objective = NetworkObjective.of(network, X, Targets.labels(0, 1, 2, 1, 0));
    RealMatrix curvature = objective.curvature(objective.point());
    assertArrayEquals(
        new double[] {
          -0.06804968751103596,
          0.1563833013430442,
          -0.08833361383200823,
          -0.029364849869335484,
          0.02940758537837606,
          -4.27355090405826e-05,
          -0.016598819830112577,
          0.04396545079245313,
          -0.02736663096234057
        },
        curvature.getRow(1),
        1e-10);
    assertEquals(curvature, curvature.transpose());
  }

  @Test
  void points_areTheTrainedParameters() {
    Network network =
        started(Network.input(2).dense("fc", 1).batchNorm().meanSquaredError().build());
    NetworkObjective objective = NetworkObjective.of(network, X, VALUES);
    assertEquals(5, objective.dimension());
    RealVector point = objective.point();
    assertEquals(network.parameters().vector("fc/W"), point.getSubVector(0, 2));
    assertEquals(1, point.getEntry(3));
    Network moved = objective.networkAt(point.mapAdd(1).toArray());
    assertEquals(network.parameters().vector("fc/W").mapAdd(1), moved.parameters().vector("fc/W"));
    assertEquals(
        network.parameters().get("batchNorm1/runningVariance"),
        moved.parameters().get("batchNorm1/runningVariance"));
    assertEquals(point, objective.point());
    assertThrows(DimensionMismatchException.class, () -> objective.networkAt(new double[] {1, 2}));
    Network inference = network.withMode(Mode.INFERENCE);
    double[] here = point.toArray();
    assertEquals(
        inference.evaluate(X, VALUES).loss(),
        NetworkObjective.of(inference, X, VALUES).function().getObjectiveFunction().value(here));
    assertEquals(
        network.evaluate(X, VALUES).loss(),
        objective.function().getObjectiveFunction().value(here));
  }

  /** Matrices are batches, parameters and gradients of the same numbers. */
  @Test
  void matrices_areBatches() {
    Network network = linear();
    RealMatrix x = X.asMatrix();
    assertEquals(network.predict(X).asMatrix(), network.predict(x));
    assertEquals(network.evaluate(X, VALUES).loss(), network.evaluate(x, Y.asMatrix()).loss());
    Parameters gradients = network.evaluate(x, Y.asMatrix()).gradients();
    RealMatrix error = network.predict(x).subtract(Y.asMatrix()).scalarMultiply(2 / 5.0);
    RealMatrix expected = x.transpose().multiply(error);
    assertEquals(0, gradients.matrix("dense1/W").subtract(expected).getNorm(), 1e-14);
    assertEquals(
        error.getColumnVector(0).dotProduct(new ArrayRealVector(5, 1.0)),
        gradients.vector("dense1/b").getEntry(0),
        1e-15);
    Network images = started(Network.input(1, 2).dense(3).softmaxLoss().build());
    assertEquals(
        images.evaluate(X.reshape(5, 1, 2), 0, 1, 2, 1, 0).loss(),
        images.evaluate(x, 0, 1, 2, 1, 0).loss());
    assertEquals(
        "x: expected a matrix of 2 columns but got 2 rows and 5 columns",
        assertThrows(IllegalArgumentException.class, () -> network.predict(x.transpose()))
            .getMessage());
  }
}
