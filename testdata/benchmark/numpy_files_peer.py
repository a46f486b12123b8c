"""Reads and writes numpy files as a numpy user does, for comparison of speed.

Usage: numpy_files_peer.py FOLDER MEGABYTES FILES TASK ...: makes the files for the tasks in the folder, prints 'ready',
and then runs one task for each line of its input, which is its name: memory, mappedOpen, mappedSum, mappedCopy, stored,
deflated, small, write (a new file) or replace (a file that is there). For each it prints the milliseconds it took and a
sum of elements. Elements are whole numbers below 2**20, so that sums are exact in any order. The archives are five times
as large as the plain array.
"""
import os
import sys
import time

import numpy as np

FOLDER, MEGABYTES, FILES, WANTED = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]
ENTRIES = 5


def path(name):
    return os.path.join(FOLDER, name)


def numbers(random):
    return random.integers(0, 1 << 20, MEGABYTES * 125_000).astype(np.float64)


def prepare():
    random = np.random.default_rng(231)
    large = numbers(random)
    np.save(path("large.npy"), large)
    for name, save in (("stored", np.savez), ("deflated", np.savez_compressed)):
        if name in WANTED:
            save(path(name + ".npz"), **{f"arr_{i}": numbers(random) for i in range(ENTRIES)})
    if "small" in WANTED:
        os.mkdir(path("small"))
        for i in range(FILES):
            np.save(path(f"small/{i}.npy"), random.integers(0, 1 << 20, 100).astype(np.float32))
    return large


def memory():
    return np.load(path("large.npy"))[-1]


def mapped_open():
    return np.load(path("large.npy"), mmap_mode="r")[-1]


def mapped_sum():
    return np.load(path("large.npy"), mmap_mode="r").sum()


def mapped_copy():
    return np.array(np.load(path("large.npy"), mmap_mode="r"))[-1]


def archive(name):
    with np.load(path(name)) as npz:
        arrays = {key: npz[key] for key in npz.files}
    return sum(array[-1] for array in arrays.values())


def small():
    return sum(float(np.load(path(f"small/{i}.npy"))[0]) for i in range(FILES))


LARGE = prepare()


def write():
    np.save(path("numpys.npy"), LARGE)
    return LARGE[-1]


TASKS = {
    "memory": memory,
    "mappedOpen": mapped_open,
    "mappedSum": mapped_sum,
    "mappedCopy": mapped_copy,
    "stored": lambda: archive("stored.npz"),
    "deflated": lambda: archive("deflated.npz"),
    "small": small,
    "write": write,
    "replace": write,
}

print("ready", flush=True)
for line in sys.stdin:
    if line.strip() == "write" and os.path.exists(path("numpys.npy")):
        os.remove(path("numpys.npy"))
    start = time.perf_counter()
    total = TASKS[line.strip()]()
    print(1e3 * (time.perf_counter() - start), float(total), flush=True)
