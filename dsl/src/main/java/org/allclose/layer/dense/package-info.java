/** Layers whose units see all of a sample. */
package org.allclose.layer.dense;
