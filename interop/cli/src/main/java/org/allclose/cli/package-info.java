/**
 * The command line.
 *
 * <p>Parses arguments, calls the other rooms, prints, and sets the exit status.
 */
package org.allclose.cli;
