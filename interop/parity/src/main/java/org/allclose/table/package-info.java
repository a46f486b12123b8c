/**
 * Tables in plain text, for terminals.
 *
 * <p>Knows nothing of what stands in them.
 */
package org.allclose.table;
