/**
 * Replays recorded cases and says how far Java is from numpy, or one file of arrays from another.
 *
 * <p>Knows neither JUnit nor the command line.
 */
package org.allclose.parity;
