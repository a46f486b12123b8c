package org.allclose.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.allclose.WeightSource;
import org.allclose.jnpy.Printable;
import org.allclose.parity.CaseReport;
import org.allclose.parity.Match;
import org.allclose.parity.ReportTable;
import org.allclose.parity.TensorsReport;
import org.allclose.tensor.Tensor;
import org.allclose.weights.NumpyTensors;
import org.allclose.weights.WeightFiles;

/** {@code allclose diff}: compares the arrays of two files. */
final class DiffCommand extends Subcommand {
  private static final String ARRAY = "array";

  private final Supplier<Path> expected =
      reads(argument(Path.class, "A", "A .npz, .npy or .safetensors file: what is expected."));
  private final Supplier<Path> actual =
      reads(argument(Path.class, "B", "Another one: what there is."));
  private final Supplier<Match> match =
      withDefault(
          "exact",
          Match.class,
          "--match",
          "MATCH",
          "How near B must come to A: exact, zeros:equal, ulps:K or rtol:R,atol:A; default:"
              + " ${DEFAULT-VALUE}.");
  private final ReportOptions reports = new ReportOptions(this);

  DiffCommand() {
    super("diff", "Compare the arrays of two files, such as two runs of a program wrote.");
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter out = out();
    Path expected = this.expected.get();
    Path actual = this.actual.get();
    Map<String, Tensor> first = read(expected);
    Map<String, Tensor> second = read(actual);
    if (first.isEmpty()) {
      throw new IOException(expected + ": expected at least one array but got none");
    }
    CaseReport report = TensorsReport.of("diff", first, second, match.get());
    out.print(Colours.of(ReportTable.print(List.of(report))));
    boolean same = first.keySet().equals(second.keySet());
    if (!same) {
      first.keySet().stream()
          .filter(name -> !second.containsKey(name))
          .forEach(
              name -> out.println(Printable.of("FAILED " + name + ": expected it in " + actual)));
      second.keySet().stream()
          .filter(name -> !first.containsKey(name))
          .forEach(
              name -> out.println(Printable.of("FAILED " + name + ": expected it in " + expected)));
    }
    reports.write(List.of(report));
    return same && report.failures().isEmpty() ? Allclose.GOOD : Allclose.MISMATCH;
  }

  private static Map<String, Tensor> read(Path file) throws IOException {
    if (FileKind.of(file) == FileKind.NPY && !WeightFiles.isSafetensors(file)) {
      return Map.of(ARRAY, NumpyTensors.read(file));
    }
    WeightSource source = WeightFiles.open(file);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    source.names().forEach(name -> tensors.put(name, source.get(name)));
    return tensors;
  }
}
