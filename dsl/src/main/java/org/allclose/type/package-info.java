/**
 * What a layer, a loss, an optimizer, a schedule or an initializer says of itself: its name in
 * files, its settings with their ranges and defaults, samples for tests.
 *
 * <p>Files, builders, texts and tests go by these types, so that a new one is a file of its own and
 * nothing else; those of other jars are found by {@link java.util.ServiceLoader}. What a type
 * computes does not live here.
 */
@NullMarked
package org.allclose.type;

import org.jspecify.annotations.NullMarked;
