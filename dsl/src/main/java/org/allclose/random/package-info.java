/**
 * numpy's random streams, bit for bit: {@link org.allclose.random.NumpyRandomState} is {@code
 * np.random.RandomState}, {@link org.allclose.random.NumpyGenerator} is {@code
 * np.random.default_rng}.
 *
 * <p>A seed gives the same numbers here and there, in any mixture of calls, and the state can move
 * between them in the middle of a stream. How networks use the numbers, and how states are stored
 * in files, is not known here.
 */
@NullMarked
package org.allclose.random;

import org.jspecify.annotations.NullMarked;
