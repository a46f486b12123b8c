/**
 * Reads and writes numpy's files, {@code .npy} and {@code .npz}; knows nothing of networks, and
 * needs nothing but the JDK.
 *
 * <p>{@link org.allclose.jnpy.Npy} and {@link org.allclose.jnpy.Npz} read and write whole files;
 * {@link org.allclose.jnpy.NpyFile} maps one, {@link org.allclose.jnpy.NpyReader} and {@link
 * org.allclose.jnpy.NpyWriter} go part by part, {@link org.allclose.jnpy.NpzFile} and {@link
 * org.allclose.jnpy.NpzWriter} entry by entry. A pipe is read as a file is, by a copy of it, and of
 * a file that is none of numpy's the error says which it is. What comes out is an {@link
 * org.allclose.jnpy.NpyArray}. Whatever a file holds, a reader gives its array or an {@link
 * org.allclose.jnpy.NpyException} that names file, entry, part, what was expected and what was got;
 * {@link org.allclose.jnpy.Limits} bound what it may cost.
 *
 * <p>The format, with {@link org.allclose.jnpy.NpyHeader}, to write another reader from:
 *
 * <h2>.npy</h2>
 *
 * <p>One array: the header that {@link org.allclose.jnpy.NpyHeader} specifies, then the data, which
 * begin at the next byte. The data are the elements without gaps, each of the dtype's item size and
 * byte order, in C order (the last axis varies fastest) or in Fortran order (the first does): a
 * reader of Fortran order may take the data as a C-ordered array of the reversed shape, and
 * transpose it. An array with an axis of length 0 has no data; one without axes has one element.
 * Bits are kept as they are: payloads of NaN, the sign of zero, subnormal numbers.
 *
 * <ul>
 *   <li>{@code b1} is a byte, 0 for false; readers take any other value for true.
 *   <li>{@code i} and {@code u} are integers in two's complement and without sign.
 *   <li>{@code f2}, {@code f4}, {@code f8} are binary16, binary32 and binary64 of IEEE 754; {@code
 *       c8} and {@code c16} are two of the latter, the real part first.
 *   <li>{@code Sn} is n bytes, {@code Un} is n code points of 4 bytes; zeros at the end are padding
 *       and not part of the string.
 * </ul>
 *
 * <p>Fewer bytes than shape and dtype ask for are an error. More are ignored in a file, and on a
 * stream are where the next array begins: numpy writes several arrays so, one behind the other.
 *
 * <h2>.npz</h2>
 *
 * <p>A zip file (PKWARE's APPNOTE 6.3) with one {@code .npy} for each array. A reader tells it by
 * its first four bytes, {@code 50 4b 03 04} or, where it is empty, {@code 50 4b 05 06}, and not by
 * the file's name.
 *
 * <ul>
 *   <li>An entry's name without one {@code .npy} at the end is the key of the array; {@code
 *       savez(file, a, b)} calls them {@code arr_0, arr_1, ...}. Keys may be empty and may contain
 *       slashes; they are never paths. Names are UTF-8 if bit 11 of the flags is set, else code
 *       page 437. Two entries of one name are an error here; numpy takes the last.
 *   <li>Entries are stored (method 0) or deflated (method 8). Encrypted and patched ones and other
 *       methods are errors.
 *   <li>The central directory says what there is. Local headers repeat it, and numpy's force the
 *       zip64 extra field with both sizes in 64 bits, whatever they are; a reader needs of them the
 *       lengths of name and extra field alone, and here the name must be the same. Data descriptors
 *       are skipped. Sizes and offsets of 0xffffffff, and counts of 0xffff, stand in the zip64
 *       records.
 *   <li>The CRC-32 is that of the expanded entry, header and data, and is checked when its last
 *       byte is read.
 *   <li>The expanded size that the directory tells has to be that of header and data. It is
 *       compared once the header is read and before the data are expanded, so that no zip bomb gets
 *       further.
 *   <li>Entries must not overlap, and nothing may stand behind the end record and its comment; both
 *       are errors here, which Python lets pass in part.
 *   <li>Other files in the zip are listed, and are errors only when read as arrays.
 * </ul>
 *
 * <p>A writer that wants numpy's bytes dates entries 1 January 1980, 00:00, writes version 45, the
 * system Unix with mode 0600, the zip64 extra field (id 1, 16 bytes) into every local header with
 * 0xffffffff for both sizes, sets bit 11 for names that are not ASCII, and uses zip64 in the
 * directory for what is above 2<sup>31</sup> - 1.
 *
 * <p>Source: numpy's {@code numpy.lib.format} and the behaviour of numpy 2.4, Python's {@code
 * zipfile}.
 */
package org.allclose.jnpy;
