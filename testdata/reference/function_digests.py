"""Records numpy's elementary functions, sums and elementwise expressions, as SHA-256 digests that a test can
reproduce without Python.

    python3 function_digests.py [--every N] [FILE]      # default: ../digests/functions.txt; "-" is standard output

With --every N, of N lines only the first is recorded.

The environment that makes numpy's bits reproducible (no SIMD versions of the functions, so that they are those of
the C library) is set by the script itself, which starts Python again if need be.

Inputs. Value i = 0, 1, ... of the stream with seed s is made from SplitMix64's output i for that seed: z = s +
(i + 1) * 0x9E3779B97F4A7C15, then z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9, z = (z ^ z >> 27) * 0x94D049BB133111EB,
z ^= z >> 31, modulo 2**64. The kind of the stream says what becomes of z, u being (z >> 11) * 2**-53:

    full              the double whose bits are z
    uniform:a:b       a + (b - a) * u
    integers:a:b      a + floor((b - a) * u)
    binades:a:b       sign bit 63, mantissa bits 0 to 51, exponent a + (bits 52 to 62) % (b - a + 1)
    magnitudes:a:b    the same without the sign
    mixed             binades:-8:7; by the top byte of z, 0, 1 and 2 become inf, nan and -inf, 3 to 31 -0.0, 32 to 47 0.0
    zeros             0.0, -0.0, -1.0 or -2.0 by z % 4; nan where the top byte of z is 0
    special           not a stream: the values of SPECIAL

Lines. The last word is the digest of the results, as little-endian float64 in C order, every NaN as
0x7FF8000000000000; the words before say of what:

    function NAME KIND SEED                 1,000,000 values; NAME(x)
    pow KIND KIND SEED                      the same; x from SEED, y from SEED + 1; two "special" are all pairs
    power EXPONENT KIND SEED                the same; x ** EXPONENT
    lengths KIND STRIDE SEED                for n = 0 ... 2000: sum, mean, variance of n elements STRIDE apart
    squares KIND SEED                       for n = 0 ... 2000: sum of x * x
    maxima KIND STRIDE SEED                 for n = 1 ... 300: max, argmax of n elements STRIDE apart
    matrix ROWS COLUMNS KIND SEED           sum, mean, variance over axis 0; over axis 1; max over axis 1
    images N C H W KIND SEED                sum, mean, variance over (0, 2, 3); sums over (2, 3); over (1, 2, 3)
    view SHAPE STRIDES OFFSET AXES SEED     sum, mean, variance of a "uniform:-1:1" stream; max of a "zeros" stream
    elementwise NAME N SEED                 see elementwise()
    softmax ROWS CLASSES KIND SEED          loss, gradient; probabilities; labels are integers from SEED + 1
"""
import hashlib
import itertools
import math
import os
import random
import sys

STRICT = {
    "OPENBLAS_CORETYPE": "Haswell",
    "OPENBLAS_NUM_THREADS": "1",
    "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR",
}
if any(os.environ.get(name) != value for name, value in STRICT.items()):
    os.environ.update(STRICT)
    os.execv(sys.executable, [sys.executable, "-W", "ignore"] + sys.argv)

import numpy as np

COUNT = 1000000
LENGTHS = 2000
TINY = 5e-324
SPECIAL = [
    0.0, TINY, 2.0**-1073, 2.0**-1022 - TINY, 2.0**-1022, 2.0**-1021, 2.0**-1015, 2.0**-538, 2.0**-65, 2.0**-55,
    2.0**-54, 2.0**-53, 2.0**-29, 2.0**-28, 2.0**-20, 1e-3, 0.25, 0.2928934097290039, 0.3, 1 / 3, 0.34657359027997264, 0.375, 0.4142135623730951,
    0.5, 0.6931471805599453, 0.75, 0.7500001, 0.84375, 0.9375, 0.9999995, 1 - 2.0**-53,
    1.0, 1 + 2.0**-52, 1.0397207708399179, 1.0647, 1.25, 1.5, 2.0,
    math.e, 2.857142857142857, 2.99998, 2.99999, 2.999995, 2.9999999, 3.0,
    3.0000005, 5.0, 6.0, 13.862943611198906, 14.556090791758852, 19.061547465398498,
    19.75469464595844, 22.0, 38.816242111356935, 39.5, 127.0, 511.9999999999999, 512.0, 708.3964185322641, 708.4,
    709.0895657128241, 709.4361393031039, 709.782712893384, 709.7827128933841, 710.0, 744.4400719213812,
    745.1332191019411, 745.1332191019412, 746.0, 1023.9999999999999, 1024.0, 1e5, 2.0**31, 2.0**52 - 0.5, 2.0**53 - 1,
    2.0**53, 2.0**53 + 2, 2.0**54, 2.0**62, 2.0**63, 2.0**64, 1e300, 2.0**1023, sys.float_info.max, math.inf, math.nan,
]
SPECIAL += [-x for x in SPECIAL]


def splitmix(seed, count):
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ z >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ z >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
        return z ^ z >> np.uint64(31)


def binades(z, low, high):
    exponent = (z >> np.uint64(52) & np.uint64(0x7FF)) % np.uint64(high - low + 1) + np.uint64(low + 1023)
    return (z & np.uint64(0x800FFFFFFFFFFFFF) | exponent << np.uint64(52)).view(np.float64).copy()


def values(kind, seed, count):
    name, *bounds = kind.split(":")
    if name == "special":
        return np.array(SPECIAL)
    z = splitmix(seed, count)
    unit = (z >> np.uint64(11)).astype(np.float64) * 2.0**-53
    top = z >> np.uint64(56)
    if name == "full":
        return z.view(np.float64)
    if name == "uniform":
        low, high = map(float, bounds)
        return low + (high - low) * unit
    if name == "integers":
        low, high = map(int, bounds)
        return low + np.floor((high - low) * unit)
    if name == "binades":
        return binades(z, *map(int, bounds))
    if name == "magnitudes":
        return np.abs(binades(z, *map(int, bounds)))
    if name == "zeros":
        x = np.array([0.0, -0.0, -1.0, -2.0])[(z & np.uint64(3)).astype(int)]
        x[top == 0] = np.nan
        return x
    x = binades(z, -8, 7)
    x[top < 48] = 0.0
    x[top < 32] = -0.0
    for number, value in enumerate((np.inf, np.nan, -np.inf)):
        x[top == number] = value
    return x


def digest(results):
    sha = hashlib.sha256()
    for result in results:
        result = np.array(result, dtype="<f8", order="C")
        result[np.isnan(result)] = np.nan
        sha.update(result.tobytes())
    return sha.hexdigest()


def erf(x):
    """numpy has none; Python's is the C library's."""
    return np.array([math.erf(v) for v in x.tolist()])


FUNCTIONS = {"exp": np.exp, "log": np.log, "expm1": np.expm1, "log1p": np.log1p, "tanh": np.tanh, "erf": erf,
             "sin": np.sin, "cos": np.cos}


def function(name, kind, seed):
    yield FUNCTIONS[name](values(kind, int(seed), COUNT))


def pow_(x_kind, y_kind, seed):
    x = values(x_kind, int(seed), COUNT)
    y = values(y_kind, int(seed) + 1, COUNT)
    if x_kind == "special":
        x, y = (a.ravel().copy() for a in np.meshgrid(x, y, indexing="ij"))
    yield np.power(x, y)


def power(exponent, kind, seed):
    yield values(kind, int(seed), COUNT) ** float(exponent)


def lengths(kind, stride, seed):
    x = values(kind, int(seed), LENGTHS * abs(int(stride)))[:: int(stride)]
    for n in range(LENGTHS + 1):
        yield x[:n].sum()
        yield x[:n].mean()
        yield x[:n].var()


def squares(kind, seed):
    x = values(kind, int(seed), LENGTHS)
    for n in range(LENGTHS + 1):
        yield np.sum(x[:n] * x[:n])


def maxima(kind, stride, seed):
    for n in range(1, 301):
        x = values(kind, int(seed) + n, n * abs(int(stride)))[:: int(stride)]
        yield x.max()
        yield x.argmax()


def matrix(rows, columns, kind, seed):
    x = values(kind, int(seed), int(rows) * int(columns)).reshape(int(rows), int(columns))
    for axis in (0, 1):
        yield x.sum(axis=axis)
        yield x.mean(axis=axis)
        yield x.var(axis=axis)
    yield x.max(axis=1)


def images(n, c, h, w, kind, seed):
    shape = (int(n), int(c), int(h), int(w))
    x = values(kind, int(seed), math.prod(shape)).reshape(shape)
    yield x.sum(axis=(0, 2, 3))
    yield x.mean(axis=(0, 2, 3))
    yield x.var(axis=(0, 2, 3))
    yield x.sum(axis=(2, 3))
    yield x.sum(axis=(1, 2, 3))


def numbers(word):
    return tuple(int(part) for part in word.split(",") if part)


def view(shape, strides, offset, axes, seed):
    shape, strides, axes = numbers(shape), numbers(strides), numbers(axes)
    corners = [sum(limit(0, (n - 1) * s) for n, s in zip(shape, strides)) for limit in (min, max)]
    assert int(offset) == -corners[0]
    size = corners[1] - corners[0] + 1
    for kind in ("uniform:-1:1", "zeros"):
        base = values(kind, int(seed), size)
        x = np.lib.stride_tricks.as_strided(base[int(offset):], shape, tuple(8 * s for s in strides))
        if kind == "zeros":
            yield x.max(axis=axes)
        else:
            yield x.sum(axis=axes)
            yield x.mean(axis=axes)
            yield x.var(axis=axes)


def elementwise(name, n, seed):
    """x, y and z are "mixed" streams of the seeds SEED, SEED + 1 and SEED + 2; a row has 7 columns."""
    x, y, z = (values("mixed", int(seed) + i, int(n)) for i in range(3))
    row = values("mixed", int(seed) + 3, 7)
    if name == "relu":
        yield x * (x > 0)
    elif name == "reluGradient":
        yield x * (y > 0)
    elif name == "addRow":
        yield x.reshape(-1, 7) + row
    elif name == "addRowRelu":
        v = x.reshape(-1, 7) + row
        yield v * (v > 0)
    elif name == "addScaled":
        y += 0.3 * x
        yield y
    elif name == "subtractScaled":
        y -= 0.3 * x
        yield y
    else:
        assert name == "momentumStep"
        y = 0.9 * y - 0.3 * x
        z += y
        yield y
        yield z


def softmax(rows, classes, kind, seed):
    rows, classes = int(rows), int(classes)
    x = values(kind, int(seed), rows * classes).reshape(rows, classes)
    right = np.arange(rows), values(f"integers:0:{classes}", int(seed) + 1, rows).astype(int)
    shifted = x - x.max(axis=1, keepdims=True)
    e = np.exp(shifted)
    s = e.sum(axis=1, keepdims=True)
    p = e / s
    onehot = np.zeros_like(x)
    onehot[right] = 1
    terms = -np.log(np.exp(shifted[right]) / s[:, 0])
    # Where the probability is below the smallest normal number the same is computed without it.
    terms = np.where(p[right] < 2.2250738585072014e-308, np.log(s[:, 0]) - shifted[right], terms)
    yield np.sum(terms) / rows
    yield (p - onehot) / rows
    yield p


KINDS = {
    "exp": ["full", "full", "uniform:-750:750", "uniform:-750:750", "uniform:-20:0", "uniform:-20:0", "uniform:-2:2",
            "binades:-60:9", "binades:-60:9", "uniform:-746:-708"],
    "log": ["full", "full", "magnitudes:-1022:1023", "magnitudes:-1022:1023", "uniform:0:20", "uniform:0:2",
            "uniform:0.9:1.1", "uniform:0.9:1.1", "magnitudes:-30:30", "magnitudes:-30:30"],
    "expm1": ["full", "full", "uniform:-750:750", "uniform:-60:60", "uniform:-2:2", "uniform:-2:2", "uniform:-0.5:0.5",
              "binades:-60:9", "binades:-60:9", "uniform:-40:0"],
    "log1p": ["full", "full", "uniform:-1:1", "uniform:-1:1", "uniform:-0.5:0.5", "uniform:0:20", "binades:-60:0",
              "binades:-60:0", "magnitudes:-60:60", "magnitudes:-60:60", "uniform:6.99998:7.00001"],
    "tanh": ["full", "full", "uniform:-23:23", "uniform:-23:23", "uniform:-2:2", "uniform:-2:2", "uniform:-0.5:0.5",
             "binades:-60:5", "binades:-60:5", "binades:-5:4"],
    "erf": ["full", "full", "uniform:-7:7", "uniform:-7:7", "uniform:-2:2", "uniform:-2:2", "uniform:-0.9:0.9",
            "binades:-60:3", "binades:-60:3", "binades:-5:2"],
    "sin": ["full", "uniform:-0.13:0.13", "uniform:-3:3", "uniform:-3:3", "uniform:-100:100", "uniform:-1e9:1e9",
            "binades:-60:30", "binades:-60:30"],
    "cos": ["full", "uniform:-0.13:0.13", "uniform:-3:3", "uniform:-3:3", "uniform:-100:100", "uniform:-1e9:1e9",
            "binades:-60:30", "binades:-60:30"],
}
POW_KINDS = [("full", "full"), ("full", "full"), ("magnitudes:-1022:1023", "uniform:-2:2"),
             ("magnitudes:-1022:1023", "binades:-20:1"), ("uniform:0:10", "uniform:-10:10"),
             ("uniform:0:2", "uniform:-500:500"), ("uniform:0.9:1.1", "uniform:-8000:8000"),
             ("uniform:-10:10", "integers:-300:300"), ("binades:-30:30", "integers:-40:40"),
             ("magnitudes:-5:5", "binades:-70:70")]


def view_words(seed):
    """A view as numpy makes them: a part of a C-ordered array, transposed, sliced, reversed, repeated."""
    draw = random.Random(seed)
    rank = draw.randint(1, 5)
    shape = [draw.choice([1, 2, 3, 4, 5, 7, 8, 9, 10, 13, 17] + [33, 60, 130] * (rank < 4)) for _ in range(rank)]
    if seed >= 400:
        rank = draw.randint(2, 4)
        shape = [draw.choice([2, 5, 20, 50, 90, 150, 400]) for _ in range(rank)]
    elif seed % 4 == 0:
        shape[draw.randrange(rank)] = draw.choice([100, 1000, 3000, 9001])
    while math.prod(shape) > 200000:
        shape[shape.index(max(shape))] //= 3
    steps = [draw.choice([1, 1, 2, -1, -3]) if seed % 3 else 1 for _ in shape]
    strides = []
    size = 1
    for n, step in zip(reversed(shape), reversed(steps)):
        strides.insert(0, size * step)
        size *= n * abs(step) + draw.choice([0, 0, 1]) * (seed % 2)
    axes = list(range(rank))
    if draw.random() < 0.4:
        draw.shuffle(axes)
    shape, strides = [shape[a] for a in axes], [strides[a] for a in axes]
    if draw.random() < 0.1:
        shape.append(3)
        strides.append(0)
    offset = -sum(min(0, (n - 1) * s) for n, s in zip(shape, strides))
    reduced = sorted(draw.sample(range(len(shape)), draw.randint(1, len(shape))))
    return [",".join(map(str, w)) for w in (shape, strides, [offset], reduced)]


def cases():
    for name, kinds in KINDS.items():
        yield ["function", name, "special", 0]
        for seed, kind in enumerate(kinds):
            yield ["function", name, kind, seed]
    yield ["pow", "special", "special", 0]
    for seed, (x, y) in enumerate(POW_KINDS):
        yield ["pow", x, y, seed]
    for exponent in (-2, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3):
        for kind in ("special", "full", "binades:-8:7"):
            yield ["power", exponent, kind, 1]
    for kind in ("uniform:-1:1", "binades:-8:7", "mixed"):
        for stride in (1, 2, 3, 8, -1, -7):
            yield ["lengths", kind, stride, 11]
        yield ["squares", kind, 12]
    for kind in ("binades:-8:7", "mixed", "zeros"):
        for stride in (1, 3, -1):
            yield ["maxima", kind, stride, 13]
    for rows, columns in itertools.product((1, 2, 7, 8, 9, 100, 257), (1, 2, 7, 8, 9, 10, 128, 129, 300)):
        yield ["matrix", rows, columns, "binades:-8:7", rows]
    for rows, columns in ((9, 20000), (20000, 9), (20000, 1), (1, 20000), (3, 8193), (40, 1031)):
        yield ["matrix", rows, columns, "uniform:-1:1", rows]
    for shape in ((1, 1, 1, 1), (2, 3, 4, 5), (5, 1, 6, 7), (1, 4, 3, 3), (6, 5, 1, 1), (7, 2, 1, 9), (4, 3, 32, 32),
                  (3, 2, 91, 93), (50, 3, 8, 8), (20, 1, 28, 28)):
        yield ["images", *shape, "binades:-8:7", 21]
    for seed in range(500):
        yield ["view", *view_words(seed), seed]
    for name in ("relu", "reluGradient", "addRow", "addRowRelu", "addScaled", "subtractScaled", "momentumStep"):
        for n in (0, 7, 14, 21, 70, 7007):
            yield ["elementwise", name, n, 31]
    for rows, classes in ((1, 1), (1, 10), (3, 2), (7, 5), (8, 10), (9, 10), (16, 3), (100, 10), (129, 17), (300, 200),
                          (2, 1000), (1031, 4)):
        for kind in ("uniform:-3:3", "uniform:-1000:1000", "mixed"):
            yield ["softmax", rows, classes, kind, 41]


COMPUTE = {"function": function, "pow": pow_, "power": power, "lengths": lengths, "squares": squares, "maxima": maxima,
           "matrix": matrix, "images": images, "view": view, "elementwise": elementwise, "softmax": softmax}


def lines(every=1):
    for name, *words in itertools.islice(cases(), 0, None, every):
        words = [str(word) for word in words]
        yield " ".join([name, *words, digest(COMPUTE[name](*words))])


def main():
    default = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "digests", "functions.txt")
    arguments = sys.argv[1:]
    every = 1
    if arguments[:1] == ["--every"]:
        every = int(arguments[1])
        arguments = arguments[2:]
    target = arguments[0] if arguments else default
    header = "# SHA-256 digests of numpy's functions and sums; how they are made: testdata/reference/function_digests.py"
    text = "\n".join([header] + list(lines(every))) + "\n"
    if target == "-":
        sys.stdout.write(text)
        return
    with open(target, "w", encoding="ascii", newline="\n") as file:
        file.write(text)


if __name__ == "__main__":
    with np.errstate(all="ignore"):
        main()
