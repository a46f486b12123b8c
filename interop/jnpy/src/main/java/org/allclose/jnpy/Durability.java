package org.allclose.jnpy;

/** What a written file survives. Either way it appears whole or not at all. */
public enum Durability {
  /** A loss of power right after it was written: its bytes are forced to the disk first. */
  FORCED,
  /**
   * The end of this process, however sudden. The system writes the bytes to the disk when it likes,
   * as it does for numpy.
   */
  BUFFERED
}
