package org.allclose.parity;

import org.allclose.tensor.Tensor;

/**
 * What a tensor was in Python, and how near Java must come.
 *
 * @param value the recorded tensor; not to be modified
 * @param match how near an actual tensor must be
 * @param reason why the match is looser than exact; empty if nothing is said
 */
public record Expectation(Tensor value, Match match, String reason) {}
