/**
 * Layers that normalize: they have in common mean, deviation, gamma and beta, and differ in what is
 * taken together.
 */
@NullMarked
package org.allclose.layer.norm;

import org.jspecify.annotations.NullMarked;
