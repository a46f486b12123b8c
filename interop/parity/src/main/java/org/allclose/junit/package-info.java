/**
 * JUnit 5 tests over recorded cases.
 *
 * <p>The comparison itself lives in {@code org.allclose.parity}.
 */
package org.allclose.junit;
