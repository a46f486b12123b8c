/** Layers whose units see all of a sample. */
@NullMarked
package org.allclose.layer.dense;

import org.jspecify.annotations.NullMarked;
