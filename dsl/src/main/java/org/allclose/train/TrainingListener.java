package org.allclose.train;

import org.allclose.train.History.EpochReport;

/** What follows a training run: progress bars, logs, checkpoints, plots. */
public interface TrainingListener {

  /** A step is done: the trainer's history has its loss, its gradients are those of the step. */
  default void afterStep(Trainer trainer) {}

  /** An epoch has ended, after its last step. */
  default void afterEpoch(Trainer trainer, EpochReport epoch) {}

  /** The run has ended. */
  default void afterRun(Trainer trainer) {}
}
