/**
 * What makes one number, or one row, of many: sums in the order of numpy's pairwise summation, the
 * largest elements, and whether all are finite. The order of additions is defined here and nowhere
 * else. Matrix products, which sum up in an order of their own, live in {@code product}.
 */
package org.allclose.internal.kernel.reduce;
