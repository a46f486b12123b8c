/**
 * Shapes and n-dimensional arrays of doubles.
 *
 * <p>A {@link org.allclose.tensor.Tensor} is C-ordered and shares its storage with a {@link
 * org.allclose.tensor.DenseMatrix}, which is a Commons Math matrix. Arithmetic on many values lives
 * in {@code org.allclose.internal.kernel}, not here.
 */
@NullMarked
package org.allclose.tensor;

import org.jspecify.annotations.NullMarked;
