/**
 * Layers without parameters that work element by element, or row by row: activations, softmax,
 * dropout.
 */
@NullMarked
package org.allclose.layer.activation;

import org.jspecify.annotations.NullMarked;
