/**
 * Reads recorded cases, computes them anew and says how near Java comes.
 *
 * <p>What a case is lives in {@code recording}, what comes of it in {@code report}, and why it
 * differs is found in {@code diagnosis}; running it in JUnit is of {@code org.allclose.junit}.
 */
package org.allclose.parity;
