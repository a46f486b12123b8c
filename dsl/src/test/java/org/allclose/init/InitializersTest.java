package org.allclose.init;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.allclose.random.MersenneTwisterState;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.random.MersenneTwister;
import org.apache.commons.math3.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * The random initializers are compared with numpy in {@code testdata/digests/random.txt}, calls
 * {@code initial}.
 */
class InitializersTest {
  private static final Shape SHAPE = Shape.of(4, 3);

  private static Tensor initialize(Initializer initializer, Shape shape, long seed) {
    return initializer.initialize(shape, Fans.of(shape), NumpyRandomState.seed(seed));
  }

  @Test
  void fans_followTheLayoutOfWeights() {
    assertEquals(new Fans(3072, 100), Fans.of(Shape.of(3072, 100)));
    assertEquals(new Fans(3 * 5 * 7, 32 * 5 * 7), Fans.of(Shape.of(32, 3, 5, 7)));
    assertEquals(new Fans(10, 10), Fans.of(Shape.of(10)));
  }

  @Test
  void layers_drawOneAfterAnother() {
    NumpyRandomState together = NumpyRandomState.seed(231);
    Tensor first = Gaussian.std(1e-2).initialize(SHAPE, Fans.of(SHAPE), together);
    Tensor second = Gaussian.std(1e-2).initialize(SHAPE, Fans.of(SHAPE), together);
    Tensor all = initialize(Gaussian.std(1e-2), Shape.of(8, 3), 231);
    assertArrayEquals(Arrays.copyOf(all.unwrap(), 12), first.unwrap());
    assertArrayEquals(Arrays.copyOfRange(all.unwrap(), 12, 24), second.unwrap());
  }

  /** The words of Commons Math's twister are numpy's: its numbers are made of them otherwise. */
  @Test
  void anyGenerator_ofCommonsMath_canBeTheStream() {
    RandomGenerator random = new MersenneTwister(231);
    RandomGenerator same = new MersenneTwister(231);
    double[] normal = Gaussian.std(2).initialize(SHAPE, Fans.of(SHAPE), random).unwrap();
    double[] uniform = Uniform.between(-1, 4).initialize(SHAPE, Fans.of(SHAPE), random).unwrap();
    for (double value : normal) {
      assertEquals(2 * same.nextGaussian(), value);
    }
    for (double value : uniform) {
      assertEquals(-1 + 5 * same.nextDouble(), value);
    }
  }

  @Test
  void constantAndZeros_drawNothing() {
    NumpyRandomState random = NumpyRandomState.seed(1);
    MersenneTwisterState before = random.getState();
    Shape shape = Shape.of(3);
    assertEquals(
        Tensor.vector(0.1, 0.1, 0.1), Constant.of(0.1).initialize(shape, Fans.of(shape), random));
    assertEquals(Tensor.zeros(3), new Zeros().initialize(shape, Fans.of(shape), random));
    assertEquals(before, random.getState());
  }

  /**
   * {@code r = RandomState(7); q, R = np.linalg.qr(r.randn(4, 3)); q * np.sign(np.diag(R))}. Within
   * two units in the last place of 1: LAPACK rounds otherwise.
   */
  @Test
  void orthogonal_isNumpys_upToRounding() {
    double[] expected = {
      0.9189070255964105, 0.14369187152415905, 0.3633208581620609,
      0.22151072571603403, -0.3190407689964911, -0.5453070128183906,
      -0.00048398070405289764, -0.9174442901164, 0.3811552677345451,
      0.32640870464035093, -0.18937161431647292, -0.6521954290499702
    };
    Tensor w = initialize(Orthogonal.matrices(), SHAPE, 7);
    assertArrayEquals(expected, w.unwrap(), 2 * Math.ulp(1.0));
  }

  /**
   * {@code a = RandomState(7).randn(2, 3, 1, 2).reshape(2, 6); q, R = np.linalg.qr(a.T); (1.5 * q *
   * np.sign(np.diag(R))).T}.
   */
  @Test
  void orthogonal_hasOrthonormalRows_ifThereAreMoreColumns() {
    double[] expected = {
      1.2899264882458732, -0.35552547634923815, 0.025042859970954214,
      0.3109482728638687, -0.601974113451089, 0.0015760997888383211,
      -0.5062168366843733, -1.1383165635644366, 0.7311676957632898,
      0.3153665722706297, -0.2194555977751988, -0.12552641850910853
    };
    Tensor w = initialize(new Orthogonal(1.5), Shape.of(2, 3, 1, 2), 7);
    assertArrayEquals(expected, w.unwrap(), 3 * Math.ulp(1.0));
  }

  @Test
  void orthogonal_keepsLengths() {
    for (Shape shape : new Shape[] {Shape.of(60, 60), Shape.of(100, 7), Shape.of(5, 4, 3, 3)}) {
      RealMatrix w = initialize(Orthogonal.matrices(), shape, 231).asMatrix();
      boolean isWide = w.getColumnDimension() > w.getRowDimension();
      RealMatrix product = isWide ? w.multiply(w.transpose()) : w.transpose().multiply(w);
      RealMatrix identity = MatrixUtils.createRealIdentityMatrix(product.getRowDimension());
      assertEquals(0.0, product.subtract(identity).getNorm(), 1e-13);
    }
  }

  @Test
  void errors_sayWhatWasExpected() {
    assertMessage(
        "std: expected a finite number of at least 0 but got -1.0", () -> Gaussian.std(-1));
    assertMessage(
        "std: expected a finite number of at least 0 but got NaN", () -> Gaussian.std(Double.NaN));
    assertMessage(
        "uniform: expected low <= high and a finite difference but got 1.0 and 0.0",
        () -> Uniform.between(1, 0));
    assertMessage(
        "scale: expected a finite number above 0 but got 0.0",
        () -> new VarianceScaling(0, VarianceScaling.Fan.IN, VarianceScaling.Distribution.NORMAL));
    assertMessage(
        "gain: expected a finite number but got Infinity",
        () -> new Orthogonal(Double.POSITIVE_INFINITY));
    assertMessage(
        "orthogonal: expected at least two axes of at least length 1 but got shape (3,)",
        () -> initialize(Orthogonal.matrices(), Shape.of(3), 1));
    assertMessage(
        "fans: expected fan-in and fan-out of at least 1 but got 0 and 3", () -> new Fans(0, 3));
    assertMessage("fans: expected at least one axis but got shape ()", () -> Fans.of(Shape.of()));
  }

  private static void assertMessage(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
