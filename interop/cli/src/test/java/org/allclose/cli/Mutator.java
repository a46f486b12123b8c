package org.allclose.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Changes files a little: bytes anywhere, or what they mean while lengths and checksums stay right.
 */
final class Mutator {
  private static final Pattern TOKEN =
      Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*+\"|'[^']*+'|[-+.0-9A-Za-z_]++|[{}\\[\\](),:]");

  private static final List<String> TOKENS =
      List.of(
          "0",
          "1",
          "2",
          "-1",
          "-0",
          "7",
          "1.5",
          "0.5",
          "1e3",
          "2147483647",
          "2147483648",
          "-2147483648",
          "9223372036854775807",
          "1e18",
          "1e999999999",
          "1e99999999999",
          "1e-999999999",
          "01",
          "NaN",
          "null",
          "true",
          "True",
          "[]",
          "{}",
          "[[]]",
          "\"\"",
          "\"x\"",
          "\"relu\"",
          "\"ReLU\"",
          "\"dense\"",
          "\"conv2d\"",
          "\"maxPool2d\"",
          "\"batchNorm\"",
          "\"dropout\"",
          "\"flatten\"",
          "\"reshape\"",
          "\"residual\"",
          "\"softmax\"",
          "\"hinge\"",
          "\"adam\"",
          "\"cosine\"",
          "\"units\"",
          "\"type\"",
          "\"kernel\"",
          "\"padding\"",
          "\"lr\"",
          "\"../x.npy\"",
          "\"/etc/passwd\"",
          "\"case.json\"",
          "\"\\u001b[2K\"",
          "\"\\ud800\"",
          "\"\u202e\"",
          "\"a\\u0000b\"",
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "[".repeat(200),
          "'<f8'",
          "'>f4'",
          "'|O'",
          "'<c16'",
          "'<U5'",
          "'<i8'",
          "'|b1'",
          "(",
          ")",
          "(3,)",
          "(0, 5)",
          "True");

  private final Random random;

  Mutator(Random random) {
    this.random = random;
  }

  boolean chance(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }

  <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /**
   * Returns the bytes with some of them flipped, replaced, removed, repeated, or the end cut off.
   */
  byte[] bytes(byte[] original) {
    byte[] bytes = original.clone();
    for (int n = random.nextInt(3); n >= 0 && bytes.length > 0; n--) {
      int from = random.nextInt(bytes.length);
      int to = Math.min(bytes.length, from + 1 + random.nextInt(8));
      switch (random.nextInt(6)) {
        case 0 -> bytes[from] ^= (byte) (1 << random.nextInt(8));
        case 1 -> Arrays.fill(bytes, from, to, (byte) (random.nextBoolean() ? 0xff : 0));
        case 2 -> bytes[from] = (byte) random.nextInt(256);
        case 3 -> bytes = concat(Arrays.copyOf(bytes, from), bytes, to);
        case 4 -> bytes = concat(Arrays.copyOf(bytes, to), bytes, from);
        default -> bytes = chance(4) ? Arrays.copyOf(bytes, from) : bytes;
      }
    }
    return bytes;
  }

  private static byte[] concat(byte[] start, byte[] end, int from) {
    byte[] both = Arrays.copyOf(start, start.length + end.length - from);
    System.arraycopy(end, from, both, start.length, end.length - from);
    return both;
  }

  /** Returns the text with some of its words replaced, removed, repeated or exchanged. */
  String text(String original) {
    if (chance(8)) {
      byte[] bytes = bytes(original.getBytes(StandardCharsets.UTF_8));
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
    String text = original;
    for (int n = random.nextInt(2); n >= 0; n--) {
      List<MatchResult> tokens = TOKEN.matcher(text).results().toList();
      if (tokens.isEmpty()) {
        return text;
      }
      MatchResult token = pick(tokens);
      String other =
          switch (random.nextInt(8)) {
            case 0 -> "";
            case 1 -> token.group() + "," + token.group();
            case 2 -> pick(TOKENS);
            case 3 -> pick(tokens).group();
            default -> ofTheSameKind(token.group(), tokens);
          };
      text = text.substring(0, token.start()) + other + text.substring(token.end());
    }
    return text;
  }

  /**
   * Returns another word for a word, or a number for a number: what is read rather than refused.
   */
  private String ofTheSameKind(String token, List<MatchResult> tokens) {
    for (int tries = 0; tries < 20; tries++) {
      String other = random.nextBoolean() ? pick(TOKENS) : pick(tokens).group();
      if (kind(other.charAt(0)) == kind(token.charAt(0))) {
        return other;
      }
    }
    return token;
  }

  private static int kind(char first) {
    return first == '-' || Character.isDigit(first) ? '0' : Character.isLetter(first) ? 'a' : first;
  }

  /** Returns an array whose header says something else, or whose data are other. */
  byte[] npy(byte[] original) {
    if (chance(2) || original.length < 10) {
      return bytes(original);
    }
    int length = ByteBuffer.wrap(original).order(ByteOrder.LITTLE_ENDIAN).getShort(8);
    if (length < 0 || 10 + length > original.length) {
      return bytes(original);
    }
    String header = new String(original, 10, length, StandardCharsets.ISO_8859_1).strip();
    byte[] other = (text(header) + "\n").getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(10 + other.length + original.length - 10 - length)
            .order(ByteOrder.LITTLE_ENDIAN);
    file.put(original, 0, 8).putShort((short) other.length).put(other);
    return file.put(original, 10 + length, original.length - 10 - length).array();
  }

  /** Returns an archive with other arrays or names, and checksums that are right. */
  byte[] npz(byte[] original) throws IOException {
    if (chance(4)) {
      return bytes(original);
    }
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(original))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        entries.put(entry.getName(), zip.readAllBytes());
      }
    } catch (ZipException e) {
      return bytes(original); // a kind of zip that Java's streams do not read
    }
    for (int n = random.nextInt(3); n >= 0 && !entries.isEmpty(); n--) {
      String name = pick(new ArrayList<>(entries.keySet()));
      byte[] array = entries.get(name);
      switch (random.nextInt(6)) {
        case 0 -> entries.remove(name);
        case 1 -> entries.put(text(name), array);
        case 2 -> entries.put(pick(new ArrayList<>(entries.keySet())), array);
        default -> entries.put(name, npy(array));
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        String name = entry.getKey();
        if (StandardCharsets.UTF_8.newEncoder().canEncode(name) && name.length() < 1000) {
          zip.putNextEntry(new ZipEntry(name));
          zip.write(entry.getValue());
        }
      }
    }
    return out.toByteArray();
  }

  /** Returns a file whose header says something else, with the length that it has. */
  byte[] safetensors(byte[] original) {
    if (chance(4)) {
      return bytes(original);
    }
    int length = (int) ByteBuffer.wrap(original).order(ByteOrder.LITTLE_ENDIAN).getLong();
    String header = text(new String(original, 8, length, StandardCharsets.UTF_8));
    byte[] other = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(original.length - length + other.length).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(other.length).put(other);
    return file.put(original, 8 + length, original.length - 8 - length).array();
  }
}
