package org.allclose.type;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Settings are called the same in files, in the record and in its javadoc. */
class TypesTest {
  private static final Path SOURCES = Path.of("src", "main", "java");
  private static final Pattern RECORD_WITH_JAVADOC =
      Pattern.compile("/\\*\\*((?:(?!\\*/).)*)\\*/\\s*public record ", Pattern.DOTALL);
  private static final Pattern PARAMETER = Pattern.compile("\\* @param (\\w+) \\S");

  static Stream<Type<?>> types() {
    List<Type<?>> types = List.copyOf(Types.of(Object.class).all());
    assertFalse(types.isEmpty());
    return types.stream();
  }

  @ParameterizedTest
  @MethodSource("types")
  void settings_areTheRecordsComponents(Type<?> type) {
    assertEquals(
        Arrays.stream(type.kind().getRecordComponents()).map(RecordComponent::getName).toList(),
        names(type));
  }

  @ParameterizedTest
  @MethodSource("types")
  void settings_areInTheRecordsJavadoc(Type<?> type) throws IOException {
    String file = type.kind().getName().replace('.', '/') + ".java";
    Matcher javadoc = RECORD_WITH_JAVADOC.matcher(Files.readString(SOURCES.resolve(file)));
    assertEquals(true, javadoc.find(), file + ": a record with javadoc");
    assertEquals(
        names(type),
        PARAMETER.matcher(javadoc.group(1)).results().map(found -> found.group(1)).toList());
  }

  private static List<String> names(Type<?> type) {
    return type.settings().stream().map(Setting::name).toList();
  }
}
