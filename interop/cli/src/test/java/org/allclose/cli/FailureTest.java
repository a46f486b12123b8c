package org.allclose.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.allclose.TestData;
import org.allclose.jnpy.Jvm;
import org.allclose.jnpy.Npy;
import org.allclose.jnpy.NpyArray;
import org.allclose.jnpy.NpyFile;
import org.allclose.jnpy.Npz;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever goes wrong is one line and the status 2, in JVMs of their own where it has to be. */
class FailureTest {
  private static final Path DIGITS = TestData.fixtures().resolve("digits");

  @TempDir Path folder;

  /** What a process gave; both outputs are one. */
  private record Run(int status, String output) {}

  @Test
  void errors_areLinesToo() {
    assertEquals(
        "allclose: allclose.threads: expected 1",
        Failure.line(
            new ExceptionInInitializerError(
                new IllegalArgumentException("allclose.threads: expected 1"))));
    assertEquals(
        "allclose: a mapped file: expected it to stay as it is while it is read but it was cut short",
        Failure.line(
            new InternalError(
                "a fault occurred in a recent unsafe memory access operation in compiled Java code")));
    assertEquals(
        "allclose: memory: expected enough outside the heap but there is no more (Metaspace)",
        Failure.line(new OutOfMemoryError("Metaspace")));
    assertEquals(
        "allclose: stack: expected less nesting but it is full; -Xss gives Java more",
        Failure.line(new StackOverflowError()));
    assertEquals(
        "allclose: x.npy: expected a file but there is none",
        Failure.line(new UncheckedIOException(new NoSuchFileException("x.npy"))));
  }

  @Test
  void aFaultOfOurs_saysWhereItIs() {
    IndexOutOfBoundsException fault = new IndexOutOfBoundsException("7\n8");
    assertEquals(
        "allclose: a fault of this program, please report it: java.lang.IndexOutOfBoundsException:"
            + " 7\\n8 at "
            + fault.getStackTrace()[0],
        Failure.line(fault));
  }

  @Test
  void aLongLine_isCutInTheMiddle() {
    String line = Failure.line(new IOException("a".repeat(1_000_000) + "end"));
    assertEquals(Failure.LONGEST - 1, line.length());
    assertTrue(line.startsWith("allclose: aaa") && line.endsWith("aaaend"), line);
    assertTrue(line.contains("a ... a"));
  }

  @Test
  void aCommandThatThrowsAnError_isUnusable() {
    StringWriter err = new StringWriter();
    PrintWriter full =
        new PrintWriter(new StringWriter()) {
          @Override
          public void write(String text, int offset, int length) {
            throw new OutOfMemoryError("Java heap space");
          }
        };
    assertEquals(
        2,
        Allclose.run(full, new PrintWriter(err), "summary", "--network", DIGITS + "/network.json"));
    assertEquals(
        "allclose: memory: expected enough for the work but the heap of "
            + (Runtime.getRuntime().maxMemory() >> 20)
            + " MiB is full; -Xmx gives Java more\n",
        err.toString());
  }

  @Test
  void anArgumentThatStartsWithAt_isNoFileOfArguments() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "root:secret");
    StringWriter err = new StringWriter();
    assertEquals(2, Allclose.run(new PrintWriter(err), new PrintWriter(err), "show", "@" + secret));
    assertEquals("allclose: @" + secret + ": expected a file but there is none\n", err.toString());
  }

  @Test
  void wrongSystemProperties_areSaid() throws Exception {
    String[] predict = {
      "gradients",
      "--network",
      DIGITS.resolve("network.json").toString(),
      "--weights",
      DIGITS.resolve("weights.npz").toString(),
      "--input",
      DIGITS.resolve("inputs/x.npy").toString(),
      "--labels",
      DIGITS.resolve("inputs/labels.npy").toString(),
      "--output",
      folder.resolve("g.npz").toString()
    };
    assertRun(
        "allclose: allclose.threads: expected 1 to 256 but got 0\n",
        java(List.of("-Dallclose.threads=0"), predict));
    assertRun(
        "allclose: allclose.kernel: expected reference, scalar or vector but got 'FOO'\n",
        java(List.of("-Dallclose.kernel=foo"), predict));
    assertRun(
        "allclose: allclose.threads: expected 1 to 256 but got 0\n",
        java(List.of("-Dallclose.threads=0"), "check", TestData.fixtures().toString()));
  }

  @Test
  @Tag("slow")
  void inputsThatNoMemoryHolds_areRefused() throws Exception {
    Path layers = folder.resolve("layers.json");
    Files.writeString(
        layers,
        "{\"format\": \"allclose-network/1\", \"input\": [4], \"layers\": ["
            + "{\"type\":\"relu\"},".repeat(1_000_000)
            + "{\"type\":\"relu\"}]}");
    assertSmall(
        layers + ": line 1, column 4000019: expected at most 500000 values",
        "summary",
        "--network",
        layers);
    Path axes = folder.resolve("axes.json");
    Files.writeString(
        axes,
        "{\"format\": \"allclose-network/1\", \"input\": ["
            + "1,".repeat(5_000_000)
            + "1], \"layers\": [{\"type\":\"relu\"}]}");
    assertSmall(
        axes + ": line 1, column 1000038: expected at most 500000 values",
        "summary",
        "--network",
        axes);
    Path deep = folder.resolve("deep.json");
    Files.writeString(deep, "[".repeat(1_000_000));
    assertSmall(
        deep + ": line 1, column 102: expected at most 100 objects and arrays within each other",
        "summary",
        "--network",
        deep);
    Path zero = zeros();
    assertSmall(
        zero + ": line 1, column 1: expected a value but got a control character",
        "summary",
        "--network",
        zero);
    Path header = folder.resolve("header.safetensors");
    byte[] bytes = new byte[99_000_008];
    Arrays.fill(bytes, (byte) ' ');
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(99_000_000).put((byte) '{');
    Files.write(header, bytes);
    assertSmall(
        header + ": length of the header: expected 2 to 16777216 but got 99000000",
        "diff",
        header,
        header);
  }

  /** A device of our own that never ends, or a file of a hole. */
  private Path zeros() throws Exception {
    Path device = folder.resolve("zero");
    if (new ProcessBuilder("mknod", device.toString(), "c", "1", "5").start().waitFor() == 0) {
      return device;
    }
    Files.write(device, new byte[20_000_000]);
    return device;
  }

  /** Maps FILE, cuts it short, and reads it. */
  static final class CutShort {
    private CutShort() {}

    public static void main(String[] arguments) throws IOException {
      Path file = Path.of(arguments[0]);
      try (NpyFile mapped = Npy.open(file)) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.truncate(4096);
        }
        System.out.println(mapped.array().toDoubles().length);
      } catch (UncheckedIOException e) {
        System.out.println(Failure.line(e));
        System.exit(Allclose.UNUSABLE);
      }
    }
  }

  @Test
  void aMappedFileThatIsCutShort_isSaid() throws Exception {
    Path file = folder.resolve("cut.npy");
    Npy.write(file, NpyArray.of(new double[1 << 16], 1 << 16));
    assertRun(
        "allclose: "
            + file
            + ": array data: expected the file as it was when it was mapped but got a shorter one\n",
        run(Jvm.start(List.of(), CutShort.class, file.toString())));
  }

  @Test
  void aHeapTooSmallForANetwork_isSaid() throws Exception {
    Path network = folder.resolve("network.json");
    Files.writeString(
        network,
        """
        {"format": "allclose-network/1", "input": [20000],
         "layers": [{"type": "dense", "name": "fc1", "units": 20000}], "loss": {"type": "softmax"}}
        """);
    Path config = folder.resolve("train.json");
    Files.writeString(
        config,
        """
        {"format": "allclose-train/1", "seed": 1, "start": {"type": "he"},
         "data": {"x": "images", "y": "labels"}, "optimizer": {"type": "sgd"},
         "schedule": {"type": "constant", "rate": 0.1}, "epochs": 1}
        """);
    Path data = folder.resolve("data.npz");
    Npz.write(
        data,
        Map.of(
            "images", NpyArray.of(new double[20000], 1, 20000),
            "labels", NpyArray.of(new long[1], 1)));
    assertRun(
        "allclose: memory: expected enough for the work but the heap of 64 MiB is full; -Xmx gives"
            + " Java more\n",
        java(
            List.of("-Xmx64m", "-XX:+UseG1GC"),
            "train",
            "--network",
            network.toString(),
            "--config",
            config.toString(),
            "--data",
            data.toString(),
            "--output",
            folder.resolve("out.npz").toString()));
    assertTrue(Files.notExists(folder.resolve("out.npz")));
  }

  @Test
  void aFullStandardOutput_isAnError() throws Exception {
    Path full = folder.resolve("full");
    assumeTrue(
        new ProcessBuilder("mknod", full.toString(), "c", "1", "7").start().waitFor() == 0,
        "skipped: no device can be made here");
    assertEquals(
        new Run(
            2,
            "allclose: standard output: expected it to take what is printed but got No space left on"
                + " device\n"),
        shell("$JAVA summary --network " + DIGITS.resolve("network.json") + " 2>&1 >" + full));
  }

  @Test
  void aClosedStandardOutput_isAnError() throws Exception {
    Run run = shell("$JAVA summary --network " + DIGITS.resolve("network.json") + " 2>&1 >&-");
    assertEquals(2, run.status, run.output);
    assertEquals(1, run.output.lines().count(), run.output);
  }

  @Test
  void aReaderThatWentAway_isNoErrorToSpeakOf() throws Exception {
    Path status = folder.resolve("status");
    shell(
        "{ sleep 1; $JAVA summary --network "
            + DIGITS.resolve("network.json")
            + " 2>"
            + folder.resolve("err")
            + "; echo $? >"
            + status
            + "; } | true; while [ ! -s "
            + status
            + " ]; do sleep 0.1; done");
    assertEquals("141\n", Files.readString(status));
    assertEquals("", Files.readString(folder.resolve("err")));
  }

  private void assertSmall(String message, Object... arguments) throws Exception {
    long start = System.nanoTime();
    assertRun(
        "allclose: " + message + "\n",
        java(
            List.of("-Xmx256m"),
            Arrays.stream(arguments).map(Object::toString).toArray(String[]::new)));
    long seconds = (System.nanoTime() - start) / 1_000_000_000;
    assertTrue(seconds < 20, message + ": " + seconds + " s");
  }

  private static void assertRun(String line, Run run) {
    assertEquals(new Run(2, line), run);
  }

  private static Run java(List<String> options, String... arguments) throws Exception {
    return run(Jvm.start(options, Allclose.class, arguments));
  }

  /** Runs a command of the shell in which {@code $JAVA} starts the program. */
  private static Run shell(String command) throws Exception {
    ProcessBuilder shell = new ProcessBuilder("sh", "-c", command);
    List<String> java = new ArrayList<>();
    java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    java.add("-cp");
    java.add(System.getProperty("java.class.path"));
    java.add(Allclose.class.getName());
    shell.environment().put("JAVA", String.join(" ", java));
    return run(shell.start());
  }

  private static Run run(Process process) throws Exception {
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), output);
    return new Run(process.exitValue(), output);
  }
}
