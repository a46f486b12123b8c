/**
 * The door to the kernels: operations on tensors, behind one interface with an implementation for
 * each dtype.
 *
 * <p>What layers, losses and optimizers compute, they compute by these. Products, convolutions and
 * pools are planned once for a pass and then run without allocation. Loops do not live here, shapes
 * are not checked here.
 */
package org.allclose.internal.ops;
