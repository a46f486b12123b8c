package org.allclose.jnpy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The arrays that {@code npy_digests.py} puts into its {@code .npz} files. */
final class NpzCases {
  /** The cases whose files are in {@code testdata/npz}. */
  static final List<String> COMMITTED = List.of("plain", "names");

  private NpzCases() {}

  static Map<String, NpyArray> arrays(String name) throws IOException {
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    switch (name) {
      case "empty" -> {}
      case "plain" -> {
        arrays.put("fc1/W", array("f8", false, 3, 4));
        arrays.put("fc1/b", array(">f4", false, 4));
        arrays.put("arr_0", array("u1", false));
      }
      case "names" -> {
        arrays.put("gr\u00f6\u00dfe", array("i8", true, 2, 3));
        arrays.put("a.npy", array("c16", false, 0, 2));
        arrays.put("", array("b1", false, 3));
        arrays.put("../up", array("U3", false, 2));
        arrays.put("back\\slash", array("f2", false, 1, 5));
        arrays.put("\u65e5\u672c", array("S5", true, 2, 2));
      }
      case "many" -> {
        for (int i = 0; i < 65536; i++) {
          arrays.put("k" + i, array("u2", false, i % 3));
        }
      }
      default -> throw new AssertionError(name);
    }
    return arrays;
  }

  private static NpyArray array(String descr, boolean fortran, long... shape) throws IOException {
    NumpyCase numpy = new NumpyCase(0, descr, fortran, 1, shape, "", "");
    return Npy.read(new ByteArrayInputStream(numpy.file()));
  }

  static void assertSame(NpyArray expected, NpyArray got) {
    assertEquals(expected.toString(), got.toString());
    assertEquals(NumpyCase.valuesDigest(expected), NumpyCase.valuesDigest(got));
  }
}
