package org.allclose.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.List;
import org.allclose.TestData;
import org.allclose.parity.ParityCase;
import org.allclose.tensor.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** Runs tests that are meant to pass and to fail, and looks at what JUnit reports. */
class ParityTestExtensionTest {

  /** The tests that are run; they carry a tag that keeps them out of the build's own run. */
  @Tag("subject")
  static class Subject {

    @ParityTest(value = "relu_ordinary", partial = true)
    void right(ParityCase c) {
      c.expect("out", relu(c.input("x")));
    }

    @ParityTest(
        value = {"relu_ordinary", "relu_special"},
        partial = true)
    void onTwoCases(ParityCase c) {
      c.expect("out", relu(c.input("x")));
    }

    @ParityTest("relu_ordinary")
    void wrongTwice(ParityCase c) {
      c.expect("out", Tensor.zeros(4, 3, 5));
      c.expect("dx", Tensor.zeros(2));
    }

    @ParityTest("relu_ordinary")
    void withoutComparison(ParityCase c) {
      c.input("x");
    }

    @ParityTest("relu_ordinary")
    void throwing(ParityCase c) {
      c.expect("out", Tensor.zeros(1));
      throw new IllegalStateException("its own trouble");
    }

    @ParityTest("relu_ordinary")
    void ofAnUnknownTensor(ParityCase c) {
      c.expect("y", c.input("x"));
    }

    @ParityTest("no_such_case")
    void withoutCase(ParityCase c) {
      c.expect("out", c.input("x"));
    }

    @ParityTest("relu_ordinary")
    void withoutParameter() {}

    @ParityTest(folder = "no/such/folder")
    void withoutFolder(ParityCase c) {
      c.expect("out", c.input("x"));
    }

    @ParityTest("relu_ordinary")
    void withHalfOfIt(ParityCase c) {
      c.expect("out", relu(c.input("x")));
    }

    @ParityTest(value = "natural", partial = true)
    void onAFolderOfCases(ParityCase c) {
      c.expect(
          c.recorded().expected().keySet().iterator().next(),
          c.recorded().expected().values().iterator().next().value());
    }

    @ParityTest(value = "fc_k*", cases = 6, partial = true)
    void onAGlob(ParityCase c) {
      c.expect("db", c.recorded().expected("db").value());
    }

    @ParityTest(value = "**/fc_k*", partial = true)
    void onAGlobOfFolders(ParityCase c) {
      c.expect("db", c.recorded().expected("db").value());
    }

    @ParityTest(
        value = {"relu_ordinary", "relu_*"},
        cases = 3)
    void onTooFewCases(ParityCase c) {
      c.expect("out", relu(c.input("x")));
    }

    @ParityTest("fc_z*")
    void onAGlobOfNothing(ParityCase c) {
      c.expect("out", relu(c.input("x")));
    }

    @ParityTest("fc_[")
    void onABrokenGlob(ParityCase c) {
      c.expect("out", relu(c.input("x")));
    }

    @ParityTest(value = "moving*", folder = "classpath:cases", cases = 1)
    void onTheClassPath(ParityCase c) {
      c.expect("y", c.recorded().expected("y").value());
    }

    @ParityTest(folder = "classpath:no/such/folder")
    void onTheClassPathWithoutFolder(ParityCase c) {
      c.expect("y", c.input("x"));
    }

    private static Tensor relu(Tensor x) {
      double[] values = x.unwrap();
      for (int i = 0; i < values.length; i++) {
        values[i] *= values[i] > 0 ? 1 : 0;
      }
      return x;
    }
  }

  @Test
  void rightResult_passesUnderTheCasesName() {
    Events tests = run("right", ParityCase.class);
    tests.assertStatistics(statistics -> statistics.succeeded(1).failed(0));
    assertEquals(List.of("relu_ordinary"), names(tests));
  }

  @Test
  void severalCases_areRunOneByOne() {
    Events tests = run("onTwoCases", ParityCase.class);
    tests.assertStatistics(statistics -> statistics.succeeded(2).failed(0));
    assertEquals(List.of("relu_ordinary", "relu_special"), names(tests));
  }

  @Test
  void folderOfCases_standsForAllOfThem() {
    Events tests = run("onAFolderOfCases", ParityCase.class);
    assertEquals(
        List.of("natural/digits", "natural/fc_k784", "natural/four_layer_l2"), names(tests));
  }

  @Test
  void wrongResults_areAllReportedTogether() {
    String message = failure("wrongTwice", ParityCase.class);
    List<String> lines = message.lines().toList();
    assertEquals(3, lines.size(), message);
    assertEquals("case 'relu_ordinary':", lines.get(0));
    assertEquals("  out(", lines.get(1).substring(0, 6));
    assertEquals("  dx: expected shape (4, 3, 5) but got (2,)", lines.get(2));
  }

  @Test
  void tensorLeftOut_isAFailure() {
    assertEquals(
        "case 'relu_ordinary':\n  dx: expected a comparison but got none",
        failure("withHalfOfIt", ParityCase.class));
  }

  @Test
  void noComparison_isAFailure() {
    assertEquals(
        "case 'relu_ordinary': expected at least one comparison but got none",
        failure("withoutComparison", ParityCase.class));
  }

  @Test
  void exceptionOfTheTest_isNotHidden() {
    assertEquals("its own trouble", failure("throwing", ParityCase.class));
  }

  @Test
  void unknownTensor_isAFailure() {
    assertEquals(
        "case 'relu_ordinary': expected 'y': expected one of [out, dx]",
        failure("ofAnUnknownTensor", ParityCase.class));
  }

  @Test
  void methodWithoutAParityCase_isAFailure() {
    assertEquals(
        "@ParityTest: expected a parameter of type ParityCase", failure("withoutParameter"));
  }

  @Test
  void missingCaseOrFolder_isAFailureAndNotNothing() {
    assertEquals(
        "@ParityTest: "
            + TestData.fixtures().resolve("no_such_case")
            + ": expected a folder of cases",
        containerFailure("withoutCase"));
    assertEquals(
        "@ParityTest: no/such/folder: expected a folder of cases",
        containerFailure("withoutFolder"));
  }

  @Test
  void glob_standsForTheCasesItMatches() {
    Events tests = run("onAGlob", ParityCase.class);
    assertEquals(
        List.of("fc_k100", "fc_k256", "fc_k257", "fc_k3072", "fc_k500", "fc_k784"), names(tests));
    assertEquals(List.of("natural/fc_k784"), names(run("onAGlobOfFolders", ParityCase.class)));
  }

  @Test
  void numberOfCases_mustBeRight() {
    assertEquals(
        "@ParityTest: expected 3 cases below "
            + TestData.fixtures()
            + " but got 2: [relu_ordinary, relu_special]",
        containerFailure("onTooFewCases"));
  }

  @Test
  void globWithoutCase_isAFailure() {
    assertEquals(
        "@ParityTest: expected a case in " + TestData.fixtures().resolve("fc_z*") + " but got none",
        containerFailure("onAGlobOfNothing"));
    assertEquals(
        "@ParityTest: expected a path or a glob but got 'fc_['", containerFailure("onABrokenGlob"));
  }

  @Test
  void classPathFolder_isLookedThrough() {
    Events tests = run("onTheClassPath", ParityCase.class);
    tests.assertStatistics(statistics -> statistics.succeeded(1).failed(0));
    assertEquals(List.of("moving_average"), names(tests));
    assertEquals(
        "@ParityTest: classpath:no/such/folder: expected a folder of cases",
        containerFailure("onTheClassPathWithoutFolder"));
  }

  @Test
  void update_thatCannotRunIsAFailure() {
    EngineExecutionResults results =
        EngineTestKit.engine("junit-jupiter")
            .configurationParameter(ParityTest.FOLDER_PARAMETER, TestData.fixtures().toString())
            .configurationParameter(ParityTest.UPDATE_PARAMETER, "no-such-command --at-all")
            .selectors(selectMethod(Subject.class, "right", ParityCase.class))
            .execute();
    String message = message(results.containerEvents());
    assertTrue(message.startsWith("@ParityTest: "), message);
    assertTrue(message.contains("no-such-command"), message);
  }

  private static EngineExecutionResults execute(String method, Class<?>... parameters) {
    return EngineTestKit.engine("junit-jupiter")
        .configurationParameter(ParityTest.FOLDER_PARAMETER, TestData.fixtures().toString())
        .selectors(selectMethod(Subject.class, method, parameters))
        .execute();
  }

  private static Events run(String method, Class<?>... parameters) {
    return execute(method, parameters).testEvents();
  }

  private static List<String> names(Events tests) {
    return tests.started().map(event -> event.getTestDescriptor().getDisplayName()).toList();
  }

  private static String failure(String method, Class<?>... parameters) {
    return message(run(method, parameters));
  }

  private static String containerFailure(String method) {
    return message(execute(method, ParityCase.class).containerEvents());
  }

  private static String message(Events events) {
    return events
        .failed()
        .map(event -> event.getRequiredPayload(TestExecutionResult.class))
        .map(result -> result.getThrowable().orElseThrow().getMessage())
        .findFirst()
        .orElseThrow();
  }
}
