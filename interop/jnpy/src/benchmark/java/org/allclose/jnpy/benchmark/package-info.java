/**
 * The speed of numpy files beside numpy's.
 *
 * <p>Built and run in the Maven profile {@code benchmark-files} alone.
 */
package org.allclose.jnpy.benchmark;
