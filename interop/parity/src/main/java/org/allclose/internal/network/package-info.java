/**
 * Networks as JSON, and what they compute under the names that files have for it.
 *
 * <p>Internal: it changes as allclose needs it.
 */
package org.allclose.internal.network;
