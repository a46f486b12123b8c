package org.allclose;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.allclose.internal.message.Excerpt;
import org.allclose.tensor.Tensor;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;

/** Tensors by name, in order: the parameters of a network, or their gradients. */
public final class Parameters implements WeightSource {
  private final Map<String, Tensor> tensors;

  private Parameters(Map<String, Tensor> tensors) {
    this.tensors = tensors;
  }

  /** Returns parameters with copies of the given tensors, in the order of the map. */
  public static Parameters of(Map<String, Tensor> tensors) {
    return wrap(tensors).copy();
  }

  /** Returns parameters that use the given tensors themselves: changes of them show. */
  public static Parameters wrap(Map<String, Tensor> tensors) {
    return new Parameters(new LinkedHashMap<>(tensors));
  }

  @Override
  public String description() {
    return "parameters";
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(tensors.keySet());
  }

  /**
   * Returns the tensor itself: changes of it show here.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  @Override
  public Tensor get(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "parameter '" + Excerpt.of(name) + "': expected one of " + Excerpt.of(tensors.keySet()));
    }
    return tensor;
  }

  /**
   * Returns a parameter, or a gradient, as a matrix on the same storage: its first axis by all
   * others together, such as (in, units) for the W of a dense layer.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public RealMatrix matrix(String name) {
    return get(name).asMatrix();
  }

  /**
   * Returns a parameter, or a gradient, as a vector of its elements in C order, a copy.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public RealVector vector(String name) {
    return new ArrayRealVector(get(name).unwrap());
  }

  /** Returns the tensors by name, in order; the map cannot be changed, its tensors can. */
  public Map<String, Tensor> asMap() {
    return Collections.unmodifiableMap(tensors);
  }

  /** Returns the same parameters in tensors of their own. */
  public Parameters copy() {
    Map<String, Tensor> copies = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> copies.put(name, tensor.copy()));
    return new Parameters(copies);
  }

  /** Returns the number of values in all tensors. */
  public long count() {
    return tensors.values().stream().mapToLong(Tensor::size).sum();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Parameters parameters && tensors.equals(parameters.tensors);
  }

  @Override
  public int hashCode() {
    return tensors.hashCode();
  }

  @Override
  public String toString() {
    return "Parameters" + tensors.keySet();
  }
}
