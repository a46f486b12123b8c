/**
 * Parameters and other small tensors with their axes in another order.
 *
 * <p>Not for loops that matter: those are the dsl's. Internal: it changes as allclose needs it.
 */
package org.allclose.internal.axes;
