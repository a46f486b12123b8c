/**
 * Layers that combine several inputs, and those that give one another shape; none has parameters.
 */
package org.allclose.layer.combine;
