package org.allclose.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.allclose.jnpy.Npy;
import org.allclose.jnpy.NpyFile;
import org.allclose.jnpy.NpzFile;
import org.allclose.json.Json;
import org.allclose.table.TextTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code allclose show}: tells what is in numpy files. */
@Command(
    name = "show",
    description = "Show what is in .npy and .npz files.",
    mixinStandardHelpOptions = true)
final class ShowCommand implements Callable<Integer> {
  private static final ArraySummary NOT_AN_ARRAY =
      new ArraySummary(
          "not an array", "", "", Optional.empty(), Optional.empty(), Optional.empty());

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Files, told by their content.")
  private List<Path> files;

  @Option(names = "--json", description = "Print JSON instead of a table.")
  private boolean json;

  @Option(
      names = "--headers",
      description = "Read no data: leave out the range and the first values.")
  private boolean headers;

  @Spec private CommandSpec spec;

  /** An array and where it is. */
  private record Row(Path file, String entry, ArraySummary array) {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    List<Row> rows = new ArrayList<>();
    for (Path file : files) {
      read(file, rows);
    }
    out.print(json ? Json.print(toJson(rows)) : table(rows));
    return Allclose.GOOD;
  }

  private void read(Path file, List<Row> rows) throws IOException {
    if (FileKind.of(file) == FileKind.NPY) {
      rows.add(new Row(file, "", headers ? ArraySummary.of(Npy.header(file)) : summary(file)));
      return;
    }
    try (NpzFile npz = NpzFile.open(file)) {
      for (String name : npz.names()) {
        if (!npz.isArray(name)) {
          rows.add(new Row(file, name, NOT_AN_ARRAY));
        } else if (headers) {
          rows.add(new Row(file, name, ArraySummary.of(npz.header(name))));
        } else {
          try (NpyFile entry = npz.map(name)) {
            rows.add(new Row(file, name, ArraySummary.of(entry.header(), entry.array())));
          }
        }
      }
    }
  }

  private static ArraySummary summary(Path file) throws IOException {
    try (NpyFile mapped = Npy.open(file)) {
      return ArraySummary.of(mapped.header(), mapped.array());
    }
  }

  private static String table(List<Row> rows) {
    TextTable table =
        TextTable.of("file", "entry", "dtype", "shape", "order", "min", "max", "first values")
            .alignRight(5, 6);
    for (Row row : rows) {
      table.add(
          row.file().toString(),
          row.entry(),
          row.array().dtype(),
          row.array().shape(),
          row.array().order(),
          row.array().minimum().orElse("-"),
          row.array().maximum().orElse("-"),
          row.array().first().orElse("-"));
    }
    return table.toString();
  }

  private static JsonArray toJson(List<Row> rows) {
    JsonArray array = new JsonArray();
    for (Row row : rows) {
      JsonObject json = new JsonObject();
      json.addProperty("file", row.file().toString());
      json.addProperty("entry", row.entry());
      json.addProperty("dtype", row.array().dtype());
      json.addProperty("shape", row.array().shape());
      json.addProperty("order", row.array().order());
      json.addProperty("min", row.array().minimum().orElse(null));
      json.addProperty("max", row.array().maximum().orElse(null));
      json.addProperty("first", row.array().first().orElse(null));
      array.add(json);
    }
    return array;
  }
}
