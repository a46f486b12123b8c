/**
 * Training, and what shows that its gradients are right.
 *
 * <p>Uses networks from outside; no other room of this module knows this one.
 */
package org.allclose.train;
