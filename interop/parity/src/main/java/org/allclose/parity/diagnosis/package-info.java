/**
 * Finds why a network, or an array, is not what was recorded: known mistakes are made on purpose
 * and the results compared.
 *
 * <p>Causes are lines of text in a report of {@code org.allclose.parity.report}; nothing here
 * decides whether something matches.
 */
package org.allclose.parity.diagnosis;
