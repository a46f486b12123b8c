package org.allclose.parity;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.allclose.Network;
import org.allclose.layer.BatchNorm;
import org.allclose.layer.NamedLayer;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.ParameterSpec.Role;
import org.allclose.layer.Softmax;
import org.allclose.loss.Loss;
import org.allclose.loss.SoftmaxLoss;
import org.allclose.loss.Targets;
import org.allclose.tensor.Tensor;
import org.allclose.weights.Axes;

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
      Optional<String> cause = Optional.empty();
      if (tensor.name().equals("loss")) {
        cause = forwardDiverges ? cause : loss(network, recorded, tensor);
      } else if (role(network, tensor.name()).equals(Optional.of(Role.STATISTIC))) {
        cause = statistic(network, recorded, tensor);
      } else if (!tensor.name().equals("scores") && !tensor.name().equals("accuracy")) {
        cause = forwardDiverges ? cause : gradient(network, recorded, tensor);
      }
      cause.ifPresent(
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

  private static Optional<String> loss(
      Network network, RecordedCase recorded, TensorReport tensor) {
    Optional<Targets> targets = LayerTrace.targets(recorded);
    if (targets.isEmpty() || network.spec().loss().isEmpty()) {
      return Optional.empty();
    }
    Loss loss = network.spec().loss().get();
    Map<String, Tensor> outputs = LayerTrace.of(network, recorded).outputs();
    List<NamedLayer> layers = network.spec().layers();
    NamedLayer last = layers.get(layers.size() - 1);
    Tensor scores = outputs.get(last.name());
    double penalty = penalty(network);
    double value = tensor.actual().get() - penalty;
    if (loss instanceof SoftmaxLoss) {
      double twice = value(loss, Layers.apply(new Softmax(), scores), targets.get());
      if (isExplained(tensor, twice + penalty)) {
        return Optional.of(
            "softmax is applied twice in the recording: its loss is that of softmax(scores)");
      }
      if (last.layer() instanceof Softmax && layers.size() > 1) {
        Tensor before = outputs.get(layers.get(layers.size() - 2).name());
        if (isExplained(tensor, value(loss, before, targets.get()) + penalty)) {
          return Optional.of(
              "softmax is applied twice in the network: by layer '"
                  + last.name()
                  + "' and by the softmax loss");
        }
      }
    }
    if (isExplained(tensor, value)) {
      return Optional.of("the recorded loss has no L2 penalty");
    }
    if (isExplained(tensor, value + 2 * penalty)) {
      return Optional.of("the recorded L2 penalty is l2 * sum(W * W), without the factor 0.5");
    }
    int n = recorded.input("x").shape().axis(0);
    return isExplained(tensor, value * n + penalty)
        ? Optional.of("the recorded loss is summed over the " + n + " samples, not averaged")
        : Optional.empty();
  }

  private static Optional<String> gradient(
      Network network, RecordedCase recorded, TensorReport tensor) {
    Tensor expected = tensor.expected();
    Tensor actual = tensor.actual();
    if (expected.shape().rank() == 2
        && actual.shape().rank() == 2
        && Diagnosis.explains(expected, actual, Axes.transpose(actual, 1, 0))) {
      return Optional.of("the recorded gradient is transposed");
    }
    if (tensor.difference().isEmpty()) {
      return Optional.empty();
    }
    if (role(network, tensor.name()).equals(Optional.of(Role.WEIGHT)) && network.spec().l2() != 0) {
      Tensor weights = network.parameters().get(tensor.name());
      double l2 = network.spec().l2();
      if (explains(tensor, Axes.combined(1, actual, -l2, weights))) {
        return Optional.of("the recorded gradient has no L2 penalty");
      }
      if (explains(tensor, Axes.combined(1, actual, l2, weights))) {
        return Optional.of("the recorded L2 gradient is 2 * l2 * W, not l2 * W");
      }
    }
    int n = recorded.input("x").shape().axis(0);
    if (explains(tensor, Axes.scaled(actual, n))) {
      return Optional.of(
          "the recorded gradient is summed over the " + n + " samples, not averaged");
    }
    return explains(tensor, Axes.scaled(actual, -1))
        ? Optional.of("the recorded gradient has the other sign")
        : Optional.empty();
  }

  private static Optional<String> statistic(
      Network network, RecordedCase recorded, TensorReport tensor) {
    String name = tensor.name().substring(0, tensor.name().lastIndexOf('/'));
    Optional<NamedLayer> place =
        network.spec().layers().stream().filter(layer -> layer.name().equals(name)).findFirst();
    if (place.isEmpty()
        || !(place.get().layer() instanceof BatchNorm norm)
        || tensor.difference().isEmpty()
        || norm.momentum() == 1) {
      return Optional.empty();
    }
    double momentum = norm.momentum();
    Tensor old = network.parameters().get(tensor.name());
    Tensor sample =
        Axes.combined(1 / (1 - momentum), tensor.actual(), -momentum / (1 - momentum), old);
    double n =
        (double) recorded.input("x").shape().axis(0)
            * place.get().input().size()
            / place.get().input().axis(0);
    if (tensor.name().endsWith("/runningVariance")
        && explains(tensor, Axes.combined(momentum, old, (1 - momentum) * n / (n - 1), sample))) {
      return Optional.of(STATISTICS_NOTE);
    }
    return explains(tensor, Axes.combined(1 - momentum, old, momentum, sample))
        ? Optional.of(
            "the momentum is confused: the recording keeps "
                + (float) (1 - momentum)
                + " of the running statistic, the network "
                + momentum)
        : Optional.empty();
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

  private static boolean isExplained(TensorReport tensor, double value) {
    return tensor.difference().isPresent() && explains(tensor, Tensor.scalar(value));
  }

  private static boolean explains(TensorReport tensor, Tensor result) {
    return Diagnosis.explains(tensor.expected(), tensor.actual(), result);
  }
}
