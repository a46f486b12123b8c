package org.allclose.junit;

import java.io.IOException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/** Has cases recorded anew by a command of the user's, as {@link ParityTest#UPDATE_PARAMETER}. */
final class Update {
  private static final String CI = "CI";

  private Update() {}

  /**
   * Runs the command in the working directory and waits for its end.
   *
   * @param command words separated by white space, without quotes
   * @param environment the environment variables of this process
   * @return what it printed
   * @throws ExtensionConfigurationException if the variable CI is set, there is no command, it
   *     cannot be run, or it fails
   */
  static String run(String command, Map<String, String> environment) {
    if (!environment.getOrDefault(CI, "").isEmpty()) {
      throw new ExtensionConfigurationException(
          "@ParityTest: "
              + ParityTest.UPDATE_PARAMETER
              + ": expected no update where CI is set but got '"
              + command
              + "'");
    }
    List<String> words = List.of(command.strip().split("\\s+"));
    if (words.get(0).isEmpty()) {
      throw new ExtensionConfigurationException(
          "@ParityTest: " + ParityTest.UPDATE_PARAMETER + ": expected a command but got none");
    }
    try {
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), Charset.defaultCharset());
      int status = process.waitFor();
      if (status != 0) {
        throw new ExtensionConfigurationException(
            "@ParityTest: '" + command + "': expected status 0 but got " + status + "\n" + output);
      }
      return output;
    } catch (IOException e) {
      throw new ExtensionConfigurationException("@ParityTest: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ExtensionConfigurationException("@ParityTest: '" + command + "': interrupted", e);
    }
  }
}
