/**
 * What the loops run on: which implementation this JVM has, threads that share work, memory that a
 * thread keeps, the width of vectors and the multiply-add of the processor. No arithmetic on arrays
 * lives here. Every other room of the kernel may use this one; it uses none.
 */
package org.allclose.internal.kernel.runtime;
