/**
 * Replays recorded cases and says how far Java is from numpy.
 *
 * <p>Knows neither JUnit nor the command line.
 */
package org.allclose.parity;
