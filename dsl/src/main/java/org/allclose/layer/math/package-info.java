/**
 * Layers without parameters that are functions of arithmetic, element by element: powers, roots,
 * exponentials, sines, products and sums with a number.
 *
 * <p>What bends a network, and is called an activation, is in its own room.
 */
@NullMarked
package org.allclose.layer.math;

import org.jspecify.annotations.NullMarked;
