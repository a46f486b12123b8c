/** Layers on images (N, C, H, W): convolutions, pools, other sizes. */
@NullMarked
package org.allclose.layer.image;

import org.jspecify.annotations.NullMarked;
