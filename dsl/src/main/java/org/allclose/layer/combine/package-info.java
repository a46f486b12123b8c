/**
 * Layers that combine several inputs, and those that give one another shape; none has parameters.
 */
@NullMarked
package org.allclose.layer.combine;

import org.jspecify.annotations.NullMarked;
