package org.allclose.jnpy;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.allclose.internal.file.AtomicFile;
import org.allclose.internal.file.BufferedFile;
import org.allclose.internal.text.Quoted;

/**
 * Writes an {@code .npz}, entry after entry, as numpy's {@code savez} and {@code savez_compressed}.
 *
 * <p>The same arrays under the same names give the same bytes, at any time on any machine: entries
 * are dated 1 January 1980, as numpy does. Stored ones are those of {@code savez} to the byte. The
 * file appears whole when {@link #finish} is called, or not at all; into a pipe or a device it is
 * written as it comes, see {@link Durability}.
 */
public final class NpzWriter implements Closeable {
  /** Room for a few hundred small entries. */
  private static final int BUFFER_BYTES = 64 << 10;

  private static final int LOCAL = 0x04034b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int END64 = 0x06064b50;
  private static final int END64_LOCATOR = 0x07064b50;
  private static final int DESCRIPTOR = 0x08074b50;

  private static final short VERSION_WITH_ZIP64 = 45;
  private static final short MADE_ON_UNIX = 3 << 8;
  private static final int OWNER_READS_AND_WRITES = 0600 << 16;
  private static final short UTF8_NAMES = 1 << 11;
  private static final short DESCRIBED_BEHIND = 1 << 3;
  private static final short FIRST_OF_JANUARY_1980 = 1 << 5 | 1;
  private static final int MAX_U16 = 0xffff;

  /** Python changes to 64 bits above this, although 32 bits without a sign would hold more. */
  private static final long ZIP64_LIMIT = Integer.MAX_VALUE;

  private final AtomicFile file;
  private final BufferedFile out;
  private final boolean deflated;
  private final boolean forwardOnly;
  private final List<NpzEntry> entries = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private boolean open;

  private NpzWriter(AtomicFile file, boolean deflated) {
    this.file = file;
    this.out = file.buffered(BUFFER_BYTES);
    this.deflated = deflated;
    this.forwardOnly = file.isDirect();
  }

  /** Starts a file whose entries are stored as they are. */
  public static NpzWriter create(Path file) throws IOException {
    return create(file, Durability.FORCED);
  }

  /** As {@link #create(Path)}, with the durability to choose. */
  public static NpzWriter create(Path file, Durability durability) throws IOException {
    return new NpzWriter(durability.create(file), false);
  }

  /** Starts a file whose entries are deflated, at zlib's default level. */
  public static NpzWriter createDeflated(Path file) throws IOException {
    return createDeflated(file, Durability.FORCED);
  }

  /** As {@link #createDeflated(Path)}, with the durability to choose. */
  public static NpzWriter createDeflated(Path file, Durability durability) throws IOException {
    return new NpzWriter(durability.create(file), true);
  }

  /**
   * Writes an array.
   *
   * @param name its key; {@code .npy} is put behind it
   * @throws IllegalArgumentException if the name was used before, contains a zero, or is too long
   */
  public void write(String name, NpyArray array) throws IOException {
    try (OpenEntry entry = new OpenEntry(name)) {
      DataWriter.write(entry.sink, array);
      entry.finish();
    }
  }

  /**
   * Starts an array that is written part by part; its {@link NpyWriter#finish} ends the entry.
   *
   * <p>Nothing else can be written meanwhile.
   *
   * @throws IllegalArgumentException if the name was used before, contains a zero, or is too long
   */
  public NpyWriter begin(String name, NpyHeader header) throws IOException {
    OpenEntry entry = new OpenEntry(name);
    try {
      return new NpyWriter(entry.sink, header, entry);
    } catch (IOException | RuntimeException | Error e) {
      entry.close();
      throw e;
    }
  }

  /**
   * Writes the directory and makes the file appear under its name.
   *
   * @throws IllegalStateException if an array that was begun has not been finished
   */
  public void finish() throws IOException {
    requireNoneOpen();
    long start = out.position();
    for (NpzEntry entry : entries) {
      BufferedFile.writeFully(out, centralHeader(entry));
    }
    long end = out.position();
    BufferedFile.writeFully(out, endRecords(start, end));
    out.flush();
    file.commit();
  }

  /** Ends the work; without {@link #finish} the target stays as it was. */
  @Override
  public void close() throws IOException {
    file.close();
  }

  private void requireNoneOpen() {
    if (open) {
      throw new IllegalStateException("npz: expected the entry before to be finished");
    }
  }

  /** An entry whose bytes are being written. */
  private final class OpenEntry implements NpyWriter.Target {
    private final NpzEntry begun;
    private final long start;
    private final Optional<DeflatingChannel> deflating;
    private final EntrySink sink;

    OpenEntry(String name) throws IOException {
      requireNoneOpen();
      byte[] rawName = encode(name);
      if (!names.add(name)) {
        throw new IllegalArgumentException(
            "npz: expected each name once but got " + Quoted.of(name) + " twice");
      }
      String fileName = NpzEntry.fileName(name);
      int flags =
          (ZipNames.isAscii(fileName) ? 0 : UTF8_NAMES) | (forwardOnly ? DESCRIBED_BEHIND : 0);
      int method = deflated ? NpzEntry.DEFLATED : NpzEntry.STORED;
      begun = new NpzEntry(fileName, rawName, flags, method, 0, 0, 0, out.position(), 0);
      open = true;
      BufferedFile.writeFully(out, localHeader(begun));
      start = out.position();
      deflating = deflated ? Optional.of(new DeflatingChannel(out)) : Optional.empty();
      sink = new EntrySink(deflating.isPresent() ? deflating.get() : out);
    }

    /**
     * Goes back to the local header, which was written before the sizes were known, or tells them
     * behind the data, as Python does, where there is no way back.
     */
    @Override
    public void finish() throws IOException {
      if (deflating.isPresent()) {
        deflating.get().finish();
      }
      NpzEntry entry = begun.withData(sink.crc(), sink.size(), out.position() - start);
      if (forwardOnly) {
        BufferedFile.writeFully(out, descriptor(entry));
      } else {
        out.replace(entry.offset(), localHeader(entry));
      }
      entries.add(entry);
      open = false;
    }

    @Override
    public void close() {
      deflating.ifPresent(DeflatingChannel::close);
    }
  }

  private static byte[] encode(String name) {
    byte[] bytes;
    try {
      bytes = ZipNames.encode(NpzEntry.fileName(name));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "npz: expected a name of whole characters but got " + Quoted.of(name), e);
    }
    if (name.indexOf('\0') >= 0 || bytes.length > MAX_U16) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "npz: expected a name without zeros, of at most %d bytes but got %s of %d",
              MAX_U16,
              Quoted.of(name),
              bytes.length));
    }
    return bytes;
  }

  private static ByteBuffer localHeader(NpzEntry entry) {
    ByteBuffer out = buffer(ZipDirectory.LOCAL_BYTES + entry.rawName().length + 20);
    out.putInt(LOCAL).putShort(VERSION_WITH_ZIP64);
    putCommon(out, entry);
    out.putInt(-1).putInt(-1);
    out.putShort((short) entry.rawName().length).putShort((short) 20).put(entry.rawName());
    // numpy always makes room for 64 bits, since the sizes are known only at the end.
    out.putShort((short) 1).putShort((short) 16);
    out.putLong(entry.size()).putLong(entry.compressedSize());
    return out.flip();
  }

  private static ByteBuffer descriptor(NpzEntry entry) {
    ByteBuffer out = buffer(24);
    out.putInt(DESCRIPTOR).putInt((int) entry.crc());
    out.putLong(entry.compressedSize()).putLong(entry.size());
    return out.flip();
  }

  private static ByteBuffer centralHeader(NpzEntry entry) {
    boolean wideSizes = entry.size() > ZIP64_LIMIT || entry.compressedSize() > ZIP64_LIMIT;
    boolean wideOffset = entry.offset() > ZIP64_LIMIT;
    int wide = (wideSizes ? 16 : 0) + (wideOffset ? 8 : 0);
    int extra = wide == 0 ? 0 : wide + 4;
    ByteBuffer out = buffer(46 + entry.rawName().length + extra);
    out.putInt(CENTRAL).putShort((short) (MADE_ON_UNIX | VERSION_WITH_ZIP64));
    out.putShort(VERSION_WITH_ZIP64);
    putCommon(out, entry);
    out.putInt(wideSizes ? -1 : (int) entry.compressedSize());
    out.putInt(wideSizes ? -1 : (int) entry.size());
    out.putShort((short) entry.rawName().length).putShort((short) extra);
    out.putShort((short) 0).putShort((short) 0).putShort((short) 0);
    out.putInt(OWNER_READS_AND_WRITES);
    out.putInt(wideOffset ? -1 : (int) entry.offset());
    out.put(entry.rawName());
    if (extra > 0) {
      out.putShort((short) 1).putShort((short) wide);
      if (wideSizes) {
        out.putLong(entry.size()).putLong(entry.compressedSize());
      }
      if (wideOffset) {
        out.putLong(entry.offset());
      }
    }
    return out.flip();
  }

  private static void putCommon(ByteBuffer out, NpzEntry entry) {
    out.putShort((short) entry.flags()).putShort((short) entry.method());
    out.putShort((short) 0).putShort(FIRST_OF_JANUARY_1980);
    out.putInt((int) entry.crc());
  }

  private ByteBuffer endRecords(long start, long end) {
    int count = entries.size();
    ByteBuffer out = buffer(56 + 20 + 22);
    if (count > MAX_U16 || start > ZIP64_LIMIT || end - start > ZIP64_LIMIT) {
      out.putInt(END64).putLong(44);
      out.putShort(VERSION_WITH_ZIP64).putShort(VERSION_WITH_ZIP64).putInt(0).putInt(0);
      out.putLong(count).putLong(count).putLong(end - start).putLong(start);
      out.putInt(END64_LOCATOR).putInt(0).putLong(end).putInt(1);
    }
    short narrowCount = (short) Math.min(count, MAX_U16);
    out.putInt(END).putShort((short) 0).putShort((short) 0);
    out.putShort(narrowCount).putShort(narrowCount);
    out.putInt((int) Math.min(end - start, 0xffff_ffffL))
        .putInt((int) Math.min(start, 0xffff_ffffL));
    out.putShort((short) 0);
    return out.flip();
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
