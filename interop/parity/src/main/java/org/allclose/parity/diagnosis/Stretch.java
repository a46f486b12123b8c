package org.allclose.parity.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.allclose.Network;
import org.allclose.Parameters;
import org.allclose.layer.Mode;
import org.allclose.layer.NamedLayer;
import org.allclose.parity.recording.Difference;
import org.allclose.parity.recording.RecordedCase;
import org.allclose.parity.report.CaseReport;
import org.allclose.parity.report.TensorReport;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Tensor;

/**
 * The layers from the last one whose recorded output Java matches, which does not count, to the
 * first one whose recorded output it misses: the fault lies in one of them.
 *
 * <p>Where every layer's output was recorded this is one layer, where none was, it is all: what
 * their last one gives are the scores.
 *
 * @param first the index of its first layer
 * @param last the index of its last layer
 * @param input what was recorded for its first layer
 * @param output the comparison that failed
 * @param actual what Java gives for the input
 */
record Stretch(
    Network network,
    RecordedCase recorded,
    int first,
    int last,
    Tensor input,
    TensorReport output,
    Tensor actual) {

  /** Returns where the forward pass of a case begins to diverge, if it does. */
  static Optional<Stretch> firstDiverging(RecordedCase recorded, CaseReport report) {
    Network network = recorded.network().orElseThrow();
    List<NamedLayer> layers = network.spec().layers();
    Map<String, TensorReport> outputs =
        report.layers().stream().collect(Collectors.toMap(TensorReport::name, Function.identity()));
    int first = 0;
    Tensor input = recorded.input("x");
    for (int i = 0; i < layers.size(); i++) {
      TensorReport output = outputs.get(layers.get(i).name());
      if (output != null && !output.matches()) {
        return of(network, recorded, first, i, input, output);
      }
      if (output != null) {
        first = i + 1;
        input = output.expected();
      }
    }
    int start = first;
    Tensor x = input;
    return report.failedNumbers().stream()
        .filter(tensor -> tensor.name().equals("scores") && start < layers.size())
        .findFirst()
        .flatMap(scores -> of(network, recorded, start, layers.size() - 1, x, scores));
  }

  private static Optional<Stretch> of(
      Network network,
      RecordedCase recorded,
      int first,
      int last,
      Tensor input,
      TensorReport output) {
    if (!input.shape().isBatchOf(network.spec().layers().get(first).input())) {
      return Optional.empty();
    }
    Stretch unknown = new Stretch(network, recorded, first, last, input, output, output.actual());
    List<Suspect> suspects = unknown.suspects();
    Tensor actual = suspects.get(suspects.size() - 1).output();
    return Optional.of(new Stretch(network, recorded, first, last, input, output, actual));
  }

  /** Returns its layers, first layer first, each with what Java gives it. */
  List<Suspect> suspects() {
    List<NamedLayer> layers = network.spec().layers();
    Optional<NumpyRandomState> stream = stream();
    List<Suspect> suspects = new ArrayList<>();
    Tensor out = recorded.input("x");
    // Layers before it run if they draw random numbers, so that the stream goes on from there.
    for (int i = stream.isPresent() ? 0 : first; i <= last; i++) {
      out = i == first ? input : out;
      if (i >= first) {
        suspects.add(new Suspect(this, i, out, stream.map(NumpyRandomState::getState)));
      }
      out = run(layers.get(i), network.parameters(), recorded.mode(), out, stream);
    }
    return suspects;
  }

  /** Returns what was recorded of its last layer. */
  Tensor expected() {
    return output.expected();
  }

  /** Returns the name of its last layer. */
  String name() {
    return network.spec().layers().get(last).name();
  }

  /** Returns whether it gives what was recorded, if it is given what was recorded for it. */
  boolean matchesOnItsInput() {
    if (!expected().shape().equals(actual.shape())) {
      return false;
    }
    // Zeros of the other sign are no error of its own either.
    return Difference.between(expected(), actual).absolute() == 0 || output.accepts(actual);
  }

  /** Runs one layer on a batch; x is not modified. */
  static Tensor run(
      NamedLayer layer,
      Parameters parameters,
      Mode mode,
      Tensor x,
      Optional<NumpyRandomState> stream) {
    return LayerTrace.one(layer, layer.layer(), parameters, mode, stream.map(state -> state))
        .execution(x.shape().axis(0))
        .forward(x)
        .copy();
  }

  /** Returns the beginning of the random stream of a case whose layers draw from it. */
  private Optional<NumpyRandomState> stream() {
    OptionalInt seed = recorded.seed();
    return seed.isPresent() && recorded.mode() == Mode.TRAINING
        ? Optional.of(NumpyRandomState.seed(seed.getAsInt()))
        : Optional.empty();
  }
}
