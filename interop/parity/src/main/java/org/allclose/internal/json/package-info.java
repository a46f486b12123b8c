/**
 * JSON in files, between the text that {@code org.allclose.json} reads and the disk.
 *
 * <p>Internal: it changes as allclose needs it.
 */
package org.allclose.internal.json;
