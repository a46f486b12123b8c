package org.allclose.jnpy;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.allclose.internal.file.FileKind;
import org.allclose.internal.text.Quoted;

/**
 * An open {@code .npz}: a zip file of arrays.
 *
 * <p>Opening reads the directory alone; headers and data are read when asked for, and the checksum
 * of an entry is verified whenever its data are. Several threads may read at once.
 */
public final class NpzFile implements Closeable {
  private final FileChannel channel;
  private final String source;
  private final ReadOptions options;
  private final List<NpzEntry> entries;
  private final Map<String, NpzEntry> byName = new HashMap<>();

  private NpzFile(FileChannel channel, String source, ReadOptions options, List<NpzEntry> entries) {
    this.channel = channel;
    this.source = source;
    this.options = options;
    this.entries = entries;
    for (NpzEntry entry : entries) {
      byName.put(entry.name(), entry);
      byName.put(entry.fileName(), entry);
    }
  }

  /**
   * Opens a file and reads its directory.
   *
   * @throws NpyException if it is no zip file, or a damaged one, or two entries have one name
   */
  public static NpzFile open(Path file) throws IOException {
    return open(file, ReadOptions.defaults());
  }

  /** As {@link #open(Path)}, with other options. */
  public static NpzFile open(Path file, ReadOptions options) throws IOException {
    OpenFile open = OpenFile.of(file, FileKind.NPZ, options);
    return open(open.channel(), open.name(), options);
  }

  /** Takes the channel over, also where that fails. */
  static NpzFile open(FileChannel channel, String source, ReadOptions options) throws IOException {
    try {
      List<NpzEntry> entries = ZipDirectory.read(channel, source, options.limits());
      return new NpzFile(channel, source, options, entries);
    } catch (OutOfMemoryError e) {
      channel.close();
      throw new NpyException(
          NpyException.Reason.LIMIT,
          source,
          "zip directory: expected free memory for its entries but got too little",
          e);
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  /** Returns the keys of all entries in the order of the directory, arrays or not. */
  public List<String> names() {
    return entries.stream().map(NpzEntry::name).toList();
  }

  /** Returns all entries in the order of the directory, arrays or not. */
  public List<NpzEntry> entries() {
    return entries;
  }

  /**
   * Returns the keys of the entries that are arrays or are called so, in the order of the
   * directory. The others, such as a {@code README.txt}, a folder, or what macOS adds, lie in the
   * zip for other reasons.
   *
   * @throws IOException if the file cannot be read
   */
  public List<String> arrayNames() throws IOException {
    List<String> names = new ArrayList<>();
    for (NpzEntry entry : entries) {
      if (entry.isNamedAsArray() || beginsAsArray(entry)) {
        names.add(entry.name());
      }
    }
    return names;
  }

  private boolean beginsAsArray(NpzEntry entry) throws IOException {
    try {
      return isArray(entry.name());
    } catch (NpyException e) {
      // Encrypted, say: neither its name nor what can be read of it tells of an array.
      return false;
    }
  }

  /** Returns whether there is an entry of that key, or of that name in the zip. */
  public boolean contains(String name) {
    return byName.containsKey(name);
  }

  /**
   * Returns whether an entry begins as an array does; other files may lie in a zip as well.
   *
   * @throws NpyException if there is no such entry, or it is not readable
   */
  public boolean isArray(String name) throws IOException {
    try (EntrySource in = source(name)) {
      return NpyHeader.startsAsArray(in);
    }
  }

  /**
   * Reads the header of an array, and nothing behind it.
   *
   * @throws NpyException if there is no such entry, or it is not a readable array
   */
  public NpyHeader header(String name) throws IOException {
    try (EntrySource in = source(name)) {
      return header(in);
    }
  }

  /**
   * Reads an array into memory and verifies its checksum.
   *
   * @throws NpyException if there is no such entry, or it is not a readable array
   */
  public NpyArray read(String name) throws IOException {
    try (EntrySource in = source(name)) {
      NpyHeader header = header(in);
      Storage storage = DataReader.read(in, header.dtype(), header.dataBytes(), options.limits());
      in.finish();
      return NpyArray.of(header, storage, in.name());
    }
  }

  /**
   * Starts to read an array part by part; its checksum is verified at the end.
   *
   * @throws NpyException if there is no such entry, or it is not a readable array
   */
  public NpyReader reader(String name) throws IOException {
    EntrySource in = source(name);
    try {
      return new NpyReader(in, in, header(in), options.limits());
    } catch (IOException | RuntimeException | Error e) {
      in.close();
      throw e;
    }
  }

  /**
   * Maps an array into memory instead of reading it: a stored one where it lies, a deflated one
   * expanded into a temporary file that goes when it is closed, within {@link
   * Limits#expandedBytes}.
   *
   * <p>The checksum is verified first, which reads the whole entry once.
   *
   * @throws NpyException if there is no such entry, or it is not a readable array
   */
  public NpyFile map(String name) throws IOException {
    try (EntrySource in = source(name)) {
      NpyHeader header = header(in);
      if (in.isStored()) {
        long data = in.offset() + header.length();
        in.drainTo(Optional.empty());
        return NpyFile.map(channel, data, header, in.name(), options.limits(), () -> {});
      }
      requireRoom(in.name(), in.remaining());
      FileChannel expanded = temporaryFile();
      try {
        in.drainTo(Optional.of(expanded));
        return NpyFile.map(expanded, 0, header, in.name(), options.limits(), expanded);
      } catch (IOException | RuntimeException | Error e) {
        expanded.close();
        throw e;
      }
    }
  }

  /** Refuses what would fill the disk: a small file can expand to a thousand times its size. */
  private void requireRoom(String name, long bytes) throws IOException {
    long most = options.limits().expandedBytes();
    if (bytes > most) {
      throw new NpyException(
          NpyException.Reason.LIMIT,
          name,
          String.format(
              Locale.ROOT, "entry: expected at most %d bytes to expand but got %d", most, bytes));
    }
  }

  private static FileChannel temporaryFile() throws IOException {
    return FileChannel.open(
        Files.createTempFile("npz", ".tmp"),
        StandardOpenOption.READ,
        StandardOpenOption.WRITE,
        StandardOpenOption.DELETE_ON_CLOSE);
  }

  private NpyHeader header(EntrySource in) throws IOException {
    NpyHeader header = NpyHeader.read(in, options);
    if (header.dataBytes() > in.remaining()) {
      throw NpyHeader.endsEarly(in, "array data", header.dataBytes(), in.remaining());
    }
    // What the directory claims beyond that would be expanded for nothing: refused before it is.
    if (header.dataBytes() < in.remaining()) {
      throw new NpyException(
          NpyException.Reason.ZIP,
          in.name(),
          String.format(
              Locale.ROOT,
              "entry: expected %d bytes of data as its header tells but got %d in the directory",
              header.dataBytes(),
              in.remaining()));
    }
    return header;
  }

  private EntrySource source(String name) throws IOException {
    NpzEntry entry = byName.get(name);
    if (entry == null) {
      throw new NpyException(
          NpyException.Reason.NO_SUCH_ENTRY,
          source,
          String.format(
              Locale.ROOT,
              "expected an entry %s but got %d others",
              Quoted.of(name),
              entries.size()));
    }
    return EntrySource.open(channel, entry, source);
  }

  /** Closes the file; arrays that were read stay. */
  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** Returns the file and the number of entries. */
  @Override
  public String toString() {
    return source + " (" + entries.size() + " entries)";
  }
}
