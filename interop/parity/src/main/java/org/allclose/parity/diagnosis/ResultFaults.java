package org.allclose.parity.diagnosis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.internal.axes.Axes;
import org.allclose.internal.trace.LayerTrace;
import org.allclose.layer.Node;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.ParameterSpec.Role;
import org.allclose.layer.activation.Softmax;
import org.allclose.layer.norm.BatchNorm;
import org.allclose.loss.Loss;
import org.allclose.loss.SoftmaxLoss;
import org.allclose.loss.Targets;
import org.allclose.parity.recording.RecordedCase;
import org.allclose.parity.report.CaseReport;
import org.allclose.parity.report.TensorReport;
import org.allclose.tensor.Tensor;

/** Mistakes that show in the loss, the gradients and the running statistics, not in a layer. */
final class ResultFaults {
  private static final String STATISTICS_NOTE =
      "running variance is updated with the unbiased variance, as PyTorch does; the network has"
          + " biased variance";

  private ResultFaults() {}

  /**
   * Looks at the results of a network.
   *
   * @param forwardDiverges whether a layer's output is wrong already, so that loss and gradients
   *     cannot be right
   */
  static List<String> of(
      Network network, RecordedCase recorded, CaseReport report, boolean forwardDiverges) {
    Map<String, List<String>> places = new LinkedHashMap<>();
    for (TensorReport tensor : report.numbers()) {
      if (tensor.matches()) {
        continue;
      }
      Stream<Candidate> candidates = Stream.empty();
      if (role(network, tensor.name()).equals(Optional.of(Role.STATISTIC))) {
        candidates = statistic(network, recorded, tensor);
      } else if (!forwardDiverges && tensor.name().equals("loss")) {
        candidates = loss(network, recorded, tensor);
      } else if (!forwardDiverges && !tensor.name().equals("accuracy")) {
        candidates = gradient(network, recorded, tensor);
      }
      Explanation.best(tensor.expected(), tensor.actual(), candidates)
          .ifPresent(
              text -> places.computeIfAbsent(text, key -> new ArrayList<>()).add(tensor.name()));
    }
    return places.entrySet().stream()
        .map(entry -> "'" + String.join("', '", entry.getValue()) + "': " + entry.getKey())
        .toList();
  }

  private static Optional<Role> role(Network network, String name) {
    return network.spec().parameters().stream()
        .filter(parameter -> parameter.name().equals(name))
        .map(ParameterSpec::role)
        .findFirst();
  }

  private static Stream<Candidate> loss(
      Network network, RecordedCase recorded, TensorReport tensor) {
    Optional<Targets> targets = LayerTrace.targets(recorded);
    if (targets.isEmpty() || network.spec().losses().size() != 1) {
      return Stream.empty();
    }
    Loss loss = network.spec().loss().get();
    double penalty = penalty(network);
    double value = tensor.actual().get() - penalty;
    int n = samples(recorded);
    Stream<Candidate> others =
        Stream.of(
            loss("the recorded loss has no L2 penalty", () -> value),
            loss(
                "the recorded L2 penalty is l2 * sum(W * W), without the factor 0.5",
                () -> value + 2 * penalty),
            loss(
                "the recorded loss is summed over the " + n + " samples, not averaged",
                () -> value * n + penalty));
    return loss instanceof SoftmaxLoss
        ? Stream.concat(softmaxTwice(network, recorded, targets.get(), penalty), others)
        : others;
  }

  private static Stream<Candidate> softmaxTwice(
      Network network, RecordedCase recorded, Targets targets, double penalty) {
    Map<String, Tensor> outputs = LayerTrace.of(network, recorded).outputs();
    List<Node> layers = network.spec().layers();
    Node last = layers.get(layers.size() - 1);
    Loss loss = network.spec().loss().orElseThrow();
    Stream<Candidate> recording =
        Stream.of(
            loss(
                "softmax is applied twice in the recording: its loss is that of softmax(scores)",
                () -> {
                  Tensor probabilities = Layers.apply(new Softmax(), outputs.get(last.name()));
                  return value(loss, probabilities, targets) + penalty;
                }));
    if (!(last.layer() instanceof Softmax) || layers.size() == 1) {
      return recording;
    }
    Tensor before = outputs.get(layers.get(layers.size() - 2).name());
    return Stream.concat(
        recording,
        Stream.of(
            loss(
                "softmax is applied twice in the network: by layer '"
                    + last.name()
                    + "' and by the softmax loss",
                () -> value(loss, before, targets) + penalty)));
  }

  private static Candidate loss(String text, DoubleSupplier result) {
    return Candidate.of(text, () -> Tensor.scalar(result.getAsDouble()));
  }

  private static Stream<Candidate> gradient(
      Network network, RecordedCase recorded, TensorReport tensor) {
    Tensor actual = tensor.actual();
    List<Candidate> candidates = new ArrayList<>();
    if (actual.shape().rank() == 2) {
      candidates.add(
          Candidate.of("the recorded gradient is transposed", () -> Axes.transpose(actual, 1, 0)));
    }
    double l2 = network.spec().l2();
    if (role(network, tensor.name()).equals(Optional.of(Role.WEIGHT)) && l2 != 0) {
      Tensor weights = network.parameters().get(tensor.name());
      candidates.add(
          Candidate.of(
              "the recorded gradient has no L2 penalty",
              () -> Axes.combined(1, actual, -l2, weights)));
      candidates.add(
          Candidate.of(
              "the recorded L2 gradient is 2 * l2 * W, not l2 * W",
              () -> Axes.combined(1, actual, l2, weights)));
    }
    int n = samples(recorded);
    candidates.add(
        Candidate.of(
            "the recorded gradient is summed over the " + n + " samples, not averaged",
            () -> Axes.scaled(actual, n)));
    candidates.add(
        Candidate.of("the recorded gradient has the other sign", () -> Axes.scaled(actual, -1)));
    return candidates.stream();
  }

  private static Stream<Candidate> statistic(
      Network network, RecordedCase recorded, TensorReport tensor) {
    String name = tensor.name().substring(0, tensor.name().lastIndexOf('/'));
    Optional<Node> place =
        network.spec().layers().stream().filter(layer -> layer.name().equals(name)).findFirst();
    if (place.isEmpty()
        || !(place.get().layer() instanceof BatchNorm norm)
        || tensor.difference().isEmpty()
        || norm.momentum() == 1) {
      return Stream.empty();
    }
    double momentum = norm.momentum();
    Tensor old = network.parameters().get(tensor.name());
    Tensor sample =
        Axes.combined(1 / (1 - momentum), tensor.actual(), -momentum / (1 - momentum), old);
    double n =
        (double) samples(recorded) * place.get().input().size() / place.get().input().axis(0);
    Stream<Candidate> unbiased =
        tensor.name().endsWith("/runningVariance")
            ? Stream.of(
                Candidate.of(
                    STATISTICS_NOTE,
                    () -> Axes.combined(momentum, old, (1 - momentum) * n / (n - 1), sample)))
            : Stream.empty();
    return Stream.concat(
        unbiased,
        Stream.of(
            Candidate.of(
                "the momentum is confused: the recording keeps "
                    + (float) (1 - momentum)
                    + " of the running statistic, the network "
                    + momentum,
                () -> Axes.combined(1 - momentum, old, momentum, sample)),
            Candidate.of("the recording has the statistic as it was before the batch", () -> old)));
  }

  private static double value(Loss loss, Tensor scores, Targets targets) {
    return loss.evaluate(scores, targets, Tensor.zeros(scores.shape()));
  }

  /** Returns {@code 0.5 * l2 * sum(W * W)} over all weights. */
  private static double penalty(Network network) {
    double sum = 0;
    for (ParameterSpec parameter : network.spec().parameters()) {
      if (parameter.role() == Role.WEIGHT) {
        for (double value : network.parameters().get(parameter.name()).unwrap()) {
          sum += value * value;
        }
      }
    }
    return 0.5 * network.spec().l2() * sum;
  }

  private static int samples(RecordedCase recorded) {
    NetworkSpec spec = recorded.network().orElseThrow().spec();
    return spec.batchSize(LayerTrace.inputs(spec, recorded));
  }
}
