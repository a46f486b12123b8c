import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Writes the innermost loops of matrix products with the Vector API: tiles of C whose sums all live
 * in registers. C2 keeps vectors in registers only as local variables, so each sum is a variable,
 * and what is done to each is written out.
 *
 * <p>{@code java GenerateTiles.java <output>}, where the output is a directory of sources.
 */
final class GenerateTiles {
  private static final String PACKAGE = "org.allclose.internal.kernel.product";

  /** Lanes of a vector, in the text. */
  private static final String VL = "VL";

  /** What is read off a product of a vector and a matrix. */
  private static final String VECTOR_AND_MATRIX =
      """
      double[] x = q.x();
      int xTerm = q.xTerm();
      double[] m = q.matrix();
      int mTerm = q.matrixTerm();
      """;

  private GenerateTiles() {}

  public static void main(String... arguments) throws IOException {
    Path directory = Path.of(arguments[0]).resolve(PACKAGE.replace('.', '/'));
    Files.createDirectories(directory);
    write(
        directory,
        "VectorTiles8",
        """
         * Tiles of 8 rows and 1, 2 or 3 vectors of C, for one block of terms. 24 sums, 3 vectors of B
         * and an element of A fill the 32 registers of AVX-512. See {@link VectorTiles4}.
        """,
        List.of(tile(8, 3), tile(8, 2), tile(8, 1)));
    write(
        directory,
        "VectorTiles4",
        """
         * Tiles of 4 or 2 rows and 1, 2 or 3 vectors of C, for one block of terms; they fit 16
         * registers.
         *
         * <p>Row r of a tile takes elements of A that are {@code aTerm} apart, with each the vectors of
         * a row of B, and adds the sums to what is in {@code old}, which is C itself, or zeros for the
         * first block of terms. The last vector of a row starts at {@code bLast} in B, at {@code cLast}
         * in C, and may overlap the one before: both compute the same, and all of a row is read before
         * any of it is written. Of a tile of two rows, all is; so both may be the same row.
         *
         * <p>There are no branches, and {@code zero} is shared, for the sake of JDK 17: there, C2
         * allocates vectors that are merged after a branch, and C1 gives up on methods with too many
         * vector operations, which then never reach C2.
        """,
        List.of(tile(4, 3), tile(4, 2), tile(4, 1), pair(3), pair(2), pair(1)));
    write(
        directory,
        "VectorOddRow",
        """
         * Tiles of 1, 2 or 3 vectors of the odd last row, whose elements are summed in four chains. See
         * {@link VectorTiles4}.
        """,
        List.of(oddRow(3), oddRow(2), oddRow(1)));
    write(
        directory,
        "VectorOutputTiles",
        """
         * Outputs of a vector and a matrix that lie side by side, four terms of each at a time: {@code
         * y = y + (fma(x2, m2, x0 * m0) + fma(x3, m3, x1 * m1))}. Either some vectors of outputs stay in
         * registers from the first term to the last, or some terms pass over all outputs.
        """,
        List.of(inRegisters(4), inRegisters(1), overOutputs(8), overOutputs(4)));
  }

  private static void write(Path directory, String name, String about, List<String> methods)
      throws IOException {
    String text =
        """
        package %s;

        import jdk.incubator.vector.DoubleVector;
        import jdk.incubator.vector.VectorSpecies;
        import org.allclose.internal.kernel.runtime.VectorWidth;

        /**
        %s *
         * <p>Written by {@code GenerateTiles.java}.
         */
        final class %s {
          private static final VectorSpecies<Double> S = VectorWidth.SPECIES;
          private static final int VL = S.length();

          private %3$s() {}

        %s}
        """;
    String body =
        methods.stream().map(method -> method.indent(2)).collect(Collectors.joining("\n"));
    Files.writeString(directory.resolve(name + ".java"), format(text, PACKAGE, about, name, body));
  }

  /** Returns the tile of so many rows and vectors, which stores row after row. */
  private static String tile(int rows, int vectors) {
    String ends = lines(rows, r -> add(r, vectors) + store(r, vectors));
    return method("tile" + rows + "x" + vectors, "", rows, vectors, "", "1", ends);
  }

  /** Returns the tile of the rows {@code row} and {@code row + second}, which may be the same. */
  private static String pair(int vectors) {
    String ends = lines(2, r -> add(r, vectors)) + lines(2, r -> store(r, vectors));
    String about = "/** Computes the rows {@code row} and {@code row + second}. */\n";
    return method("tile2x" + vectors, about, 2, vectors, ", int second", "second", ends);
  }

  private static String method(
      String name,
      String about,
      int rows,
      int vectors,
      String parameters,
      String step,
      String ends) {
    String text =
        """
        %sstatic void %s(VectorPanel q, int row%s) {
        %s\
          int a1 = %s;
        %s\
          int oRow = %s;
          int cRow = %s;
          for (int p = 0; p < terms; p++) {
        %s\
            x += aTerm;
            y += bTerm;
          }
        %s\
        }
        """;
    String rowStarts = lines(IntStream.range(2, rows), r -> "int a" + r + " = " + r + " * a1;\n");
    String loads =
        lines(vectors, v -> "DoubleVector b" + v + " = " + vectorOfB(v, vectors) + ";\n");
    String sums =
        lines(
            rows,
            r ->
                (r == 0 ? "DoubleVector t" : "t")
                    + format(" = DoubleVector.broadcast(S, a[x%s]);\n", r == 0 ? "" : " + a" + r)
                    + lines(vectors, v -> format("s%1$d%2$d = t.fma(b%2$d, s%1$d%2$d);\n", r, v)));
    return format(
        text,
        about,
        name,
        parameters,
        begin(rows, vectors).indent(2),
        times(step, "q.aRow"),
        rowStarts.indent(2),
        times(step, "q.oRow"),
        times(step, "q.cRow"),
        (loads + sums).indent(4),
        ends.indent(2));
  }

  /** Returns the tile of the last row, with four chains for each vector instead of four rows. */
  private static String oddRow(int vectors) {
    String text =
        """
        static void tile1x%d(VectorPanel q, int row) {
        %s\
          int chained = terms - terms %% 8;
          for (int p = 0; p < chained; p += 4) {
        %s\
          }
          for (int p = chained; p < terms; p++) {
        %s\
          }
        %s\
        }
        """;
    String combined =
        lines(vectors, v -> format("s0%1$d = s0%1$d.add(s1%1$d).add(s2%1$d.add(s3%1$d));\n", v));
    return format(
        text,
        vectors,
        begin(4, vectors).indent(2),
        lines(4, chain -> term(chain, vectors)).indent(4),
        term(0, vectors).indent(4),
        (combined + add(0, vectors) + store(0, vectors)).indent(2));
  }

  /** Takes a term of the last row into a chain of each vector. */
  private static String term(int chain, int vectors) {
    return (chain == 0 ? "DoubleVector t" : "t")
        + " = DoubleVector.broadcast(S, a[x]);\n"
        + lines(
            vectors,
            v -> format("s%1$d%2$d = t.fma(%3$s, s%1$d%2$d);\n", chain, v, vectorOfB(v, vectors)))
        + "x += aTerm;\ny += bTerm;\n";
  }

  /** Returns the outputs of some vectors, of all terms but the last {@code k % 4}. */
  private static String inRegisters(int vectors) {
    String text =
        """
        static void inRegisters%d(Product q, int output, double[] y, int yi) {
        %s\
          int i = q.xOffset();
          int m0 = q.matrixOffset() + output;
          DoubleVector y0 = DoubleVector.zero(S);
        %s\
          for (int left = q.k; left >= 4; left -= 4) {
        %s\
            i += 4 * xTerm;
            m0 += 4 * mTerm;
          }
        %s\
        }
        """;
    return format(
        text,
        vectors,
        VECTOR_AND_MATRIX.indent(2),
        lines(IntStream.range(1, vectors), v -> "DoubleVector y" + v + " = y0;\n").indent(2),
        (terms(4) + lines(vectors, v -> fourTerms("y" + v, 0, v, place(v, VL)))).indent(4),
        lines(vectors, v -> format("y%d.intoArray(y, yi%s);\n", v, place(v, VL))).indent(2));
  }

  /**
   * Returns the loop that adds some terms at a time to {@code count} outputs, a multiple of VL,
   * from a term on as long as there are as many before the last {@code k % 4}. It returns the next
   * term.
   */
  private static String overOutputs(int terms) {
    String text =
        """
        static int terms%1$d(Product q, int from, int output, double[] y, int yi, int count) {
        %2$s\
          int i = q.xOffset() + from * xTerm;
          int m0 = q.matrixOffset() + output + from * mTerm;
          int term = from;
          for (; term + %1$d <= q.k; term += %1$d) {
        %3$s\
            for (int j = 0; j < count; j += VL) {
              DoubleVector sum = DoubleVector.fromArray(S, y, yi + j);
        %4$s\
              sum.intoArray(y, yi + j);
            }
            i += %1$d * xTerm;
            m0 += %1$d * mTerm;
          }
          return term;
        }
        """;
    return format(
        text,
        terms,
        VECTOR_AND_MATRIX.indent(2),
        terms(terms).indent(4),
        lines(terms / 4, f -> fourTerms("sum", 4 * f, f, " + j")).indent(6));
  }

  /** Returns the variables of some terms: the elements of the vector, and the matrix' rows. */
  private static String terms(int count) {
    return lines(IntStream.range(1, count), p -> format("int m%d = m%d + mTerm;\n", p, p - 1))
        + lines(
            count,
            p ->
                format(
                    "DoubleVector x%d = DoubleVector.broadcast(S, x[i%s]);\n",
                    p, place(p, "xTerm")));
  }

  /** Adds four terms to a vector of outputs; {@code name} tells variables apart. */
  private static String fourTerms(String sum, int p, int name, String place) {
    String text =
        """
        DoubleVector even%1$d = x%4$d.fma(%8$s, x%2$d.mul(%6$s));
        DoubleVector odd%1$d = x%5$d.fma(%9$s, x%3$d.mul(%7$s));
        %10$s = %10$s.add(even%1$d.add(odd%1$d));
        """;
    IntFunction<String> row = r -> format("DoubleVector.fromArray(S, m, m%d%s)", r, place);
    return format(
        text,
        name,
        p,
        p + 1,
        p + 2,
        p + 3,
        row.apply(p),
        row.apply(p + 1),
        row.apply(p + 2),
        row.apply(p + 3),
        sum);
  }

  /** Returns the variables of a tile, with sums that are 0. */
  private static String begin(int rows, int vectors) {
    return """
        DoubleVector zero = DoubleVector.zero(S);
        """
        + lines(rows, r -> lines(vectors, v -> format("DoubleVector s%d%d = zero;\n", r, v)))
        + """
        int terms = q.terms;
        double[] a = q.a;
        int x = q.ai + row * q.aStep;
        int aTerm = q.aTerm;
        double[] b = q.b;
        int y = q.bi;
        int bTerm = q.bTerm;
        double[] old = q.old;
        int o = q.oi + row * q.oRow;
        double[] c = q.c;
        int to = q.ci + row * q.cRow;
        """
        + (vectors > 1 ? "int bLast = q.bLast;\nint cLast = q.cLast;\n" : "");
  }

  private static String vectorOfB(int v, int vectors) {
    return format("DoubleVector.fromArray(S, b, y%s)", place(v, vectors, "bLast"));
  }

  private static String add(int r, int vectors) {
    return lines(
        vectors,
        v ->
            format(
                "s%1$d%2$d = DoubleVector.fromArray(S, old, o%3$s%4$s).add(s%1$d%2$d);\n",
                r, v, place(r, "oRow"), place(v, vectors, "cLast")));
  }

  private static String store(int r, int vectors) {
    return lines(
        vectors,
        v ->
            format(
                "s%d%d.intoArray(c, to%s%s);\n",
                r, v, place(r, "cRow"), place(v, vectors, "cLast")));
  }

  /** Returns what to add to the place of the first vector of a row to get that of another. */
  private static String place(int v, int vectors, String last) {
    return v > 0 && v == vectors - 1 ? " + " + last : place(v, VL);
  }

  /** Returns what to add for so many steps. */
  private static String place(int count, String step) {
    return count == 0 ? "" : count == 1 ? " + " + step : " + " + count + " * " + step;
  }

  private static String times(String step, String distance) {
    return step.equals("1") ? distance : step + " * " + distance;
  }

  private static String lines(int count, IntFunction<String> line) {
    return lines(IntStream.range(0, count), line);
  }

  private static String lines(IntStream range, IntFunction<String> line) {
    return range.mapToObj(line).collect(Collectors.joining());
  }

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }
}
