/**
 * Texts of errors, and of tables.
 *
 * <p>What all rooms need to word them alike. Knows no other room.
 */
package org.allclose.internal.message;
