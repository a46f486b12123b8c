/**
 * Rules by which layers in a row are computed together, with the same bits: they look at the layers
 * so that layers need not look at each other.
 */
package org.allclose.internal.fusion;
