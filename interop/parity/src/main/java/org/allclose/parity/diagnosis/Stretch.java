package org.allclose.parity.diagnosis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.allclose.Network;
import org.allclose.internal.trace.LayerTrace;
import org.allclose.layer.Mode;
import org.allclose.layer.Node;
import org.allclose.parity.recording.Difference;
import org.allclose.parity.recording.RecordedCase;
import org.allclose.parity.report.CaseReport;
import org.allclose.parity.report.TensorReport;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Tensor;

/**
 * The layers between those whose recorded outputs Java matches, which do not count, and the first
 * one, in the order of the network, whose recorded output it misses: the fault lies in one of them.
 *
 * <p>Where every layer's output was recorded this is one layer, where none was, it is all that
 * leads to the scores.
 *
 * @param members the indices of its layers, in order; the last one is the one that is missed
 * @param known what was recorded: the inputs of the network and outputs that match, by name
 * @param output the comparison that failed
 * @param actual what Java gives for what was recorded
 */
record Stretch(
    Network network,
    RecordedCase recorded,
    List<Integer> members,
    Map<String, Tensor> known,
    TensorReport output,
    Tensor actual) {

  /** Returns where the forward pass of a case begins to diverge, if it does. */
  static Optional<Stretch> firstDiverging(RecordedCase recorded, CaseReport report) {
    Network network = recorded.network().orElseThrow();
    List<Node> layers = network.spec().layers();
    Map<String, TensorReport> outputs =
        report.layers().stream().collect(Collectors.toMap(TensorReport::name, Function.identity()));
    Map<String, Tensor> known = new HashMap<>(LayerTrace.inputs(network.spec(), recorded));
    for (int i = 0; i < layers.size(); i++) {
      TensorReport output = outputs.get(layers.get(i).name());
      if (output != null && !output.matches()) {
        return of(network, recorded, i, known, output);
      }
      if (output != null) {
        known.put(output.name(), output.expected());
      }
    }
    String scores = network.spec().outputs().get(0);
    int last = layers.indexOf(network.spec().graph().node(scores).orElse(null));
    return report.failedNumbers().stream()
        .filter(tensor -> tensor.name().equals("scores"))
        .filter(tensor -> last >= 0 && !known.containsKey(scores))
        .findFirst()
        .flatMap(tensor -> of(network, recorded, last, known, tensor));
  }

  private static Optional<Stretch> of(
      Network network,
      RecordedCase recorded,
      int last,
      Map<String, Tensor> known,
      TensorReport output) {
    List<Integer> members = members(network.spec().layers(), last, known);
    for (int member : members) {
      Node node = network.spec().layers().get(member);
      for (int i = 0; i < node.inputs().size(); i++) {
        Tensor given = known.get(node.inputs().get(i));
        if (given != null && !given.shape().isBatchOf(node.inputShapes().get(i))) {
          return Optional.empty();
        }
      }
    }
    Stretch unknown = new Stretch(network, recorded, members, known, output, output.actual());
    List<Suspect> suspects = unknown.suspects();
    Tensor actual = suspects.get(suspects.size() - 1).output();
    return Optional.of(new Stretch(network, recorded, members, known, output, actual));
  }

  /** Returns the layers that lead from what is known to one. */
  private static List<Integer> members(List<Node> layers, int last, Map<String, Tensor> known) {
    Set<String> wanted = new HashSet<>(Set.of(layers.get(last).name()));
    List<Integer> members = new ArrayList<>();
    for (int i = last; i >= 0; i--) {
      Node node = layers.get(i);
      if (wanted.contains(node.name())) {
        members.add(0, i);
        node.inputs().stream().filter(name -> !known.containsKey(name)).forEach(wanted::add);
      }
    }
    return members;
  }

  /** Returns its layers, first layer first, each with what Java gives it. */
  List<Suspect> suspects() {
    List<Node> layers = network.spec().layers();
    Optional<NumpyRandomState> stream = stream();
    List<Suspect> suspects = new ArrayList<>();
    Map<String, Tensor> values = new HashMap<>(known);
    // All layers run if they draw random numbers, so that the stream goes on from there.
    for (int i = 0; i <= last(); i++) {
      Node node = layers.get(i);
      boolean isMember = members.contains(i);
      if (!isMember && stream.isEmpty()) {
        continue;
      }
      if (isMember) {
        suspects.add(
            new Suspect(this, i, Map.copyOf(values), stream.map(NumpyRandomState::getState)));
      }
      List<Tensor> inputs = node.inputs().stream().map(values::get).toList();
      Tensor out =
          LayerTrace.run(
              node, node.layer(), network.parameters(), recorded.mode(), inputs, batch(), stream);
      values.putIfAbsent(node.name(), out);
    }
    return suspects;
  }

  /** Returns the number of samples. */
  int batch() {
    return known.get(network.spec().inputs().get(0).name()).shape().axis(0);
  }

  /** Returns its layers behind one of them, in order. */
  List<Node> behind(int index) {
    return members.stream()
        .filter(member -> member > index)
        .map(member -> network.spec().layers().get(member))
        .toList();
  }

  /** Returns the index of its last layer. */
  int last() {
    return members.get(members.size() - 1);
  }

  /** Returns what was recorded of its last layer. */
  Tensor expected() {
    return output.expected();
  }

  /** Returns the name of its last layer. */
  String name() {
    return network.spec().layers().get(last()).name();
  }

  /** Returns whether it gives what was recorded, if it is given what was recorded for it. */
  boolean matchesOnItsInput() {
    if (!expected().shape().equals(actual.shape())) {
      return false;
    }
    // Zeros of the other sign are no error of its own either.
    return Difference.between(expected(), actual).absolute() == 0 || output.accepts(actual);
  }

  /** Returns the beginning of the random stream of a case whose layers draw from it. */
  private Optional<NumpyRandomState> stream() {
    OptionalInt seed = recorded.seed();
    return seed.isPresent() && recorded.mode() == Mode.TRAINING
        ? Optional.of(NumpyRandomState.seed(seed.getAsInt()))
        : Optional.empty();
  }
}
