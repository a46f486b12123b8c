/**
 * Schedules: each {@link org.allclose.train.schedule.Schedule} is an immutable record of its
 * settings that gives the learning rate of a step, one file each.
 *
 * <p>A schedule remembers nothing: where training is, it is told. What is done with the rate does
 * not live here.
 */
@NullMarked
package org.allclose.train.schedule;

import org.jspecify.annotations.NullMarked;
