/**
 * Texts of errors.
 *
 * <p>What all rooms need to word them alike. Knows no other room.
 */
package org.allclose.message;
