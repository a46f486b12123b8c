package org.allclose.weights;

import java.util.function.UnaryOperator;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/**
 * An array of a framework that has a parameter of ours, as a whole or as a part.
 *
 * @param name its name
 * @param shape its shape
 * @param toOurs turns it into the parameter; does not modify it
 */
record FrameworkArray(String name, Shape shape, UnaryOperator<Tensor> toOurs) {}
