package org.allclose.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalDouble;
import org.allclose.train.History;
import org.allclose.train.History.EpochReport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A plot is the same wherever it is drawn. */
class TrainingPlotTest {
  private final Locale before = Locale.getDefault();

  @TempDir private Path folder;

  @AfterEach
  void restoreLocale() {
    Locale.setDefault(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "de-DE",
        "fr-FR",
        "hi-IN-u-nu-deva",
        "ar-EG-u-nu-arab",
        "th-TH-u-nu-thai-ca-buddhist"
      })
  void svg_hasNumbersAsInEnglish_inEveryLocale(String locale) throws IOException {
    Locale.setDefault(Locale.ROOT);
    String expected = svg();
    Locale.setDefault(Locale.forLanguageTag(locale));
    assertEquals(expected, svg());
  }

  private String svg() throws IOException {
    History history = new History();
    for (int step = 0; step < 60; step++) {
      history.add(2.5 / (1 + step));
      if (step % 20 == 19) {
        int epoch = step / 20 + 1;
        history.add(
            new EpochReport(
                epoch,
                step + 1,
                2.0 / epoch,
                0.0125 / epoch,
                OptionalDouble.of(0.25 * epoch),
                OptionalDouble.of(1.9 / epoch),
                OptionalDouble.of(0.3125 * epoch)));
      }
    }
    Path file = folder.resolve("plot.svg");
    TrainingPlot.write(file, "a run", history);
    return Files.readString(file);
  }
}
