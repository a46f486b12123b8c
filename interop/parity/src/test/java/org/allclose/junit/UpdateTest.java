package org.allclose.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

class UpdateTest {
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  @Test
  void command_isRunAndItsOutputReturned() {
    String output = Update.run(JAVA + "  -version ", Map.of("CI", ""));
    assertTrue(output.contains("version"), output);
  }

  @Test
  void failingCommand_isAnErrorWithItsOutput() {
    String message = refusal(JAVA + " --no-such-option", Map.of());
    assertTrue(
        message.startsWith(
            "@ParityTest: '" + JAVA + " --no-such-option': expected status 0 but got 1\n"),
        message);
    assertTrue(message.contains("no-such-option\n"), message);
  }

  @Test
  void continuousIntegration_isRefused() {
    assertEquals(
        "@ParityTest: allclose.update: expected no update where CI is set but got 'python3 r.py'",
        refusal("python3 r.py", Map.of("CI", "true")));
  }

  @Test
  void emptyCommand_isRefused() {
    assertEquals(
        "@ParityTest: allclose.update: expected a command but got none", refusal(" ", Map.of()));
  }

  private static String refusal(String command, Map<String, String> environment) {
    return assertThrows(
            ExtensionConfigurationException.class, () -> Update.run(command, environment))
        .getMessage();
  }
}
