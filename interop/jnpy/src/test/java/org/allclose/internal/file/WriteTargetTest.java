package org.allclose.internal.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.allclose.jnpy.Npy;
import org.allclose.jnpy.NpyArray;
import org.allclose.jnpy.Npz;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What happens to a target that is no plain file, or not only that. */
@Timeout(60)
class WriteTargetTest {
  private static final NpyArray ARRAY = NpyArray.of(new double[] {1, 2, 3}, 3);

  @TempDir Path folder;

  /** Writes to a target of its own under a standard output. */
  static final class StandardOutputWriter {
    private StandardOutputWriter() {}

    public static void main(String[] arguments) throws IOException {
      System.out.print("before ");
      System.out.flush();
      AtomicFile.writeText(Path.of(arguments[0]), "it");
      AtomicFile.create(Path.of(arguments[0])).close();
      System.out.print(" after");
    }
  }

  @Test
  void pipe_isWrittenToAndStaysOne() throws Exception {
    Path pipe = create("mkfifo", "pipe");
    for (String text : new String[] {"some text", ""}) {
      CompletableFuture<byte[]> read = reading(pipe);
      AtomicFile.create(pipe).close(); // which the reader does not notice
      AtomicFile.writeText(pipe, text);
      assertEquals(text, new String(read.get(), StandardCharsets.UTF_8));
    }
    CompletableFuture<byte[]> read = reading(pipe);
    Npy.write(pipe, ARRAY);
    Path saved = Files.write(folder.resolve("saved"), read.get());
    assertArrayEquals(ARRAY.toDoubles(), Npy.read(saved).toDoubles());
    assertTrue(isOther(pipe));
    assertEquals(List.of("pipe", "saved"), files());
  }

  /** As {@code np.savez} to a file without {@code seek}, here its SHA-256. */
  @Test
  void npzIntoAPipe_isNumpys() throws Exception {
    Path pipe = create("mkfifo", "pipe");
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    arrays.put("a/\u00e9", ARRAY);
    arrays.put("b", NpyArray.of(new long[] {0, 1, 2}, 3));
    CompletableFuture<byte[]> read = reading(pipe);
    Npz.write(pipe, arrays);
    assertEquals(
        "828899152774fdc9c008bc3fc124aacf2388b2d2eae412e68ff664b49e9716f0",
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(read.get())));
    for (boolean deflated : new boolean[] {false, true}) {
      read = reading(pipe);
      if (deflated) {
        Npz.writeDeflated(pipe, arrays);
      } else {
        Npz.write(pipe, arrays);
      }
      Path saved = Files.write(folder.resolve("saved"), read.get());
      assertEquals(arrays.keySet(), Npz.read(saved).keySet());
      assertArrayEquals(ARRAY.toDoubles(), Npz.read(saved).get("a/\u00e9").toDoubles());
    }
    assertTrue(isOther(pipe));
  }

  @Test
  void device_isWrittenToAndStaysOne() throws Exception {
    // As /dev/null and /dev/full, which are never to be tried.
    Path none = create("mknod", "null", "c", "1", "3");
    Path full = create("mknod", "full", "c", "1", "7");
    assumeTrue(Files.isWritable(none), "skipped: devices cannot be used here");
    Npy.write(none, ARRAY);
    Npz.write(none, Map.of("a", ARRAY));
    assertTrue(isOther(none));
    assertEquals(
        full + ": cannot be written: no space left on device",
        failure(() -> Npy.write(full, ARRAY)));
    assertEquals(
        full + ": cannot be written: no space left on device",
        failure(() -> Npz.write(full, Map.of("a", ARRAY))));
    assertTrue(isOther(full));
    assertEquals(List.of("full", "null"), files());
  }

  @Test
  void standardOutput_goesOnWhereItStands() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/fd/1")), "skipped: no /proc here");
    for (String name : new String[] {"/dev/stdout", "/proc/self/fd/1", "/dev/fd/1"}) {
      Path log = Files.writeString(folder.resolve("log"), "old ");
      List<String> command =
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-cp",
              System.getProperty("java.class.path"),
              StandardOutputWriter.class.getName(),
              name);
      ProcessBuilder writer = new ProcessBuilder(command);
      Process piped = writer.start();
      assertEquals(
          "before it after",
          new String(piped.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
      writer.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      assertEquals(0, writer.start().waitFor());
      assertEquals("old before it after", Files.readString(log));
      assertEquals(List.of("log"), files());
    }
  }

  @Test
  void openFileOfAProcess_isWrittenTo() throws IOException {
    Path file = Files.writeString(folder.resolve("x"), "old and longer");
    Path hard = Files.createLink(folder.resolve("hard"), file);
    try (FileChannel open = FileChannel.open(file, StandardOpenOption.WRITE)) {
      Path name = openFile(file);
      AtomicFile.writeText(name, "new");
      assertTrue(open.isOpen());
    }
    assertEquals("new", Files.readString(hard));
    assertEquals(List.of("hard", "x"), files());
  }

  @Test
  void socket_isRefused() throws IOException {
    Path socket = folder.resolve("s");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      assertEquals(
          socket + ": cannot be written: it is a socket", failure(() -> AtomicFile.create(socket)));
    } catch (UnsupportedOperationException e) {
      abort("skipped: no such sockets here");
    }
  }

  @Test
  void replacedFile_keepsItsModeAndOwner() throws IOException {
    assumeTrue(isUnix(), "skipped: no users by number here");
    for (String mode : new String[] {"rw-------", "rwxrwxrwx", "rw-rw-r--", "r--r--r--"}) {
      Path file = Files.writeString(folder.resolve("x"), "old");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
      if (!Files.isWritable(file)) {
        assertEquals(
            file + ": cannot be written: permission denied",
            failure(() -> AtomicFile.create(file)));
        continue;
      }
      if (isRoot()) {
        Files.setAttribute(file, "unix:uid", 4711);
        Files.setAttribute(file, "unix:gid", 4712);
      }
      Ownership before = Ownership.of(file).orElseThrow();
      try (AtomicFile replacing = AtomicFile.create(file)) {
        // Nobody else may read it while it is written.
        assertEquals(
            "rw-------",
            PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(".x.tmp"))));
        replacing.channel().write(ByteBuffer.wrap(new byte[] {'n'}));
        replacing.commit();
      }
      assertEquals("n", Files.readString(file));
      assertEquals(before, Ownership.of(file).orElseThrow());
      Files.delete(file);
    }
  }

  @Test
  void newFile_hasTheModeOfTheUmask() throws IOException {
    assumeTrue(isUnix(), "skipped: no users by number here");
    Path other = Files.createFile(folder.resolve("other"));
    AtomicFile.writeText(folder.resolve("x"), "new");
    assertEquals(Ownership.of(other), Ownership.of(folder.resolve("x")));
  }

  @Test
  void symbolicLinks_stay() throws IOException {
    Files.createDirectory(folder.resolve("sub"));
    Path real = Files.writeString(folder.resolve("sub/real"), "old");
    Path second = Files.createSymbolicLink(folder.resolve("sub/second"), Path.of("real"));
    Path first = Files.createSymbolicLink(folder.resolve("first"), Path.of("sub/second"));
    AtomicFile.writeText(first, "new");
    assertEquals("new", Files.readString(real));
    assertTrue(Files.isSymbolicLink(first) && Files.isSymbolicLink(second));
    // One that leads nowhere yet leads to a new file, as for any program that opens it.
    Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), Path.of("sub/none"));
    AtomicFile.writeText(dangling, "new");
    assertEquals("new", Files.readString(folder.resolve("sub/none")));
    assertTrue(Files.isSymbolicLink(dangling));
    Path circle = Files.createSymbolicLink(folder.resolve("circle"), Path.of("circle"));
    assertEquals(
        circle + ": cannot be written: too many symbolic links",
        failure(() -> AtomicFile.create(circle)));
    Path lost = Files.createSymbolicLink(folder.resolve("lost"), Path.of("/none/x"));
    assertEquals(
        lost + ": cannot be written: there is no folder /none",
        failure(() -> AtomicFile.create(lost)));
  }

  @Test
  void hardLink_isBroken() throws IOException {
    Path file = Files.writeString(folder.resolve("x"), "old");
    Path hard = Files.createLink(folder.resolve("hard"), file);
    AtomicFile.writeText(file, "new");
    assertEquals("new", Files.readString(file));
    assertEquals("old", Files.readString(hard));
  }

  @Test
  void folders_areToldApart() throws IOException {
    assertEquals(
        folder + ": cannot be written: it is a folder", failure(() -> AtomicFile.create(folder)));
    Path none = folder.resolve("none/x");
    assertEquals(
        none + ": cannot be written: there is no folder " + folder.resolve("none"),
        failure(() -> AtomicFile.create(none)));
    Path below = Files.createFile(folder.resolve("file")).resolve("x");
    assertEquals(
        below + ": cannot be written: " + folder.resolve("file") + " is not a folder",
        failure(() -> AtomicFile.create(below)));
    assertEquals(
        "none/x: cannot be written: there is no folder none",
        failure(() -> AtomicFile.create(Path.of("none/x"))));
    assertEquals(
        "/: cannot be written: it is a folder", failure(() -> AtomicFile.create(Path.of("/"))));
    assertEquals(List.of("file"), files());
  }

  /** Makes a file of a kind that Java cannot make. */
  private Path create(String command, String name, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(command, folder.resolve(name).toString()));
    all.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assumeTrue(process.waitFor() == 0, "skipped: " + output.strip());
    } catch (IOException e) {
      abort("skipped: no " + command + " here");
    }
    return folder.resolve(name);
  }

  private static CompletableFuture<byte[]> reading(Path pipe) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (InputStream in = Files.newInputStream(pipe)) {
            return in.readAllBytes();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** Returns the name that Linux has for a file that this process has open. */
  private static Path openFile(Path file) throws IOException {
    Path all = Path.of("/proc/self/fd");
    assumeTrue(Files.exists(all), "skipped: no /proc here");
    try (DirectoryStream<Path> open = Files.newDirectoryStream(all)) {
      for (Path name : open) {
        if (Files.exists(name) && Files.isSameFile(name, file)) {
          return name;
        }
      }
    }
    throw new IOException(file + ": expected it to be open");
  }

  private static String failure(Executable writer) {
    return assertThrows(FileSystemException.class, writer).getMessage();
  }

  private static boolean isOther(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .isOther();
  }

  private boolean isUnix() {
    return folder.getFileSystem().supportedFileAttributeViews().contains("unix");
  }

  private boolean isRoot() throws IOException {
    return Ownership.of(folder).orElseThrow().user() == 0;
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
