/**
 * The layers of a network, one file each.
 *
 * <p>A layer is an immutable record: its settings, the output shape it gives for an input shape and
 * the parameters it needs. A {@link org.allclose.layer.Pass} holds the buffers of one layer and
 * calls the kernels; layers know neither their network nor each other.
 */
@NullMarked
package org.allclose.layer;

import org.jspecify.annotations.NullMarked;
