/**
 * Loops that know of tokens and of steps in time: rows looked up and added to, steps of sequences
 * taken and put, gates of recurrent layers. Sequences are arrays of shape (N, T, D) in C order.
 */
package org.allclose.internal.kernel.sequence;
