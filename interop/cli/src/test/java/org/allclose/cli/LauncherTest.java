package org.allclose.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the launcher with a {@code java} that prints its arguments, and writes archives of a word.
 */
class LauncherTest {
  private static final String JAVA =
      """
      #!/bin/sh
      dump=
      for option; do
        case $option in
          -Xshare:dump) dump=yes ;;
          -XX:SharedArchiveFile=*) archive=${option#*=} ;;
          -XX:DumpLoadedClassList=*) echo classes > "${option#*=}"; echo records ;;
        esac
      done
      if [ -n "$dump" ]; then echo archive > "$archive"; exit 0; fi
      [ -z "${archive:-}" ] || echo "maps $(cat "$archive")"
      echo runs
      exit 3
      """;

  private static final String PLAIN = "runs\n";
  private static final String MAPPED = "maps archive\nruns\n";
  private static final String RECORDED = "records\nruns\n";

  @TempDir Path folder;
  private Path home;

  @BeforeEach
  void installJavaAndJar() throws IOException {
    Path here = Path.of("src/main/sh/allclose");
    assumeTrue(
        Files.getFileStore(folder).supportsFileAttributeView("posix"),
        "skipped: no modes of files here");
    executable(folder.resolve("bin/java"), JAVA);
    executable(folder.resolve("allclose"), Files.readString(here));
    Files.writeString(folder.resolve("allclose.jar"), "jar");
    home = Files.createDirectories(folder.resolve("home/of a user"));
    modes(home, "rwx------");
  }

  @Test
  void theSecondRunOfACommand_mapsTheArchiveOfTheFirst() throws Exception {
    assertEquals(RECORDED, run(Map.of("HOME", home.toString()), "show", "x"));
    assertEquals(MAPPED, run(Map.of("HOME", home.toString()), "show", "y"));
    assertEquals(RECORDED, run(Map.of("HOME", home.toString()), "check"));
    assertEquals("rwx------", modes(home.resolve(".cache/allclose")));
    for (Path archive : cached()) {
      assertEquals("rw-------", modes(archive));
      assertTrue(archive.toString().endsWith(".jsa"), archive.toString());
    }
    assertEquals(2, cached().size());
    assertEquals(
        RECORDED, run(Map.of("HOME", home.toString(), "ALLCLOSE_JAVA_OPTIONS", "-ea"), "show"));
  }

  @Test
  void withoutAHome_thereIsNoArchive() throws Exception {
    assertEquals(PLAIN, run(Map.of(), "show"));
    assertEquals(PLAIN, run(Map.of(), "show"));
    assertEquals(PLAIN, run(Map.of("HOME", ""), "show"));
    assertEquals(PLAIN, run(Map.of("HOME", "relative", "XDG_CACHE_HOME", "relative"), "show"));
    assertFalse(Files.exists(folder.resolve("relative")));
  }

  @Test
  void theFolderOfTheDesktopStandard_isUsed() throws Exception {
    Path cache = Files.createDirectories(folder.resolve("cache"));
    modes(cache, "rwxr-xr-x");
    Map<String, String> xdg = Map.of("HOME", home.toString(), "XDG_CACHE_HOME", cache.toString());
    assertEquals(RECORDED, run(xdg, "show"));
    assertEquals(MAPPED, run(xdg, "show"));
    assertFalse(Files.exists(home.resolve(".cache")));
  }

  @Test
  void training_isStartedPlainly_soThatSignalsReachIt() throws Exception {
    assertEquals(PLAIN, run(Map.of("HOME", home.toString()), "train"));
    assertFalse(Files.exists(home.resolve(".cache")));
  }

  @Test
  void anArchiveThatOthersCouldWrite_isNotUsed() throws Exception {
    Map<String, String> environment = Map.of("HOME", home.toString());
    run(environment, "show");
    Path archive = cached().get(0);
    for (Path path : List.of(archive, archive.getParent(), home.resolve(".cache"))) {
      String before = modes(path);
      for (String open : List.of("rwxrwx---", "rwx----w-")) {
        modes(path, open);
        assertEquals(PLAIN, run(environment, "show"), path + " " + open);
      }
      modes(path, before);
      assertEquals(MAPPED, run(environment, "show"));
    }
  }

  @Test
  void anArchiveOfSomebodyElse_isNotUsed() throws Exception {
    Map<String, String> environment = Map.of("HOME", home.toString());
    run(environment, "show");
    Path archive = cached().get(0);
    assumeTrue(
        new ProcessBuilder("chown", "65534", archive.toString()).start().waitFor() == 0,
        "skipped: only root can give a file away");
    assertEquals(PLAIN, run(environment, "show"));
    new ProcessBuilder("chown", "0", archive.toString()).start().waitFor();
    assertEquals(MAPPED, run(environment, "show"));
    new ProcessBuilder("chown", "65534", archive.getParent().toString()).start().waitFor();
    assertEquals(PLAIN, run(environment, "show"));
  }

  @Test
  void linksInPlaceOfFolderOrArchive_areNotFollowed() throws Exception {
    Map<String, String> environment = Map.of("HOME", home.toString());
    run(environment, "show");
    Path archive = cached().get(0);
    Path elsewhere = Files.move(archive, folder.resolve("elsewhere"));
    Files.createSymbolicLink(archive, elsewhere);
    assertEquals(PLAIN, run(environment, "show"));
    Files.delete(elsewhere);
    assertEquals(PLAIN, run(environment, "show"));
    Files.delete(archive);
    Path moved = Files.move(archive.getParent(), folder.resolve("moved"));
    Files.createSymbolicLink(archive.getParent(), moved);
    assertEquals(PLAIN, run(environment, "show"));
    try (Stream<Path> files = Files.list(moved)) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void whatAKilledRunLeft_isCleanedByTheNext() throws Exception {
    Path cache = Files.createDirectories(home.resolve(".cache/allclose"));
    modes(home.resolve(".cache"), "rwx------");
    modes(cache, "rwx------");
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    Path archive = Files.writeString(cache.resolve("show.1.jsa." + dead.pid()), "half");
    Path classes = Files.writeString(cache.resolve("show.1.jsa.classes." + dead.pid()), "half");
    long alive = ProcessHandle.current().pid();
    Path working = Files.writeString(cache.resolve("show.2.jsa." + alive), "half");
    assertEquals(RECORDED, run(Map.of("HOME", home.toString()), "show"));
    assertFalse(Files.exists(archive));
    assertFalse(Files.exists(classes));
    assertTrue(Files.exists(working));
  }

  /** Runs the launcher, which must end with the status of the JVM. */
  private String run(Map<String, String> environment, String... arguments) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("sh", folder.resolve("allclose").toString());
    builder.command().addAll(List.of(arguments));
    builder.directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeAll(List.of("HOME", "XDG_CACHE_HOME"));
    builder.environment().remove("ALLCLOSE_JAVA_OPTIONS");
    builder.environment().put("JAVA_HOME", folder.toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(3, process.waitFor(), output);
    return output;
  }

  private List<Path> cached() throws IOException {
    try (Stream<Path> files = Files.list(home.resolve(".cache/allclose"))) {
      return files.sorted().toList();
    }
  }

  private static void executable(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    modes(file, "rwxr-xr-x");
  }

  private static String modes(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static void modes(Path file, String modes) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(modes));
  }
}
