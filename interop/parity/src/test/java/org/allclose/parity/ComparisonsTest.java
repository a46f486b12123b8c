package org.allclose.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.allclose.internal.arrays.StoredArray;
import org.allclose.internal.arrays.StoredArrays;
import org.allclose.internal.file.InputFile;
import org.allclose.jnpy.DType;
import org.allclose.jnpy.NpyArray;
import org.allclose.jnpy.ReadOptions;
import org.allclose.parity.recording.Match;
import org.allclose.parity.report.CaseReport;
import org.allclose.parity.report.Comparison;
import org.allclose.parity.report.ReportFormat;
import org.allclose.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares arrays of every dtype. */
class ComparisonsTest {
  @TempDir Path folder;

  private static final long LARGE = (1L << 53) + 1;

  @Test
  void integersBeyondDoubles_areComparedExactly() {
    NpyArray expected = NpyArray.of(new long[] {1, LARGE, Long.MIN_VALUE}, 3);
    assertSame(expected);
    // As doubles, the second elements are equal.
    assertDiffers(
        "x(1,): expected 9007199254740993 but got 9007199254740992 (match exact; 2 of 3 elements"
            + " equal)",
        expected,
        NpyArray.of(new long[] {1, LARGE - 1, Long.MIN_VALUE}, 3));
  }

  @Test
  void integersOfTwoDtypes_areComparedByValue() {
    NpyArray signed = NpyArray.of(new long[] {-1, 3}, 2);
    NpyArray unsigned = NpyArray.wrap(DType.UINT64, new long[] {-1, 3}, 2);
    assertDiffers(
        "x: expected int64 but got uint64; x(0,): expected -1 but got 18446744073709551615 (match"
            + " exact; 1 of 2 elements equal)",
        signed,
        unsigned);
    NpyArray narrow = NpyArray.of(new int[] {-1, 3}, 2);
    assertDiffers("x: expected int64 but got int32; x: all 2 elements equal", signed, narrow);
    CaseReport report = compare(signed, narrow, Match.ulps(0));
    assertTrue(report.matches());
    assertTrue(
        ReportFormat.TABLE.print(List.of(report)).contains("\nd: x: int32 in place of int64\n"),
        ReportFormat.TABLE.print(List.of(report)));
  }

  /** As numpy.testing.assert_allclose: |actual - expected| <= atol + rtol * |expected|. */
  @Test
  void integersWithATolerance_mayBeThatFarApart() {
    NpyArray expected = NpyArray.of(new long[] {100, -100, Long.MAX_VALUE}, 3);
    NpyArray actual = NpyArray.of(new long[] {111, -111, Long.MAX_VALUE - 1}, 3);
    assertTrue(compare(expected, actual, Match.tolerance(0.1, 1)).matches());
    CaseReport report = compare(expected, actual, Match.tolerance(0.1, 0.5));
    assertEquals(
        List.of("x(0,): expected 100 but got 111 (match rtol 0.1 atol 0.5; 0 of 3 elements equal)"),
        report.explain());
    assertFalse(compare(expected, actual, Match.ulps(1e6)).matches());
  }

  @Test
  void truthValuesAndStrings_areComparedOneByOne() {
    NpyArray truth = NpyArray.of(new boolean[] {true, false}, 2);
    assertSame(truth);
    assertDiffers(
        "x(1,): expected False but got True (match exact; 1 of 2 elements equal)",
        truth,
        NpyArray.of(new boolean[] {true, true}, 2));
    NpyArray text = NpyArray.of(new String[] {"a", "longest"}, 1, 2);
    assertSame(text);
    assertDiffers(
        "x(0, 1): expected 'longest' but got 'kurz' (match exact; 1 of 2 elements equal)",
        text,
        NpyArray.of(new String[] {"a", "kurz"}, 1, 2));
    assertSame(NpyArray.wrap(DType.bytes(2), new byte[] {'a', 0, 'b', 'c'}, 2));
  }

  @Test
  void complexNumbers_areComparedPartByPart() {
    NpyArray expected = NpyArray.wrap(DType.COMPLEX128, new double[] {1, 2, 3, Double.NaN}, 2);
    CaseReport report = compare(expected, expected, Match.EXACT);
    assertTrue(report.matches());
    assertEquals(
        List.of("x.real", "x.imag"), report.tensors().stream().map(Comparison::name).toList());
    NpyArray actual = NpyArray.wrap(DType.COMPLEX128, new double[] {1, 2, 3, -0.0}, 2);
    report = compare(expected, actual, Match.EXACT);
    assertEquals(1, report.explain().size());
    assertTrue(
        report.explain().get(0).startsWith("x.imag(1,): expected NaN but got -0.0 (match exact;"),
        report.explain().get(0));
    assertDiffers(
        "x: expected complex128 of shape (2,) but got float64 of shape (2,)",
        expected,
        NpyArray.of(new double[] {1, 3}, 2));
  }

  @Test
  void signsOfZeroAndNaNs_areComparedAsInTensors() {
    double other = Double.longBitsToDouble(0x7ff8000000000001L);
    assertTrue(
        compare(
                NpyArray.of(new double[] {Double.NaN}, 1),
                NpyArray.of(new double[] {other}, 1),
                Match.EXACT)
            .matches());
    assertFalse(
        compare(
                NpyArray.of(new double[] {0.0}, 1),
                NpyArray.of(new double[] {-0.0}, 1),
                Match.EXACT)
            .matches());
  }

  @Test
  void otherDtypesOfEqualValues_areNamed_andFailOnlyIfExact() {
    NpyArray wide = NpyArray.of(new double[] {1, 2.5}, 2);
    NpyArray narrow = NpyArray.of(new float[] {1, 2.5f}, 2);
    assertDiffers("x: expected float64 but got float32; x: all 2 elements bit-equal", wide, narrow);
    assertTrue(compare(wide, narrow, Match.tolerance(0, 0)).matches());
    NpyArray whole = NpyArray.of(new long[] {1, 2}, 2);
    CaseReport report = compare(whole, narrow, Match.EXACT);
    assertTrue(
        report
            .explain()
            .get(0)
            .startsWith(
                "x: expected int64 but got float32; x(1,): expected 2.0 but got 2.5 (match exact;"),
        report.explain().get(0));
    assertTrue(compare(whole, narrow, Match.tolerance(0, 0.5)).matches());
    // No double is 2^53 + 1.
    assertDiffers(
        "x: expected int64 of shape (1,) but got float64 of shape (1,)",
        NpyArray.of(new long[] {LARGE}, 1),
        NpyArray.of(new double[] {LARGE}, 1));
  }

  /** One byte more is another number by far in a type of 8 bits, whatever the tolerance. */
  @Test
  void elementsThatNumpyLacks_areEqualOrNot() throws IOException {
    Map<String, StoredArray> expected = eightBits("x.safetensors", 1);
    assertTrue(Comparisons.ofArrays("d", expected, expected, Match.EXACT).matches());
    CaseReport report =
        Comparisons.ofArrays("d", expected, eightBits("y.safetensors", 2), Match.tolerance(1, 100));
    assertEquals(
        List.of("a(0,): expected 1 but got 2 (match rtol 1.0 atol 100.0; 0 of 1 elements equal)"),
        report.explain());
    assertEquals(
        List.of("a: expected F8_E4M3 of shape (1,) but got uint8 of shape (1,)"),
        Comparisons.ofArrays(
                "d",
                expected,
                Map.of("a", StoredArray.of(NpyArray.of(new byte[] {1}, 1))),
                Match.EXACT)
            .explain());
  }

  private Map<String, StoredArray> eightBits(String name, int value) throws IOException {
    byte[] header =
        "{\"a\": {\"dtype\": \"F8_E4M3\", \"shape\": [1], \"data_offsets\": [0, 1]}}"
            .getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(Long.BYTES + header.length + 1).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(header.length).put(header).put((byte) value);
    Path file = Files.write(folder.resolve(name), bytes.array());
    return StoredArrays.read(InputFile.of(file), ReadOptions.defaults());
  }

  @Test
  void otherKindsAndShapes_areNamed() {
    NpyArray text = NpyArray.of(new String[] {"1"}, 1);
    NpyArray number = NpyArray.of(new double[] {1}, 1);
    assertDiffers("x: expected float64 of shape (1,) but got str1 of shape (1,)", number, text);
    assertDiffers(
        "x: expected int64 of shape () but got int64 of shape (1,)",
        NpyArray.of(new long[] {1}),
        NpyArray.of(new long[] {1}, 1));
    assertEquals(
        List.of(
            "x: expected shape (1,) but got (1, 1)",
            "likely cause: 'x': B has the elements of A in the same order, in another shape"),
        compare(number, NpyArray.of(new double[] {1}, 1, 1), Match.EXACT).explain());
  }

  @Test
  void missingTensors_areComparisonsThatFail() {
    Map<String, Tensor> expected = new LinkedHashMap<>();
    expected.put("a", Tensor.vector(1));
    expected.put("b", Tensor.scalar(2));
    CaseReport report =
        Comparisons.of(
            "d", expected, Map.of("a", Tensor.vector(1), "c", Tensor.zeros(2, 3)), Match.EXACT);
    assertFalse(report.matches());
    assertEquals(
        List.of(
            "b: expected float64 of shape () but got none",
            "c: expected none but got float64 of shape (2, 3)"),
        report.explain());
    assertEquals(3, report.comparisons().count());
    assertEquals(2, report.failures().size());
  }

  private static void assertSame(NpyArray array) {
    CaseReport report = compare(array, array, Match.EXACT);
    assertTrue(report.matches(), () -> report.explain().toString());
    assertEquals(List.of(), report.explain());
  }

  private static void assertDiffers(String message, NpyArray expected, NpyArray actual) {
    CaseReport report = compare(expected, actual, Match.EXACT);
    assertFalse(report.matches());
    assertEquals(List.of(message), report.explain());
  }

  private static CaseReport compare(NpyArray expected, NpyArray actual, Match match) {
    return Comparisons.ofArrays(
        "d", Map.of("x", StoredArray.of(expected)), Map.of("x", StoredArray.of(actual)), match);
  }
}
