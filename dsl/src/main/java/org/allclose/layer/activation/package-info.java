/**
 * Layers that work element by element, or row by row: activations, one with slopes that are learnt,
 * softmax, dropout.
 */
@NullMarked
package org.allclose.layer.activation;

import org.jspecify.annotations.NullMarked;
