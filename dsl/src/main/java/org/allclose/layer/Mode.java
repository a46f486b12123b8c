package org.allclose.layer;

/** What a network is run for, where it makes a difference to a layer. */
public enum Mode {
  /** Batch norm uses the batch's statistics and updates the running ones; dropout drops. */
  TRAINING,
  /** Batch norm uses the running statistics; dropout does nothing. */
  INFERENCE
}
