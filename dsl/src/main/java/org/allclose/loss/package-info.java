/**
 * Loss functions: a number for scores and targets, and its gradient with respect to the scores.
 *
 * <p>Regularization is not here: it belongs to the network, which knows the parameters.
 */
@NullMarked
package org.allclose.loss;

import org.jspecify.annotations.NullMarked;
