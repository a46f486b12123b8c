package org.allclose.cli;

import static org.allclose.cli.CommandRun.assertUnusable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.allclose.TestData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that are given files of other programs, or of another kind. */
class ForeignFilesTest {
  private static final Path FOREIGN = TestData.folder().resolve("foreign");
  private static final Path SAFETENSORS = TestData.folder().resolve("safetensors");
  private static final Path DIGITS = TestData.fixtures().resolve("digits");
  private static final String CHECKPOINT =
      "a PyTorch checkpoint: save its state_dict with np.savez or safetensors, or record with"
          + " from_torch";

  @TempDir Path folder;

  @Test
  void weights_thatAreACheckpoint() throws IOException {
    Path file = FOREIGN.resolve("model.pt");
    Path output = folder.resolve("y.npy");
    assertUnusable(
        file + ": expected a .npz file or a .safetensors file but got " + CHECKPOINT,
        "predict",
        "--network",
        DIGITS.resolve("network.json"),
        "--weights",
        file,
        "--input",
        DIGITS.resolve("inputs/x.npy"),
        "--output",
        output);
    assertFalse(Files.exists(output));
  }

  @Test
  void inputs_ofAnotherKind() {
    Path weights = DIGITS.resolve("weights.npz");
    Path network = DIGITS.resolve("network.json");
    Path x = DIGITS.resolve("inputs/x.npy");
    Path output = folder.resolve("y.npy");
    assertUnusable(
        weights
            + ": expected a .npy file but got a .npz file: it holds arrays under names, save one of"
            + " them with np.save",
        predict(network, weights, weights, output));
    assertUnusable(
        x
            + ": expected a .npz file or a .safetensors file but got a .npy file: it holds one array"
            + " without a name, save with np.savez",
        predict(network, x, x, output));
    assertUnusable(
        weights + ": expected a JSON file but got a .npz file",
        predict(weights, weights, x, output));
    Path none = folder.resolve("none.json");
    assertUnusable(none + ": expected a file but there is none", predict(none, weights, x, output));
  }

  @Test
  void convert_blamesTheInput() {
    Path output = folder.resolve("out.npz");
    Path file = FOREIGN.resolve("table.csv");
    assertUnusable(
        file
            + ": expected a .npy file or a .npz file but got text, such as CSV: read it with"
            + " np.loadtxt and save with np.save or np.savez",
        "convert",
        file,
        output);
    assertUnusable("-: expected a file but there is none", "convert", "-", output);
    assertUnusable(
        folder + ": expected a .npy file or a .npz file but got a folder",
        "convert",
        folder,
        output);
    Path unknown = FOREIGN.resolve("bfloat16.npy").resolveSibling("unknown");
    assertUnusable(unknown + ": expected a file but there is none", "convert", unknown, output);
    assertFalse(Files.exists(output));
  }

  @Test
  void showAndDiff_nameThemToo() {
    Path file = FOREIGN.resolve("old.pth");
    assertUnusable(
        file + ": expected a .npy file or a .npz file but got " + CHECKPOINT, "show", file);
    assertUnusable(
        file + ": expected a .npz file, a .npy file or a .safetensors file but got " + CHECKPOINT,
        "diff",
        file,
        file);
  }

  @Test
  void zipWithoutArrays_isCalledThat() throws IOException {
    Path zip = folder.resolve("notes.npz");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      out.putNextEntry(new ZipEntry("README.txt"));
    }
    assertUnusable(
        zip + ": expected a .npz file but got a zip file without arrays, of 1 file",
        "diff",
        zip,
        zip);
  }

  @Test
  void check_ofAFile_saysWhatItIs() {
    Path file = FOREIGN.resolve("model.keras");
    assertUnusable(file + ": expected a folder of cases but got a Keras model", "check", file);
  }

  @Test
  void ignore_leavesOutWhatIsNotUsed_andSaysSo() throws IOException {
    Path network =
        Files.writeString(
            folder.resolve("n.json"),
            """
        {"format": "allclose-network/1", "input": [3],
         "layers": [{"type": "dense", "name": "fc1", "units": 2}]}
        """);
    Path x = folder.resolve("x.npy");
    org.allclose.weights.NumpyTensors.write(x, org.allclose.tensor.Tensor.zeros(1, 3));
    Path output = folder.resolve("y.npy");
    Path weights = SAFETENSORS.resolve("bool_extra.safetensors");
    Object[] predict = predict(network, weights, x, output);
    CommandRun run = CommandRun.of(with(predict, "--layout", "pytorch", "--ignore", "attn\\..*"));
    assertEquals(
        "allclose: " + weights + ": ignored 1 tensor that matches 'attn\\..*': [attn.mask]\n",
        run.err());
    assertEquals(0, run.status());
    assertTrue(Files.exists(output));
    assertUnusable(
        weights
            + ": expected a name that matches 'mask', to ignore it, but got [fc1.weight, fc1.bias,"
            + " attn.mask]",
        with(predict, "--layout", "pytorch", "--ignore", "mask"));
    Path shards = SAFETENSORS.resolve("shards/model.safetensors.index.json");
    assertEquals(
        0,
        CommandRun.of(with(predict(network, shards, x, output), "--layout", "pytorch")).status());
    Path batchNorm = SAFETENSORS.resolve("batch_norm.safetensors");
    run =
        CommandRun.of(
            with(
                predict(network, batchNorm, x, output),
                "--layout",
                "pytorch",
                "--ignore",
                "bn1\\..*"));
    assertTrue(run.err().contains("bn1.num_batches_tracked"), run.err());
  }

  private static Object[] predict(Path network, Path weights, Path x, Path output) {
    return new Object[] {
      "predict", "--network", network, "--weights", weights, "--input", x, "--output", output
    };
  }

  private static Object[] with(Object[] arguments, Object... more) {
    Object[] all = java.util.Arrays.copyOf(arguments, arguments.length + more.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    return all;
  }
}
