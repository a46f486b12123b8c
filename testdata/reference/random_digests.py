"""Records numpy's random numbers, as SHA-256 digests that a test can reproduce without Python.

    python3 random_digests.py [FILE]                      # default: ../digests/random.txt; "-" is standard output
    python3 random_digests.py --seeds COUNT [FILE]        # the lines of streams with the first so many of ten seeds
    python3 random_digests.py --mixed SEED COUNT [FILE]   # other mixtures of calls than those of the file, so many

Lines.

    stream GENERATOR SEED CALL DIGEST     the result of one call, with an array of a million numbers where the call
                                          has a size, on a generator just seeded
    seeded GENERATOR SEED                 begins a mixture of calls, on one generator after another
    call CALL DIGEST                      the result of the next call of the mixture
    state STATE                           the generator's state after it

GENERATOR is RandomState or default_rng. SEED is a number, or several with commas for a list, or "many" for the list
i * i * 104729 % 2**32 for i = 0 ... 699. A CALL is a function's name
and its arguments; see CALLS. Digests are of the result in C order, little-endian, in numpy's dtype; those of calls in
mixtures are cut to 16 digits. Probabilities for n numbers are the numbers 1 ... n, or for "sparse" 0, 1, 2, 0, 1, 2,
..., divided by their sum. Arrays that are shuffled hold 0, 1, 2, ... as float64.

The file depends on numpy's version and the C library's exp, log and log1p, not on numpy's SIMD features.
"""
import hashlib
import os
import random
import sys

import numpy as np

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "digests", "random.txt")
MILLION = 1000000

# Calls in a mixture.
LENGTH = 150

LEGACY_SEEDS = ["0", "1", "42", "231", "12345", "2147483647", "2147483648", "4294967295", "1,2,3", "many"]
SEEDS = ["0", "1", "42", "231", "4294967295", "4294967296", "18446744073709551616",
         "1234567890123456789012345678901234567890123456789", "1,2,3", "5,1099511627776,0,7,36893488147419103232"]

INTEGERS = {
    "bool": [(0, 1)],
    "int8": [(-128, 127), (-100, 27), (-3, 3)],
    "int16": [(-32768, 32767), (-1000, 30000), (0, 128)],
    "int32": [(-2**31, 2**31 - 1), (-2**31, 9), (-5, 2**20)],
    "int64": [(-2**63, 2**63 - 1), (-2**62, 2**62), (0, 9), (0, 2**31), (-7, 2**32 - 8), (0, 2**32)],
    "uint8": [(0, 255), (0, 9), (100, 228)],
    "uint16": [(0, 65535), (0, 255), (7, 40000)],
    "uint32": [(0, 2**32 - 1), (0, 2**31), (0, 999)],
    "uint64": [(0, 2**64 - 1), (2**63 - 5, 2**63 + 5), (0, 2**64 - 2), (1, 2**63 + 1)],
}


def weights(n, kind="full"):
    w = np.arange(n) % 3 if kind == "sparse" else np.arange(1, n + 1)
    return w / w.sum()


def array(*shape):
    return np.arange(float(np.prod(shape))).reshape(shape)


def shuffled(rng, x, *axis):
    rng.shuffle(x, *axis)
    return x


def size(text):
    return None if text == "one" else int(text)


def integers(rng, dtype, low, last, n):
    if isinstance(rng, np.random.RandomState):
        return rng.randint(int(low), int(last) + 1, size(n), dtype)
    return rng.integers(int(low), int(last), size(n), dtype, endpoint=True)


def nothing(_):
    return np.zeros(0)


def initial(rng, recipe, text):
    """Weights as code that follows cs231n draws them: dense (in, out), convolution (filters, channels, kernel...)."""
    shape = tuple(int(length) for length in text.split("x"))
    kernel = int(np.prod(shape[2:]))
    fan_in, fan_out = shape if len(shape) == 2 else (shape[1] * kernel, shape[0] * kernel)
    kind, *numbers = recipe.split(":")
    if kind == "gaussian":
        w = float(numbers[0]) * rng.standard_normal(shape)
    elif kind == "uniform":
        w = rng.uniform(float(numbers[0]), float(numbers[1]), shape)
    else:
        spread = {"xavier": 2.0 / (fan_in + fan_out), "he": 2.0 / fan_in, "cs231n": 1.0 / fan_in}[kind.split("_")[0]]
        if kind.endswith("normal"):
            w = np.sqrt(spread) * rng.standard_normal(shape)
        else:
            limit = {"xavier_uniform": np.sqrt(6.0 / (fan_in + fan_out)), "he_uniform": np.sqrt(6.0 / fan_in)}[kind]
            w = rng.uniform(-limit, limit, shape)
    return w.ravel()


# Each function takes the generator, then the call's words. A size is a number, or "one" for a call without size.
CALLS = {
    "random": lambda rng, n: rng.random(size(n)),
    "random_float": lambda rng, n: np.float32(rng.random(size(n), np.float32)),
    "uniform": lambda rng, low, high, n: rng.uniform(float(low), float(high), size(n)),
    "standard_normal": lambda rng, n: rng.standard_normal(size(n)),
    "normal": lambda rng, loc, scale, n: rng.normal(float(loc), float(scale), size(n)),
    "standard_exponential": lambda rng, n: rng.standard_exponential(size(n)),
    "integers": integers,
    "binomial": lambda rng, n, p, count: np.float64(rng.binomial(int(n), float(p), size(count))),
    "bytes": lambda rng, n: np.frombuffer(rng.bytes(int(n)), np.uint8),
    "permutation": lambda rng, n: rng.permutation(int(n)),
    "permutation_rows": lambda rng, n, m: rng.permutation(array(int(n), int(m))),
    "permutation_axis": lambda rng, k, n, m, axis: rng.permutation(array(int(k), int(n), int(m)), int(axis)),
    "permuted": lambda rng, n: rng.permuted(array(int(n))),
    "permuted_axis": lambda rng, k, n, m, axis: rng.permuted(array(int(k), int(n), int(m)), axis=int(axis)),
    "shuffle": lambda rng, n: shuffled(rng, array(int(n))),
    "shuffle_rows": lambda rng, n, m: shuffled(rng, array(int(n), int(m))),
    "shuffle_axis": lambda rng, k, n, m, axis: shuffled(rng, array(int(k), int(n), int(m)), int(axis)),
    "choice": lambda rng, n, count: rng.choice(int(n), int(count)),
    "choice_p": lambda rng, n, kind, count: rng.choice(int(n), int(count), p=weights(int(n), kind)),
    "choice_without": lambda rng, n, count: rng.choice(int(n), int(count), False),
    "choice_without_p": lambda rng, n, kind, count: rng.choice(int(n), int(count), False, weights(int(n), kind)),
    "choice_unshuffled": lambda rng, n, count: rng.choice(int(n), int(count), False, shuffle=False),
    "seed": lambda rng, seed: nothing(rng.seed(seeds(seed))),
    "spawned": lambda rng, children, n: np.concatenate([child.random(int(n)) for child in rng.spawn(int(children))]),
    "jumped": lambda rng, jumps, n: np.random.Generator(rng.bit_generator.jumped(int(jumps))).random(int(n)),
    "advance": lambda rng, words: nothing(rng.bit_generator.advance(int(words))),
    "initial": lambda rng, recipe, *shapes: np.concatenate([initial(rng, recipe, shape) for shape in shapes]),
}
LEGACY_ONLY = {"binomial", "standard_exponential", "seed"}
NEW_ONLY = {"random_float", "permutation_axis", "permuted", "permuted_axis", "shuffle_axis", "choice_unshuffled",
            "spawned", "jumped", "advance"}


def streams(generator):
    legacy = generator == "RandomState"
    n = str(MILLION)
    yield from (("random", n), ("uniform", "-2.5", "0.1", n), ("standard_normal", n), ("normal", "0.3", "1.7", n))
    for dtype, ranges in INTEGERS.items():
        for low, last in ranges:
            yield "integers", dtype, str(low), str(last), n
    yield from (("bytes", "1000003"), ("permutation", n), ("permutation_rows", "1000", "1000"), ("shuffle", n),
                ("shuffle_rows", "1000000", "1"), ("choice", "1000", n), ("choice_p", "1000", "full", n),
                ("choice_p", "10", "sparse", n), ("choice_without", n, n), ("choice_without", n, "30000"),
                ("choice_without", "10000", "9999"), ("choice_without_p", "30000", "full", "20000"))
    for recipe in ("gaussian:0.01", "uniform:-0.1:0.3", "xavier_normal", "xavier_uniform", "he_normal", "he_uniform",
                   "cs231n_normal"):
        yield "initial", recipe, "32x3x7x7", "8192x100", "100x10", "10x33x1x3"
    if legacy:
        yield from (("standard_exponential", n), ("binomial", "1", "0.5", n), ("binomial", "1", "0.8", n),
                    ("binomial", "10", "0.3", n), ("binomial", "100", "0.4", n), ("binomial", "10000", "0.9", n),
                    ("binomial", "1000000007", "0.25", n))
    else:
        yield from (("random_float", n), ("permuted", n), ("permuted_axis", "10", "1000", "100", "1"),
                    ("permuted_axis", "1000", "10", "100", "0"), ("permutation_axis", "3", "10000", "33", "1"),
                    ("shuffle_axis", "3", "33", "10000", "2"), ("choice_unshuffled", n, "30000"),
                    ("choice_unshuffled", n, "60000"), ("choice_unshuffled", "10000", "10000"),
                    ("spawned", "10", "100000"), ("jumped", "1", n), ("jumped", "1000000007", n))


def seeds(text):
    if text == "many":
        return [i * i * 104729 % 2**32 for i in range(700)]
    numbers = [int(number) for number in text.split(",")]
    return numbers if len(numbers) > 1 else numbers[0]


def make(generator, seed):
    if generator == "RandomState":
        return np.random.RandomState(seeds(seed))
    return np.random.default_rng(seeds(seed))


def digest(rng, call):
    result = np.asarray(CALLS[call[0]](rng, *call[1:]))
    little = result.astype(result.dtype.newbyteorder("<"), order="C", copy=False)
    return hashlib.sha256(little.tobytes()).hexdigest()


def state(rng):
    if isinstance(rng, np.random.RandomState):
        _, key, position, has_gauss, gauss = rng.get_state()
        key = hashlib.sha256(key.astype("<u4").tobytes()).hexdigest()[:16]
        return "%s %d %d %s" % (key, position, has_gauss, np.float64(gauss).view(np.int64))
    s = rng.bit_generator.state
    return "%d %d %d %d" % (s["state"]["state"], s["state"]["inc"], s["has_uint32"], s["uinteger"])


def some_call(choose, legacy):
    """A call with arguments drawn from the Python generator, sizes mostly small."""
    name = choose.choice(sorted(set(CALLS) - {"initial"} - (NEW_ONLY if legacy else LEGACY_ONLY)))
    n = str(choose.choice([0, 1, 2, 3, 5, 17, 100, 313, 624, 1000]))
    count = choose.choice(["one", n])
    side = [str(choose.randint(1, 12)) for _ in range(3)]
    axis = str(choose.randint(0, 2))
    if name == "uniform":
        low = choose.uniform(-10, 10)
        return name, repr(low), repr(low + choose.expovariate(0.1)), count
    if name == "normal":
        return name, repr(choose.gauss(0, 3)), repr(choose.expovariate(1)), count
    if name == "integers":
        dtype = choose.choice(sorted(INTEGERS))
        low, last = INTEGERS[dtype][0]
        ends = sorted(choose.randint(low, last) >> choose.choice([0, 0, 7, 30, 60]) for _ in range(2))
        return name, dtype, str(max(low, ends[0])), str(min(last, ends[1])), count
    if name == "binomial":
        trials = choose.choice([0, 1, 1, 7, 40, 1000, 10**9])
        return name, str(trials), repr(choose.choice([0.0, 0.5, 1.0, choose.random()])), count
    if name.startswith("permuted_") or name.endswith("_axis"):
        return (name, *side, axis)
    if name.endswith("_rows"):
        return name, side[0], choose.choice(side)
    if name == "choice":
        return name, str(choose.randint(1, 10**choose.randint(0, 9))), n
    if name in ("choice_without", "choice_unshuffled"):
        total = choose.choice([1, 10, 1000, 10000, 10001, 40000])
        return name, str(total), str(choose.randint(0, total) // choose.choice([1, 10, 30]))
    if name.startswith("choice"):
        total = choose.randint(3, 200)
        return name, str(total), choose.choice(["full", "sparse"]), str(choose.randint(0, total // 2))
    if name == "seed":
        return name, ",".join(str(choose.getrandbits(32)) for _ in range(choose.choice([1, 1, 2, 5])))
    if name == "spawned":
        return name, str(choose.randint(1, 3)), n
    if name == "jumped":
        return name, str(choose.randint(0, 3)), n
    if name == "advance":
        return name, str(choose.getrandbits(choose.choice([4, 64, 128])) * choose.choice([1, -1]))
    if name in ("bytes", "permutation", "permuted", "shuffle"):
        return name, n
    return name, count


def mixtures(choose, count, length):
    for number in range(count):
        generator = ["RandomState", "default_rng"][number % 2]
        seed = str(choose.getrandbits(choose.choice([8, 32] if number % 2 == 0 else [8, 32, 100])))
        rng = make(generator, seed)
        yield "seeded %s %s" % (generator, seed)
        for _ in range(length):
            call = some_call(choose, generator == "RandomState")
            yield "call %s %s" % (" ".join(call), digest(rng, call)[:16])
        yield "state " + state(rng)


def all_streams(count):
    for generator, all_seeds in (("RandomState", LEGACY_SEEDS), ("default_rng", SEEDS)):
        for call in streams(generator):
            for seed in all_seeds[:count]:
                yield "stream %s %s %s %s" % (generator, seed, " ".join(call), digest(make(generator, seed), call))


def recorded():
    yield "# SHA-256 digests of numpy's random numbers; how they are made: testdata/reference/random_digests.py"
    yield from all_streams(10)
    yield from mixtures(random.Random(231), 20, LENGTH)


def main(arguments):
    lines = recorded()
    if arguments[:1] == ["--seeds"]:
        lines = all_streams(int(arguments[1]))
        arguments = arguments[2:]
    elif arguments[:1] == ["--mixed"]:
        lines = mixtures(random.Random(int(arguments[1])), int(arguments[2]), LENGTH)
        arguments = arguments[3:]
    path = arguments[0] if arguments else FILE
    text = "".join(line + "\n" for line in lines)
    if path == "-":
        sys.stdout.write(text)
    else:
        with open(path, "w", encoding="ascii", newline="\n") as out:
            out.write(text)


if __name__ == "__main__":
    main(sys.argv[1:])
