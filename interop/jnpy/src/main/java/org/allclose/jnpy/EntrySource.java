package org.allclose.jnpy;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32;
import org.allclose.internal.file.BufferedFile;
import org.allclose.internal.text.Quoted;

/**
 * The expanded bytes of one entry of an {@code .npz}, as many as the directory tells.
 *
 * <p>Whoever has read what it wants calls {@link #finish}, which checks that the entry ends there
 * and has its checksum.
 */
final class EntrySource implements ByteSource, Closeable {
  private static final int LOCAL = 0x04034b50;
  private static final int ENCRYPTED = 1 | 1 << 6 | 1 << 13;
  private static final int PATCHED = 1 << 5;

  /** Deflate packs at most 258 bytes into two bits. */
  private static final int GREATEST_EXPANSION = 1032;

  private final NpzEntry entry;
  private final String name;
  private final long offset;
  private final ByteSource packed;
  private final Optional<InflatingSource> inflated;
  private final CRC32 checksum = new CRC32();
  private long left;

  private EntrySource(NpzEntry entry, String name, long offset, ByteSource packed) {
    this.offset = offset;
    this.entry = entry;
    this.name = name;
    this.packed = packed;
    this.inflated =
        entry.isDeflated() ? Optional.of(new InflatingSource(packed)) : Optional.empty();
    this.left = entry.size();
  }

  /** Returns the bytes of an entry. */
  static EntrySource open(FileChannel channel, NpzEntry entry, String file) throws IOException {
    String name = file + "!" + Quoted.place(entry.fileName());
    requireReadable(entry, name);
    long data = dataOffset(channel, entry, name);
    if (entry.end() - data < entry.compressedSize()) {
      throw new NpyException(
          NpyException.Reason.ZIP,
          name,
          String.format(
              Locale.ROOT,
              "entry: expected its %d bytes from %d on to end before %d but got more",
              entry.compressedSize(),
              data,
              entry.end()));
    }
    return new EntrySource(
        entry, name, data, Sources.file(channel, data, data + entry.compressedSize(), name));
  }

  private static void requireReadable(NpzEntry entry, String name) throws NpyException {
    if ((entry.flags() & (ENCRYPTED | PATCHED)) != 0) {
      boolean encrypted = (entry.flags() & ENCRYPTED) != 0;
      throw new NpyException(
          NpyException.Reason.UNSUPPORTED_ZIP,
          name,
          "entry: expected plain data but got " + (encrypted ? "encrypted" : "patched") + " data");
    }
    if (entry.method() != NpzEntry.STORED && entry.method() != NpzEntry.DEFLATED) {
      throw new NpyException(
          NpyException.Reason.UNSUPPORTED_ZIP,
          name,
          "entry: expected compression method 0 (stored) or 8 (deflated) but got "
              + entry.method());
    }
    long most =
        entry.isDeflated() ? entry.compressedSize() * GREATEST_EXPANSION : entry.compressedSize();
    long least = entry.isDeflated() ? 0 : entry.compressedSize();
    if (entry.size() > most || entry.size() < least) {
      throw new NpyException(
          NpyException.Reason.ZIP,
          name,
          String.format(
              Locale.ROOT,
              "entry: expected %s%d bytes expanded from %d but got %d in the directory",
              entry.isDeflated() ? "at most " : "",
              most,
              entry.compressedSize(),
              entry.size()));
    }
  }

  private static long dataOffset(FileChannel channel, NpzEntry entry, String name)
      throws IOException {
    int bytes = ZipDirectory.LOCAL_BYTES + entry.rawName().length;
    ByteBuffer local = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    ByteSource file = Sources.file(channel, entry.offset(), entry.offset() + bytes, name);
    int got = file.fill(local);
    if (got < bytes) {
      throw NpyHeader.endsEarly(file, "local header", bytes, got);
    }
    if (local.getInt(0) != LOCAL) {
      throw new NpyException(
          NpyException.Reason.ZIP,
          name,
          "local header: expected signature 50 4b 03 04 but got "
              + Quoted.hex(local.array(), 0, 4));
    }
    int nameBytes = Short.toUnsignedInt(local.getShort(26));
    int extraBytes = Short.toUnsignedInt(local.getShort(28));
    byte[] rawName = Arrays.copyOfRange(local.array(), ZipDirectory.LOCAL_BYTES, bytes);
    if (nameBytes != entry.rawName().length || !Arrays.equals(rawName, entry.rawName())) {
      throw new NpyException(
          NpyException.Reason.ZIP,
          name,
          "local header: expected the name that the directory tells but got another");
    }
    return entry.offset() + bytes + extraBytes;
  }

  /** Returns whether the entry lies in the file as it is. */
  boolean isStored() {
    return inflated.isEmpty();
  }

  /** Returns where in the file the bytes of the entry begin. */
  long offset() {
    return offset;
  }

  /** Reads the data of the array, into a file or nowhere, and finishes. */
  void drainTo(Optional<FileChannel> file) throws IOException {
    long expected = left;
    ByteBuffer chunk = chunk((int) Math.min(left, DataReader.CHUNK_BYTES));
    while (left > 0) {
      if (read(chunk.clear()) < 0) {
        throw NpyHeader.endsEarly(this, "array data", expected, expected - left);
      }
      if (file.isPresent()) {
        BufferedFile.writeFully(file.get(), chunk.flip());
      }
    }
    finish();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long remaining() {
    return left;
  }

  @Override
  public ByteBuffer chunk(int bytes) {
    return packed.chunk(bytes);
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (left == 0) {
      return -1;
    }
    int limit = target.limit();
    int start = target.position();
    target.limit((int) Math.min(limit, start + left));
    int got = inflated.isPresent() ? inflated.get().read(target) : packed.read(target);
    if (got > 0) {
      left -= got;
      target.limit(target.position()).position(start);
      checksum.update(target);
    }
    target.limit(limit);
    return got;
  }

  /**
   * Checks that the entry has ended, and its checksum.
   *
   * @throws NpyException if there are more bytes, or other ones
   */
  @Override
  public void finish() throws IOException {
    if (left > 0) {
      throw new NpyException(
          NpyException.Reason.ZIP,
          name,
          String.format(
              Locale.ROOT,
              "entry: expected %d bytes but got %d",
              entry.size() - left,
              entry.size()));
    }
    if (inflated.isPresent()) {
      boolean more = inflated.get().read(ByteBuffer.allocate(1)) > 0;
      if (more || !inflated.get().hasEnded()) {
        throw new NpyException(
            NpyException.Reason.ZIP,
            name,
            String.format(
                Locale.ROOT,
                "entry: expected %d deflated bytes that expand to %d but got %s",
                entry.compressedSize(),
                entry.size(),
                more ? "more" : "another end of data"));
      }
    }
    if (checksum.getValue() != entry.crc()) {
      throw new NpyException(
          NpyException.Reason.CHECKSUM,
          name,
          String.format(
              Locale.ROOT,
              "entry: expected checksum %08x but got %08x",
              entry.crc(),
              checksum.getValue()));
    }
  }

  @Override
  public void close() {
    inflated.ifPresent(InflatingSource::close);
  }
}
