/**
 * Passes over arrays that layers, losses and optimizers are made of, each with the bits of the
 * numpy expression that it names. Every operation is rounded on its own: nothing is fused into a
 * multiply-add. Functions and sums that they use live in {@code math} and {@code reduce}; what
 * knows of height and width lives in {@code image}.
 */
package org.allclose.internal.kernel.elementwise;
