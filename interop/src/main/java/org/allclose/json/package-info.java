/**
 * Strict JSON on Gson: duplicate and unknown keys are errors, and every error says where.
 *
 * <p>Knows no format; network files, cases and training settings are read in their own rooms.
 */
package org.allclose.json;
