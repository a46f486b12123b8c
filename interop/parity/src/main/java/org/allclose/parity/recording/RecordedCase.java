package org.allclose.parity.recording;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.WeightSource;
import org.allclose.internal.message.Excerpt;
import org.allclose.layer.Mode;
import org.allclose.tensor.Tensor;

/**
 * A case as Python recorded it: inputs, what they gave, and with what it was recorded.
 *
 * <p>It is of a function or of a network. It is a value: {@code org.allclose.parity.CaseFile} reads
 * cases from disk.
 */
public final class RecordedCase {
  private final String name;
  private final Path folder;
  private final Optional<String> function;
  private final Optional<Network> network;
  private final Mode mode;
  private final OptionalInt seed;
  private final Map<String, Tensor> inputs;
  private final Map<String, Expectation> expected;
  private final Map<String, Expectation> outputs;
  private final Map<String, Expectation> inputGradients;
  private final Map<String, String> recorded;
  private final Map<String, Tensor> decisions;

  private RecordedCase(Builder builder) {
    name = builder.name;
    folder = builder.folder;
    function = builder.function;
    network = builder.network;
    mode = builder.mode;
    seed = builder.seed;
    inputs = builder.inputs;
    expected = builder.expected;
    outputs = builder.outputs;
    inputGradients = builder.inputGradients;
    recorded = builder.recorded;
    decisions = builder.decisions;
  }

  /**
   * Starts a case of which nothing is known yet but its name.
   *
   * @param folder where it was recorded
   */
  public static Builder named(String name, Path folder) {
    return new Builder(name, folder);
  }

  public String name() {
    return name;
  }

  public Path folder() {
    return folder;
  }

  /** Returns the name of the function whose results were recorded, unless it is a network's. */
  public Optional<String> function() {
    return function;
  }

  /** Returns the network whose results were recorded, bound to its weights. */
  public Optional<Network> network() {
    return network;
  }

  /** Returns what the network was run for. */
  public Mode mode() {
    return mode;
  }

  /** Returns the seed of the {@code RandomState} that the network's layers drew from. */
  public OptionalInt seed() {
    return seed;
  }

  /**
   * Returns an input.
   *
   * @throws IllegalArgumentException if the case has none of that name
   */
  public Tensor input(String input) {
    return find("input", input, inputs);
  }

  /** Returns whether the case has an input. */
  public boolean hasInput(String input) {
    return inputs.containsKey(input);
  }

  /** Returns what is expected, by the tensors' names, in the order of the case. */
  public Map<String, Expectation> expected() {
    return expected;
  }

  /**
   * Returns what is expected of one tensor.
   *
   * @throws IllegalArgumentException if the case expects none of that name
   */
  public Expectation expected(String tensor) {
    return find("expected", tensor, expected);
  }

  /** Returns what is expected of the layers' outputs, by the layers' names, first layer first. */
  public Map<String, Expectation> outputs() {
    return outputs;
  }

  /**
   * Returns what is expected of the gradients of the layers' inputs, by the layers' names, first
   * layer first.
   */
  public Map<String, Expectation> inputGradients() {
    return inputGradients;
  }

  /** Returns with what the case was recorded: versions, mode, script, seed. */
  public Map<String, String> recorded() {
    return recorded;
  }

  /** Returns the inputs by which some layers decide, in place of those that Java computes. */
  public Map<String, Tensor> decisions() {
    return decisions;
  }

  /** Returns the same case under another name, which reports will call it. */
  public RecordedCase withName(String other) {
    Builder builder = toBuilder();
    builder.name = other;
    return builder.build();
  }

  /**
   * Returns the same case, all of whose tensors must be as near as the given match says.
   *
   * @throws IllegalArgumentException if the match is one for networks and the case is of a function
   */
  public RecordedCase withMatch(Match match) {
    if (match.needsNoise() && network.isEmpty()) {
      throw new IllegalArgumentException(
          "case '"
              + name
              + "': match "
              + match
              + ": expected a network, whose terms are known, but got a function");
    }
    UnaryOperator<Expectation> change = expectation -> expectation.withMatch(match);
    return toBuilder()
        .expected(changed(expected, change))
        .outputs(changed(outputs, change))
        .inputGradients(changed(inputGradients, change))
        .build();
  }

  /** Returns the same case, some of whose layers decide as for other inputs than Java computes. */
  public RecordedCase withDecisions(Map<String, Tensor> inputs) {
    Builder builder = toBuilder();
    builder.decisions = Map.copyOf(inputs);
    return builder.build();
  }

  /**
   * Returns the same case with other parameters for its network.
   *
   * @param weights gives the parameters for the network
   * @throws IllegalStateException if the case is not a network's
   * @throws IllegalArgumentException if a parameter is missing, a tensor is not used, or one does
   *     not have its parameter's shape
   */
  public RecordedCase withWeights(Function<NetworkSpec, ? extends WeightSource> weights) {
    NetworkSpec spec =
        network
            .orElseThrow(
                () -> new IllegalStateException("case '" + name + "': expected one of a network"))
            .spec();
    return toBuilder().network(spec.bind(weights.apply(spec))).build();
  }

  @Override
  public String toString() {
    return name;
  }

  private static Map<String, Expectation> changed(
      Map<String, Expectation> expectations, UnaryOperator<Expectation> change) {
    Map<String, Expectation> others = new LinkedHashMap<>();
    expectations.forEach((key, expectation) -> others.put(key, change.apply(expectation)));
    return others;
  }

  private <T> T find(String what, String key, Map<String, T> values) {
    T value = values.get(key);
    if (value == null) {
      throw new IllegalArgumentException(
          "case '"
              + name
              + "': "
              + what
              + " '"
              + key
              + "': expected one of "
              + Excerpt.of(values.keySet()));
    }
    return value;
  }

  private Builder toBuilder() {
    Builder builder = new Builder(name, folder);
    builder.function = function;
    builder.network = network;
    builder.mode = mode;
    builder.seed = seed;
    builder.inputs = inputs;
    builder.expected = expected;
    builder.outputs = outputs;
    builder.inputGradients = inputGradients;
    builder.recorded = recorded;
    builder.decisions = decisions;
    return builder;
  }

  /** Collects what a case has. Maps keep their order. */
  public static final class Builder {
    private String name;
    private final Path folder;
    private Optional<String> function = Optional.empty();
    private Optional<Network> network = Optional.empty();
    private Mode mode = Network.DEFAULT_MODE;
    private OptionalInt seed = OptionalInt.empty();
    private Map<String, Tensor> inputs = Map.of();
    private Map<String, Expectation> expected = Map.of();
    private Map<String, Expectation> outputs = Map.of();
    private Map<String, Expectation> inputGradients = Map.of();
    private Map<String, String> recorded = Map.of();
    private Map<String, Tensor> decisions = Map.of();

    private Builder(String name, Path folder) {
      this.name = name;
      this.folder = folder;
    }

    /** Says the name of the function whose results were recorded. */
    public Builder function(String recordedFunction) {
      function = Optional.of(recordedFunction);
      return this;
    }

    /** Gives the network whose results were recorded, bound to its weights. */
    public Builder network(Network bound) {
      network = Optional.of(bound);
      return this;
    }

    /** Says what the network was run for; if it is not said, {@link Network#DEFAULT_MODE}. */
    public Builder mode(Mode recordedMode) {
      mode = recordedMode;
      return this;
    }

    /** Gives the seed of the {@code RandomState} that the network's layers drew from. */
    public Builder seed(int recordedSeed) {
      seed = OptionalInt.of(recordedSeed);
      return this;
    }

    /** Gives the inputs by their names. */
    public Builder inputs(Map<String, Tensor> tensors) {
      inputs = inOrder(tensors);
      return this;
    }

    /** Says what is expected, by the tensors' names. */
    public Builder expected(Map<String, Expectation> tensors) {
      expected = inOrder(tensors);
      return this;
    }

    /** Says what is expected of the layers' outputs, by the layers' names. */
    public Builder outputs(Map<String, Expectation> layers) {
      outputs = inOrder(layers);
      return this;
    }

    /** Says what is expected of the gradients of the layers' inputs, by the layers' names. */
    public Builder inputGradients(Map<String, Expectation> layers) {
      inputGradients = inOrder(layers);
      return this;
    }

    /** Says with what the case was recorded. */
    public Builder recorded(Map<String, String> with) {
      recorded = inOrder(with);
      return this;
    }

    /**
     * Returns the case.
     *
     * @throws IllegalStateException if it is not either of a function or of a network
     */
    public RecordedCase build() {
      if (function.isPresent() == network.isPresent()) {
        throw new IllegalStateException(
            "case '"
                + name
                + "': expected either a function or a network but got "
                + (function.isPresent() ? "both" : "neither"));
      }
      return new RecordedCase(this);
    }

    private static <T> Map<String, T> inOrder(Map<String, T> values) {
      return Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }
  }
}
