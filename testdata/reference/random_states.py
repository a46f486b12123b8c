"""Records states of numpy's generators in the middle of a stream, and what numpy draws from there.

    python3 random_states.py [FOLDER]                  # default: ../random_states
    python3 random_states.py --continue STATE NUMBERS AFTER

For RandomState and default_rng each: NAME_before.npz, the state after some numbers; NAME_numbers.npy, the numbers drawn
from there by draw(); NAME_after.npz, the state then. The second form does the same from a state that is given, of
either generator.

A RandomState's state is saved by np.savez(file, *random.get_state()) and restored by
random.set_state(tuple(np.load(file).values())). For PCG64, whose state has integers of 128 bits, numpy has no such
line: save and load below do it.
"""
import os
import sys

import numpy as np

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "random_states")
MASK = 2**64 - 1


def save(path, rng):
    if isinstance(rng, np.random.RandomState):
        np.savez(path, *rng.get_state())
        return
    s = rng.bit_generator.state
    words = {name: np.array([value >> 64, value & MASK], np.uint64) for name, value in s["state"].items()}
    np.savez(path, bit_generator=s["bit_generator"], **words, has_uint32=s["has_uint32"],
             uinteger=np.uint32(s["uinteger"]))


def load(path):
    entries = np.load(path)
    if "arr_0" in entries:
        rng = np.random.RandomState()
        rng.set_state(tuple(entries.values()))
        return rng
    rng = np.random.default_rng()
    words = {name: int(entries[name][0]) << 64 | int(entries[name][1]) for name in ("state", "inc")}
    rng.bit_generator.state = {"bit_generator": str(entries["bit_generator"]), "state": words,
                               "has_uint32": int(entries["has_uint32"]), "uinteger": int(entries["uinteger"])}
    return rng


def draw(rng):
    """Numbers that depend on every part of the state: the stored normal number or half of a word come first."""
    if isinstance(rng, np.random.RandomState):
        return np.concatenate([rng.randn(101), rng.rand(100), rng.permutation(100), rng.randn(2)])
    integers = rng.integers(0, 1000, 100)
    return np.concatenate([integers, rng.standard_normal(101), rng.random(100), rng.permutation(100)])


def record(folder):
    os.makedirs(folder, exist_ok=True)
    legacy = np.random.RandomState(231)
    legacy.randn(777)
    newer = np.random.default_rng(231)
    newer.integers(0, 10, 333)
    for name, rng in (("random_state", legacy), ("default_rng", newer)):
        save(os.path.join(folder, name + "_before.npz"), rng)
        np.save(os.path.join(folder, name + "_numbers.npy"), draw(rng))
        save(os.path.join(folder, name + "_after.npz"), rng)


def main(arguments):
    if arguments[:1] == ["--continue"]:
        rng = load(arguments[1])
        np.save(arguments[2], draw(rng))
        save(arguments[3], rng)
    else:
        record(arguments[0] if arguments else FOLDER)


if __name__ == "__main__":
    main(sys.argv[1:])
