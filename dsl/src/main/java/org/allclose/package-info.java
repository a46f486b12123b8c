/**
 * Defines and runs neural networks.
 *
 * <p>A {@link org.allclose.NetworkSpec} says what a network is; a {@link org.allclose.Network} is a
 * spec bound to parameters and computes scores, loss and gradients. What a layer does lives in
 * {@code org.allclose.layer}; numpy's files live in the module {@code jnpy}, and comparison with
 * numpy in {@code allclose-parity}.
 */
@NullMarked
package org.allclose;

import org.jspecify.annotations.NullMarked;
