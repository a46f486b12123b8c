/**
 * Optimizers: each {@link org.allclose.train.optimizer.Optimizer} is an immutable record of its
 * settings, one file that says what it is called, what it remembers and how it changes a parameter.
 *
 * <p>What is remembered from step to step is not kept here, but by the trainer; networks, learning
 * rates and data are not known here.
 */
@NullMarked
package org.allclose.train.optimizer;

import org.jspecify.annotations.NullMarked;
