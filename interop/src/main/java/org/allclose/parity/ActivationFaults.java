package org.allclose.parity;

import java.util.List;
import java.util.Optional;
import org.allclose.layer.Gelu;
import org.allclose.layer.GeluTanh;
import org.allclose.layer.Layer;
import org.allclose.layer.LeakyRelu;
import org.allclose.layer.Relu;
import org.allclose.layer.Sigmoid;
import org.allclose.layer.Softmax;
import org.allclose.layer.Tanh;
import org.allclose.parity.Diagnosis.Suspect;

/** An activation that only one side has, or that the two have in different kinds. */
final class ActivationFaults {
  private static final List<Layer> KINDS =
      List.of(
          new Softmax(),
          new Relu(),
          new Sigmoid(),
          new Tanh(),
          new LeakyRelu(LeakyRelu.DEFAULT_ALPHA),
          new Gelu(),
          new GeluTanh());

  private ActivationFaults() {}

  static Optional<String> of(Suspect suspect) {
    Layer own = suspect.place().layer();
    if (own.parameters(suspect.place().input()).isEmpty() && suspect.explains(suspect.input())) {
      return Optional.of("the recording has no " + own.type() + " here");
    }
    for (Layer kind : KINDS) {
      if (kind instanceof Softmax && suspect.actual().shape().rank() != 2) {
        continue;
      }
      if (suspect.explains(Layers.apply(kind, suspect.actual()))) {
        return Optional.of(
            kind instanceof Softmax && own instanceof Softmax
                ? "softmax is applied twice in the recording"
                : "the recording has a " + kind.type() + " more behind this layer");
      }
      if (KINDS.stream().anyMatch(other -> other.getClass() == own.getClass())
          && suspect.explains(Layers.apply(kind, suspect.input()))) {
        return Optional.of(
            "another activation: the recording has a "
                + kind.type()
                + ", the network a "
                + own.type());
      }
    }
    return Optional.empty();
  }
}
