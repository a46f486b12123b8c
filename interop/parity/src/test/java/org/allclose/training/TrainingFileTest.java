package org.allclose.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.init.Initializer;
import org.allclose.internal.json.Json;
import org.allclose.jnpy.NpyArray;
import org.allclose.jnpy.Npz;
import org.allclose.json.JsonFormatException;
import org.allclose.train.optimizer.Optimizer;
import org.allclose.train.schedule.Schedule;
import org.allclose.type.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingFileTest {
  private static final String GOOD =
      """
      {"format": "allclose-train/1", "seed": 231, "start": {"type": "gaussian", "std": 0.1},
       "data": {"x": "x", "y": "y", "divideBy": 16, "validation": 2},
       "optimizer": {"type": "adam"}, "schedule": {"type": "constant", "rate": 0.001},
       "batch": 2, "epochs": 1}
      """;

  private static final NetworkSpec SPEC = Network.input(3).dense(2).softmaxLoss().build();

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "train/1 | train/2 | line 1, column 12: format: expected 'allclose-train/1' but got"
            + " 'allclose-train/2'",
        "\"seed\": 231 | \"seed\": -1 | line 1, column 40: seed: expected a whole number of at"
            + " least 0 but got -1",
        "gaussian | normal | line 1, column 63: start.type: expected one of STARTS but got"
            + " 'normal'; did you mean 'gaussian'?",
        "\"std\": 0.1 | \"std\": -1 | line 1, column 82: start.std: expected a finite number of at"
            + " least 0 but got -1",
        "\"divideBy\": 16 | \"divideBy\": 0 | line 2, column 43: data.divideBy: expected a number"
            + " other than 0 but got 0",
        "\"validation\": 2 | \"validation\": -2 | line 2, column 61: data.validation: expected a"
            + " whole number of at least 0 but got -2",
        "\"y\": \"y\" | \"z\": \"y\" | line 2, column 10: data: expected key 'y' but got [x, z,"
            + " divideBy, validation]",
        "adam | adan | line 3, column 24: optimizer.type: expected one of OPTIMIZERS but got"
            + " 'adan'; did you mean 'adam'?",
        "\"adam\" | \"adam\", \"beta\": 1 | line 3, column 32: optimizer: expected keys [type,"
            + " beta1, beta2, epsilon] but got 'beta'; did you mean 'beta1'?",
        "constant | linear | line 3, column 54: schedule.type: expected one of SCHEDULES but got"
            + " 'linear'",
        "0.001 | -0.001 | line 3, column 74: schedule.rate: expected a finite number of at least 0"
            + " but got -0.001",
        "\"batch\": 2 | \"batch\": 0 | line 4, column 11: batch: expected a whole number of at"
            + " least 1 but got 0",
        "\"epochs\": 1 | \"epochs\": 1, \"steps\": 1 | training: expected either steps or epochs"
            + " but got both",
        "\"batch\": 2 | \"bach\": 2 | line 4, column 2: expected keys [format, seed, start, data,"
            + " optimizer, schedule, clipValue, clipNorm, draw, batch, steps, epochs,"
            + " accuracySamples, validationSamples, firstCheck, keepBest, lastStatistics, patience]"
            + " but got 'bach'; did you mean 'batch'?",
        "\"batch\": 2 | \"validationSamples\": 0 | validationSamples: expected at least 1 but got"
            + " 0",
        "\"batch\": 2 | \"firstCheck\": 1 | line 4, column 16: firstCheck: expected true or false"
            + " but got 1",
        "\"batch\": 2 | \"lastStatistics\": 1 | line 4, column 20: lastStatistics: expected true or"
            + " false but got 1",
        "\"batch\": 2 | \"draw\": \"all\" | line 4, column 10: draw: expected one of [choice,"
            + " permutation] but got 'all'",
      })
  void badConfig_saysWhere(String from, String to, String message) {
    String text = GOOD.replace(from, to);
    JsonFormatException e =
        assertThrows(
            JsonFormatException.class, () -> Json.parse("train.json", text, TrainingFile::read));
    String expected =
        message
            .replace("OPTIMIZERS", names(Optimizer.class).toString())
            .replace("SCHEDULES", names(Schedule.class).toString())
            .replace("STARTS", starts().toString());
    assertEquals("train.json: " + expected, e.getMessage());
  }

  private static <F> List<String> names(Class<F> family) {
    return List.copyOf(Types.of(family).byName().keySet());
  }

  private static List<String> starts() {
    List<String> starts = new ArrayList<>(names(Initializer.class));
    starts.addAll(List.of("he", "xavier"));
    return starts;
  }

  @Test
  void names_areThoseOfTheTypes() {
    assertTrue(names(Optimizer.class).containsAll(List.of("sgd", "adam", "kerasAdam")));
    assertTrue(names(Schedule.class).containsAll(List.of("constant", "cosine")));
    assertTrue(names(Initializer.class).containsAll(List.of("gaussian", "orthogonal")));
  }

  @Test
  void badData_saysWhere() throws IOException {
    assertData("data.npz: expected an array 'y' but got [x]", Map.of("x", array(4, 3)));
    assertData(
        "data.npz: expected a row of 'y' for each of 'x' but got shapes [(3,), (4, 3)]",
        both(array(4, 3), array(3)));
    assertData(
        "data.npz: expected more than the 2 samples for validation but got 2",
        both(array(2, 3), array(2)));
    assertData(
        "data.npz: expected more than the 2 samples for validation but got 0",
        both(array(0, 3), array(0)));
  }

  @Test
  void samplesOfAnotherSize_areRefused() throws IOException {
    Path file = folder.resolve("data.npz");
    Npz.write(file, both(array(4, 5), array(4)));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Json.parse("train.json", GOOD, TrainingFile::read).trainer(SPEC, file));
    assertEquals(
        file + "!x.npy: expected samples of shape (3,) but got an array of shape (4, 5)",
        e.getMessage());
  }

  /** Tokens are not divided; each input is found by its name. */
  @Test
  void inputs_areArraysByTheirNames() throws IOException {
    NetworkSpec spec =
        Network.inputs(in -> in.values("a", 3).tokens("ids", 2))
            .from("ids")
            .embedding("e", 17, 3)
            .flatten("f")
            .concat("f", "a")
            .dense(2)
            .softmaxLoss()
            .build();
    String config = GOOD.replace("\"x\": \"x\"", "\"x\": {\"ids\": \"y2\", \"a\": \"x\"}");
    Path file = folder.resolve("data.npz");
    Map<String, NpyArray> arrays = both(array(4, 3), array(4));
    arrays.put("y2", NpyArray.of(new double[] {16, 0, 1, 2, 3, 4, 5, 6}, 4, 2));
    Npz.write(file, arrays);
    assertTrue(
        Double.isFinite(
            Json.parse("train.json", config, TrainingFile::read).trainer(spec, file).step()));
    assertEquals(
        "data.x: expected arrays of inputs [a, ids] but got [x]",
        assertThrows(
                IllegalArgumentException.class,
                () -> Json.parse("train.json", GOOD, TrainingFile::read).trainer(spec, file))
            .getMessage());
    assertEquals(
        "data.x: expected arrays of inputs [input] but got [ids, a]",
        assertThrows(
                IllegalArgumentException.class,
                () -> Json.parse("train.json", config, TrainingFile::read).trainer(SPEC, file))
            .getMessage());
    arrays.put("y2", array(5, 2));
    Npz.write(file, arrays);
    assertEquals(
        file + ": expected a row of 'y' for each of 'y2' but got shapes [(4,), (5, 2)]",
        assertThrows(
                IOException.class,
                () -> Json.parse("train.json", config, TrainingFile::read).trainer(spec, file))
            .getMessage());
  }

  private static Map<String, NpyArray> both(NpyArray x, NpyArray y) {
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    arrays.put("x", x);
    arrays.put("y", y);
    return arrays;
  }

  private static NpyArray array(int... shape) {
    int size = 1;
    for (int length : shape) {
      size *= length;
    }
    return NpyArray.of(new double[size], shape);
  }

  private void assertData(String message, Map<String, NpyArray> arrays) throws IOException {
    Path file = folder.resolve("data.npz");
    Npz.write(file, arrays);
    IOException e =
        assertThrows(
            IOException.class,
            () -> Json.parse("train.json", GOOD, TrainingFile::read).trainer(SPEC, file));
    assertEquals(folder + "/" + message, e.getMessage());
  }
}
