package org.allclose.parity.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.allclose.TestData;
import org.allclose.parity.CaseFile;
import org.allclose.parity.CaseRunner;
import org.allclose.parity.Comparisons;
import org.allclose.parity.recording.Expectation;
import org.allclose.parity.recording.Match;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Reads the reports that are written as HTML and as XML. */
class ReportFilesTest {
  private static final int MEGABYTE = 1_000_000;

  @Test
  void page_ofAFailure_tellsCauseLayersTensorsAndProvenance() throws Exception {
    CaseReport report = fault("transposed_dense");
    String page = ReportHtml.of(List.of(good(), report));
    Document document = parse(page);
    assertEquals("Parity: 1 failed", text(document, "title", 0));
    // What failed stands first.
    assertEquals("transposed_dense failed", text(document, "h2", 0));
    assertEquals("fc_2d ok", text(document, "h2", 1));
    assertTrue(page.contains("The first layer whose output diverges is <code>fc1</code>."), page);
    assertTrue(
        page.contains("The first layer, from the end, whose gradients diverge is <code>fc2</code>"),
        page);
    assertTrue(
        page.contains(
            "Likely cause: layer 'fc1': the weights are transposed: W.T gives what was recorded"),
        page);
    assertTrue(page.contains("<dt>numpy</dt><dd class=\"mono\">2.4.6</dd>"), page);
    // A chart of the layers, and a histogram and a heat map of each comparison that differs.
    long different =
        report.comparisons().filter(entry -> entry.difference().get().worst() >= 0).count();
    assertEquals(1 + 2 * different, document.getElementsByTagName("svg").getLength());
    assertEquals(different, document.getElementsByTagName("details").getLength());
  }

  @Test
  void page_ofASuccess_hasNoCharts() throws Exception {
    Document document = parse(ReportHtml.of(List.of(good())));
    assertEquals("Parity: all match", text(document, "title", 0));
    assertEquals(0, document.getElementsByTagName("svg").getLength());
    assertEquals(
        "1 case, 4 tensors: Java computes what was recorded", text(document, "p", 0).strip());
  }

  @Test
  void page_standsAlone() throws IOException {
    String page = ReportHtml.of(List.of(fault("variance")));
    assertFalse(page.contains("<script"), "no program");
    assertFalse(page.contains("http"), "no address");
    assertFalse(page.contains("src="), "no other file");
    assertTrue(page.contains("prefers-color-scheme: dark"));
    assertTrue(page.contains("<meta name=\"viewport\""));
  }

  @Test
  void page_ofAHundredTensors_isSmall() throws Exception {
    NumpyRandomState random = NumpyRandomState.seed(231);
    Map<String, Tensor> expected = new LinkedHashMap<>();
    Map<String, Tensor> actual = new LinkedHashMap<>();
    for (int i = 0; i < 100; i++) {
      Tensor tensor = random.randn(16, 8, 128);
      Tensor other = tensor.copy();
      for (int j = 0; j < other.size(); j++) {
        other.unwrap()[j] *= 1 + 1e-15 * random.randn();
      }
      expected.put("tensor " + i, tensor);
      actual.put("tensor " + i, other);
    }
    CaseReport report = Comparisons.of("large", expected, actual, Match.EXACT);
    String page = ReportHtml.of(List.of(report));
    assertEquals(200, parse(page).getElementsByTagName("svg").getLength());
    int size = page.getBytes(StandardCharsets.UTF_8).length;
    assertTrue(size < MEGABYTE, () -> size + " bytes");
  }

  @Test
  void histogram_countsElementsByUlps() {
    Tensor expected = Tensor.vector(1, 1, 1, 1, 1, Double.NaN, 1);
    double ulp = Math.ulp(1.0);
    Tensor actual = Tensor.vector(1, 1 + ulp, 1 + 2 * ulp, 1 + 3 * ulp, 2, Double.NaN, Double.NaN);
    String svg = TensorCharts.histogram(expected, actual);
    List<String> texts = texts(svg);
    // Two are equal, one each is 1, 2 and at most 4 ulps off; 2 and NaN are further off.
    assertEquals(
        List.of(
            "2", "0", "1", "1", "1", "2", "1", "≤4", "≤8", "≤16", "≤64", "≤256", "≤1024", "≤2¹⁶",
            "≤2³²", "2", "more"),
        texts);
  }

  @Test
  void heatMap_marksWhereErrorsSit() {
    Tensor expected = Tensor.zeros(2, 2, 3);
    expected.unwrap()[0] = 1;
    Tensor actual = expected.copy();
    double ulp = Math.ulp(1.0);
    actual.set(ulp, 0, 1, 2); // row 1, column 2
    actual.set(3 * ulp, 1, 0, 0); // row 2, column 0
    actual.set(1, 1, 1, 1); // row 3, column 1
    String svg = TensorCharts.heatMap(expected, actual, 3200);
    assertTrue(svg.startsWith("<svg viewBox=\"0 0 3 4\""), svg);
    assertTrue(svg.contains("<path class=\"h1\" d=\"M2 1h1\"/>"), svg);
    assertTrue(svg.contains("<path class=\"h2\" d=\"M0 2h1\"/>"), svg);
    assertTrue(svg.contains("<path class=\"h5\" d=\"M1 3h1\"/>"), svg);
    assertFalse(svg.contains("h3\""), svg);
  }

  @Test
  void heatMap_ofManyElements_showsTheWorstOfSeveral() {
    Tensor expected = Tensor.zeros(100, 200);
    expected.unwrap()[0] = 1;
    Tensor actual = expected.copy();
    actual.set(0x1p-52, 99, 199);
    actual.set(1, 99, 198);
    String svg = TensorCharts.heatMap(expected, actual, 3200);
    assertTrue(svg.startsWith("<svg viewBox=\"0 0 80 40\""), svg);
    assertTrue(svg.contains("<path class=\"h5\" d=\"M79 39h1\"/></g></svg>"), svg);
  }

  @Test
  void heatMap_ofANumber_isOnePlace() {
    String svg = TensorCharts.heatMap(Tensor.scalar(1), Tensor.scalar(2), 3200);
    assertTrue(svg.contains("<path class=\"h5\" d=\"M0 0h1\"/>"), svg);
  }

  /** Lengths by hand: log(ulps / 0.1) / log(8 / 0.1) * 180 for 1 and 8 ulps. */
  @Test
  void layers_haveABarForwardAndOneBackward() {
    String svg =
        LayerChart.of(
            List.of(report("fc1", 0), report("a layer with a long name", 1)),
            List.of(report("input gradient of fc1", 8)));
    assertEquals(
        "<svg viewBox=\"0 0 380 72\" width=\"380\" role=\"img\">"
            + "<text x=\"0\" y=\"19\">fc1</text>"
            + "<rect class=\"bar\" x=\"105\" y=\"2\" width=\"0\" height=\"13\"/>"
            + "<text x=\"110\" y=\"13\">0</text>"
            + "<rect class=\"back\" x=\"105\" y=\"17\" width=\"180\" height=\"13\"/>"
            + "<text x=\"290\" y=\"28\">8 ✗</text>"
            + "<text x=\"0\" y=\"53\">a layer with a …</text>"
            + "<rect class=\"bar\" x=\"105\" y=\"36\" width=\"95\" height=\"13\"/>"
            + "<text x=\"205\" y=\"47\">1</text>"
            + "<path class=\"axis\" d=\"M105 0v68\"/></svg>",
        svg);
  }

  @Test
  void layers_ofAnotherShape_areSaidToBe() {
    Expectation one = new Expectation(Tensor.vector(1), Match.EXACT, "");
    TensorReport other = TensorReport.compare("fc1", one, Tensor.vector(1, 2));
    String svg = LayerChart.of(List.of(), List.of(other));
    assertTrue(svg.contains("<text x=\"0\" y=\"19\">fc1</text>"), svg);
    assertTrue(svg.contains("width=\"180\" height=\"13\"/>"), svg);
    assertTrue(svg.contains(">other shape ✗</text>"), svg);
  }

  @Test
  void page_ofAnotherShape_saysBoth() throws Exception {
    CaseReport report =
        Comparisons.of(
            "diff", Map.of("x", Tensor.vector(1)), Map.of("x", Tensor.vector(1, 2)), Match.EXACT);
    Document document = parse(ReportHtml.of(List.of(report)));
    assertEquals("shape (2,), not (1,)", text(document, "td", 2));
    assertEquals("1 case, 1 tensor: 1 case FAILED", text(document, "p", 0));
    assertEquals(0, document.getElementsByTagName("details").getLength());
  }

  @Test
  void page_tellsEachTensorsFigures() throws Exception {
    Map<String, Tensor> expected = new LinkedHashMap<>();
    expected.put("x", Tensor.vector(1, 2, 4));
    expected.put("y", Tensor.vector(1));
    Map<String, Tensor> actual = new LinkedHashMap<>(expected);
    actual.put("x", Tensor.vector(1, 2 + 4 * Math.ulp(2.0), 4));
    CaseReport report = Comparisons.of("diff", expected, actual, Match.ulps(2));
    Document document = parse(ReportHtml.of(List.of(report)));
    List<String> cells = new java.util.ArrayList<>();
    for (int i = 0; i < 16; i++) {
      cells.add(text(document, "td", i));
    }
    // 4 ulps of 2.0 are 2 of 4.0, the largest; the error is 2^-49.
    assertEquals(
        List.of(
            "x",
            "ok",
            "2",
            "66.6%",
            "3",
            "1.78e-15",
            "8.88e-16",
            "ulps 2",
            "y",
            "ok",
            "0",
            "all",
            "1",
            "0.00",
            "0.00",
            "ulps 2"),
        cells);
    assertEquals(
        "", ((Element) document.getElementsByTagName("details").item(0)).getAttribute("open"));
    assertEquals("1 case, 2 tensors: all arrays match", text(document, "p", 0));
  }

  private static TensorReport report(String name, int ulps) {
    Expectation one = new Expectation(Tensor.vector(1), Match.ulps(4), "");
    return TensorReport.compare(name, one, Tensor.vector(1 + ulps * Math.ulp(1.0)));
  }

  @Test
  void texts_areEscaped() {
    assertEquals("&lt;a b=&quot;c&quot;&gt; &amp; \\x01\\n", Html.escape("<a b=\"c\"> & \u0001\n"));
  }

  /** Every code point that could end a line, turn it around, vanish, or not be XML at all. */
  @Test
  void namesOfStrangers_areShownAndNotObeyed() throws Exception {
    String odd = "\u001b[2K\r\n0 failed\u202e\u2066\u200b\ufffe\uffff\ud800\u0085<&\"'";
    String shown = "\\x1b[2K\\r\\n0 failed\\u202e\\u2066\\u200b\\ufffe\\uffff\\ud800\\x85<&\"'";
    TensorReport tensor = report("t" + odd, 9);
    CaseReport report =
        new CaseReport(
            "c" + odd,
            List.of(tensor),
            List.of(tensor),
            List.of(),
            java.util.Optional.of("b" + odd),
            List.of("h" + odd),
            List.of(),
            java.util.Optional.empty(),
            Map.of("k" + odd, "v" + odd));
    Document xml = parse(ReportXml.of(List.of(report)));
    assertEquals(
        "c" + shown,
        ((Element) xml.getElementsByTagName("testsuite").item(0)).getAttribute("name"));
    assertEquals(
        "t" + shown, ((Element) xml.getElementsByTagName("testcase").item(0)).getAttribute("name"));
    assertTrue(text(xml, "system-out", 0).endsWith("\nlikely cause: h" + shown));
    Document page = parse(ReportHtml.of(List.of(report)));
    assertEquals("c" + shown + " failed", text(page, "h2", 0));
    assertEquals("k" + shown, text(page, "dt", 0));
    assertEquals("v" + shown, text(page, "dd", 0));
    String table = ReportFormat.TABLE.print(List.of(report));
    assertEquals(
        List.of(
            "FAILED c"
                + shown
                + ": t"
                + shown
                + "(0,): expected 1.0 but got 1.000000000000002 (match"
                + " ulps 4; absolute error 2.00e-15, relative 2.00e-15, 9 ulps, 9 normwise ulps; 0 of 1"
                + " elements bit-equal)",
            "FAILED c" + shown + ": the first layer whose output diverges is t" + shown,
            "FAILED c"
                + shown
                + ": the first layer, from the end, whose gradients diverge is b"
                + shown,
            "FAILED c" + shown + ": likely cause: h" + shown,
            "1 case, 1 tensor: 1 case FAILED"),
        table.lines().skip(4).distinct().toList());
  }

  @Test
  void xml_hasATestForEachComparison() throws Exception {
    CaseReport report = fault("transposed_dense");
    Document document = parse(ReportXml.of(List.of(good(), report)));
    Element root = document.getDocumentElement();
    assertEquals("testsuites", root.getNodeName());
    assertEquals(Long.toString(4 + report.comparisons().count()), root.getAttribute("tests"));
    assertEquals(Integer.toString(report.failures().size()), root.getAttribute("failures"));
    NodeList suites = document.getElementsByTagName("testsuite");
    assertEquals(2, suites.getLength());
    Element second = (Element) suites.item(1);
    assertEquals("transposed_dense", second.getAttribute("name"));
    NodeList failures = second.getElementsByTagName("failure");
    assertEquals(report.failures().size(), failures.getLength());
    assertEquals(
        report.failures().get(0).explain(), ((Element) failures.item(0)).getAttribute("message"));
    assertEquals(
        report.failures().get(0).name(),
        ((Element) failures.item(0).getParentNode()).getAttribute("name"));
    assertTrue(text(document, "system-out", 0).contains("the first layer whose output diverges"));
  }

  private static CaseReport good() throws IOException {
    return CaseRunner.run(CaseFile.read(TestData.fixtures().resolve("fc_2d")));
  }

  private static CaseReport fault(String name) throws IOException {
    return CaseRunner.run(CaseFile.read(TestData.folder().resolve("faults").resolve(name)));
  }

  private static List<String> texts(String svg) {
    return java.util.regex.Pattern.compile(">([^<>]+)</text>")
        .matcher(svg)
        .results()
        .map(result -> result.group(1))
        .toList();
  }

  private static Document parse(String text) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static String text(Document document, String tag, int index) {
    return document.getElementsByTagName(tag).item(index).getTextContent();
  }
}
