package org.allclose.internal.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.allclose.TestPython;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintableTest {

  @Test
  void plainText_isItself() {
    String text = "fc1/W é 数 😀 \\x1b";
    assertEquals(text, Printable.of(text));
    assertSame("fc1", Printable.of("fc1"));
  }

  @ParameterizedTest
  @CsvSource({
    "001b, \\x1b",
    "000a, \\n",
    "000d, \\r",
    "0009, \\t",
    "0000, \\x00",
    "007f, \\x7f",
    "009b, \\x9b",
    "202a, \\u202a",
    "202e, \\u202e",
    "2066, \\u2066",
    "2069, \\u2069",
    "200e, \\u200e",
    "200f, \\u200f",
    "200b, \\u200b",
    "200d, \\u200d",
    "feff, \\ufeff",
    "2028, \\u2028",
    "061c, \\u061c",
    "fffe, \\ufffe",
    "ffff, \\uffff",
    "d800, \\ud800",
    "dfff, \\udfff",
    "e0041, \\U000e0041",
    "1fffe, \\U0001fffe"
  })
  void whatATerminalObeysOrHides_isEscaped(String code, String shown) {
    String character = new StringBuilder().appendCodePoint(Integer.parseInt(code, 16)).toString();
    assertEquals("a" + shown + "b", Printable.of("a" + character + "b"));
    assertEquals("a" + shown + "b", Printable.of(Printable.of("a" + character + "b")));
  }

  /** Python's {@code str.isprintable} knows more characters with each version, but never fewer. */
  @Test
  void whatPythonPrints_isPrinted_andItsControlAndFormatCharactersAreNot() throws Exception {
    String program =
        "import unicodedata as u\n"
            + "print(' '.join(str(c) for c in range(0x110000) if chr(c).isprintable()))\n"
            + "print(' '.join(str(c) for c in range(0x110000)"
            + " if u.category(chr(c)) in ('Cc', 'Zl', 'Zp', 'Cs')))";
    TestPython.Outcome outcome =
        TestPython.with("unicodedata").run(Path.of("").toAbsolutePath(), "-c", program);
    assertEquals(0, outcome.status(), outcome.output());
    String[] lines = outcome.output().split("\n", -1);
    List<String> wrong = new ArrayList<>();
    for (String code : lines[0].split(" ", -1)) {
      if (!Printable.isPrintable(Integer.parseInt(code))) {
        wrong.add(code);
      }
    }
    for (String code : lines[1].split(" ", -1)) {
      if (Printable.isPrintable(Integer.parseInt(code))) {
        wrong.add(code);
      }
    }
    assertTrue(wrong.isEmpty(), wrong.toString());
  }
}
