package org.allclose.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.allclose.TestData;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TrainCommandTest {
  private static final String CONFIG =
      """
      {"format": "allclose-train/1", "seed": 231, "start": {"type": "he"},
       "data": {"x": "images", "y": "labels", "divideBy": 16, "shuffle": true, "validation": 297},
       "optimizer": {"type": "adam"}, "schedule": {"type": "constant", "rate": 0.01},
       "batch": 50, "epochs": EPOCHS, "accuracySamples": 500}
      """;

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void writeFiles() throws IOException {
    Files.writeString(
        folder.resolve("network.json"),
        """
        {"format": "allclose-network/1", "input": [64],
         "layers": [{"type": "dense", "name": "fc1", "units": 30}, {"type": "relu"},
                    {"type": "dense", "name": "fc2", "units": 10}],
         "loss": {"type": "softmax"}}
        """);
    Files.writeString(folder.resolve("train.json"), CONFIG.replace("EPOCHS", "4"));
  }

  @Test
  void train_writesParameters_logsAndPlots() throws IOException {
    int status =
        train(
            "--log",
            path("log.jsonl"),
            "--log",
            path("log.csv"),
            "--plot",
            path("p.png"),
            "--plot",
            path("p.svg"));
    assertEquals("", err.toString());
    assertEquals(0, status);
    assertTrue(out.toString().startsWith("120 steps, loss 0."), out.toString());
    assertTrue(out.toString().contains("\naccuracy in validation 0.9"), out.toString());
    assertEquals(4, Files.readAllLines(folder.resolve("log.jsonl")).size());
    List<String> csv = Files.readAllLines(folder.resolve("log.csv"));
    assertEquals(5, csv.size());
    assertEquals("epoch,steps,loss,rate,accuracy,validationLoss,validationAccuracy", csv.get(0));
    assertTrue(csv.get(4).startsWith("4,120,0."), csv.get(4));
    BufferedImage plot = ImageIO.read(folder.resolve("p.png").toFile());
    assertEquals(1600, plot.getWidth());
    assertEquals(3 * 640, plot.getHeight());
    String svg = Files.readString(folder.resolve("p.svg"));
    assertTrue(svg.startsWith("<?xml") && svg.endsWith("</svg>\n"));
  }

  @Test
  void stoppedRun_goesOnFromItsCheckpoint() throws IOException {
    assertEquals(0, train());
    byte[] whole = Files.readAllBytes(folder.resolve("weights.npz"));
    Files.writeString(folder.resolve("train.json"), CONFIG.replace("EPOCHS", "2"));
    assertEquals(0, train("--checkpoint", path("checkpoint.npz")));
    Files.writeString(folder.resolve("train.json"), CONFIG.replace("EPOCHS", "4"));
    assertEquals(0, train("--checkpoint", path("checkpoint.npz")));
    assertArrayEquals(whole, Files.readAllBytes(folder.resolve("weights.npz")));
    out.getBuffer().setLength(0);
    assertEquals(0, train("--checkpoint", path("checkpoint.npz"), "--gradient-flow"));
    assertTrue(
        out.toString().startsWith("resumed at its end, after 120 steps\n120 steps, loss 0."),
        out.toString());
  }

  @Test
  void checkpointOfAnotherRun_isRefused_unlessChangesAreAllowed() throws IOException {
    assertEquals(0, train("--checkpoint", path("run.npz")));
    byte[] before = Files.readAllBytes(folder.resolve("run.npz"));
    Files.writeString(
        folder.resolve("train.json"),
        CONFIG.replace("EPOCHS", "5").replace("231", "7").replace("0.01", "0.02"));
    err.getBuffer().setLength(0);
    assertEquals(2, train("--checkpoint", path("run.npz")));
    String digests =
        "expected \\d+ samples of shape \\(64,\\), SHA-256 [0-9a-f]{16} but got"
            + " \\d+ samples of shape \\(64,\\), SHA-256 [0-9a-f]{16}";
    String message = err.toString();
    assertTrue(
        message.matches(
            Pattern.quote(
                    "allclose: "
                        + path("run.npz")
                        + ": checkpoint of another run: seed: expected 7 but got 231; schedule:"
                        + " rate: expected 0.02 but got 0.01; data: ")
                + digests
                + "; and 1 more\n"),
        message);
    assertArrayEquals(before, Files.readAllBytes(folder.resolve("run.npz")));
    out.getBuffer().setLength(0);
    assertEquals(0, train("--checkpoint", path("run.npz"), "--resume-with-changes"));
    List<String> lines = out.toString().lines().toList();
    assertEquals("resumed at epoch 5, after 120 steps", lines.get(0));
    assertEquals("changed: seed: expected 7 but got 231", lines.get(1));
    assertEquals("changed: schedule: rate: expected 0.02 but got 0.01", lines.get(2));
    assertTrue(lines.get(3).startsWith("changed: data: expected 1500 samples of "), lines.get(3));
  }

  @Test
  void batchLargerThanTheData_isSaid() throws IOException {
    String config = CONFIG.replace("EPOCHS", "1").replace("\"batch\": 50", "\"batch\": 2147483647");
    Files.writeString(folder.resolve("train.json"), config);
    assertEquals(0, train(), err.toString());
    assertEquals(
        "allclose: "
            + path("train.json")
            + ": batch: expected at most the 1500 samples there are but got 2147483647: each step"
            + " takes all of them\n",
        err.toString());
    assertTrue(out.toString().startsWith("1 steps, loss "), out.toString());
    err.getBuffer().setLength(0);
    Files.writeString(
        folder.resolve("train.json"),
        config.replace("\"epochs\"", "\"draw\": \"choice\", \"epochs\""));
    assertEquals(2, train());
    assertTrue(
        err.toString()
            .endsWith(
                "allclose: batch of 2147483647: layer 1 'fc1': shape (2147483647, 30): expected at"
                    + " most 2147483647 elements but got 64424509410\n"),
        err.toString());
  }

  @Test
  void resumeWithChanges_withoutCheckpoint_isRefused() {
    assertEquals(2, train("--resume-with-changes"));
    assertEquals(
        "allclose: --resume-with-changes: expected --checkpoint beside it\n", err.toString());
  }

  @Test
  void log_ofARunThatGoesOn_isThatOfAWholeRun() throws IOException {
    assertEquals(0, train("--log", path("whole.csv")));
    List<String> lines = Files.readAllLines(folder.resolve("whole.csv"));
    Files.writeString(folder.resolve("train.json"), CONFIG.replace("EPOCHS", "3"));
    assertEquals(0, train("--checkpoint", path("run.npz"), "--log", path("log.csv")));
    // Killed after the checkpoint of the third epoch, and before its line; a full disk cut it off.
    Files.writeString(
        folder.resolve("log.csv"), String.join("\n", lines.subList(0, 3)) + "\n3,90,0.");
    Files.writeString(folder.resolve("train.json"), CONFIG.replace("EPOCHS", "4"));
    assertEquals(0, train("--checkpoint", path("run.npz"), "--log", path("log.csv")));
    List<String> expected = new java.util.ArrayList<>(lines);
    expected.add(3, "3,90,0.");
    assertEquals(expected, Files.readAllLines(folder.resolve("log.csv")));
  }

  @Test
  void trainedParameters_areForPredict() throws IOException {
    assertEquals(0, train());
    CommandLine command = commandLine();
    int status =
        command.execute(
            "predict",
            "--network",
            path("network.json"),
            "--weights",
            path("weights.npz"),
            "--input",
            TestData.fixtures().resolve("digits/inputs/x.npy").toString(),
            "--output",
            path("scores.npy"));
    assertEquals(0, status, err.toString());
  }

  @Test
  void plotOfAnotherKind_isRefused_beforeTraining() {
    assertEquals(2, train("--plot", path("p.gif")));
    assertEquals(
        "allclose: --plot: expected the name of a .png or .svg file but got "
            + path("p.gif")
            + "\n",
        err.toString());
    assertTrue(Files.notExists(folder.resolve("weights.npz")));
  }

  private int train(String... more) {
    List<String> arguments =
        new java.util.ArrayList<>(
            List.of(
                "train",
                "--network",
                path("network.json"),
                "--data",
                TestData.folder().resolve("datasets/digits.npz").toString(),
                "--config",
                path("train.json"),
                "--output",
                path("weights.npz")));
    arguments.addAll(List.of(more));
    return commandLine().execute(arguments.toArray(String[]::new));
  }

  private CommandLine commandLine() {
    CommandLine command = Allclose.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command;
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }
}
