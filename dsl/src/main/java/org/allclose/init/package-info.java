/**
 * How parameters start: each {@link org.allclose.init.Initializer} turns numbers of a random stream
 * into the values of one parameter, with the bits of the numpy expression in its javadoc.
 *
 * <p>Which parameters a network has, and in what order they draw, is not known here.
 */
@NullMarked
package org.allclose.init;

import org.jspecify.annotations.NullMarked;
