/**
 * Files of any kind: told by their first bytes, read from pipes too, written whole or not at all,
 * and their failures in one form.
 *
 * <p>What lies in them is read elsewhere: arrays in {@code org.allclose.jnpy}, JSON in {@code
 * org.allclose.json}. Internal: it changes as allclose needs it.
 */
package org.allclose.internal.file;
