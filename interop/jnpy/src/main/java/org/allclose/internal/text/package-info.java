/**
 * Text as it is shown: strangers' names made printable, numbers with the same digits on every JDK.
 *
 * <p>Knows neither files nor arrays. Internal: it changes as allclose needs it.
 */
package org.allclose.internal.text;
