package com.example;

import java.util.List;
import org.allclose.layer.*;
import org.allclose.tensor.*;
import org.allclose.type.*;

/** {@code y = x * sigmoid(beta * x)}. */
public record Swish(double beta) implements UnaryLayer {
  private static final Setting<Swish, Double> BETA =
      Setting.<Swish>number("beta", Swish::beta).positive().orElse(1.0);

  public static final Type<Swish> TYPE =
      Type.of("swish", Swish.class, v -> new Swish(v.get(BETA)), BETA)
          .withSamples(() -> List.of(Sample.of(new Swish(1), 5), Sample.of(new Swish(0.5), 5)));

  public Swish {
    BETA.check(beta);
  }

  @Override
  public Type<Swish> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new UnaryPass() {
      private Tensor input = Tensor.EMPTY;

      @Override
      public Tensor forward(Tensor x) {
        input = x;
        return x.map(v -> v * sigmoid(v));
      }

      @Override
      public Tensor backward(Tensor dout) {
        Tensor dx = input.map(v -> sigmoid(v) * (1 + beta * v * (1 - sigmoid(v))));
        for (int i = 0; i < dx.size(); i++) {
          dx.unwrap()[i] *= dout.unwrap()[i];
        }
        return dx;
      }
    };
  }

  private double sigmoid(double v) {
    return 1 / (1 + Math.exp(-beta * v));
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
