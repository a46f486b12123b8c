package org.allclose.type;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.SourceVersion;
import org.allclose.internal.types.StandardTypes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Settings are called the same in files, in the record and in its javadoc. */
class TypesTest {
  private static final Path SOURCES = Path.of("src", "main", "java");
  private static final Pattern RECORD_WITH_JAVADOC =
      Pattern.compile("/\\*\\*((?:(?!\\*/).)*)\\*/\\s*public record ", Pattern.DOTALL);
  private static final Pattern PARAMETER =
      Pattern.compile("\\* @param (\\w+) (?s:(.*?))(?=\n \\* @|$)");

  private static final Pattern OTHER_NAME = Pattern.compile("in files \\{@code (\\w+)\\}");

  static Stream<Type<?>> types() {
    List<Type<?>> types = new StandardTypes().types();
    assertFalse(types.isEmpty());
    return types.stream();
  }

  @ParameterizedTest
  @MethodSource("types")
  void settings_areTheRecordsComponents(Type<?> type) {
    List<String> components =
        Arrays.stream(type.kind().getRecordComponents()).map(RecordComponent::getName).toList();
    List<String> settings = names(type);
    assertEquals(components.size(), settings.size());
    for (int i = 0; i < settings.size(); i++) {
      if (!SourceVersion.isKeyword(settings.get(i))) {
        assertEquals(components.get(i), settings.get(i));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void settings_areInTheRecordsJavadoc(Type<?> type) throws IOException {
    String file = type.kind().getName().replace('.', '/') + ".java";
    Matcher javadoc = RECORD_WITH_JAVADOC.matcher(Files.readString(SOURCES.resolve(file)));
    assertTrue(javadoc.find(), file + ": expected a record with javadoc but got none");
    assertEquals(
        names(type),
        PARAMETER.matcher(javadoc.group(1)).results().map(TypesTest::settingOf).toList());
  }

  /** Returns the name in files: the component's, but where Java has another use for it. */
  private static String settingOf(MatchResult parameter) {
    Matcher named = OTHER_NAME.matcher(parameter.group(2));
    return named.find() ? named.group(1) : parameter.group(1);
  }

  private static List<String> names(Type<?> type) {
    return type.settings().stream().map(Setting::name).toList();
  }
}
