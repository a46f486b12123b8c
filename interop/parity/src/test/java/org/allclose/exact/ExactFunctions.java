package org.allclose.exact;

import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.allclose.layer.Layer;
import org.allclose.layer.activation.Celu;
import org.allclose.layer.activation.Elu;
import org.allclose.layer.activation.HardSigmoid;
import org.allclose.layer.activation.HardSwish;
import org.allclose.layer.activation.HardTanh;
import org.allclose.layer.activation.LogSigmoid;
import org.allclose.layer.activation.Mish;
import org.allclose.layer.activation.QuickGelu;
import org.allclose.layer.activation.Relu6;
import org.allclose.layer.activation.Selu;
import org.allclose.layer.activation.Silu;
import org.allclose.layer.activation.Softplus;
import org.allclose.layer.activation.Softsign;
import org.allclose.layer.math.Abs;
import org.allclose.layer.math.Clamp;
import org.allclose.layer.math.Cos;
import org.allclose.layer.math.Exp;
import org.allclose.layer.math.Log;
import org.allclose.layer.math.Negate;
import org.allclose.layer.math.Pow;
import org.allclose.layer.math.Reciprocal;
import org.allclose.layer.math.Rsqrt;
import org.allclose.layer.math.Scale;
import org.allclose.layer.math.Shift;
import org.allclose.layer.math.Sin;
import org.allclose.layer.math.Sqrt;

/** Functions of one number in exact arithmetic, each by its definition. */
final class ExactFunctions {

  /** The layers that are defined here. */
  static final Set<Class<?>> KNOWN =
      Set.of(
          Abs.class,
          Celu.class,
          Clamp.class,
          Cos.class,
          Elu.class,
          Exp.class,
          HardSigmoid.class,
          HardSwish.class,
          HardTanh.class,
          Log.class,
          LogSigmoid.class,
          Mish.class,
          Negate.class,
          Pow.class,
          QuickGelu.class,
          Reciprocal.class,
          Relu6.class,
          Rsqrt.class,
          Scale.class,
          Selu.class,
          Shift.class,
          Silu.class,
          Sin.class,
          Softplus.class,
          Softsign.class,
          Sqrt.class);

  private static final double SELU_ALPHA = 1.6732632423543772;
  private static final double SELU_SCALE = 1.0507009873554805;

  private final Tape tape;

  ExactFunctions(Tape tape) {
    this.tape = tape;
  }

  /** Returns the function that a layer applies to each element, if it is one of these. */
  Optional<UnaryOperator<Node>> of(Layer layer) {
    UnaryOperator<Node> function = null;
    if (layer instanceof Relu6) {
      function = v -> between(v, 0, 6);
    } else if (layer instanceof HardTanh hard) {
      function = v -> between(v, hard.min(), hard.max());
    } else if (layer instanceof Clamp clamp) {
      function = v -> between(v, clamp.min(), clamp.max());
    } else if (layer instanceof HardSigmoid) {
      function = this::hardSigmoid;
    } else if (layer instanceof HardSwish) {
      function = v -> tape.times(v, hardSigmoid(v));
    } else if (layer instanceof Silu) {
      function = v -> tape.times(v, sigmoid(v));
    } else if (layer instanceof QuickGelu) {
      function = v -> tape.times(v, sigmoid(tape.times(1.702, v)));
    } else if (layer instanceof Mish) {
      function = v -> tape.times(v, tanh(softplus(v)));
    } else if (layer instanceof Softsign) {
      function = v -> tape.dividedBy(v, tape.plus(tape.number(1), magnitude(v)));
    } else if (layer instanceof LogSigmoid) {
      function = v -> tape.times(-1, softplus(tape.times(-1, v)));
    } else if (layer instanceof Softplus soft) {
      function = v -> softplus(soft, v);
    } else if (layer instanceof Elu elu) {
      function = v -> elu(v, tape.number(elu.alpha()), tape.number(1));
    } else if (layer instanceof Celu celu) {
      function = v -> elu(v, tape.number(celu.alpha()), tape.number(celu.alpha()));
    } else if (layer instanceof Selu) {
      function = v -> tape.times(SELU_SCALE, elu(v, tape.number(SELU_ALPHA), tape.number(1)));
    }
    return function == null ? ofArithmetic(layer) : Optional.of(function);
  }

  private Optional<UnaryOperator<Node>> ofArithmetic(Layer layer) {
    UnaryOperator<Node> function = null;
    Node one = tape.number(1);
    if (layer instanceof Scale scale) {
      function = v -> tape.times(scale.factor(), v);
    } else if (layer instanceof Shift shift) {
      function = v -> tape.plus(v, tape.number(shift.offset()));
    } else if (layer instanceof Pow pow) {
      function = v -> power(v, pow.exponent());
    } else if (layer instanceof Exp) {
      function = tape::exp;
    } else if (layer instanceof Log) {
      function = tape::log;
    } else if (layer instanceof Sqrt) {
      function = tape::sqrt;
    } else if (layer instanceof Rsqrt) {
      function = v -> tape.dividedBy(one, tape.sqrt(v));
    } else if (layer instanceof Reciprocal) {
      function = v -> tape.dividedBy(one, v);
    } else if (layer instanceof Abs) {
      function = this::magnitude;
    } else if (layer instanceof Negate) {
      function = v -> tape.times(-1, v);
    } else if (layer instanceof Sin) {
      function = tape::sin;
    } else if (layer instanceof Cos) {
      function = tape::cos;
    }
    return Optional.ofNullable(function);
  }

  /** Returns 1 / (1 + exp(-v)). */
  Node sigmoid(Node v) {
    Node one = tape.number(1);
    return tape.dividedBy(one, tape.plus(one, tape.exp(tape.times(-1, v))));
  }

  /** Returns log(1 + exp(v)). */
  Node softplus(Node v) {
    return tape.log(tape.plus(tape.number(1), tape.exp(v)));
  }

  /** Returns 1 - 2 / (exp(2 v) + 1). */
  Node tanh(Node v) {
    Node one = tape.number(1);
    Node power = tape.exp(tape.times(2, v));
    return tape.minus(one, tape.dividedBy(tape.number(2), tape.plus(power, one)));
  }

  private Node softplus(Softplus layer, Node v) {
    Node t = tape.times(layer.beta(), v);
    boolean isStraight =
        Double.isFinite(layer.threshold()) && t.value().greaterThan(tape.exact(layer.threshold()));
    return isStraight ? v : tape.dividedBy(softplus(t), tape.number(layer.beta()));
  }

  /** Returns v where it is positive, else alpha (exp(v / width) - 1). */
  private Node elu(Node v, Node alpha, Node width) {
    return ExactLayers.positive(v)
        ? v
        : tape.times(alpha, tape.minus(tape.exp(tape.dividedBy(v, width)), tape.number(1)));
  }

  private Node hardSigmoid(Node v) {
    return tape.dividedBy(between(tape.plus(v, tape.number(3)), 0, 6), tape.number(6));
  }

  /** Returns v between two numbers, which may be infinite. */
  private Node between(Node v, double low, double high) {
    if (v.value().lessThan(tape.exact(low))) {
      return tape.number(low);
    }
    return v.value().greaterThan(tape.exact(high)) ? tape.number(high) : v;
  }

  private Node magnitude(Node v) {
    return ExactLayers.positive(v) ? v : tape.times(-1, v);
  }

  /** Returns products for whole exponents, else exp(exponent log(v)). */
  private Node power(Node v, double exponent) {
    if (exponent != Math.rint(exponent)) {
      return tape.exp(tape.times(exponent, tape.log(v)));
    }
    Node product = tape.number(1);
    for (int i = 0; i < Math.abs(exponent); i++) {
      product = tape.times(product, v);
    }
    return exponent < 0 ? tape.dividedBy(tape.number(1), product) : product;
  }
}
