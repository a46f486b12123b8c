package org.allclose.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.allclose.NetworkSpec;
import org.allclose.TestData;
import org.allclose.parity.CaseFile;
import org.allclose.parity.CaseRunner;
import org.allclose.parity.report.CaseReport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The functions of cs231n's assignments as networks: each is the one that was recorded, and gives
 * what the assignments' formula gave.
 */
class Cs231nFunctionsTest {
  private static final Path CASES = TestData.fixtures().resolve("cs231n");

  private static final Map<String, NetworkSpec> NETWORKS = Cs231nNetworks.all();

  @Test
  void everyCase_hasItsNetworkHere() throws IOException {
    List<String> recorded = new ArrayList<>();
    for (Path folder : CaseFile.below(CASES)) {
      recorded.add(CASES.relativize(folder).toString());
    }
    assertEquals(new TreeSet<>(recorded), new TreeSet<>(NETWORKS.keySet()));
  }

  @TestFactory
  List<DynamicTest> network_isTheRecordedOne_andGivesWhatTheFormulaGave() {
    return NETWORKS.entrySet().stream()
        .map(
            e ->
                DynamicTest.dynamicTest(e.getKey(), () -> assertRecorded(e.getKey(), e.getValue())))
        .toList();
  }

  private static void assertRecorded(String name, NetworkSpec spec) throws IOException {
    Path folder = CASES.resolve(name);
    assertEquals(NetworkFile.read(folder.resolve("network.json")), spec);
    CaseReport report = CaseRunner.run(CaseFile.read(folder));
    assertTrue(report.matches(), () -> String.join("\n", report.explain()));
  }
}
