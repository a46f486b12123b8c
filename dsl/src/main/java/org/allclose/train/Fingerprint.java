package org.allclose.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.allclose.NetworkSpec;
import org.allclose.loss.WeightedLoss;

/**
 * Which run a state belongs to: what decides the run's bits, as text under keys such as {@code
 * layer 3 'fc2': units} and {@code schedule: rate}, in order.
 *
 * <p>It holds what the run started from, the network, the config but for when the run ends, and
 * digests of the data. Immutable.
 */
final class Fingerprint {

  /** How many differences are told one by one. */
  private static final int MOST_TOLD = 3;

  /** Keys of older versions, which states that they saved have. */
  private static final Map<String, String> RENAMED = Map.of("schedule: end", "schedule: final");

  /** What older versions wrote of dropout's seed, whether there was one or not. */
  private static final String UNKNOWN = "OptionalLong";

  private final Map<String, String> values;

  private Fingerprint(Map<String, String> values) {
    this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** Returns a fingerprint that was saved. */
  static Fingerprint of(Map<String, String> values) {
    Map<String, String> renamed = new LinkedHashMap<>();
    values.forEach((key, value) -> renamed.put(RENAMED.getOrDefault(key, key), value));
    renamed.values().removeIf(UNKNOWN::equals);
    return new Fingerprint(renamed);
  }

  static Fingerprint of(
      Map<String, Object> origin,
      NetworkSpec network,
      TrainingConfig config,
      Dataset data,
      Optional<Dataset> validation) {
    Description description = new Description();
    origin.forEach(description::add);
    description
        .add("input", network.input())
        .addLayers(network.graph())
        .add("loss", network.loss())
        .add("l2", network.l2())
        .addAll(config, TrainingConfig.ENDS)
        .add("data", data.digest());
    // Of a network of one input and one output there is no more to say.
    if (network.inputs().size() > 1) {
      description.add("inputs", network.inputs().toString());
    }
    if (network.outputs().size() > 1) {
      description.add("outputs", network.outputs().toString()).add("loss of", network.scored());
    }
    if (network.losses().size() > 1 || !network.losses().stream().allMatch(WeightedLoss::isPlain)) {
      description.add("losses", network.losses().toString());
    }
    validation.ifPresent(set -> description.add("validation data", set.digest()));
    return new Fingerprint(description.values());
  }

  /** Returns the texts by key, in order; the map cannot be changed. */
  Map<String, String> asMap() {
    return values;
  }

  /**
   * Returns in what another fingerprint differs from this one, each as {@code key: expected 0.1 but
   * got 0.05}; empty if in nothing.
   *
   * <p>Where one kind of thing stands in place of another, their settings are not told.
   */
  List<String> differences(Fingerprint other) {
    List<String> differences = new ArrayList<>();
    Map<String, String> all = new LinkedHashMap<>(values);
    other.values.forEach(all::putIfAbsent);
    Set<String> changed = new HashSet<>();
    for (String key : all.keySet()) {
      Optional<String> mine = Optional.ofNullable(values.get(key));
      Optional<String> theirs = Optional.ofNullable(other.values.get(key));
      if (!areSame(mine, theirs) && !isSettingOfAny(changed, key)) {
        changed.add(key);
        differences.add(
            key + ": expected " + mine.orElse("none") + " but got " + theirs.orElse("none"));
      }
    }
    return differences;
  }

  private static boolean isSettingOfAny(Set<String> owners, String key) {
    for (int end = key.indexOf(": "); end >= 0; end = key.indexOf(": ", end + 1)) {
      if (owners.contains(key.substring(0, end))) {
        return true;
      }
    }
    return false;
  }

  /** Returns differences on one line, the first ones in full. */
  static String text(List<String> differences) {
    int told = Math.min(differences.size(), MOST_TOLD);
    int left = differences.size() - told;
    return String.join("; ", differences.subList(0, told))
        + (left == 0 ? "" : "; and " + left + " more");
  }

  /** Numbers are compared as such: how many digits are printed depends on the JDK. */
  private static boolean areSame(Optional<String> a, Optional<String> b) {
    return a.equals(b) || (a.isPresent() && b.isPresent() && areSameNumber(a.get(), b.get()));
  }

  private static boolean areSameNumber(String a, String b) {
    try {
      return Double.compare(Double.parseDouble(a), Double.parseDouble(b)) == 0;
    } catch (NumberFormatException e) {
      return false; // at least one of them is no number
    }
  }
}
