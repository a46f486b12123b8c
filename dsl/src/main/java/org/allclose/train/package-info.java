/**
 * Training, and what shows that its gradients are right: the trainer and what it is told, its
 * history, checkpoints' states, the gradient check.
 *
 * <p>Uses networks from outside; no other room of this module knows this one. Optimizers and
 * schedules live in rooms of their own, files do not live here.
 */
@NullMarked
package org.allclose.train;

import org.jspecify.annotations.NullMarked;
