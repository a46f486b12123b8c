"""Records what numpy's matrix products are, as SHA-256 digests that a test can reproduce without Python.

    python3 kernel_digests.py [--every N] [FILE]      # default: ../digests/matrix_product.txt; "-" is standard output

With --every N, of N lines only the first is recorded.

The environment that makes numpy's bits reproducible (OpenBLAS' Haswell kernels on one thread) is set by the
script itself, which starts Python again if need be.

Inputs. Value i = 0, 1, ... of the stream with seed s is made from SplitMix64's output i for that seed: z = s +
(i + 1) * 0x9E3779B97F4A7C15, then z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9, z = (z ^ z >> 27) * 0x94D049BB133111EB,
z ^= z >> 31, modulo 2**64. Bit 63 is the sign, bits 0 to 51 the mantissa, and bits 52 to 55 less 8 the exponent.
In the "special" stream, the values for which bits 56 to 63 of z, as a number from 0 to 255, are below 3 become
infinity, NaN and minus infinity, those from 3 to 31 become -0.0 and those from 32 to 47 become 0.0; in the
"tiny" stream every exponent is lowered by 536, so that products are subnormal or zero.

A is made of the first values of the stream with seed 1, B of those with seed 2, in C order. The forms are A.dot(B),
A.T.dot(B), A.dot(B.T), A.T.dot(B.T), and for "symmetric" A.dot(A.T) and A.T.dot(A).

Lines. "sweep stream form k digest": for m in 1..40, for n in 1..40 (the symmetric forms: n = m), the results one
after another. "shape stream form m n k digest": one result. Results are hashed as little-endian float64 in C order,
every NaN as 0x7FF8000000000000.
"""
import functools
import hashlib
import itertools
import os
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

TERMS = list(range(1, 21)) + [31, 64, 100, 255, 256, 257, 258, 300, 511, 512, 513, 784, 1000, 3072]
FEW_TERMS = [1, 2, 3, 5, 8, 13, 16, 17, 31, 64, 257, 513]
SIDES = range(1, 41)
FORMS = ["AB", "AtB", "ABt", "AtBt"]
SHAPES = [
    (1, 784, 128), (128, 1, 784), (1, 2051, 19), (2051, 1, 19), (1, 10, 4100), (10, 1, 4100), (1, 1, 5000),
    (1, 1000, 1), (1000, 1, 1), (32, 32, 32), (100, 10, 100), (100, 100, 3072), (257, 129, 300), (101, 1030, 77),
    (1031, 50, 270), (64, 515, 515), (515, 64, 515), (127, 255, 1030), (3, 600, 600), (600, 3, 600), (2, 700, 90),
    (700, 2, 90), (5, 5, 6000), (47, 49, 2049), (384, 384, 384), (513, 511, 257),
    (257, 600, 300), (193, 1061, 270), (25, 4100, 60), (26, 4103, 20),
]
SYMMETRIC_SHAPES = [(130, 300), (257, 511), (515, 700), (33, 3000)]
LENGTH = 1 << 20


def values(seed, stream, count=LENGTH):
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ z >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ z >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
        z = z ^ z >> np.uint64(31)
    exponent = (z >> np.uint64(52) & np.uint64(15)) + np.uint64(1015 - (536 if stream == "tiny" else 0))
    bits = z & np.uint64(0x800FFFFFFFFFFFFF) | exponent << np.uint64(52)
    v = bits.view(np.float64).copy()
    if stream == "special":
        kind = z >> np.uint64(56)
        v[kind < 48] = 0.0
        v[kind < 32] = -0.0
        for number, value in enumerate((np.inf, np.nan, -np.inf)):
            v[kind == number] = value
    return v


@functools.lru_cache(maxsize=2)
def pool(seed, stream):
    return values(seed, stream)


def operand(values, rows, columns, transposed):
    if transposed:
        return values[: rows * columns].reshape(columns, rows).T
    return values[: rows * columns].reshape(rows, columns)


def product(form, a, b, m, n, k):
    return operand(a, m, k, form.startswith("At")).dot(operand(b, k, n, form.endswith("Bt")))


def symmetric(form, a, m, k):
    x = operand(a, m, k, form == "AtA")
    return x.dot(x.T)


def add(digest, result):
    result = np.ascontiguousarray(result)
    result[np.isnan(result)] = np.nan
    digest.update(result.astype("<f8").tobytes())


def cases():
    """The words of each line before the digest."""
    for stream in ("full", "special", "tiny"):
        for form in FORMS:
            for k in TERMS if stream == "full" and form != "AtBt" else FEW_TERMS:
                yield "sweep", stream, form, k
            for m, n, k in SHAPES:
                yield "shape", stream, form, m, n, k
        for form in ("AAt", "AtA"):
            for k in TERMS if stream == "full" else FEW_TERMS:
                yield "sweep", stream, form, k
            for m, k in SYMMETRIC_SHAPES:
                yield "shape", stream, form, m, m, k


def results(kind, stream, form, *numbers):
    a = pool(1, stream)
    is_symmetric = form not in FORMS
    *sides, k = numbers
    if kind == "shape":
        pairs = [sides]
    elif is_symmetric:
        pairs = [(m, m) for m in SIDES]
    else:
        pairs = [(m, n) for m in SIDES for n in SIDES]
    for m, n in pairs:
        yield symmetric(form, a, m, k) if is_symmetric else product(form, a, pool(2, stream), m, n, k)


def lines(every=1):
    for words in itertools.islice(cases(), 0, None, every):
        digest = hashlib.sha256()
        for result in results(*words):
            add(digest, result)
        yield " ".join(map(str, words)) + " " + digest.hexdigest()


def main():
    default = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "digests", "matrix_product.txt")
    arguments = sys.argv[1:]
    every = 1
    if arguments[:1] == ["--every"]:
        every = int(arguments[1])
        arguments = arguments[2:]
    target = arguments[0] if arguments else default
    header = "# SHA-256 digests of numpy's matrix products; how they are made: testdata/reference/kernel_digests.py"
    text = "\n".join([header] + list(lines(every))) + "\n"
    if target == "-":
        sys.stdout.write(text)
        return
    with open(target, "w", encoding="ascii", newline="\n") as file:
        file.write(text)


if __name__ == "__main__":
    with np.errstate(all="ignore"):
        main()
