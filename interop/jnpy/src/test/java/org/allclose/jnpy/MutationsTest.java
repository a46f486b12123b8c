package org.allclose.jnpy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are nearly in order: nothing but the library's exception, and numpy's opinion. */
class MutationsTest {
  /** Reasons for which numpy is not followed, as the messages have them. */
  private static final List<String> STRICTER =
      List.of(
          "magic and version.*",
          "header: expected the key '.*' once but got it twice",
          "header: expected a string without escapes.*",
          "header: expected one string, not several in a row.*",
          "header: expected a key in quotes but got '[ubrfUBRF]'.*",
          "header: expected a string under 'descr' but got '[ubrfUBRF]'.*",
          "header: expected .* but got '#'.*",
          "header: expected .* but got '\\\\' .*",
          "header: expected '\\{' but got '\\(' .*",
          "header: expected a decimal integer in 'shape' but got '(00|0[xXoObB].*|[0-9]+_.*|\\+|\\(|~|-|True|False)'.*",
          "header: expected ',' or '\\)' in 'shape' but got '.*",
          "header: expected lengths of 0 to 9223372036854775807 in 'shape' but got '-.*'",
          "header: expected a dtype such as '<f8' under 'descr' but got '[<>=|]?[fiucSUV]([ +0]|\\\\(x0|[nrt])).*'",
          "header: expected a dtype such as '<f8' under 'descr' but got '[<>=|]?a[0-9]*'",
          "dtype .* is refused: .*",
          "shape: expected at most .*");

  @TempDir Path folder;

  @Test
  void everyByteOfASmallFile_replacedByEveryOther_isReadOrRefused() throws IOException {
    byte[] file = NpyBytes.file(2, NpyBytes.dictionary("'<i2'", "True", "(2, 3)"), 12);
    int read = 0;
    for (int at = 0; at < file.length; at++) {
      for (int value = 0; value < 256; value++) {
        byte[] mutated = file.clone();
        mutated[at] = (byte) value;
        read += outcome(mutated).isPresent() ? 1 : 0;
      }
    }
    // The twelve bytes of data may be any; a header survives little.
    assertTrue(read > 12 * 256 && read < 12 * 256 + 300, "read " + read);
  }

  /** Returns what was read, in the words of the script, or nothing; other errors escape. */
  private static Optional<String> outcome(byte[] file) throws IOException {
    try {
      return Optional.of(verdict(Npy.read(new ByteArrayInputStream(file))));
    } catch (NpyException e) {
      return Optional.empty();
    }
  }

  private static String verdict(NpyArray array) {
    String axes =
        Arrays.stream(array.shape()).mapToObj(Long::toString).collect(Collectors.joining("x"));
    boolean both = ElementOrder.isContiguousBothWays(array.shape());
    String order = both ? "CF" : array.fortranOrder() ? "F" : "C";
    String digest;
    try {
      digest = NumpyCase.valuesDigest(array);
    } catch (ArithmeticException e) {
      digest = "no-characters";
    }
    return String.format(
        Locale.ROOT, "%s %s %s %s", array.dtype(), axes.isEmpty() ? "-" : axes, order, digest);
  }

  @Test
  @Tag("slow")
  void mutatedHeaders_areReadAsNumpyReadsThem() throws Exception {
    List<byte[]> files = new ArrayList<>();
    Random random = new Random(231);
    for (int i = 0; i < 6000; i++) {
      files.add(i % 2 == 0 ? shuffledTokens(random) : mutatedBytes(random));
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] file : files) {
      ByteBuffer length = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
      all.writeBytes(length.putInt(file.length).array());
      all.writeBytes(file);
    }
    Path path = Files.write(folder.resolve("all"), all.toByteArray());
    List<String> verdicts = Python.run("npy_verdicts.py", path.toString()).lines().toList();
    assertEquals(files.size(), verdicts.size());
    int both = 0;
    for (int i = 0; i < files.size(); i++) {
      String header = new String(files.get(i), StandardCharsets.ISO_8859_1);
      String numpy = verdicts.get(i);
      try {
        NpyArray array = Npy.read(new ByteArrayInputStream(files.get(i)));
        assertEquals(numpy, verdict(array), header);
        both++;
      } catch (NpyException e) {
        String message = e.getMessage().substring("stream: ".length());
        boolean agreed = numpy.equals("-") || STRICTER.stream().anyMatch(message::matches);
        assertTrue(agreed, () -> header + "\nnumpy: " + numpy + "\nhere: " + message);
      }
    }
    assertTrue(both > 500, "read by both: " + both);
  }

  private static String pick(Random random, String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private static byte[] shuffledTokens(Random random) {
    String q = pick(random, "'", "'", "\"");
    String descr =
        pick(
            random, "<f8", "<f8", ">i2", "|u1", "u1", "=c8", "?", "S3", "<U2", "float32", "f 8",
            "O", "V2", "i16", "<f8,", "d", "<M8", "f08", "b", "|f4");
    String fortran =
        pick(random, "False", "True", "True", "False", "0", "1", "None", "true", "not True");
    String shape =
        pick(
            random,
            "(2, 3)",
            "(2, 3)",
            "(2,3,)",
            "(6,)",
            "(6)",
            "()",
            "(2L, 3)",
            "(2L,3L,)",
            "[2, 3]",
            "(0, 7)",
            "(-1,)",
            "(02,)",
            "(00,)",
            "(0x2,)",
            "(1_0,)",
            "(True,)",
            "(2.0,)",
            "(+2,)",
            "(2 ,\n3 )",
            "((2),)",
            "(2, 3",
            "2",
            "(,)",
            "(1,)*2",
            "(2+1,)",
            "(~1,)",
            "(2,,3)",
            "(1, 1, 1, 2, 1)",
            "( )",
            "(2lL,)",
            "(2 L,)");
    List<String> entries = new ArrayList<>();
    entries.add(q + "descr" + q + space(random) + ":" + space(random) + q + descr + q);
    entries.add(q + "fortran_order" + q + space(random) + ":" + space(random) + fortran);
    entries.add(q + "shape" + q + space(random) + ":" + space(random) + shape);
    java.util.Collections.shuffle(entries, random);
    switch (random.nextInt(12)) {
      case 0 -> entries.remove(0);
      case 1 -> entries.add(entries.get(0));
      case 2 -> entries.add("'x': 1");
      case 3 ->
          entries.set(
              0,
              entries
                  .get(0)
                  .replaceFirst("'(.)", "'\\\\x" + String.format(Locale.ROOT, "%02x", (int) 'd')));
      case 4 -> entries.set(0, "u" + entries.get(0));
      default -> {}
    }
    // No line after the first begins with a space: Python takes that for an indentation and refuses
    // it, which is the only thing that it refuses and is read here.
    String text =
        pick(random, "", "", " ", "\t", "(")
            + "{"
            + space(random)
            + String.join(space(random) + "," + space(random), entries)
            + pick(random, "", ", ", ",", " ,\n", ",,")
            + pick(
                random, "}", "}", "}", "", "} x", "}}", "}\0", "} # c", "}\n\n", "}\f", "}\u000b");
    return NpyBytes.file(
        1 + random.nextInt(3), text + pick(random, "", "\n", "   \n"), random.nextInt(80));
  }

  private static String space(Random random) {
    return pick(random, "", "", " ", " ", "\n", "\t", "\f", "\r", " \r\n ", "\\\n");
  }

  private static byte[] mutatedBytes(Random random) {
    byte[] file =
        NpyBytes.file(
            NpyBytes.dictionary(
                "'<i4'", pick(random, "True", "False"), pick(random, "(2, 3)", "(5,)", "()")),
            24);
    for (int n = 1 + random.nextInt(2); n > 0; n--) {
      int at = random.nextInt(file.length);
      String interesting = "'\",:(){}[]0123456789LlxX_+-. \t\n\r\f\\#TFuifbcSU<>=|\0";
      byte value =
          (byte)
              (random.nextBoolean()
                  ? random.nextInt(256)
                  : interesting.charAt(random.nextInt(interesting.length())));
      if (random.nextBoolean()) {
        file[at] = value;
      } else {
        // One more byte, which the header length does not know of: the data begin earlier then.
        byte[] longer = Arrays.copyOf(file, file.length + 1);
        System.arraycopy(file, at, longer, at + 1, file.length - at);
        longer[at] = value;
        file = longer;
      }
    }
    return file;
  }
}
