/**
 * Benchmarks with JMH, and their comparison with numpy and PyTorch in one run.
 *
 * <p>Built and run in the Maven profile {@code benchmark} alone.
 */
package org.allclose.benchmark;
