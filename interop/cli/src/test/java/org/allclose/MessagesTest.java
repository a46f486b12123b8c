package org.allclose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** All messages have one form: {@code expected X but got Y}. Locales are Error Prone's to watch. */
class MessagesTest {
  private static final Pattern OTHER_FORM = Pattern.compile("\"[^\"]*, got\\b[^\"]*\"");

  @Test
  void got_isButGot() throws IOException {
    List<String> found = new ArrayList<>();
    int files = 0;
    for (String module : List.of("cli", "parity", "jnpy", "../dsl")) {
      Path sources = Path.of("..", module, "src/main/java");
      try (Stream<Path> paths = Files.walk(sources)) {
        for (Path path : paths.filter(path -> path.toString().endsWith(".java")).toList()) {
          files++;
          for (String line : Files.readAllLines(path)) {
            if (OTHER_FORM.matcher(line).find()) {
              found.add(path + ": " + line.strip());
            }
          }
        }
      }
    }
    assertEquals(List.of(), found);
    assertTrue(files > 100, files + " files");
  }
}
