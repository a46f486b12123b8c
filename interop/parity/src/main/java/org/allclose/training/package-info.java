/**
 * What training has to do with files and people: configs, data, checkpoints, logs, progress, plots.
 */
package org.allclose.training;
