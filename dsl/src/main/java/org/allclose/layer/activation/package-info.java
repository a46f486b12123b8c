/**
 * Layers without parameters that work element by element, or row by row: activations, softmax,
 * dropout.
 */
package org.allclose.layer.activation;
