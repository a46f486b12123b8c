package org.allclose.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.allclose.json.JsonFormatException;
import org.allclose.parity.recording.Match;
import org.allclose.parity.recording.RecordedCase;
import org.allclose.tensor.Tensor;
import org.allclose.weights.NumpyTensors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedCaseTest {
  private static final String GOOD =
      """
      {"format": "allclose-case/1", "name": "mine", "function": "relu",
       "inputs": {"x": "x.npy", "dout": "x.npy"},
       "expected": {"out": {"file": "x.npy", "match": {"ulps": 2}},
                    "dx": {"file": "x.npy", "match": {"rtol": 0.1, "atol": 0}}},
       "recorded": {"numpy": "2.4.6", "seed": 231}}
      """;

  @TempDir Path folder;
  @TempDir Path outside;

  @BeforeEach
  void writeArray() throws IOException {
    NumpyTensors.write(folder.resolve("x.npy"), Tensor.vector(1, 2, 3));
  }

  @Test
  void read_hasInputsExpectationsAndProvenance() throws IOException {
    RecordedCase recorded = read(GOOD);
    assertEquals("mine", recorded.name());
    assertEquals("relu", recorded.function().orElseThrow());
    assertEquals(Tensor.vector(1, 2, 3), recorded.input("x"));
    assertEquals(Match.ulps(2), recorded.expected("out").match());
    assertEquals(Match.tolerance(0.1, 0), recorded.expected("dx").match());
    assertEquals("231", recorded.recorded().get("seed"));
    assertTrue(CaseRunner.run(recorded).matches());
  }

  @Test
  void read_ofAnotherFormat_isRefused() {
    assertMessage(
        "line 1, column 12: format: expected 'allclose-case/1' but got 'allclose-case/2'",
        GOOD.replace("case/1", "case/2"));
  }

  @Test
  void read_withAnUnknownKey_isRefused() {
    assertMessage(
        "line 2, column 2: expected keys [format, name, function, network, mode, seed, inputs, expected, outputs,"
            + " inputGradients, recorded] but got 'sede'; did you mean 'seed'?",
        GOOD.replace("\"inputs\"", "\"sede\": 1, \"inputs\""));
  }

  @Test
  void read_withFunctionAndNetworkOrNeither_isRefused() {
    assertMessage(
        "expected either 'function' or 'network' but got both",
        GOOD.replace("\"inputs\"", "\"network\": \"n.json\", \"inputs\""));
    assertMessage(
        "expected either 'function' or 'network' but got neither",
        GOOD.replace("\"function\": \"relu\",", ""));
  }

  @Test
  void read_ofAFileThatIsMissingOrOutside_isRefused() {
    assertMessage(
        "line 2, column 18: inputs.x: expected a file within " + folder + " but got 'y.npy'",
        GOOD.replace("{\"x\": \"x.npy\"", "{\"x\": \"y.npy\""));
    assertMessage(
        "line 2, column 18: inputs.x: expected a file within "
            + folder
            + " but got '../../etc/hostname'",
        GOOD.replace("{\"x\": \"x.npy\"", "{\"x\": \"../../etc/hostname\""));
  }

  /** Whoever sends a case must not learn, or have shown, what stands in a file of somebody else. */
  @Test
  void read_ofALinkOutOfTheCase_isRefusedUnread() throws IOException {
    Path secret = Files.writeString(outside.resolve("secret"), "root:secret:19000:0\n");
    Files.createSymbolicLink(folder.resolve("y.npy"), secret);
    assertMessage(
        "line 2, column 18: inputs.x: expected a file within "
            + folder
            + " but got a link out of it",
        GOOD.replace("{\"x\": \"x.npy\"", "{\"x\": \"y.npy\""));
    Files.createSymbolicLink(folder.resolve("network.json"), secret);
    assertMessage(
        "line 1, column 58: network: expected a file within "
            + folder
            + " but got a link out of it",
        GOOD.replace("\"function\": \"relu\"", "\"network\": \"network.json\""));
    Files.createSymbolicLink(folder.resolve("more"), outside);
    Files.copy(folder.resolve("x.npy"), outside.resolve("x.npy"));
    assertMessage(
        "line 2, column 18: inputs.x: expected a file within "
            + folder
            + " but got a link out of it",
        GOOD.replace("{\"x\": \"x.npy\"", "{\"x\": \"more/x.npy\""));
    Files.delete(folder.resolve(CaseFile.FILE));
    Files.createSymbolicLink(folder.resolve(CaseFile.FILE), secret);
    JsonFormatException e = assertThrows(JsonFormatException.class, () -> CaseFile.read(folder));
    assertEquals(
        folder.resolve(CaseFile.FILE)
            + ": expected a file within "
            + folder
            + " but got a link out of it",
        e.getMessage());
  }

  @Test
  void read_ofALinkWithinTheCase_orOfALinkToTheCase_isGood() throws IOException {
    Files.createSymbolicLink(folder.resolve("y.npy"), Path.of("x.npy"));
    RecordedCase recorded = read(GOOD.replace("{\"x\": \"x.npy\"", "{\"x\": \"y.npy\""));
    assertEquals(Tensor.vector(1, 2, 3), recorded.input("x"));
    Path link = Files.createSymbolicLink(outside.resolve("link"), folder);
    assertEquals(Tensor.vector(1, 2, 3), CaseFile.read(link).input("x"));
  }

  @Test
  void read_ofAnUnknownMatch_isRefused() {
    assertMessage(
        "line 3, column 49: expected.out.match: expected 'exact', {\"zeros\": \"equal\"}, {\"ulps\":"
            + " k}, {\"rounding\": k} or {\"rtol\": r, \"atol\": a} but got 'near'",
        GOOD.replace("{\"ulps\": 2}", "\"near\""));
    assertMessage(
        "line 3, column 49: expected.out.match: ulps: expected a finite number of at least 0 but got -2.0",
        GOOD.replace("{\"ulps\": 2}", "{\"ulps\": -2}"));
    assertMessage(
        "line 3, column 61: expected.out.match: expected keys [zeros, ulps] but got 'rtol'",
        GOOD.replace("{\"ulps\": 2}", "{\"ulps\": 2, \"rtol\": 1}"));
    assertMessage(
        "line 3, column 59: expected.out.match.zeros: expected 'equal' but got 'same'",
        GOOD.replace("{\"ulps\": 2}", "{\"zeros\": \"same\"}"));
  }

  @Test
  void read_ofZerosThatAreEqual_aloneOrBesideAnotherLimit() throws IOException {
    String zeros = GOOD.replace("{\"ulps\": 2}", "{\"zeros\": \"equal\"}");
    assertEquals(Match.EQUAL_ZEROS, read(zeros).expected("out").match());
    String both = GOOD.replace("{\"ulps\": 2}", "{\"ulps\": 2, \"zeros\": \"equal\"}");
    assertEquals(Match.ulps(2), read(both).expected("out").match());
    String near = GOOD.replace("\"rtol\": 0.1", "\"zeros\": \"equal\", \"rtol\": 0.1");
    assertEquals(Match.tolerance(0.1, 0), read(near).expected("dx").match());
  }

  @Test
  void rounding_ofAFunction_isRefused() throws IOException {
    assertMessage(
        "line 3, column 62: expected.out.match.rounding: expected a network, whose terms are known, but got a"
            + " function",
        GOOD.replace("{\"ulps\": 2}", "{\"rounding\": 2}"));
    RecordedCase function = read(GOOD);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> function.withMatch(Match.rounding(16)));
    assertEquals(
        "case 'mine': match rounding 16: expected a network, whose terms are known, but got a"
            + " function",
        e.getMessage());
  }

  /** np.maximum(0, x) gives -0.0 for -0.0, ReLU as {@code x * (x > 0)} gives 0.0 or -0.0. */
  @Test
  void differenceOfZeroSigns_isNamed() throws IOException {
    NumpyTensors.write(folder.resolve("x.npy"), Tensor.vector(-1, -2, 3));
    NumpyTensors.write(folder.resolve("out.npy"), Tensor.vector(0.0, 0.0, 3));
    String json =
        """
        {"format": "allclose-case/1", "name": "mine", "function": "relu",
         "inputs": {"x": "x.npy", "dout": "x.npy"},
         "expected": {"out": {"file": "out.npy", "match": "exact"}},
         "recorded": {}}
        """;
    assertEquals(
        "out(0,): expected 0.0 but got -0.0 (match exact; absolute error 0.00, relative 0.00, 1"
            + " ulps, 0 normwise ulps; 1 of 3 elements bit-equal); all 2 differences are the sign"
            + " of zero (np.maximum(0, -0.0) is -0.0): \"zeros\": \"equal\" would accept them",
        CaseRunner.run(read(json)).explain().get(0));
    assertTrue(CaseRunner.run(read(json.replace("\"exact\"", "{\"zeros\": \"equal\"}"))).matches());
  }

  @Test
  void read_withoutExpectation_isRefused() {
    assertMessage(
        "line 3, column 14: expected: expected at least one tensor but got none",
        GOOD.replaceAll("(?s)\"expected\": .*\"recorded\"", "\"expected\": {}, \"recorded\""));
  }

  @Test
  void run_ofAnUnknownFunction_isRefused() throws IOException {
    RecordedCase recorded = read(GOOD.replace("relu", "gelu"));
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> CaseRunner.run(recorded));
    assertEquals(
        "case 'mine': function: expected one of [fc, relu, softmax_loss] but got 'gelu'",
        e.getMessage());
  }

  @Test
  void run_ofATensorThatNobodyComputes_isRefused() throws IOException {
    RecordedCase recorded = read(GOOD.replace("\"dx\"", "\"dW\""));
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> CaseRunner.run(recorded));
    assertTrue(e.getMessage().endsWith("but got 'dW'"), e.getMessage());
  }

  private RecordedCase read(String json) throws IOException {
    Files.writeString(folder.resolve(CaseFile.FILE), json);
    return CaseFile.read(folder);
  }

  private void assertMessage(String message, String json) {
    JsonFormatException e = assertThrows(JsonFormatException.class, () -> read(json));
    assertEquals(folder.resolve(CaseFile.FILE) + ": " + message, e.getMessage());
  }
}
