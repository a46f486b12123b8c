package org.allclose.training;

import com.google.gson.JsonObject;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.OptionalDouble;
import org.allclose.internal.file.FileFailures;
import org.allclose.train.History;
import org.allclose.train.History.EpochReport;
import org.allclose.train.Trainer;
import org.allclose.train.TrainingListener;

/**
 * A line for each epoch, as JSON or as comma-separated values, written at once and appended to what
 * is there.
 */
public final class TrainingLog implements TrainingListener, Closeable {
  private static final String HEAD =
      "epoch,steps,loss,rate,accuracy,validationLoss,validationAccuracy";

  private final Path file;
  private final BufferedWriter writer;
  private final boolean json;
  private final String last;

  /**
   * @param last the last line that was there
   */
  private TrainingLog(Path file, BufferedWriter writer, boolean json, String last) {
    this.file = file;
    this.writer = writer;
    this.json = json;
    this.last = last;
  }

  /**
   * Opens a log: comma-separated values under a head if the file's name ends in {@code .csv}, else
   * a JSON object a line.
   *
   * @throws IOException if the file cannot be written
   */
  public static TrainingLog open(Path file) throws IOException {
    boolean csv = file.toString().endsWith(".csv");
    String before;
    TrainingLog log;
    try {
      before = Files.isRegularFile(file) ? Files.readString(file) : "";
      BufferedWriter writer =
          Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      log = new TrainingLog(file, writer, !csv, lastLine(before));
    } catch (IOException e) {
      throw FileFailures.writing(file, e);
    }
    if (!before.isEmpty() && !before.endsWith("\n")) {
      log.write(""); // a line that a full disk cut off stands alone
    }
    if (csv && before.isEmpty()) {
      log.write(HEAD);
    }
    return log;
  }

  /** Returns the last line that is whole. */
  private static String lastLine(String text) {
    List<String> lines = text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
  }

  /**
   * Adds the epochs of a run that goes on which the log lacks: those after its last line, if that
   * is an epoch of this run, or else all.
   */
  public void addMissing(History history) {
    List<String> lines = history.epochs().stream().map(this::line).toList();
    lines.subList(lines.lastIndexOf(last) + 1, lines.size()).forEach(this::write);
  }

  @Override
  public void afterEpoch(Trainer trainer, EpochReport epoch) {
    write(line(epoch));
  }

  private String line(EpochReport epoch) {
    return json ? json(epoch) : csv(epoch);
  }

  private static String csv(EpochReport epoch) {
    return String.join(
        ",",
        Integer.toString(epoch.epoch()),
        Long.toString(epoch.steps()),
        Double.toString(epoch.loss()),
        Double.toString(epoch.rate()),
        text(epoch.accuracy()),
        text(epoch.validationLoss()),
        text(epoch.validationAccuracy()));
  }

  private static String text(OptionalDouble value) {
    return value.isPresent() ? Double.toString(value.getAsDouble()) : "";
  }

  private static String json(EpochReport epoch) {
    JsonObject line = new JsonObject();
    line.addProperty("epoch", epoch.epoch());
    line.addProperty("steps", epoch.steps());
    line.addProperty("loss", epoch.loss());
    line.addProperty("rate", epoch.rate());
    epoch.accuracy().ifPresent(value -> line.addProperty("accuracy", value));
    epoch.validationLoss().ifPresent(value -> line.addProperty("validationLoss", value));
    epoch.validationAccuracy().ifPresent(value -> line.addProperty("validationAccuracy", value));
    return line.toString();
  }

  private void write(String line) {
    try {
      writer.write(line);
      writer.newLine();
      writer.flush();
    } catch (IOException e) {
      IOException told = FileFailures.writing(file, e);
      throw new UncheckedIOException(told.getMessage(), told);
    }
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
