/**
 * What is said of JSON that is not as its format demands.
 *
 * <p>JSON is read in an internal room.
 */
package org.allclose.json;
