package org.allclose.jnpy;

import static org.allclose.jnpy.NpyException.Reason.CHECKSUM;
import static org.allclose.jnpy.NpyException.Reason.DUPLICATE_ENTRY;
import static org.allclose.jnpy.NpyException.Reason.LIMIT;
import static org.allclose.jnpy.NpyException.Reason.NOT_NPY;
import static org.allclose.jnpy.NpyException.Reason.SHAPE;
import static org.allclose.jnpy.NpyException.Reason.TRUNCATED;
import static org.allclose.jnpy.NpyException.Reason.UNSUPPORTED_ZIP;
import static org.allclose.jnpy.NpyException.Reason.ZIP;
import static org.allclose.jnpy.ZipBytes.wide;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.allclose.jnpy.ZipBytes.Entry;

/** Zip files that break each rule at least once; the entry that is wrong is {@code x.npy}. */
final class HostileNpz {
  /** Six bytes in an array: 134 bytes with the header. */
  static final byte[] ARRAY = NpyBytes.file(padded("(6,)"), 6);

  private final List<Hostile> all = new ArrayList<>();

  static List<Hostile> all() {
    HostileNpz files = new HostileNpz();
    files.endRecords();
    files.wideEndRecords();
    files.directories();
    files.names();
    files.overlaps();
    files.many();
    files.entries();
    files.data();
    return files.all;
  }

  /** Returns a dictionary of 118 characters, so that header and prefix have 128 bytes. */
  private static String padded(String shape) {
    String text = NpyBytes.dictionary("'|u1'", "False", shape).strip();
    return text + " ".repeat(117 - text.length()) + "\n";
  }

  private static Entry stored() {
    return Entry.stored("x.npy", ARRAY);
  }

  private static Entry deflated() {
    return Entry.deflated("x.npy", ARRAY);
  }

  private void add(String name, byte[] file, NpyException.Reason reason, String message) {
    all.add(new Hostile(name, file, reason, message));
  }

  private void damaged(String name, ZipBytes zip, String message) {
    add(name, zip.build(), ZIP, message);
  }

  private void end(String name, Consumer<ByteBuffer> change, String message) {
    damaged(name, ZipBytes.of(stored()).end(change), message);
  }

  private void endRecords() {
    String none = "zip: expected an end record but got none in the last ";
    byte[] whole = ZipBytes.of(stored()).build();
    add("nothing", new byte[0], TRUNCATED, "expected a .npz file but got an empty file");
    add(
        "an array",
        ARRAY,
        NOT_NPY,
        "expected a .npz file but got a .npy file: it holds one array without a name, save with"
            + " np.savez");
    add("100,000 zeros", new byte[100000], ZIP, none + "65557 bytes");
    add(
        "the last byte is missing",
        Arrays.copyOf(whole, whole.length - 1),
        ZIP,
        none + (whole.length - 1) + " bytes");
    add(
        "more bytes behind the end than a comment has",
        Arrays.copyOf(whole, whole.length + 65536),
        ZIP,
        none + "65557 bytes");
    String disks = "zip: expected one file but got a zip split over several";
    add(
        "a second disk",
        ZipBytes.of(stored()).end(end -> end.putShort(4, (short) 1)).build(),
        UNSUPPORTED_ZIP,
        disks);
    add(
        "a directory on a second disk",
        ZipBytes.of(stored()).end(end -> end.putShort(6, (short) 1)).build(),
        UNSUPPORTED_ZIP,
        disks);
    end(
        "fewer entries on this disk",
        end -> end.putShort(8, (short) 0),
        "zip end record: entries on this disk: expected 1 but got 0");
    end(
        "more entries than there are",
        end -> end.putShort(8, (short) 2).putShort(10, (short) 2),
        "zip directory: entries: expected 2 but got 1");
    end(
        "fewer entries than there are",
        end -> end.putShort(8, (short) 0).putShort(10, (short) 0),
        "zip directory: expected 0 entries but got more");
    String place = "zip end record: expected a directory that ends at byte 220 but got one of ";
    end("a longer directory", end -> end.putInt(12, 52), place + "52 bytes at 169");
    end("a directory of 4 GiB", end -> end.putInt(12, -2), place + "4294967294 bytes at 169");
    end("a directory far behind", end -> end.putInt(16, -2), place + "51 bytes at 4294967294");
    end(
        "a directory before itself",
        end -> end.putInt(16, 0),
        "zip directory: entry 'x.npy': expected its 134 bytes from 169 on to end before 169 but got more");
    end(
        "an empty directory at its end",
        end -> end.putInt(12, 0).putInt(16, 220),
        "zip directory: entries: expected 1 but got 0");
    damaged(
        "something behind the directory",
        ZipBytes.of(stored()).between(new byte[7]),
        "zip directory: expected an entry at byte 176 but got none");
  }

  private void end64(String name, Consumer<ByteBuffer> change, String message) {
    damaged(name, ZipBytes.of(stored()).zip64().end64(change), message);
  }

  private void wideEndRecords() {
    end64(
        "a 64-bit locator on a disk",
        end -> end.putInt(60, 1),
        "zip64 locator: disk: expected 0 but got 1");
    end64("64-bit disks", end -> end.putInt(72, 2), "zip64 locator: disks: expected 1 but got 2");
    end64(
        "a 64-bit end record elsewhere",
        end -> end.putLong(64, 0),
        "zip64 locator: place of the end record: expected 220 but got 0");
    end64(
        "a 64-bit end record at 2^63",
        end -> end.putLong(64, Long.MIN_VALUE),
        "zip64 locator: place of the end record: expected 220 but got -9223372036854775808");
    end64(
        "no 64-bit end record",
        end -> end.putInt(0, 0),
        "zip64 end record: signature: expected 101075792 but got 0");
    end64(
        "a longer 64-bit end record",
        end -> end.putLong(4, 45),
        "zip64 end record: size: expected 44 but got 45");
    add(
        "a 64-bit second disk",
        ZipBytes.of(stored()).zip64().end64(end -> end.putInt(16, 1)).build(),
        UNSUPPORTED_ZIP,
        "zip: expected one file but got a zip split over several");
    end64(
        "fewer entries on this 64-bit disk",
        end -> end.putLong(24, 0),
        "zip64 end record: entries on this disk: expected 1 but got 0");
    String large = "zip64 end record: expected numbers below 2^63 but got larger ones";
    end64(
        "2^63 entries", end -> end.putLong(24, Long.MIN_VALUE).putLong(32, Long.MIN_VALUE), large);
    end64("a directory of 2^63 bytes", end -> end.putLong(40, Long.MIN_VALUE), large);
    end64("a directory at 2^63", end -> end.putLong(48, Long.MIN_VALUE), large);
    add(
        "4 billion entries",
        ZipBytes.of(stored())
            .zip64()
            .end64(end -> end.putLong(24, 1L << 32).putLong(32, 1L << 32))
            .build(),
        LIMIT,
        "zip directory: expected at most 100000 entries but got 4294967296");
    damaged(
        "end records that differ in entries",
        ZipBytes.of(stored())
            .zip64()
            .end(end -> end.putShort(8, (short) 3).putShort(10, (short) 3)),
        "zip64 end record: entries: expected 3 but got 1");
    damaged(
        "end records that differ in bytes",
        ZipBytes.of(stored()).zip64().end(end -> end.putInt(12, 3)),
        "zip64 end record: bytes: expected 3 but got 51");
    damaged(
        "end records that differ in place",
        ZipBytes.of(stored()).zip64().end(end -> end.putInt(16, 3)),
        "zip64 end record: place: expected 3 but got 169");
    end(
        "no 64-bit locator",
        end -> end.putInt(12, -1),
        "zip end record: expected a directory that ends at byte 220 but got one of 4294967295 bytes at 169");
    add(
        "no room for a 64-bit locator",
        ZipBytes.of().end(end -> end.putInt(12, -1)).build(),
        ZIP,
        "zip end record: expected a directory that ends at byte 0 but got one of 4294967295 bytes at 0");
  }

  private void directory(String name, Consumer<Entry> change, String message) {
    damaged(name, ZipBytes.of(stored().with(change)), message);
  }

  private void directories() {
    directory(
        "no signature in the directory",
        e -> e.centralSignature = 0,
        "zip directory: expected an entry at byte 169 but got none");
    damaged(
        "a directory that ends within an entry",
        ZipBytes.of(stored()).end(end -> end.putInt(12, 45).putInt(16, 175)),
        "zip directory: expected an entry at byte 175 but got none");
    String wide = "zip directory: entry 'x.npy': expected a 64-bit number but got none";
    directory("no 64-bit size", e -> e.size = 0xffffffffL, wide);
    directory("no 64-bit packed size", e -> e.packedSize = 0xffffffffL, wide);
    directory("no 64-bit offset", e -> e.offset = 0xffffffffL, wide);
    directory(
        "one 64-bit number for two",
        e -> {
          e.size = 0xffffffffL;
          e.packedSize = 0xffffffffL;
          e.centralExtra = wide(134);
        },
        wide);
    directory(
        "a 64-bit number beyond 2^63",
        e -> {
          e.size = 0xffffffffL;
          e.centralExtra = wide(-1);
        },
        "zip directory: entry 'x.npy': expected a number below 2^63 but got 18446744073709551615");
    directory(
        "an extra field that runs over",
        e -> e.centralExtra = new byte[] {1, 0, 9, 0, 1, 2, 3, 4},
        "zip directory: entry 'x.npy': expected an extra field of 9 bytes but got 4");
    add(
        "an entry on a second disk",
        ZipBytes.of(stored().with(e -> e.disk = 1)).build(),
        UNSUPPORTED_ZIP,
        "zip: expected one file but got a zip split over several");
    byte[] longName = ZipBytes.of(stored()).build();
    longName[169 + 28] = 100;
    add(
        "a name longer than the directory",
        longName,
        ZIP,
        "zip directory: expected an entry within its 51 bytes but got a longer one");
    byte[] longComment = ZipBytes.of(stored()).build();
    longComment[169 + 33] = (byte) 255;
    add(
        "a comment longer than the directory",
        longComment,
        ZIP,
        "zip directory: expected an entry within its 51 bytes but got a longer one");
  }

  private void names() {
    directory(
        "a name that is no UTF-8",
        e -> {
          e.name = new byte[] {'x', (byte) 0xff};
          e.flags = 1 << 11;
        },
        "zip directory: expected a name in UTF-8 but got 78 ff");
    directory(
        "a name with a zero",
        e -> e.name = new byte[] {'x', 0, 'y'},
        "zip directory: expected a name without zeros but got 'x\\x00y'");
    String twice = "zip directory: expected each name once but got ";
    add(
        "a name twice",
        ZipBytes.of(stored(), stored()).build(),
        DUPLICATE_ENTRY,
        twice + "'x.npy' twice");
    add(
        "a name twice, by two encodings",
        ZipBytes.of(
                stored().with(e -> e.name = new byte[] {(byte) 0x82}),
                Entry.stored("\u00e9", ARRAY).with(e -> e.flags = 1 << 11))
            .build(),
        DUPLICATE_ENTRY,
        twice + "'\u00e9' twice");
  }

  private void overlaps() {
    String before = "zip directory: entry 'x.npy': expected its 134 bytes from ";
    directory(
        "data behind the directory",
        e -> e.offset = 150,
        before + "150 on to end before 169 but got more");
    directory(
        "data that run into the directory",
        e -> e.offset = 1,
        before + "1 on to end before 169 but got more");
    directory(
        "data at 2^62",
        e -> {
          e.offset = 0xffffffffL;
          e.centralExtra = wide(1L << 62);
        },
        before + "4611686018427387904 on to end before 169 but got more");
    damaged(
        "two entries on the same data",
        ZipBytes.of(stored(), Entry.stored("y.npy", ARRAY).with(e -> e.offset = 0)),
        before + "0 on to end before 0 but got more");
    damaged(
        "an entry within another",
        ZipBytes.of(stored(), Entry.stored("y.npy", ARRAY).with(e -> e.offset = 35)),
        before + "0 on to end before 35 but got more");
    directory(
        "4 GiB packed",
        e -> {
          e.packedSize = 0xfffffffeL;
          e.size = 0xfffffffeL;
        },
        "zip directory: entry 'x.npy': expected its 4294967294 bytes from 0 on to end before 169 but got more");
    directory(
        "2^63 - 1 bytes packed",
        e -> {
          e.packedSize = 0xffffffffL;
          e.centralExtra = wide(Long.MAX_VALUE);
        },
        "zip directory: entry 'x.npy': expected its 9223372036854775807 bytes from 0 on to end before 169"
            + " but got more");
  }

  private void many() {
    Entry[] many = new Entry[70000];
    Arrays.setAll(many, i -> Entry.stored("k" + i, new byte[0]));
    damaged(
        "70,000 entries counted in 16 bits",
        ZipBytes.of(many),
        "zip directory: expected 4464 entries but got more");
    Entry[] more = new Entry[100001];
    Arrays.setAll(more, i -> Entry.stored("k" + i, new byte[0]));
    add(
        "100,001 entries",
        ZipBytes.of(more).zip64().build(),
        LIMIT,
        "zip directory: expected at most 100000 entries but got 100001");
    Entry[] wordy = new Entry[300];
    Arrays.setAll(
        wordy, i -> Entry.stored("k" + i, new byte[0]).with(e -> e.comment = new byte[60000]));
    add(
        "a directory of 18 MB",
        ZipBytes.of(wordy).build(),
        LIMIT,
        "zip directory: expected at most 16777216 bytes but got 18014890");
  }

  private void entry(String name, Entry entry, NpyException.Reason reason, String message) {
    add(
        name,
        ZipBytes.of(Entry.stored("a.npy", ARRAY), entry, Entry.stored("z.npy", ARRAY)).build(),
        reason,
        message);
  }

  private void entries() {
    String encrypted = "entry: expected plain data but got encrypted data";
    entry("encrypted", stored().with(e -> e.flags = 1), UNSUPPORTED_ZIP, encrypted);
    entry("strongly encrypted", stored().with(e -> e.flags = 65), UNSUPPORTED_ZIP, encrypted);
    entry(
        "an encrypted directory",
        stored().with(e -> e.flags = 1 << 13),
        UNSUPPORTED_ZIP,
        encrypted);
    entry(
        "patched",
        stored().with(e -> e.flags = 1 << 5),
        UNSUPPORTED_ZIP,
        "entry: expected plain data but got patched data");
    for (int method : new int[] {1, 6, 9, 12, 14, 93, 95, 99, 65535}) {
      entry(
          "method " + method,
          stored().with(e -> e.method = method),
          UNSUPPORTED_ZIP,
          "entry: expected compression method 0 (stored) or 8 (deflated) but got " + method);
    }
    entry(
        "stored and smaller",
        stored().with(e -> e.size = 133),
        ZIP,
        "entry: expected 134 bytes expanded from 134 but got 133 in the directory");
    entry(
        "stored and larger",
        stored().with(e -> e.size = 135),
        ZIP,
        "entry: expected 134 bytes expanded from 134 but got 135 in the directory");
    int packed = deflated().packed.length;
    entry(
        "a bomb that the sizes give away",
        deflated().with(e -> e.size = 1L << 31),
        ZIP,
        String.format(
            Locale.ROOT,
            "entry: expected at most %d bytes expanded from %d but got 2147483648 in the directory",
            packed * 1032,
            packed));
    entry(
        "no local header",
        stored().with(e -> e.localSignature = 0x02014b50),
        ZIP,
        "local header: expected signature 50 4b 03 04 but got 50 4b 01 02");
    String other = "local header: expected the name that the directory tells but got another";
    entry(
        "another name",
        stored().with(e -> e.localName = "y.npy".getBytes(StandardCharsets.UTF_8)),
        ZIP,
        other);
    entry(
        "a longer name",
        stored().with(e -> e.localName = "x.npyx".getBytes(StandardCharsets.UTF_8)),
        ZIP,
        other);
    entry(
        "a shorter name",
        stored()
            .with(e -> e.localName = "x.np".getBytes(StandardCharsets.UTF_8))
            .with(e -> e.descriptor = new byte[1]),
        ZIP,
        other);
    byte[] lies = ZipBytes.of(stored()).build();
    lies[28] = 1;
    add(
        "an extra field that runs into the directory",
        lies,
        ZIP,
        "entry: expected its 134 bytes from 36 on to end before 169 but got more");
  }

  private void data() {
    entry(
        "a wrong checksum",
        stored().with(e -> e.crc = 0xdeadbeefL),
        CHECKSUM,
        checksum("deadbeef"));
    entry(
        "a wrong checksum, deflated",
        deflated().with(e -> e.crc = 0),
        CHECKSUM,
        checksum("00000000"));
    byte[] flipped = ZipBytes.of(stored()).build();
    flipped[35 + 130] ^= 1;
    byte[] flippedArray = ARRAY.clone();
    flippedArray[130] ^= 1;
    add(
        "a flipped bit in the data",
        flipped,
        CHECKSUM,
        String.format(
            Locale.ROOT,
            "entry: expected checksum %08x but got %08x",
            stored().crc,
            Entry.stored("x", flippedArray).crc));
    entry(
        "no deflated data",
        deflated().with(e -> e.packed = new byte[e.packed.length]).with(e -> e.packed[0] = 7),
        ZIP,
        "entry: expected deflated data but got something else: invalid block type");
    byte[] block = NpyBytes.empty().bytes(1, 134, 0, ~134, ~0).bytes(ARRAY).build();
    entry(
        "deflated data that stop",
        deflated().with(e -> e.packed = Arrays.copyOf(block, 131)).with(e -> e.packedSize = 131),
        TRUNCATED,
        "header ends early: expected 118 bytes but got 116");
    byte[] packed = deflated().packed;
    entry(
        "deflated data that end",
        Entry.deflated("x.npy", Arrays.copyOf(ARRAY, 133)).with(e -> e.size = 134),
        TRUNCATED,
        "array data ends early: expected 6 bytes but got 5");
    entry(
        "deflated data that go on",
        Entry.deflated("x.npy", Arrays.copyOf(ARRAY, 135)).with(e -> e.size = 134),
        ZIP,
        String.format(
            Locale.ROOT,
            "entry: expected %d deflated bytes that expand to 134 but got more",
            ZipBytes.deflate(Arrays.copyOf(ARRAY, 135)).length));
    entry(
        "something behind the deflated data",
        deflated()
            .with(e -> e.packed = Arrays.copyOf(packed, packed.length + 3))
            .with(e -> e.packedSize += 3),
        ZIP,
        String.format(
            Locale.ROOT,
            "entry: expected %d deflated bytes that expand to 134 but got another end of data",
            packed.length + 3));
    entry(
        "fewer bytes than the header tells",
        Entry.stored("x.npy", Arrays.copyOf(ARRAY, 133)),
        TRUNCATED,
        "array data ends early: expected 6 bytes but got 5");
    entry(
        "more bytes than the header tells",
        Entry.stored("x.npy", Arrays.copyOf(ARRAY, 135)),
        ZIP,
        "entry: expected 6 bytes of data as its header tells but got 7 in the directory");
    entry(
        "a bomb of 50 MB behind six bytes",
        Entry.deflated("x.npy", Arrays.copyOf(ARRAY, 50_000_000)),
        ZIP,
        "entry: expected 6 bytes of data as its header tells but got 49999872 in the directory");
    entry(
        "an empty entry",
        Entry.stored("x.npy", new byte[0]),
        TRUNCATED,
        "expected a .npy file but got an empty file");
    entry(
        "a text",
        Entry.stored("x.npy", "text".getBytes(StandardCharsets.UTF_8)),
        NOT_NPY,
        "expected a .npy file but got text, such as CSV: read it with np.loadtxt and save with np.save"
            + " or np.savez");
    entry(
        "a bad header",
        Entry.deflated("x.npy", NpyBytes.file(padded("(-6,)"), 6)),
        SHAPE,
        "header: expected lengths of 0 to 9223372036854775807 in 'shape' but got '-6'");
    entry(
        "10 TB declared",
        Entry.deflated("x.npy", NpyBytes.file(padded("(9999999999999,)"), 6)),
        TRUNCATED,
        "array data ends early: expected 9999999999999 bytes but got 6");
  }

  private static String checksum(String expected) {
    return String.format(
        Locale.ROOT, "entry: expected checksum %s but got %08x", expected, stored().crc);
  }
}
