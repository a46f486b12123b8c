package org.allclose.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.allclose.jnpy.FileKind;
import org.allclose.jnpy.InputFile;
import org.allclose.jnpy.Npy;
import org.allclose.jnpy.NpyFile;
import org.allclose.jnpy.NpzFile;
import org.allclose.json.Json;
import org.allclose.table.TextTable;

/** {@code allclose show}: tells what is in numpy files. */
final class ShowCommand extends Subcommand {
  private static final ArraySummary NOT_AN_ARRAY =
      new ArraySummary(
          "not an array", "", "", Optional.empty(), Optional.empty(), Optional.empty());

  private final Supplier<List<Path>> files =
      arguments(Path.class, "FILE", null, "Files, told by their content.");
  private final Supplier<Boolean> json = flag("--json", "Print JSON instead of a table.");
  private final Supplier<Boolean> headers =
      flag("--headers", "Read no data: leave out the range and the first values.");

  private final ReadingOptions reading = new ReadingOptions(this);

  /** An array and where it is. */
  private record Row(Path file, String entry, ArraySummary array) {}

  ShowCommand() {
    super("show", "Show what is in .npy and .npz files.");
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter out = out();
    List<Row> rows = new ArrayList<>();
    for (Path file : files.get()) {
      read(file, rows);
    }
    out.print(json.get() ? Json.print(toJson(rows)) : table(rows));
    return Allclose.GOOD;
  }

  private void read(Path file, List<Row> rows) throws IOException {
    InputFile in = InputFile.of(file).require(FileKind.NPY, FileKind.NPZ);
    if (in.kind() == FileKind.NPY) {
      rows.add(
          new Row(
              file,
              "",
              headers.get() ? ArraySummary.of(Npy.header(in, reading.get())) : summary(in)));
      return;
    }
    try (NpzFile npz = NpzFile.open(in, reading.get())) {
      for (String name : npz.names()) {
        if (!npz.isArray(name)) {
          rows.add(new Row(file, name, NOT_AN_ARRAY));
        } else if (headers.get()) {
          rows.add(new Row(file, name, ArraySummary.of(npz.header(name))));
        } else {
          try (NpyFile entry = npz.map(name)) {
            rows.add(new Row(file, name, ArraySummary.of(entry.header(), entry.array())));
          }
        }
      }
    }
  }

  private ArraySummary summary(InputFile file) throws IOException {
    try (NpyFile mapped = Npy.open(file, reading.get())) {
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
