package org.allclose.init;

import java.util.List;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Type;
import org.apache.commons.math3.random.RandomGenerator;

/** Zero everywhere, as biases start; nothing is drawn. */
public record Zeros() implements Initializer {

  /** What this kind of initializer says of itself. */
  public static final Type<Zeros> TYPE =
      Type.plain("zeros", Zeros.class, Zeros::new)
          .withSamples(() -> List.of(Sample.of(new Zeros(), 3)));

  @Override
  public Tensor initialize(Shape shape, Fans fans, RandomGenerator random) {
    return Tensor.zeros(shape);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
