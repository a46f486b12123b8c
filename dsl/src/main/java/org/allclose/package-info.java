/**
 * Defines and runs neural networks.
 *
 * <p>A {@link org.allclose.NetworkSpec} says what a network is; a {@link org.allclose.Network} is a
 * spec bound to parameters and computes scores, loss and gradients. What a layer does lives in
 * {@code org.allclose.layer}; files and comparison with numpy live in the module {@code interop}.
 */
package org.allclose;
