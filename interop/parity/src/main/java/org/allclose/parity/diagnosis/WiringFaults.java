package org.allclose.parity.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.allclose.tensor.Tensor;

/** A layer that takes the output of another layer, or another input, than the network says. */
final class WiringFaults {

  /** More outputs of the same shape are not tried. */
  private static final int MOST_OTHERS = 50;

  private WiringFaults() {}

  static Stream<Candidate> of(Suspect suspect) {
    return IntStream.range(0, suspect.inputs().size())
        .boxed()
        .flatMap(input -> others(suspect, input));
  }

  private static Stream<Candidate> others(Suspect suspect, int input) {
    String own = suspect.place().inputs().get(input);
    Tensor given = suspect.inputs().get(input);
    return suspect.values().entrySet().stream()
        .filter(other -> !other.getKey().equals(own))
        .filter(other -> other.getValue().shape().equals(given.shape()))
        .sorted(Map.Entry.comparingByKey())
        .limit(MOST_OTHERS)
        .map(
            other ->
                Candidate.of(
                    "another input: the recording takes '"
                        + other.getKey()
                        + "', the network '"
                        + own
                        + "'",
                    () -> suspect.with(suspect.layer(), replaced(suspect, input, other))));
  }

  private static List<Tensor> replaced(
      Suspect suspect, int input, Map.Entry<String, Tensor> other) {
    List<Tensor> inputs = new ArrayList<>(suspect.inputs());
    inputs.set(input, other.getValue());
    return inputs;
  }
}
