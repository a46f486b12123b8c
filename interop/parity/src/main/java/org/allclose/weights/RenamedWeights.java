package org.allclose.weights;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.allclose.WeightSource;
import org.allclose.internal.message.Excerpt;
import org.allclose.tensor.Tensor;

/**
 * A source of weights under other names.
 *
 * <pre>{@code
 * RenamedWeights.of(source, "features\\.(\\d+)\\.(.*)", "conv$1.$2");
 * RenamedWeights.of(source, Map.of("classifier.weight", "fc1.weight"));
 * }</pre>
 */
public final class RenamedWeights implements WeightSource {
  private final WeightSource source;

  /** The source's names by ours, in the source's order. */
  private final Map<String, String> names;

  private RenamedWeights(WeightSource source, UnaryOperator<String> change) {
    this.source = source;
    names = new LinkedHashMap<>();
    for (String name : source.names()) {
      String other = names.putIfAbsent(change.apply(name), name);
      if (other != null) {
        throw new IllegalArgumentException(
            source.description()
                + ": expected names that stay apart but both '"
                + other
                + "' and '"
                + name
                + "' become '"
                + change.apply(name)
                + "'");
      }
    }
  }

  /**
   * Renames tensors by their whole names; those that the map does not have keep theirs.
   *
   * @param names the new name by the old
   * @throws IllegalArgumentException if the source lacks a name of the map, or two tensors come to
   *     have the same
   */
  public static RenamedWeights of(WeightSource source, Map<String, String> names) {
    for (String name : names.keySet()) {
      if (!source.names().contains(name)) {
        throw new IllegalArgumentException(
            source.description()
                + ": expected one of "
                + Excerpt.of(source.names())
                + " to rename but got '"
                + name
                + "'");
      }
    }
    return new RenamedWeights(source, name -> names.getOrDefault(name, name));
  }

  /**
   * Renames the tensors whose whole name matches a regular expression; others keep theirs.
   *
   * @param pattern as {@link Pattern} has it
   * @param replacement the new name, in which {@code $1} stands for the first group
   * @throws IllegalArgumentException if the pattern or the replacement is none, no name matches, or
   *     two tensors come to have the same
   */
  public static RenamedWeights of(WeightSource source, String pattern, String replacement) {
    Pattern compiled;
    try {
      compiled = Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "rename: expected a regular expression but got '" + pattern + "'", e);
    }
    if (source.names().stream().noneMatch(name -> compiled.matcher(name).matches())) {
      throw new IllegalArgumentException(
          source.description()
              + ": expected a name that matches '"
              + pattern
              + "' but got "
              + Excerpt.of(source.names()));
    }
    try {
      return new RenamedWeights(
          source,
          name ->
              compiled.matcher(name).matches()
                  ? compiled.matcher(name).replaceFirst(replacement)
                  : name);
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException(
          "rename: expected groups of '" + pattern + "' in '" + replacement + "'", e);
    }
  }

  @Override
  public String description() {
    return source.description();
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(names.keySet());
  }

  @Override
  public Tensor get(String name) {
    String own = names.get(name);
    if (own == null) {
      throw new IllegalArgumentException(
          description()
              + ": expected one of "
              + Excerpt.of(names.keySet())
              + " but got '"
              + Excerpt.of(name)
              + "'");
    }
    return source.get(own);
  }

  @Override
  public String toString() {
    return "RenamedWeights[" + source + "]";
  }
}
