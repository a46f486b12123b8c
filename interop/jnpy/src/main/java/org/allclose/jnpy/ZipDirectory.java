package org.allclose.jnpy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.allclose.internal.text.Quoted;

/**
 * Finds and reads the central directory of a zip file: the only part that says what there is.
 *
 * <p>ElementOrder as in PKWARE's APPNOTE 6.3, sections 4.3.6 to 4.3.16, read as Python's zipfile
 * does where files are not quite so: bytes before the first entry shift all places, bytes behind
 * the end are ignored. Otherwise stricter than most readers, so that there is one way only to read
 * the file: what is told twice must be the same, and no byte belongs to two entries.
 */
final class ZipDirectory {
  private static final int END = 0x06054b50;
  private static final int END64 = 0x06064b50;
  private static final int END64_LOCATOR = 0x07064b50;
  private static final int CENTRAL = 0x02014b50;

  private static final int END_BYTES = 22;
  private static final int END64_BYTES = 56;
  private static final int LOCATOR_BYTES = 20;
  private static final int CENTRAL_BYTES = 46;
  static final int LOCAL_BYTES = 30;

  private static final long MAX_U32 = 0xffff_ffffL;
  private static final int MAX_U16 = 0xffff;
  private static final int UTF8_NAMES = 1 << 11;

  private final FileChannel channel;
  private final String source;
  private final Limits limits;
  private long start;
  private long shift;
  private long bytes;
  private long count;

  private ZipDirectory(FileChannel channel, String source, Limits limits) {
    this.channel = channel;
    this.source = source;
    this.limits = limits;
  }

  /** Returns the entries in the order of the directory, which lies wholly behind their data. */
  static List<NpzEntry> read(FileChannel channel, String source, Limits limits) throws IOException {
    ZipDirectory directory = new ZipDirectory(channel, source, limits);
    directory.locate();
    return directory.withEnds(directory.readEntries());
  }

  private void locate() throws IOException {
    long fileBytes = channel.size();
    ByteBuffer tail = bytesAt(Math.max(0, fileBytes - END_BYTES - MAX_U16), fileBytes);
    int at = endRecord(tail);
    if (at < 0) {
      throw new NpyException(
          NpyException.Reason.ZIP,
          source,
          String.format(
              Locale.ROOT,
              "zip: expected an end record but got none in the last %d bytes",
              tail.limit()));
    }
    long end = fileBytes - tail.limit() + at;
    requireSingleDisk(unsignedShort(tail, at + 4), unsignedShort(tail, at + 6));
    long entriesOnDisk = unsignedShort(tail, at + 8);
    count = unsignedShort(tail, at + 10);
    bytes = unsignedInt(tail, at + 12);
    start = unsignedInt(tail, at + 16);
    long record = locate64(end);
    if (record == end) {
      requireEqual("zip end record: entries on this disk", count, entriesOnDisk);
    }
    if (bytes > record || start > record - bytes) {
      throw damaged(
          String.format(
              Locale.ROOT,
              "zip end record: expected a directory that ends at byte %d but got one of %d bytes at %d",
              record,
              bytes,
              start));
    }
    shift = record - bytes - start;
    start += shift;
    if (record < end) {
      requireEqual("zip64 locator: place of the end record", record - shift, locatedAt(end));
    }
    requireWithin("zip directory", limits.directoryBytes(), bytes, "bytes");
    requireWithin("zip directory", limits.entries(), count, "entries");
  }

  /**
   * Returns where in the tail the end record is: at its end, or else the last that there is, as
   * Python has it; if that is cut off, the one whose comment ends with the file.
   */
  private static int endRecord(ByteBuffer tail) {
    int last = tail.limit() - END_BYTES;
    if (last >= 0 && tail.getInt(last) == END && unsignedShort(tail, last + 20) == 0) {
      return last;
    }
    int signature = tail.limit() - Integer.BYTES;
    while (signature >= 0 && tail.getInt(signature) != END) {
      signature--;
    }
    if (signature <= last) {
      return signature;
    }
    int at = last;
    while (at >= 0 && !(tail.getInt(at) == END && unsignedShort(tail, at + 20) == last - at)) {
      at--;
    }
    return at;
  }

  /** Returns where the 64-bit end record is, as its locator tells. */
  private long locatedAt(long end) throws IOException {
    return bytesAt(end - LOCATOR_BYTES, end).getLong(8);
  }

  /** Reads the 64-bit end record, if there is one, and returns where the directory ends. */
  private long locate64(long end) throws IOException {
    if (end < LOCATOR_BYTES + END64_BYTES) {
      return end;
    }
    ByteBuffer locator = bytesAt(end - LOCATOR_BYTES, end);
    if (locator.getInt(0) != END64_LOCATOR) {
      return end;
    }
    long record = end - LOCATOR_BYTES - END64_BYTES;
    requireEqual("zip64 locator: disk", 0, locator.getInt(4));
    requireEqual("zip64 locator: disks", 1, locator.getInt(16));
    ByteBuffer end64 = bytesAt(record, record + END64_BYTES);
    requireEqual("zip64 end record: signature", END64, end64.getInt(0));
    requireEqual("zip64 end record: size", END64_BYTES - 12, end64.getLong(4));
    requireSingleDisk(end64.getInt(16), end64.getInt(20));
    requireSame("entries", count, MAX_U16, end64.getLong(32));
    requireSame("bytes", bytes, MAX_U32, end64.getLong(40));
    requireSame("place", start, MAX_U32, end64.getLong(48));
    count = end64.getLong(32);
    bytes = end64.getLong(40);
    start = end64.getLong(48);
    requireEqual("zip64 end record: entries on this disk", count, end64.getLong(24));
    if (count < 0 || bytes < 0 || start < 0) {
      throw damaged("zip64 end record: expected numbers below 2^63 but got larger ones");
    }
    return record;
  }

  private List<NpzEntry> readEntries() throws IOException {
    ByteBuffer directory = bytesAt(start, start + bytes);
    List<NpzEntry> entries = new ArrayList<>();
    Set<String> fileNames = new HashSet<>();
    while (directory.hasRemaining()) {
      if (entries.size() == count) {
        throw damaged(
            String.format(Locale.ROOT, "zip directory: expected %d entries but got more", count));
      }
      NpzEntry entry = readEntry(directory);
      if (!fileNames.add(entry.fileName())) {
        throw new NpyException(
            NpyException.Reason.DUPLICATE_ENTRY,
            source,
            "zip directory: expected each name once but got "
                + Quoted.of(entry.fileName())
                + " twice");
      }
      entries.add(entry);
    }
    requireEqual("zip directory: entries", count, entries.size());
    // As in numpy, a file called by the key of another keeps that, and the other its whole name.
    entries.replaceAll(
        entry ->
            !entry.name().equals(entry.fileName()) && fileNames.contains(entry.name())
                ? entry.withName(entry.fileName())
                : entry);
    return entries;
  }

  private NpzEntry readEntry(ByteBuffer directory) throws NpyException {
    int at = directory.position();
    if (directory.remaining() < CENTRAL_BYTES || directory.getInt(at) != CENTRAL) {
      throw damaged(
          String.format(
              Locale.ROOT, "zip directory: expected an entry at byte %d but got none", start + at));
    }
    int nameBytes = unsignedShort(directory, at + 28);
    int extraBytes = unsignedShort(directory, at + 30);
    int commentBytes = unsignedShort(directory, at + 32);
    if (directory.remaining() - CENTRAL_BYTES < nameBytes + extraBytes + commentBytes) {
      throw damaged(
          String.format(
              Locale.ROOT,
              "zip directory: expected an entry within its %d bytes but got a longer one",
              bytes));
    }
    int flags = unsignedShort(directory, at + 8);
    byte[] rawName = new byte[nameBytes];
    directory.get(at + CENTRAL_BYTES, rawName);
    String name = decode(rawName, (flags & UTF8_NAMES) != 0);
    ByteBuffer extra =
        directory.slice(at + CENTRAL_BYTES + nameBytes, extraBytes).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer wide = zip64Field(extra, name);
    long size = widened(directory, at + 24, wide, name);
    long compressedSize = widened(directory, at + 20, wide, name);
    long offset = widened(directory, at + 42, wide, name);
    // What is beyond all places stays there, and is refused with those that run over.
    offset = Math.min(offset, Long.MAX_VALUE - shift) + shift;
    requireSingleDisk(unsignedShort(directory, at + 34), 0);
    directory.position(at + CENTRAL_BYTES + nameBytes + extraBytes + commentBytes);
    return new NpzEntry(
        name,
        rawName,
        flags,
        unsignedShort(directory, at + 10),
        unsignedInt(directory, at + 16),
        size,
        compressedSize,
        offset,
        start);
  }

  private String decode(byte[] rawName, boolean utf8) throws NpyException {
    String name;
    try {
      name = ZipNames.decode(rawName, utf8);
    } catch (CharacterCodingException e) {
      throw new NpyException(
          NpyException.Reason.ZIP,
          source,
          "zip directory: expected a name in UTF-8 but got "
              + Quoted.hex(rawName, 0, Math.min(rawName.length, 16)),
          e);
    }
    // Readers in C cut a name there, so two readers could see two names.
    if (name.indexOf('\0') >= 0) {
      throw damaged("zip directory: expected a name without zeros but got " + Quoted.of(name));
    }
    return name;
  }

  /** Returns the content of the extra field that holds numbers of 64 bits, empty without one. */
  private ByteBuffer zip64Field(ByteBuffer extra, String name) throws NpyException {
    while (extra.remaining() >= 4) {
      int id = unsignedShort(extra, extra.position());
      int length = unsignedShort(extra, extra.position() + 2);
      int content = extra.position() + 4;
      if (length > extra.limit() - content) {
        throw damaged(
            String.format(
                Locale.ROOT,
                "zip directory: entry %s: expected an extra field of %d bytes but got %d",
                Quoted.of(name),
                length,
                extra.limit() - content));
      }
      if (id == 1) {
        return extra.slice(content, length).order(ByteOrder.LITTLE_ENDIAN);
      }
      extra.position(content + length);
    }
    return ByteBuffer.allocate(0);
  }

  private long widened(ByteBuffer directory, int at, ByteBuffer wide, String name)
      throws NpyException {
    long narrow = unsignedInt(directory, at);
    if (narrow != MAX_U32) {
      return narrow;
    }
    if (wide.remaining() < 8) {
      throw damaged(
          String.format(
              Locale.ROOT,
              "zip directory: entry %s: expected a 64-bit number but got none",
              Quoted.of(name)));
    }
    long value = wide.getLong();
    if (value < 0) {
      throw damaged(
          String.format(
              Locale.ROOT,
              "zip directory: entry %s: expected a number below 2^63 but got %s",
              Quoted.of(name),
              Long.toUnsignedString(value)));
    }
    return value;
  }

  /** Refuses entries that share bytes: a small file could hold petabytes so. */
  private List<NpzEntry> withEnds(List<NpzEntry> entries) throws NpyException {
    Integer[] byOffset = new Integer[entries.size()];
    Arrays.setAll(byOffset, i -> i);
    Arrays.sort(byOffset, Comparator.comparingLong(i -> entries.get(i).offset()));
    NpzEntry[] ended = new NpzEntry[entries.size()];
    long end = start;
    for (int i = byOffset.length - 1; i >= 0; i--) {
      NpzEntry entry = entries.get(byOffset[i]);
      long header = (long) LOCAL_BYTES + entry.rawName().length;
      if (end - entry.offset() < header || end - entry.offset() - header < entry.compressedSize()) {
        throw damaged(
            String.format(
                Locale.ROOT,
                "zip directory: entry %s: expected its %d bytes from %d on to end before %d but got more",
                Quoted.of(entry.fileName()),
                entry.compressedSize(),
                entry.offset(),
                end));
      }
      ended[byOffset[i]] = entry.withEnd(end);
      end = entry.offset();
    }
    return List.of(ended);
  }

  private ByteBuffer bytesAt(long from, long to) throws IOException {
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.toIntExact(to - from)).order(ByteOrder.LITTLE_ENDIAN);
    ByteSource file = Sources.file(channel, from, to, source);
    int got = file.fill(buffer);
    if (buffer.hasRemaining()) {
      throw NpyHeader.endsEarly(file, "zip directory", buffer.capacity(), got);
    }
    return buffer.flip().order(ByteOrder.LITTLE_ENDIAN);
  }

  private void requireSingleDisk(int disk, int directoryDisk) throws NpyException {
    if (disk != 0 || directoryDisk != 0) {
      throw new NpyException(
          NpyException.Reason.UNSUPPORTED_ZIP,
          source,
          "zip: expected one file but got a zip split over several");
    }
  }

  private void requireEqual(String what, long expected, long got) throws NpyException {
    if (expected != got) {
      throw damaged(String.format(Locale.ROOT, "%s: expected %d but got %d", what, expected, got));
    }
  }

  /** A number of the short end record is there for those who do not know the long one. */
  private void requireSame(String what, long narrow, long unknown, long wide) throws NpyException {
    if (narrow != unknown) {
      requireEqual("zip64 end record: " + what, narrow, wide);
    }
  }

  private void requireWithin(String what, long most, long got, String units) throws NpyException {
    if (got > most) {
      throw new NpyException(
          NpyException.Reason.LIMIT,
          source,
          String.format(
              Locale.ROOT, "%s: expected at most %d %s but got %d", what, most, units, got));
    }
  }

  private NpyException damaged(String detail) {
    return new NpyException(NpyException.Reason.ZIP, source, detail);
  }

  private static int unsignedShort(ByteBuffer bytes, int at) {
    return Short.toUnsignedInt(bytes.getShort(at));
  }

  private static long unsignedInt(ByteBuffer bytes, int at) {
    return Integer.toUnsignedLong(bytes.getInt(at));
  }
}
