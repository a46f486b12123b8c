package org.allclose.jnpy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.allclose.TestData;
import org.allclose.internal.text.Tuple;

/**
 * A line of {@code testdata/digests/npy.txt}: an array, and what numpy made of it.
 *
 * <p>How the elements are made and what the digests are of, {@code npy_digests.py} says.
 */
final class NumpyCase {
  private final int number;
  private final String descr;
  private final boolean fortran;
  private final int version;
  private final long[] shape;
  private final String fileDigest;
  private final String valuesDigest;
  private final int size;
  private byte[] file;

  NumpyCase(
      int number,
      String descr,
      boolean fortran,
      int version,
      long[] shape,
      String fileDigest,
      String valuesDigest) {
    this.number = number;
    this.descr = descr;
    this.fortran = fortran;
    this.version = version;
    this.shape = shape;
    this.fileDigest = fileDigest;
    this.valuesDigest = valuesDigest;
    size = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
  }

  static List<NumpyCase> all() {
    List<NumpyCase> cases = new ArrayList<>();
    for (String line : lines()) {
      if (!line.startsWith("#")) {
        String[] part = line.split(" ", -1);
        long[] shape =
            part[3].equals("-")
                ? new long[0]
                : Arrays.stream(part[3].split("x", -1)).mapToLong(Long::parseLong).toArray();
        cases.add(
            new NumpyCase(
                cases.size(),
                part[0],
                part[1].equals("F"),
                Integer.parseInt(part[2]),
                shape,
                part[4],
                part[5]));
      }
    }
    return cases;
  }

  private static List<String> lines() {
    try {
      return Files.readAllLines(TestData.folder().resolve("digests/npy.txt"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the same array as another version of the format holds it; without digests. */
  NumpyCase withVersion(int other) {
    return new NumpyCase(number, descr, fortran, other, shape, "", "");
  }

  int number() {
    return number;
  }

  String descr() {
    return descr;
  }

  boolean fortran() {
    return fortran;
  }

  int version() {
    return version;
  }

  long[] shape() {
    return shape;
  }

  String fileDigest() {
    return fileDigest;
  }

  String valuesDigest() {
    return valuesDigest;
  }

  DType dtype() throws NpyException {
    return DescrParser.parse(descr, "case", ReadOptions.defaults());
  }

  int size() {
    return size;
  }

  /** Returns the bytes of the file that numpy writes, laid out element by element here. */
  byte[] file() throws NpyException {
    file = file == null ? layOut() : file;
    return file.clone();
  }

  private byte[] layOut() throws NpyException {
    DType dtype = dtype();
    boolean reallyFortran = fortran && Arrays.stream(shape).filter(n -> n != 1).count() > 1;
    reallyFortran &= size() > 0;
    byte[] header = NpyHeader.of(dtype, reallyFortran, shape).withVersion(version).toBytes();
    int width = dtype.itemSize();
    byte[] elements = elements(dtype);
    byte[] bytes = Arrays.copyOf(header, header.length + elements.length);
    for (int i = 0; i < size; i++) {
      int place = reallyFortran ? fortranPlace(i) : i;
      System.arraycopy(elements, i * width, bytes, header.length + place * width, width);
    }
    return bytes;
  }

  /** Returns where in Fortran order the element stands that is the i-th in C order. */
  private int fortranPlace(int i) {
    int rest = i;
    int[] index = new int[shape.length];
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = rest % (int) shape[axis];
      rest /= (int) shape[axis];
    }
    int place = 0;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      place = place * (int) shape[axis] + index[axis];
    }
    return place;
  }

  private byte[] elements(DType dtype) {
    int width = dtype.itemSize();
    ByteBuffer words =
        ByteBuffer.allocate((size() * width + 7) / 8 * 8).order(ByteOrder.LITTLE_ENDIAN);
    for (long z = 7; words.hasRemaining(); ) {
      z += 0x9E3779B97F4A7C15L;
      long mixed = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
      words.putLong(mixed ^ (mixed >>> 31));
    }
    byte[] bytes = Arrays.copyOf(words.array(), size() * width);
    if (dtype.type() == ElementType.BOOL) {
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] &= 1;
      }
    }
    if (dtype.type() == ElementType.TEXT) {
      ByteBuffer characters = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < bytes.length; i += 4) {
        int c = characters.getInt(i) & 1023;
        characters.putInt(i, c < 32 ? 0 : c >= 768 ? 0x1F600 + (c & 63) : c);
      }
    }
    int unit = dtype.type().isComplex() ? width / 2 : dtype.type().unit().bytes();
    return dtype.byteOrder() == ByteOrder.BIG_ENDIAN ? reversed(bytes, unit) : bytes;
  }

  private static byte[] reversed(byte[] bytes, int unit) {
    byte[] out = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      out[i / unit * unit + unit - 1 - i % unit] = bytes[i];
    }
    return out;
  }

  /** Returns the digest of an array's elements as the line tells it of numpy's. */
  static String valuesDigest(NpyArray array) {
    ElementType type = array.dtype().type();
    ByteBuffer out;
    if (type.isString()) {
      String[] strings = array.toStrings();
      int units = Arrays.stream(strings).mapToInt(s -> 1 + s.codePointCount(0, s.length())).sum();
      out = ByteBuffer.allocate(4 * units).order(ByteOrder.LITTLE_ENDIAN);
      for (String string : strings) {
        string.codePoints().forEach(out::putInt);
        out.putInt(-1);
      }
    } else if (type.isComplex() || type.isFloating()) {
      double[] doubles = type.isComplex() ? array.toInterleaved() : array.toDoubles();
      out = ByteBuffer.allocate(8 * doubles.length).order(ByteOrder.LITTLE_ENDIAN);
      for (double value : doubles) {
        out.putLong(Double.doubleToLongBits(value));
      }
    } else {
      long[] longs = type == ElementType.UINT64 ? array.toUnsignedLongs() : array.toLongs();
      out = ByteBuffer.allocate(8 * longs.length).order(ByteOrder.LITTLE_ENDIAN);
      for (long value : longs) {
        out.putLong(value);
      }
    }
    return digest(out.array());
  }

  static String digest(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest).substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%s %s v%d %s", descr, fortran ? "F" : "C", version, Tuple.of(shape));
  }
}
