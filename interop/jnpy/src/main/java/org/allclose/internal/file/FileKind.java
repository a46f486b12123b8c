package org.allclose.internal.file;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * What a file is, told by its first bytes and never by its name.
 *
 * <p>Readers ask it about a file before they read it, so that a PyTorch checkpoint is called one,
 * and what to do with it is said, instead of which byte of it is not theirs.
 */
public enum FileKind {
  /** One array of numpy's. */
  NPY("a .npy file", "it holds one array without a name, save with np.savez"),
  /** A zip file that may hold arrays. */
  NPZ("a .npz file", "it holds arrays under names, save one of them with np.save"),
  /** Tensors as the safetensors project has them. */
  SAFETENSORS("a .safetensors file", "load it with safetensors.numpy and save with np.savez"),
  /** A JSON text. */
  JSON("a JSON file", ""),
  /** What {@code torch.save} writes: a zip file of a pickle or, before PyTorch 1.6, a pickle. */
  PYTORCH(
      "a PyTorch checkpoint",
      "save its state_dict with np.savez or safetensors, or record with from_torch"),
  /** What {@code model.save} of Keras 3 writes: a zip file. */
  KERAS("a Keras model", "save its weights with np.savez, or record with from_keras"),
  /** HDF5, such as the weights of Keras 2. */
  HDF5("an HDF5 file", "read it with h5py or Keras and save with np.savez"),
  /** A model of the open neural network exchange: a message in protocol buffers. */
  ONNX("an ONNX model", "save its initializers with onnx.numpy_helper.to_array and np.savez"),
  /** Python objects; to read them can run code. */
  PICKLE("a Python pickle", "pickles are never read; load it in Python and save with np.savez"),
  /** A model of llama.cpp's. */
  GGUF("a GGUF model", "save its tensors with np.savez"),
  /** A model of TensorFlow Lite. */
  TFLITE("a TensorFlow Lite model", "save its tensors with np.savez"),
  /** A workspace of MATLAB's before version 7.3. */
  MATLAB("a MATLAB file", "read it with scipy.io.loadmat and save with np.savez"),
  /** A table of Apache Parquet. */
  PARQUET("a Parquet file", "read it with pandas and save with np.savez"),
  /** One compressed file. */
  COMPRESSED("a compressed file", "decompress it first"),
  /** An archive of files. */
  TAR("a tar archive", "unpack it first"),
  /** What git checks out in place of a large file. */
  GIT_LFS("a git-lfs pointer", "get the file itself with git lfs pull"),
  /** What a server sends in place of a file. */
  HTML("a web page", "the download went wrong"),
  /** Text, such as CSV. */
  TEXT("text, such as CSV", "read it with np.loadtxt and save with np.save or np.savez"),
  /** A file of no bytes. */
  EMPTY("an empty file", ""),
  /** A folder. */
  FOLDER("a folder", ""),
  /** None of the others. */
  UNKNOWN("a file of no known kind", "");

  /** How many bytes tell the kind: a tar archive has its mark behind 257 others. */
  static final int SNIFFED_BYTES = 512;

  private static final int TAR_MARK = 257;
  private static final int LOCAL_NAME = 30;

  private final String what;
  private final String advice;

  FileKind(String what, String advice) {
    this.what = what;
    this.advice = advice;
  }

  /** Returns the kind of a file that starts with these bytes, at most 512 of them. */
  public static FileKind of(byte[] start) {
    if (start.length == 0) {
      return EMPTY;
    }
    if (starts(start, 0x93, 'N', 'U', 'M', 'P', 'Y')) {
      return NPY;
    }
    if (starts(start, 'P', 'K', 5, 6)) {
      return NPZ;
    }
    if (starts(start, 'P', 'K', 3, 4)) {
      return ofEntries(List.of(firstEntry(start)));
    }
    if (isSafetensors(start)) {
      return SAFETENSORS;
    }
    FileKind binary = ofMark(start);
    return binary == UNKNOWN ? ofText(start) : binary;
  }

  /** Returns the kind of a zip file with entries of these names. */
  static FileKind ofEntries(Collection<String> names) {
    if (names.stream().anyMatch(name -> name.endsWith("/data.pkl") || name.equals("data.pkl"))) {
      return PYTORCH;
    }
    boolean model = names.contains("model.weights.h5") || names.contains("config.json");
    return model && names.stream().noneMatch(name -> name.endsWith(".npy")) ? KERAS : NPZ;
  }

  private static FileKind ofMark(byte[] start) {
    if (starts(start, 0x89, 'H', 'D', 'F')) {
      return HDF5;
    }
    // The first pickle of torch.save before PyTorch 1.6 is a number, 0x1950a86a20f9469cfc6c.
    if (starts(start, 0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46)) {
      return PYTORCH;
    }
    if (start.length > 2 && starts(start, 0x80) && start[1] >= 2 && start[1] <= 5) {
      return PICKLE;
    }
    if (starts(start, 0x1f, 0x8b)
        || starts(start, 'B', 'Z', 'h')
        || starts(start, 0xfd, '7', 'z', 'X', 'Z')
        || starts(start, 0x28, 0xb5, 0x2f, 0xfd)
        || starts(start, '7', 'z', 0xbc, 0xaf)) {
      return COMPRESSED;
    }
    if (starts(start, 'G', 'G', 'U', 'F')) {
      return GGUF;
    }
    if (starts(start, 'P', 'A', 'R', '1')) {
      return PARQUET;
    }
    if (startsAt(start, 4, 'T', 'F', 'L', '3')) {
      return TFLITE;
    }
    if (startsAt(start, TAR_MARK, 'u', 's', 't', 'a', 'r')) {
      return TAR;
    }
    return isOnnx(start) ? ONNX : UNKNOWN;
  }

  /** An ONNX model is its version, field 1, a small number; then fields of bytes, 2 to 8 and 14. */
  private static boolean isOnnx(byte[] start) {
    if (start.length < 3 || start[0] != 8 || start[1] < 1 || start[1] > 31) {
      return false;
    }
    int field = start[2] >> 3;
    boolean known = (field >= 2 && field <= 8) || field == 14;
    return known && (start[2] & 7) == 2;
  }

  private static FileKind ofText(byte[] start) {
    for (byte b : start) {
      boolean layout = b >= '\t' && b <= '\r';
      if ((b >= 0 && b < ' ' && !layout) || b == 127) {
        return UNKNOWN;
      }
    }
    CharBuffer characters = CharBuffer.allocate(start.length);
    // Not the end of the input: a character may be cut in two there.
    CoderResult result =
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(start), characters, false);
    if (result.isError()) {
      return UNKNOWN;
    }
    String text = characters.flip().toString().strip();
    if (text.startsWith("version https://git-lfs.github.com/spec/")) {
      return GIT_LFS;
    }
    if (text.startsWith("MATLAB 5.0 MAT-file")) {
      return MATLAB;
    }
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.startsWith("<!doctype html") || lower.startsWith("<html")) {
      return HTML;
    }
    return text.startsWith("{") || text.startsWith("[") ? JSON : TEXT;
  }

  /** Returns whether it is a header's length, in 8 bytes, and an object. */
  private static boolean isSafetensors(byte[] start) {
    return start.length > Long.BYTES
        && (start[Long.BYTES] == '{' || Character.isWhitespace(start[Long.BYTES]))
        // The longest header that is allowed, 100 MB, needs four bytes.
        && startsAt(start, 4, 0, 0, 0, 0);
  }

  /** Returns the name of the first entry of a zip file, as far as these bytes have it. */
  static String firstEntry(byte[] start) {
    if (start.length < LOCAL_NAME) {
      return "";
    }
    int length = (start[26] & 0xff) | (start[27] & 0xff) << 8;
    int end = Math.min(start.length, LOCAL_NAME + length);
    return new String(start, LOCAL_NAME, end - LOCAL_NAME, StandardCharsets.UTF_8);
  }

  private static boolean starts(byte[] bytes, int... mark) {
    return startsAt(bytes, 0, mark);
  }

  private static boolean startsAt(byte[] bytes, int at, int... mark) {
    if (bytes.length < at + mark.length) {
      return false;
    }
    for (int i = 0; i < mark.length; i++) {
      if (bytes[at + i] != (byte) mark[i]) {
        return false;
      }
    }
    return true;
  }

  /** Returns what messages call a file of this kind, such as {@code a .npy file}. */
  public String what() {
    return what;
  }

  /**
   * Returns what is wrong with a file of this kind where another is wanted: {@code expected a .npz
   * file but got an HDF5 file: read it with h5py or Keras and save with np.savez}.
   */
  String inPlaceOf(FileKind... wanted) {
    String expected = wanted[0].what;
    for (int i = 1; i < wanted.length; i++) {
      expected += (i < wanted.length - 1 ? ", " : " or ") + wanted[i].what;
    }
    boolean arrays = !List.of(wanted).contains(JSON);
    boolean advised = !advice.isEmpty() && (arrays || !advice.contains("np.save"));
    return "expected " + expected + " but got " + what + (advised ? ": " + advice : "");
  }

  /** Returns the error that a file is of this kind where others are wanted. */
  public WrongFileException error(String source, FileKind... wanted) {
    WrongFileException.Fault fault =
        this == EMPTY ? WrongFileException.Fault.EMPTY : WrongFileException.Fault.KIND;
    return new WrongFileException(fault, source, inPlaceOf(wanted));
  }
}
