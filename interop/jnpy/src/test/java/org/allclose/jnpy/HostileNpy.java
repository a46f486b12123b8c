package org.allclose.jnpy;

import static org.allclose.jnpy.NpyBytes.DICTIONARY;
import static org.allclose.jnpy.NpyBytes.dictionary;
import static org.allclose.jnpy.NpyBytes.file;
import static org.allclose.jnpy.NpyBytes.ofDescr;
import static org.allclose.jnpy.NpyBytes.ofShape;
import static org.allclose.jnpy.NpyBytes.prefix;
import static org.allclose.jnpy.NpyException.Reason.DTYPE;
import static org.allclose.jnpy.NpyException.Reason.HEADER;
import static org.allclose.jnpy.NpyException.Reason.LIMIT;
import static org.allclose.jnpy.NpyException.Reason.NOT_NPY;
import static org.allclose.jnpy.NpyException.Reason.SHAPE;
import static org.allclose.jnpy.NpyException.Reason.TRUNCATED;
import static org.allclose.jnpy.NpyException.Reason.UNSUPPORTED_DTYPE;
import static org.allclose.jnpy.NpyException.Reason.VERSION;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Files that break each rule of the format at least once. */
final class HostileNpy {
  private static final String OBJECTS =
      "Python objects are stored as a pickle, which can run code and is never read";

  private final List<Hostile> all = new ArrayList<>();

  static List<Hostile> all() {
    HostileNpy files = new HostileNpy();
    files.prefixes();
    files.lengths();
    files.dictionaries();
    files.spellings();
    files.shapes();
    files.dtypes();
    files.data();
    return files.all;
  }

  private void add(String name, byte[] file, NpyException.Reason reason, String message) {
    all.add(new Hostile(name, file, reason, message));
  }

  private void header(String name, String text, String message) {
    add(name, file(text, 48), HEADER, "header: " + message);
  }

  private void prefixes() {
    add("nothing", new byte[0], TRUNCATED, "expected a .npy file but got an empty file");
    add(
        "part of the magic",
        Arrays.copyOf(file(DICTIONARY, 0), 4),
        TRUNCATED,
        "magic and version ends early: expected 8 bytes but got 4");
    add(
        "another magic",
        "\u0093NUMPZ\1\0".getBytes(StandardCharsets.ISO_8859_1),
        NOT_NPY,
        "magic: expected 93 4e 55 4d 50 59 but got 93 4e 55 4d 50 5a");
    add(
        "one wrong byte and no more",
        new byte[] {1},
        NOT_NPY,
        "magic: expected 93 4e 55 4d 50 59 but got 01");
    add(
        "a zip",
        "PK\3\4........".getBytes(StandardCharsets.ISO_8859_1),
        NOT_NPY,
        "expected a .npy file but got a .npz file: it holds arrays under names, save one of them with"
            + " np.save");
    add(
        "a pickle",
        new byte[] {(byte) 0x80, 4, (byte) 0x95, 0, 0, 0, 0, 0},
        NOT_NPY,
        "expected a .npy file but got a Python pickle: pickles are never read; load it in Python and"
            + " save with np.savez");
    int[][] versions = {{0, 0}, {0, 1}, {1, 1}, {2, 1}, {3, 1}, {4, 0}, {255, 0}, {1, 255}};
    for (int[] version : versions) {
      add(
          "version " + version[0] + "." + version[1],
          prefix(version[0], version[1], 60).bytes(new byte[100]).build(),
          VERSION,
          "version: expected 1.0, 2.0 or 3.0 but got " + version[0] + "." + version[1]);
    }
  }

  private void lengths() {
    add(
        "no header length",
        Arrays.copyOf(file(DICTIONARY, 0), 8),
        TRUNCATED,
        "header length ends early: expected 2 bytes but got 0");
    add(
        "half a header length",
        Arrays.copyOf(file(2, DICTIONARY, 0), 11),
        TRUNCATED,
        "header length ends early: expected 4 bytes but got 3");
    add(
        "a header shorter than its length",
        prefix(1, 0, 100).bytes(new byte[99]).build(),
        TRUNCATED,
        "header ends early: expected 100 bytes but got 99");
    add(
        "a header of 65535 bytes",
        prefix(1, 0, 65535).bytes(new byte[65535]).build(),
        LIMIT,
        "header: expected at most 10000 characters but got 65535 bytes");
    add(
        "a header of 4 GiB",
        prefix(2, 0, 0xffffffffL).bytes(new byte[64]).build(),
        LIMIT,
        "header: expected at most 10000 characters but got 4294967295 bytes");
    add(
        "a header of 2 GiB",
        prefix(3, 0, 0x80000000L).bytes(new byte[64]).build(),
        LIMIT,
        "header: expected at most 10000 characters but got 2147483648 bytes");
    add(
        "a header of 10001 characters",
        file(DICTIONARY + " ".repeat(10001 - DICTIONARY.length()), 48),
        LIMIT,
        "header: expected at most 10000 characters but got 10001 bytes");
    add(
        "a header of 10001 characters in UTF-8",
        file(3, DICTIONARY.replace("<f8", "é<f8") + " ".repeat(10000 - DICTIONARY.length()), 48),
        LIMIT,
        "header: expected at most 10000 characters but got 10001");
    add(
        "an empty header",
        file("", 48),
        HEADER,
        "header: expected '{' but got the end of the header");
    add(
        "invalid UTF-8",
        prefix(3, 0, 3).bytes('{', 0xff, '}').build(),
        HEADER,
        "header: expected UTF-8 but got other bytes");
    add(
        "UTF-8 of half a surrogate pair",
        prefix(3, 0, 5).bytes('{', 0xed, 0xa0, 0x80, '}').build(),
        HEADER,
        "header: expected UTF-8 but got other bytes");
  }

  private void dictionaries() {
    String three = "expected the keys 'descr', 'fortran_order' and 'shape' but got ";
    header("a list", "['descr']", "expected '{' but got '[' at character 0");
    header("zeros", "\0".repeat(118), "expected '{' but got '\\x00' at character 0");
    header("no keys", "{}", "expected the key 'descr' but got none");
    header(
        "no descr",
        DICTIONARY.replace("'descr': '<f8',", ""),
        "expected the key 'descr' but got none");
    header(
        "no fortran_order",
        DICTIONARY.replace("'fortran_order': False,", ""),
        "expected the key 'fortran_order' but got none");
    header(
        "no shape",
        DICTIONARY.replace("'shape': (2, 3),", ""),
        "expected the key 'shape' but got none");
    header("a further key", DICTIONARY.replace("}", "'x': 1}"), three + "'x'");
    header("a key in capitals", DICTIONARY.replace("descr", "Descr"), three + "'Descr'");
    header("a key with a space", DICTIONARY.replace("'descr'", "'descr '"), three + "'descr '");
    header(
        "descr twice",
        DICTIONARY.replace("}", "'descr': '<f8'}"),
        "expected the key 'descr' once but got it twice");
    header(
        "fortran_order twice",
        DICTIONARY.replace("}", "'fortran_order': False}"),
        "expected the key 'fortran_order' once but got it twice");
    header(
        "shape twice",
        DICTIONARY.replace("}", "'shape': (2, 3)}"),
        "expected the key 'shape' once but got it twice");
    header("a number as key", "{1: 2}", "expected a key in quotes but got '1' at character 1");
    header(
        "no colon", "{'descr' '<f8'}", "expected ':' after key 'descr' but got ''' at character 9");
    header(
        "equals signs",
        DICTIONARY.replace(":", "="),
        "expected ':' after key 'descr' but got '=' at character 8");
    header(
        "no comma",
        DICTIONARY.replace("'<f8',", "'<f8'"),
        "expected ',' or '}' but got ''' at character 16");
    header(
        "two commas",
        DICTIONARY.replace("'<f8',", "'<f8',,"),
        "expected a key in quotes but got ',' at character 16");
    header("a comma first", "{,", "expected a key in quotes but got ',' at character 1");
    header(
        "no closing brace",
        DICTIONARY.replace("}", ""),
        "expected a key in quotes but got the end of the header");
    header(
        "no closing brace nor comma",
        DICTIONARY.replace(", }", ""),
        "expected ',' or '}' but got the end of the header");
    header(
        "something behind",
        DICTIONARY + " x",
        "expected nothing but whitespace after '}' but got 'x' at character 60");
    header(
        "a second dictionary",
        DICTIONARY + DICTIONARY,
        "expected nothing but whitespace after '}' but got '{' at character 59");
    header(
        "zeros behind",
        DICTIONARY + "\0",
        "expected nothing but whitespace after '}' but got '\\x00' at character 59");
    header(
        "a vertical tab",
        DICTIONARY + "\u000b",
        "expected nothing but whitespace after '}' but got '\\x0b' at character 59");
    header(
        "a no-break space", "\u00a0" + DICTIONARY, "expected '{' but got '\\xa0' at character 0");
    add(
        "a byte order mark",
        file(3, "\ufeff" + DICTIONARY, 48),
        HEADER,
        "header: expected '{' but got '\\ufeff' at character 0");
    header(
        "dictionaries 10,000 deep",
        "{'shape': ".repeat(900),
        "expected a tuple under 'shape' but got '{' at character 10");
    header(
        "tuples 10,000 deep",
        "{'shape': " + "(".repeat(9000),
        "expected a decimal integer in 'shape' but got '(' at character 11");
    header(
        "braces 10,000 deep",
        "{".repeat(10000),
        "expected a key in quotes but got '{' at character 1");
    header(
        "code",
        "__import__('os').system('true')",
        "expected '{' but got '__import__' at character 0");
    header(
        "code as a value",
        dictionary("__import__('os').name", "False", "()"),
        "expected a string under 'descr' but got '__import__' at character 10");
    header(
        "code as a length",
        dictionary("'<f8'", "False", "(exit(),)"),
        "expected a decimal integer in 'shape' but got 'exit' at character 51");
  }

  private void spellings() {
    String plain = "expected a string without escapes, closed by ";
    header("an open string", "{'descr", plain + "' but got the end of the header");
    header("an escape", "{'\\x64escr'", plain + "' but got '\\' at character 2");
    header("a line end in a string", "{'de\nscr'", plain + "' but got '\\n' at character 4");
    header("a return in a string", "{'de\rscr'", plain + "' but got '\\r' at character 4");
    header("a zero in a string", "{\"de\0scr\"", plain + "\" but got '\\x00' at character 4");
    header("the other quote", "{'descr\"", plain + "' but got the end of the header");
    header(
        "concatenation",
        "{'de''scr'",
        "expected one string, not several in a row but got ''' at character 5");
    header(
        "triple quotes",
        "{'''descr'''",
        "expected one string, not several in a row but got ''' at character 3");
    header("a prefix", "{u'descr'", "expected a key in quotes but got 'u' at character 1");
    header("a comment", "# c\n" + DICTIONARY, "expected '{' but got '#' at character 0");
    String bool = "expected True or False under 'fortran_order' but got ";
    for (String word : List.of("true", "1", "None", "Truer", "TRUE", "0")) {
      header(
          "fortran_order " + word,
          dictionary("'<f8'", word, "()"),
          bool + "'" + word + "' at character 34");
    }
    header(
        "fortran_order in quotes",
        dictionary("'<f8'", "'False'", "()"),
        bool + "''' at character 34");
    header(
        "descr a number",
        dictionary("8", "False", "()"),
        "expected a string under 'descr' but got '8' at character 10");
    header(
        "descr None",
        dictionary("None", "False", "()"),
        "expected a string under 'descr' but got 'None' at character 10");
  }

  private void shape(String name, String shape, String message) {
    add(name, ofShape(shape, 6), HEADER, "header: " + message);
  }

  private void shapes() {
    shape("shape a number", "6", "expected a tuple under 'shape' but got '6' at character 50");
    shape(
        "shape in parentheses",
        "(6)",
        "expected a tuple under 'shape', and ',' after its only length but got ')' at character 52");
    shape("shape a list", "[6]", "expected a tuple under 'shape' but got '[' at character 50");
    shape("shape None", "None", "expected a tuple under 'shape' but got 'None' at character 50");
    shape(
        "shape a comma",
        "(,)",
        "expected a decimal integer in 'shape' but got ',' at character 51");
    shape(
        "shape two commas",
        "(2,,3)",
        "expected a decimal integer in 'shape' but got ',' at character 53");
    shape(
        "shape without comma",
        "(2 3)",
        "expected ',' or ')' in 'shape' but got '3' at character 53");
    shape(
        "shape open", "(2, 3", "expected a decimal integer in 'shape' but got '}' at character 57");
    for (String length :
        List.of("True", "None", "06", "00", "0x6", "0b1", "1_0", "6e0", "6l", "6LL", "6j")) {
      shape(
          "length " + length,
          "(" + length + ",)",
          "expected a decimal integer in 'shape' but got '" + length + "' at character 51");
    }
    shape(
        "length 6.0",
        "(6.0,)",
        "expected a decimal integer in 'shape' but got '6' at character 51");
    shape(
        "length +6", "(+6,)", "expected a decimal integer in 'shape' but got '+' at character 51");
    shape(
        "length --6",
        "(--6,)",
        "expected a decimal integer in 'shape' but got '-' at character 51");
    shape(
        "length in Arabic digits",
        "(\u00b2,)",
        "expected a decimal integer in 'shape' but got '\u00b2' at character 51");
    shape("length 2*3", "(2*3,)", "expected ',' or ')' in 'shape' but got '*' at character 52");
    add(
        "10L in version 3",
        file(3, dictionary("'|u1'", "False", "(6L,)"), 6),
        HEADER,
        "header: expected a decimal integer in 'shape' but got '6L' at character 51");
    String range = "header: expected lengths of 0 to 9223372036854775807 in 'shape' but got ";
    add("length -1", ofShape("(-1,)", 6), SHAPE, range + "'-1'");
    add("length -0", ofShape("(-0,)", 6), SHAPE, range + "'-0'");
    add(
        "length 2^63",
        ofShape("(9223372036854775808,)", 6),
        SHAPE,
        range + "'9223372036854775808'");
    add(
        "length 2^64+6",
        ofShape("(18446744073709551622,)", 6),
        SHAPE,
        range + "'18446744073709551622'");
    add(
        "a length of 5,000 digits",
        ofShape("(" + "9".repeat(5000) + ",)", 6),
        SHAPE,
        range + "'" + "9".repeat(60) + "… (4,940 more)'");
    String bytes = "shape: expected at most 9223372036854775807 bytes of data but got ";
    add(
        "a product of 2^64",
        ofShape("(4294967296, 4294967296)", 6),
        SHAPE,
        bytes + "'(4294967296, 4294967296)' of 1 bytes each");
    add(
        "a product of 2^63",
        ofShape("(4294967296, 2147483648)", 6),
        SHAPE,
        bytes + "'(4294967296, 2147483648)' of 1 bytes each");
    add(
        "a product that wraps to 6",
        ofShape("(6, 3074457345618258603, 2)", 12),
        SHAPE,
        bytes + "'(6, 3074457345618258603, 2)' of 1 bytes each");
    add(
        "an overflow beside an axis of 0",
        ofShape("(0, 9223372036854775807, 2)", 6),
        SHAPE,
        bytes + "'(0, 9223372036854775807, 2)' of 1 bytes each");
    add(
        "an overflow by the item size",
        file(dictionary("'<f8'", "False", "(1152921504606846976,)"), 6),
        SHAPE,
        bytes + "'(1152921504606846976,)' of 8 bytes each");
    add(
        "65 axes",
        ofShape("(" + "1, ".repeat(65) + ")", 6),
        LIMIT,
        "shape: expected at most 64 axes but got 65");
    add(
        "3,000 axes",
        ofShape("(" + "1, ".repeat(3000) + ")", 6),
        LIMIT,
        "shape: expected at most 64 axes but got 3000");
  }

  private void refused(String descr, String reason) {
    String shown = descr.startsWith("'") ? descr.replace("'", "") : descr;
    add(
        "dtype " + descr,
        ofDescr(descr),
        UNSUPPORTED_DTYPE,
        "dtype '" + shown + "' is refused: " + reason);
  }

  private void dtypes() {
    for (String descr : List.of("'|O'", "'O'", "'<O8'", "'object'")) {
      refused(descr, OBJECTS);
    }
    refused(
        "'T'",
        "strings of variable length are stored as a pickle, which can run code and is never read");
    for (String descr : List.of("'<M8[ns]'", "'>m8[s]'", "'M8'", "'datetime64'", "'timedelta64'")) {
      refused(descr, "dates and time spans are not supported");
    }
    for (String descr :
        List.of("'<f16'", "'g'", "'longdouble'", "'>c32'", "'G'", "'clongdouble'")) {
      refused(descr, "extended precision is laid out differently from machine to machine");
    }
    for (String descr : List.of("'|V7'", "'V'", "'void'")) {
      refused(descr, "raw bytes without a type are not supported");
    }
    refused(
        "'|V2'",
        "raw bytes without a type are not supported (bfloat16 is saved so: it is read with"
            + " --bfloat16, in Java with ReadOptions.withVoidAsBfloat16)");
    for (String descr : List.of("'|S0'", "'<U0'", "'S'", "'U'", "'|V0'", "'str'", "'bytes'")) {
      refused(descr, "elements of no bytes are not supported");
    }
    String structured = "structured and subarray types are not supported";
    for (String descr : List.of("'f8,'", "'f8,f4'", "'3f8'", "'(2,)f8'")) {
      refused(descr, structured);
    }
    refused("[('a', '<f8')]", structured);
    refused("('<f8', (2,))", structured);
    refused("[('a', '|O')]", structured + "; " + OBJECTS);
    refused("[('a', \"O8\")]", structured + "; " + OBJECTS);
    refused("[('a', [('b', '<f8'), ('c', 'O')])]", structured + "; " + OBJECTS);
    add(
        "lists 9,000 deep as dtype",
        ofDescr("[".repeat(9000)),
        UNSUPPORTED_DTYPE,
        "dtype '" + "[".repeat(60) + "… (8,981 more)' is refused: " + structured);
    for (String descr :
        List.of(
            "",
            "<",
            "fu8",
            "f3",
            "<F8",
            "||f8",
            "<>f8",
            "!f8",
            " f8",
            "f8 ",
            "f 8",
            "f08",
            "f+8",
            "<float64",
            "Float64",
            "S-1",
            "S 5",
            "S05",
            "S2147483648",
            "U536870912",
            "S99999999999999999999",
            "V2x",
            "x",
            "i16",
            "u3",
            "b2",
            "\u00e9")) {
      add(
          "dtype '" + descr + "'",
          ofDescr("'" + descr + "'"),
          DTYPE,
          "header: expected a dtype such as '<f8' under 'descr' but got '" + descr + "'");
    }
  }

  private void data() {
    String early = "array data ends early: expected ";
    add("no data", file(DICTIONARY, 0), TRUNCATED, early + "48 bytes but got 0");
    add("a byte too few", file(DICTIONARY, 47), TRUNCATED, early + "48 bytes but got 47");
    add(
        "no data for one element",
        file(dictionary("'<c16'", "False", "()"), 0),
        TRUNCATED,
        early + "16 bytes but got 0");
    add(
        "as many doubles as the heap may hold, and none there",
        file(dictionary("'<f8'", "False", "(1000000,)"), 10),
        TRUNCATED,
        early + "8000000 bytes but got 10");
    add(
        "in Fortran order",
        file(dictionary("'<f8'", "True", "(2, 3)"), 47),
        TRUNCATED,
        early + "48 bytes but got 47");
  }
}
