package org.allclose.layer.combine;

/** Which of several elements that are the largest, or smallest, have the gradient. */
public enum Ties {
  /** The first one has all of it. */
  FIRST,
  /** Each has an equal share. */
  SHARED
}
