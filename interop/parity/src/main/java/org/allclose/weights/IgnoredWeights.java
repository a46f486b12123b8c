package org.allclose.weights;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.allclose.WeightSource;
import org.allclose.tensor.Tensor;

/**
 * A source of weights without some of its tensors, which a network does not use.
 *
 * <pre>{@code
 * IgnoredWeights.of(source, "attn\\.mask|optimizer\\..*");
 * }</pre>
 *
 * <p>What was left out stays visible: {@link #ignored} lists it, and errors name it, so that it is
 * seen where a network needs one of those.
 */
public final class IgnoredWeights implements WeightSource {
  private final WeightSource source;
  private final String pattern;
  private final Set<String> names = new LinkedHashSet<>();
  private final Set<String> ignored = new LinkedHashSet<>();

  private IgnoredWeights(WeightSource source, Pattern pattern) {
    this.source = source;
    this.pattern = pattern.pattern();
    for (String name : source.names()) {
      (pattern.matcher(name).matches() ? ignored : names).add(name);
    }
  }

  /**
   * Leaves out the tensors whose whole name matches a regular expression.
   *
   * @param pattern as {@link Pattern} has it, and as in {@link RenamedWeights}
   * @throws IllegalArgumentException if the pattern is none, or no name matches
   */
  public static IgnoredWeights of(WeightSource source, String pattern) {
    Pattern compiled;
    try {
      compiled = Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "ignore: expected a regular expression but got '" + pattern + "'", e);
    }
    IgnoredWeights weights = new IgnoredWeights(source, compiled);
    if (weights.ignored.isEmpty()) {
      throw new IllegalArgumentException(
          source.description()
              + ": expected a name that matches '"
              + pattern
              + "', to ignore it, but got "
              + source.names());
    }
    return weights;
  }

  /** Returns the names of the tensors that are left out. */
  public Set<String> ignored() {
    return Collections.unmodifiableSet(ignored);
  }

  /** Returns in a line how many tensors are left out, and which. */
  public String note() {
    return "ignored "
        + ignored.size()
        + (ignored.size() == 1 ? " tensor that matches '" : " tensors that match '")
        + pattern
        + "': "
        + ignored;
  }

  /** Returns the source's, and what is left out, so that errors tell of it. */
  @Override
  public String description() {
    return source.description() + " without " + ignored;
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(names);
  }

  /**
   * Returns one tensor.
   *
   * @throws IllegalArgumentException if there is none of that name, or it is left out
   */
  @Override
  public Tensor get(String name) {
    if (!names.contains(name)) {
      throw new IllegalArgumentException(
          description() + ": expected one of " + names + " but got '" + name + "'");
    }
    return source.get(name);
  }

  @Override
  public String toString() {
    return "IgnoredWeights[" + source + ", " + pattern + "]";
  }
}
