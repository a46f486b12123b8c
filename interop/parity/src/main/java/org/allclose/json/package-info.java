/**
 * Strict JSON: duplicate and unknown keys are errors, and every error says where, in words of our
 * own. Gson writes it.
 *
 * <p>Knows no format; network files, cases and training settings are read in their own rooms.
 */
package org.allclose.json;
