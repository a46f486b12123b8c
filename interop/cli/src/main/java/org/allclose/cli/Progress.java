package org.allclose.cli;

import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.allclose.train.History.EpochReport;
import org.allclose.train.Trainer;
import org.allclose.train.TrainingListener;

/** A bar on standard error: steps, steps a second, time left, epoch, loss and accuracy. */
final class Progress implements TrainingListener, AutoCloseable {
  private final ProgressBar bar;
  private String epochText = "";

  private Progress(ProgressBar bar) {
    this.bar = bar;
  }

  /** Starts a bar that begins where the run is. */
  static Progress of(Trainer trainer) {
    ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName("train")
            .setInitialMax(trainer.totalSteps())
            .setStyle(ProgressBarStyle.ASCII)
            .showSpeed()
            .startsFrom(trainer.history().steps(), java.time.Duration.ZERO)
            .build();
    return new Progress(bar);
  }

  @Override
  public void afterStep(Trainer trainer) {
    bar.setExtraMessage(
        String.format(Locale.ROOT, " loss %.4f%s", trainer.history().latestLoss(), epochText));
    bar.step();
  }

  @Override
  public void afterEpoch(Trainer trainer, EpochReport epoch) {
    StringBuilder text = new StringBuilder(", epoch " + epoch.epoch());
    epoch.accuracy().ifPresent(a -> text.append(String.format(Locale.ROOT, ", accuracy %.4f", a)));
    epoch
        .validationAccuracy()
        .ifPresent(a -> text.append(String.format(Locale.ROOT, ", validation %.4f", a)));
    epochText = text.toString();
  }

  @Override
  public void close() {
    bar.close();
  }
}
