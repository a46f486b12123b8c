package org.allclose.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.allclose.TestData;
import org.allclose.jnpy.Jvm;
import org.allclose.jnpy.Npy;
import org.allclose.jnpy.NpyArray;
import org.allclose.jnpy.Npz;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** A disk that is full, wherever in a write, costs the new file and nothing else. */
@Tag("slow")
class FullDiskTest {
  private static final Path DIGITS = TestData.fixtures().resolve("digits");
  private static final int PAGE = 4096;
  private static final int PAGES = 64;

  @TempDir Path folder;
  private Path disk;
  private boolean mounted;

  /** Mounts a disk of 256 KiB in memory, which the superuser may. */
  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(folder.resolve("disk"));
    mounted = call("mount", "-t", "tmpfs", "-o", "size=" + PAGES * PAGE, "tmpfs", disk.toString());
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertTrue(call("umount", disk.toString()));
    }
  }

  private static boolean call(String... command) throws Exception {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static String[] arguments(String command, Path folder, Path output) throws IOException {
    return switch (command) {
      case "convert npy", "convert npz" -> {
        Path in = folder.resolve(command.substring("convert ".length()));
        NpyArray array = NpyArray.of(new double[12_000], 120, 100);
        if (command.endsWith("npy")) {
          Npy.write(in, array);
        } else {
          Npz.write(in, Map.of("a", array, "b", NpyArray.of(new double[3], 3)));
        }
        yield new String[] {"convert", in.toString(), output.toString()};
      }
      case "predict" ->
          new String[] {
            "predict",
            "--network",
            DIGITS.resolve("network.json").toString(),
            "--weights",
            DIGITS.resolve("weights.npz").toString(),
            "--input",
            DIGITS.resolve("inputs/x.npy").toString(),
            "--output",
            output.toString()
          };
      default ->
          new String[] {
            "check", DIGITS.toString(), command.substring("check ".length()), output.toString()
          };
    };
  }

  private static String suffix(String command) {
    return switch (command) {
      case "convert npy", "predict" -> ".npy";
      case "convert npz" -> ".npz";
      default -> ".html";
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "convert npy",
        "convert npz",
        "predict",
        "check --html",
        "check --json",
        "check --junit"
      })
  void fullDisk_atEveryPage_isOneLineAndKeepsTheOldFile(String command) throws Exception {
    assumeTrue(mounted, "skipped: no disk in memory can be mounted here");
    Path output = disk.resolve("out" + suffix(command));
    String[] arguments = arguments(command, folder, output);
    assertEquals("", run(0, arguments));
    long bytes = Files.size(output);
    int needed = (int) ((bytes + PAGE - 1) / PAGE);
    Files.writeString(output, "old");
    Path filler = disk.resolve("filler");
    for (int free = needed - 1; free >= 0; free--) {
      fill(filler, PAGES - 1 - free);
      String message = run(2, arguments);
      assertTrue(
          message.matches(
              "allclose: "
                  + output
                  + ": cannot be written: no space left on device \\(needed at least [0-9,]+"
                  + " bytes\\)\n"),
          message);
      assertEquals("old", Files.readString(output));
      assertEquals(List.of("filler", output.getFileName().toString()), files());
    }
    fill(filler, PAGES - 1 - needed);
    assertEquals("", run(0, arguments));
    assertEquals(bytes, Files.size(output));
  }

  private static void fill(Path filler, int pages) throws IOException {
    Files.deleteIfExists(filler);
    Files.write(filler, new byte[pages * PAGE]);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(disk)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** Needs no superuser: the system allows no file to grow beyond 16 KiB. */
  @Test
  void limitOfTheSystem_isOneLineAndKeepsTheOldFile() throws Exception {
    Path output = Files.writeString(folder.resolve("out.npy"), "old");
    Process process;
    try {
      process =
          Jvm.startBehind(
              List.of("bash", "-c", "ulimit -f 16; exec \"$@\"", "bash"),
              List.of("-XX:-UsePerfData"),
              Allclose.class,
              arguments("predict", folder, output));
    } catch (IOException e) {
      abort("skipped: no bash here");
      return;
    }
    assertEquals(
        "allclose: "
            + output
            + ": cannot be written: file too large (needed at least BYTES bytes)\n",
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .replaceAll("(?s)^.* org.allclose.internal.kernel.*?\n.*?\n", "") // the log's line
            .replaceAll("least [0-9,]+", "least BYTES"));
    assertEquals(2, process.waitFor());
    assertEquals("old", Files.readString(output));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(
          List.of("disk", "out.npy"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }

  /** Runs a command and returns what it says on standard error. */
  private static String run(int status, String... arguments) {
    StringWriter err = new StringWriter();
    CommandLine command = Allclose.commandLine(arguments);
    command.setOut(new PrintWriter(new StringWriter()));
    command.setErr(new PrintWriter(err, true));
    assertEquals(status, command.execute(arguments), err.toString());
    return err.toString();
  }
}
