/**
 * What came of comparisons, and the same printed: as a table, a page, JSON and XML.
 *
 * <p>Reports are values that know no printer; who compares what lives in {@code
 * org.allclose.parity}, and why something differs is found in {@code
 * org.allclose.parity.diagnosis}.
 */
package org.allclose.parity.report;
