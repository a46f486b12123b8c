/** Layers on images (N, C, H, W): convolutions, pools, other sizes. */
package org.allclose.layer.image;
