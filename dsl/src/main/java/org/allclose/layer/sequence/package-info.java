/**
 * Layers of sequences (n, T, D): what makes vectors of tokens, and what goes through a sequence
 * step by step or looks at all of it. Convolutions of sequences are images of one row.
 */
@NullMarked
package org.allclose.layer.sequence;

import org.jspecify.annotations.NullMarked;
