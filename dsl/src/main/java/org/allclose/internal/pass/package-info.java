/**
 * What the passes of several rooms of layers have in common: element by element, linear with
 * weights and bias, windows on images.
 *
 * <p>It knows the operations, not the layers: what one layer alone needs lives beside that layer.
 */
package org.allclose.internal.pass;
