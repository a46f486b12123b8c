package org.allclose.init;

import java.util.List;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;
import org.apache.commons.math3.linear.QRDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.random.RandomGenerator;

/**
 * Orthonormal columns, or rows if there are more columns, times a gain: a layer that keeps lengths.
 *
 * <p>A matrix of the first axis by the rest is drawn by {@code randn}; it is Q of its QR
 * decomposition whose R has a positive diagonal. Q is unique; numpy's differs by rounding errors,
 * since LAPACK decomposes in another order. In numpy, with {@code rows >= columns}:
 *
 * <pre>
 * q, r = np.linalg.qr(randn(rows, columns))
 * w = gain * q * np.sign(np.diag(r))
 * </pre>
 *
 * and otherwise the transpose of that for the transposed {@code randn(rows, columns)}.
 *
 * <p>The time grows with the square of the larger side times the smaller one, the memory with the
 * square of the larger one.
 *
 * <p>Source: A. Saxe et al., "Exact Solutions to the Nonlinear Dynamics of Learning in Deep Linear
 * Neural Networks", ICLR 2014; PyTorch {@code orthogonal_}.
 *
 * @param gain what the orthonormal matrix is multiplied by
 */
public record Orthogonal(double gain) implements Initializer {

  /** The gain where nothing is said. */
  public static final double DEFAULT_GAIN = 1.0;

  private static final Setting<Orthogonal, Double> GAIN =
      Setting.<Orthogonal>number("gain", Orthogonal::gain).finite().orElse(DEFAULT_GAIN).bare();

  /** What this kind of initializer says of itself. */
  public static final Type<Orthogonal> TYPE =
      Type.of("orthogonal", Orthogonal.class, v -> new Orthogonal(v.get(GAIN)), GAIN)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new Orthogonal(DEFAULT_GAIN), 3, 4),
                      Sample.of(new Orthogonal(1.5), 2, 3, 1, 2)));

  /**
   * @throws IllegalArgumentException if the gain is not finite
   */
  public Orthogonal {
    GAIN.check(gain);
  }

  /** Returns orthonormal matrices. */
  public static Orthogonal matrices() {
    return new Orthogonal(DEFAULT_GAIN);
  }

  /**
   * @throws IllegalArgumentException if the shape has less than two axes, or no elements
   */
  @Override
  public Tensor initialize(Shape shape, Fans fans, RandomGenerator random) {
    if (shape.rank() < 2 || shape.size() == 0) {
      throw new IllegalArgumentException(
          "orthogonal: expected at least two axes of at least length 1 but got shape " + shape);
    }
    Tensor result = Tensor.zeros(shape);
    Draws.normal(random, result.unwrap());
    RealMatrix drawn = result.asMatrix();
    boolean isWide = drawn.getColumnDimension() > drawn.getRowDimension();
    RealMatrix tall = isWide ? drawn.transpose() : drawn;
    QRDecomposition decomposition = new QRDecomposition(tall);
    RealMatrix q = decomposition.getQ();
    RealMatrix r = decomposition.getR();
    for (int row = 0; row < tall.getRowDimension(); row++) {
      for (int column = 0; column < tall.getColumnDimension(); column++) {
        double value = gain * q.getEntry(row, column) * Math.signum(r.getEntry(column, column));
        drawn.setEntry(isWide ? column : row, isWide ? row : column, value);
      }
    }
    return result;
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
