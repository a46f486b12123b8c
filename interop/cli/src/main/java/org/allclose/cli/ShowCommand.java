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
import org.allclose.internal.file.FileKind;
import org.allclose.internal.file.InputFile;
import org.allclose.internal.json.JsonFile;
import org.allclose.internal.message.TextTable;
import org.allclose.internal.text.Printable;
import org.allclose.jnpy.Npy;
import org.allclose.jnpy.NpyException;
import org.allclose.jnpy.NpyFile;
import org.allclose.jnpy.NpzFile;

/** {@code allclose show}: tells what is in numpy files. */
final class ShowCommand extends Subcommand {
  private final Supplier<List<Path>> files =
      reads(arguments(Path.class, "FILE", null, "Files, told by their content."));
  private final Supplier<Boolean> json = flag("--json", "Print JSON instead of a table.");
  private final Supplier<Boolean> headers =
      flag("--headers", "Read no data: leave out the range and the first values.");

  private final ReadingOptions reading = new ReadingOptions(this);

  /** An array and where it is, or why it is refused. */
  private record Row(
      Path file, String entry, ArraySummary array, Optional<String> refused, boolean isDamaged) {
    static Row of(Path file, String entry, ArraySummary array) {
      return new Row(file, entry, array, Optional.empty(), false);
    }

    static Row notAnArray(Path file, String entry) {
      return of(file, entry, ArraySummary.without("not an array"));
    }

    static Row unsupported(Path file, String entry, String reason) {
      return new Row(file, entry, ArraySummary.without("refused"), Optional.of(reason), false);
    }

    static Row damaged(Path file, String entry, String reason) {
      return new Row(file, entry, ArraySummary.without("damaged"), Optional.of(reason), true);
    }
  }

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
    out.print(json.get() ? JsonFile.print(toJson(rows)) : table(rows));
    for (Row row : rows) {
      if (row.isDamaged()) {
        err().println("allclose: " + row.refused().orElseThrow());
      } else if (!json.get() && row.refused().isPresent()) {
        out.println("refused " + row.refused().get());
      }
    }
    return rows.stream().anyMatch(Row::isDamaged) ? Allclose.UNUSABLE : Allclose.GOOD;
  }

  private void read(Path file, List<Row> rows) throws IOException {
    InputFile in = InputFile.of(file).require(FileKind.NPY, FileKind.NPZ);
    if (in.kind() == FileKind.NPY) {
      rows.add(
          Row.of(
              file,
              "",
              headers.get()
                  ? ArraySummary.of(Npy.header(in.content(), reading.of(in)))
                  : summary(in)));
      return;
    }
    try (NpzFile npz = NpzFile.open(in.content(), reading.of(in))) {
      for (String name : npz.names()) {
        rows.add(row(file, npz, name));
      }
    }
  }

  private Row row(Path file, NpzFile npz, String name) throws IOException {
    try {
      if (!npz.isArray(name)) {
        return Row.notAnArray(file, name);
      }
      if (headers.get()) {
        return Row.of(file, name, ArraySummary.of(npz.header(name)));
      }
      try (NpyFile entry = npz.map(name)) {
        return Row.of(file, name, ArraySummary.of(entry.header(), entry.array()));
      }
    } catch (NpyException e) {
      return switch (e.reason()) {
        case UNSUPPORTED_DTYPE, UNSUPPORTED_ZIP, LIMIT ->
            Row.unsupported(file, name, e.getMessage());
        default -> Row.damaged(file, name, e.getMessage());
      };
    } catch (ArithmeticException e) {
      // A text of what are no characters.
      return Row.damaged(file, name, e.getMessage());
    }
  }

  private ArraySummary summary(InputFile file) throws IOException {
    try (NpyFile mapped = Npy.open(file.content(), reading.of(file))) {
      return ArraySummary.of(mapped.header(), mapped.array());
    }
  }

  private static String table(List<Row> rows) {
    TextTable table =
        TextTable.of(
                Printable::of,
                "file",
                "entry",
                "dtype",
                "shape",
                "order",
                "min",
                "max",
                "first values")
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
      row.refused().ifPresent(reason -> json.addProperty("refused", reason));
      array.add(json);
    }
    return array;
  }
}
