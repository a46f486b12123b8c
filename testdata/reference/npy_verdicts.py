"""Says what numpy makes of files that may be malformed.

    python3 npy_verdicts.py FILE

FILE holds such files one after another, each behind its length in four bytes, little-endian. Of each, a line is printed:
"dtype shape order digest" as npy_digests.py writes them, or "-" if numpy does not read it.
"""
import io
import struct
import sys
import warnings

import numpy as np

import npy_digests


def verdict(content):
    try:
        a = np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
    except Exception:  # whatever it is: numpy does not read the file
        return "-"
    if a.dtype.names is not None or a.dtype.subdtype is not None or a.dtype.kind not in "biufcSU":
        return "other"
    if a.dtype.itemsize == 0 or a.dtype.char in "gG":
        return "other"
    both = a.flags.c_contiguous and a.flags.f_contiguous
    order = "CF" if both else "C" if a.flags.c_contiguous else "F"
    axes = "x".join(map(str, a.shape)) or "-"
    try:
        digest = npy_digests.digest(npy_digests.values(a))
    except SystemError:  # a code point that no str holds
        digest = "no-characters"
    return f"{a.dtype.str} {axes} {order} {digest}"


def main():
    warnings.simplefilter("ignore")
    with open(sys.argv[1], "rb") as file:
        content = file.read()
    at = 0
    while at < len(content):
        (length,) = struct.unpack_from("<I", content, at)
        print(verdict(content[at + 4 : at + 4 + length]))
        at += 4 + length


if __name__ == "__main__":
    main()
