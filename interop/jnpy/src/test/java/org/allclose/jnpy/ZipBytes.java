package org.allclose.jnpy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Builds zip files by hand, in which every number may lie.
 *
 * <p>Laid out after APPNOTE 4.3, independently of the writer that is tested.
 */
final class ZipBytes {
  /** An entry; whatever is set after {@link #of} is what local header and directory say. */
  static final class Entry {
    byte[] name;
    byte[] localName;
    byte[] packed;
    int flags;
    int method;
    long crc;
    long size;
    long packedSize;
    long offset = -1;
    int disk;
    int localSignature = 0x04034b50;
    int centralSignature = 0x02014b50;
    byte[] localExtra = {};
    byte[] centralExtra = {};
    byte[] comment = {};
    byte[] descriptor = {};

    static Entry stored(String name, byte[] data) {
      Entry entry = new Entry();
      entry.name = name.getBytes(StandardCharsets.UTF_8);
      entry.localName = entry.name;
      entry.packed = data;
      entry.packedSize = data.length;
      entry.size = data.length;
      CRC32 crc = new CRC32();
      crc.update(data);
      entry.crc = crc.getValue();
      return entry;
    }

    static Entry deflated(String name, byte[] data) {
      Entry entry = stored(name, data);
      entry.method = 8;
      entry.packed = deflate(data);
      entry.packedSize = entry.packed.length;
      return entry;
    }

    Entry with(Consumer<Entry> change) {
      change.accept(this);
      return this;
    }
  }

  private final List<Entry> entries = new ArrayList<>();
  private byte[] before = {};
  private byte[] between = {};
  private byte[] comment = {};
  private int commentLength = -1;
  private boolean zip64;
  private boolean backwards;
  private Consumer<ByteBuffer> endChange = end -> {};
  private Consumer<ByteBuffer> end64Change = end -> {};

  static ZipBytes of(Entry... entries) {
    ZipBytes zip = new ZipBytes();
    zip.entries.addAll(List.of(entries));
    return zip;
  }

  /** Puts bytes before the first entry, which no offset knows of. */
  ZipBytes before(byte[] bytes) {
    before = bytes;
    return this;
  }

  /** Puts bytes between the directory and the end record. */
  ZipBytes between(byte[] bytes) {
    between = bytes;
    return this;
  }

  /** Lists the entries in the directory from the last to the first. */
  ZipBytes backwards() {
    backwards = true;
    return this;
  }

  ZipBytes comment(byte[] bytes, int length) {
    comment = bytes;
    commentLength = length;
    return this;
  }

  /** Adds the 64-bit end record and its locator; the short one then refers to it. */
  ZipBytes zip64() {
    zip64 = true;
    return this;
  }

  /** Changes the end record: 22 bytes. */
  ZipBytes end(Consumer<ByteBuffer> change) {
    endChange = change;
    return this;
  }

  /** Changes the 64-bit end record and the locator: 56 and 20 bytes. */
  ZipBytes end64(Consumer<ByteBuffer> change) {
    end64Change = change;
    return this;
  }

  byte[] build() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Entry entry : entries) {
      entry.offset = entry.offset < 0 ? out.size() : entry.offset;
      out.writeBytes(local(entry));
      out.writeBytes(entry.packed);
      out.writeBytes(entry.descriptor);
    }
    int start = out.size();
    if (backwards) {
      Collections.reverse(entries);
    }
    entries.forEach(entry -> out.writeBytes(central(entry)));
    int length = out.size() - start;
    out.writeBytes(between);
    if (zip64) {
      out.writeBytes(end64(start, length, out.size()));
    }
    out.writeBytes(end(start, length));
    out.writeBytes(comment);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(before);
    all.writeBytes(out.toByteArray());
    return all.toByteArray();
  }

  private static byte[] local(Entry entry) {
    byte[] bytes = new byte[30 + entry.localName.length + entry.localExtra.length];
    ByteBuffer out = buffer(bytes);
    out.putInt(entry.localSignature).putShort((short) 20);
    common(out, entry);
    out.putShort((short) entry.localName.length).putShort((short) entry.localExtra.length);
    out.put(entry.localName).put(entry.localExtra);
    return bytes;
  }

  private static byte[] central(Entry entry) {
    int extra = entry.centralExtra.length;
    byte[] bytes = new byte[46 + entry.name.length + extra + entry.comment.length];
    ByteBuffer out = buffer(bytes);
    out.putInt(entry.centralSignature).putShort((short) 20).putShort((short) 20);
    common(out, entry);
    out.putShort((short) entry.name.length).putShort((short) extra);
    out.putShort((short) entry.comment.length);
    out.putShort((short) entry.disk).putShort((short) 0).putInt(0).putInt((int) entry.offset);
    out.put(entry.name).put(entry.centralExtra).put(entry.comment);
    return bytes;
  }

  private static void common(ByteBuffer out, Entry entry) {
    out.putShort((short) entry.flags).putShort((short) entry.method).putInt(0x00210000);
    out.putInt((int) entry.crc).putInt((int) entry.packedSize).putInt((int) entry.size);
  }

  private byte[] end64(int start, int length, int place) {
    byte[] bytes = new byte[56 + 20];
    ByteBuffer out = buffer(bytes);
    out.putInt(0x06064b50).putLong(44).putShort((short) 45).putShort((short) 45);
    out.putInt(0).putInt(0).putLong(entries.size()).putLong(entries.size());
    out.putLong(length).putLong(start);
    out.putInt(0x07064b50).putInt(0).putLong(place).putInt(1);
    end64Change.accept(out);
    return bytes;
  }

  private byte[] end(int start, int length) {
    byte[] bytes = new byte[22];
    ByteBuffer out = buffer(bytes);
    short count = (short) (zip64 ? 0xffff : entries.size());
    out.putInt(0x06054b50).putShort((short) 0).putShort((short) 0).putShort(count).putShort(count);
    out.putInt(zip64 ? -1 : length).putInt(zip64 ? -1 : start);
    out.putShort((short) (commentLength < 0 ? comment.length : commentLength));
    endChange.accept(out);
    return bytes;
  }

  static byte[] deflate(byte[] data) {
    Deflater deflater = new Deflater(9, true);
    deflater.setInput(data);
    deflater.finish();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] chunk = new byte[1 << 16];
    while (!deflater.finished()) {
      out.write(chunk, 0, deflater.deflate(chunk));
    }
    deflater.end();
    return out.toByteArray();
  }

  /** Returns an extra field of 64-bit numbers. */
  static byte[] wide(long... values) {
    byte[] bytes = new byte[4 + 8 * values.length];
    ByteBuffer out = buffer(bytes);
    out.putShort((short) 1).putShort((short) (8 * values.length));
    for (long value : values) {
      out.putLong(value);
    }
    return bytes;
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
