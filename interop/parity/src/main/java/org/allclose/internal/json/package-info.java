/**
 * Strict JSON: text and files are read into fields, of which none may be left over, and printed.
 *
 * <p>What stands in the fields is known where a format is: networks, cases, configs. Internal: it
 * changes as allclose needs it.
 */
package org.allclose.internal.json;
