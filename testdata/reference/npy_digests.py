"""Records what numpy writes into .npy files, as digests that a test can reproduce without Python.

    python3 npy_digests.py                  # writes ../digests/npy.txt, npy_dtypes.txt, npz.txt and ../npz/*.npz
    python3 npy_digests.py --files FOLDER   # writes the files themselves, as 0.npy, 1.npy, ... in the order of npy.txt
    python3 npy_digests.py --random FOLDER  # writes a thousand files of random arrays, and list.txt, a line a file
    python3 npy_digests.py --check FOLDER   # reads such files, written by somebody else, and compares their values

Elements. Their bytes, little-endian and in C order, are the outputs i = 0, 1, ... of SplitMix64 for the seed 7, eight
bytes each: z = 7 + (i + 1) * 0x9E3779B97F4A7C15, then z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9, z = (z ^ z >> 27) *
0x94D049BB133111EB, z ^= z >> 31, modulo 2**64. Of a truth value only the lowest bit is kept. Of a character of a str
only the lowest 10 bits are: below 32 they become 0, from 768 on the character is 0x1F600 plus the lowest 6 bits.

Lines of npy.txt. "dtype order version shape file values": dtype as numpy.dtype takes it, with '>' for big-endian;
C or F; 1, 2 or 3; axes joined by x, or - for none; then the first 16 hexadecimal digits of two SHA-256 digests. One is
of the file. The other is of the elements in C order: floating-point and complex numbers as little-endian float64,
every NaN as 0x7FF8000000000000; integers and truth values as int64, or uint64; strings as their code points (byte
strings: bytes) in 32 bits each, with 0xFFFFFFFF behind each string.

Lines of npz.txt. "name digest": what savez writes of the arrays in NPZ below, whole in hexadecimal. The files in ../npz
are what savez_compressed makes of them, and what savez writes to a stream that cannot go back.

Lines of npy_dtypes.txt. "'spelling' canonical": what numpy.dtype makes of a spelling, "-" if it is an error.
"""
import argparse
import hashlib
import io
import itertools
import os
import warnings

import numpy as np

DIGESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "digests")

TYPES = ["b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16", "S5", "U3"]
ONE_BYTE = ["b1", "i1", "u1", "S5"]
SHAPES = [
    (), (0,), (3, 0, 2), (5,), (2, 3), (3, 2, 4), (2, 3, 1, 4), (2, 1, 3, 2, 2), (1,) * 62 + (2, 3),
    (700, 33), (37, 600), (17, 19, 23), (3, 1000, 5),
]
VERSION_SHAPES = [(), (2, 3)]

NPZ = {
    "empty": {},
    "plain": {"fc1/W": ("f8", (3, 4), "C"), "fc1/b": (">f4", (4,), "C"), "arr_0": ("u1", (), "C")},
    "names": {"größe": ("i8", (2, 3), "F"), "a.npy": ("c16", (0, 2), "C"), "": ("b1", (3,), "C"),
              "../up": ("U3", (2,), "C"), "back\\slash": ("f2", (1, 5), "C"), "日本": ("S5", (2, 2), "F")},
    "many": {"k%d" % i: ("u2", (i % 3,), "C") for i in range(65536)},
}

CODES = ["?", "b", "B", "h", "H", "i", "I", "l", "L", "q", "Q", "p", "P", "n", "N", "e", "f", "d", "g", "F", "D", "G"]
SIZES = ["b1", "b2", "i1", "i2", "i3", "i4", "i8", "i16", "u1", "u2", "u4", "u8", "u16", "f2", "f4", "f8", "f16", "f3",
         "c8", "c16", "c32", "c1", "c", "S", "S0", "S1", "S5", "S12", "S2147483647", "S2147483648", "U", "U0", "U1",
         "U12", "U536870911", "U536870912", "V", "V0", "V2", "V7", "O", "O8", "T", "M8", "m8", "M8[ns]", "m8[s]", "a5"]
NAMES = ["bool", "bool_", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16",
         "float32", "float64", "float128", "complex64", "complex128", "complex256", "byte", "ubyte", "short",
         "ushort", "intc", "uintc", "int", "int_", "uint", "long", "ulong", "longlong", "ulonglong", "intp", "uintp",
         "half", "single", "double", "float", "longdouble", "csingle", "cdouble", "complex", "clongdouble", "str",
         "str_", "bytes", "bytes_", "object", "object_", "void", "unicode", "string", "datetime64", "timedelta64",
         "Float64", "float_", "bfloat16", "float8"]
ODD = ["", "<", "f8,", "f8,f4", "3f8", "(2,)f8", "f", "u", "d8", "?1", "||f8", "<>f8", "!f8", " f8", "f8 ", "S-1", "x"]


def elements(count, bytes_each):
    with np.errstate(over="ignore"):
        z = np.uint64(7) + np.arange(1, (count * bytes_each + 7) // 8 + 1, dtype=np.uint64) * np.uint64(
            0x9E3779B97F4A7C15)
        z = (z ^ z >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ z >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
        z = z ^ z >> np.uint64(31)
    return z.astype("<u8").view(np.uint8)[: count * bytes_each]


def array(name, shape, order):
    dtype = np.dtype(name).newbyteorder("<")
    raw = elements(int(np.prod(shape, dtype=int)), dtype.itemsize)
    if dtype.kind == "b":
        raw = raw & np.uint8(1)
    if dtype.kind == "U":
        c = raw.view("<u4") & np.uint32(1023)
        c = np.where(c < 32, 0, np.where(c >= 768, 0x1F600 + (c & np.uint32(63)), c))
        raw = c.astype("<u4").view(np.uint8)
    little = np.frombuffer(raw.tobytes(), dtype=dtype).reshape(shape)
    swapped = little if np.dtype(name).byteorder != ">" else little.byteswap().view(np.dtype(name))
    return np.array(swapped.reshape(shape), order=order, copy=True)


def values(a):
    kind = a.dtype.kind
    if kind in "SU":
        text = [s.decode("latin-1") if kind == "S" else s for s in np.ascontiguousarray(a).reshape(-1).tolist()]
        return b"".join(np.array([ord(c) for c in s] + [0xFFFFFFFF], "<u4").tobytes() for s in text)
    if kind in "biu":
        return np.ascontiguousarray(a).astype("<u8" if a.dtype.itemsize == 8 and kind == "u" else "<i8").tobytes()
    if kind == "c":
        parts = np.ascontiguousarray(a).reshape(-1).view(a.real.dtype)
    else:
        parts = a
    with np.errstate(invalid="ignore"):
        wide = np.ascontiguousarray(parts).astype("<f8")
    return np.where(np.isnan(wide), np.nan, wide).astype("<f8").tobytes()


def digest(content):
    return hashlib.sha256(content).hexdigest()[:16]


def cases():
    for name in TYPES:
        for mark in [""] if name in ONE_BYTE else ["", ">"]:
            for shape in SHAPES:
                for order in "CF":
                    yield mark + name, order, 1, shape
            for version in (2, 3):
                for shape, order in itertools.product(VERSION_SHAPES, "CF"):
                    yield mark + name, order, version, shape


def file_of(a, version):
    out = io.BytesIO()
    if version == 1:
        np.save(out, a)
    else:
        np.lib.format.write_array(out, a, version=(version, 0))
    return out.getvalue()


def lines():
    for name, order, version, shape in cases():
        a = array(name, shape, order)
        axes = "x".join(map(str, shape)) or "-"
        yield f"{name} {order} {version} {axes} {digest(file_of(a, version))} {digest(values(a))}"


def dtype_lines():
    marked = [m + c for m in ["", "<", ">", "=", "|"] for c in CODES + SIZES] + [m + n for m in ["", "<"] for n in NAMES]
    for spelling in marked + ODD:
        try:
            dtype = np.dtype(spelling)
            canonical = dtype.str if dtype.names is None and dtype.subdtype is None else "structured"
        except (TypeError, ValueError):
            canonical = "-"
        yield f"'{spelling}' {canonical}"


class OneWay(io.BytesIO):
    """A stream as a socket is: zipfile puts sizes behind the data there."""

    def seekable(self):
        return False

    def tell(self):
        raise io.UnsupportedOperation("tell")

    def seek(self, *_):
        raise io.UnsupportedOperation("seek")


def npz(name, save=np.savez, stream=io.BytesIO):
    out = stream()
    save(out, **{key: array(*case) for key, case in NPZ[name].items()})
    return out.getvalue()


def npz_lines():
    for name in NPZ:
        yield f"{name} {hashlib.sha256(npz(name)).hexdigest()}"


def write_npz():
    for name in ("plain", "names"):
        for kind, content in (("compressed", npz(name, np.savez_compressed)), ("streamed", npz(name, stream=OneWay))):
            with open(os.path.join(DIGESTS, "..", "npz", f"{name}-{kind}.npz"), "wb") as file:
                file.write(content)


def write(name, comment, content):
    with open(os.path.join(DIGESTS, name), "w", encoding="ascii", newline="\n") as file:
        file.write("\n".join([f"# {comment}; how they are made: testdata/reference/npy_digests.py"] + content) + "\n")


def write_files(folder):
    for number, (name, order, version, shape) in enumerate(cases()):
        with open(os.path.join(folder, f"{number}.npy"), "wb") as file:
            file.write(file_of(array(name, shape, order), version))


def write_random(folder):
    rng = np.random.default_rng(231)
    with open(os.path.join(folder, "list.txt"), "w", encoding="ascii", newline="\n") as out:
        for number in range(1000):
            name = str(rng.choice(["", ">"])) + str(rng.choice(TYPES + ["S1", "U1", "S100", "U33"]))
            shape = tuple(int(n) for n in rng.integers(0, 7, size=rng.integers(0, 6)))
            a = array(name, shape, str(rng.choice(["C", "F"])))
            if a.ndim > 1 and rng.random() < 0.3:
                a = a.swapaxes(0, int(rng.integers(1, a.ndim)))  # numpy saves in which order it likes
            if a.ndim and rng.random() < 0.3:
                a = a[::2]
            content = file_of(a, 1)
            with open(os.path.join(folder, f"{number}.npy"), "wb") as file:
                file.write(content)
            out.write(f"{a.dtype.str} {'x'.join(map(str, a.shape)) or '-'} {digest(values(a))}\n")


def check_files(folder):
    for number, (name, order, _, shape) in enumerate(cases()):
        path = os.path.join(folder, f"{number}.npy")
        if os.path.exists(path):
            got, expected = np.load(path), array(name, shape, order)
            if got.dtype != expected.dtype or got.shape != expected.shape or values(got) != values(expected):
                raise SystemExit(f"{path}: expected {expected.dtype} {expected.shape}, got {got.dtype} {got.shape}")
    print("checked", sum(name.endswith(".npy") for name in os.listdir(folder)))


def main():
    parser = argparse.ArgumentParser(description="Record what numpy writes into .npy files.")
    parser.add_argument("--files", metavar="FOLDER")
    parser.add_argument("--random", metavar="FOLDER")
    parser.add_argument("--check", metavar="FOLDER")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    if arguments.files:
        write_files(arguments.files)
    elif arguments.random:
        write_random(arguments.random)
    elif arguments.check:
        check_files(arguments.check)
    else:
        write("npy.txt", "Digests of .npy files that numpy wrote", list(lines()))
        write("npy_dtypes.txt", "What numpy makes of the names of dtypes", list(dtype_lines()))
        write("npz.txt", "Digests of .npz files that numpy wrote", list(npz_lines()))
        write_npz()


if __name__ == "__main__":
    main()
