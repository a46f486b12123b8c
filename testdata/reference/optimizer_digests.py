"""Records what the optimizers make of awkward values, as SHA-256 digests.

    python3 optimizer_digests.py [FILE]      # default: ../digests/optimizers.txt; "-" is standard output

Parameters and gradients are all pairs of VALUES, the parameter changing more slowly. Each of STEPS steps at RATE uses the
gradients rotated by one place more. A line "kind step digest": of the parameters, then of the slots in their order, as
little-endian float64, every NaN as 0x7FF8000000000000.
"""
import hashlib
import os
import sys

import environment

environment.enter("strict")

import numpy as np

import optimizers

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "digests", "optimizers.txt")
VALUES = [0.0, -0.0, 5e-324, -5e-324, 1e-310, -3e-308, 1e-300, -1e-300, 1e-160, -1e-8, 0.5, -3.0, 1e8, -1e160, 1e300,
          -1e300]
STEPS, RATE = 6, 0.01


def digest(arrays):
    both = np.concatenate([a.ravel() for a in arrays])
    both[np.isnan(both)] = np.nan
    return hashlib.sha256(both.astype("<f8").tobytes()).hexdigest()


def lines():
    for kind in optimizers.OPTIMIZERS:
        optimizer = optimizers.Optimizer(kind)
        parameters = {"w": np.repeat(VALUES, len(VALUES))}
        gradients = np.tile(VALUES, len(VALUES))
        for step in range(STEPS):
            with np.errstate(all="ignore"):
                optimizer.step(parameters, {"w": np.roll(gradients, step)}, RATE)
            slots = [optimizer.slots["w"][name] for name in optimizer.first]
            yield "%s %d %s\n" % (kind, step + 1, digest([parameters["w"]] + slots))


if __name__ == "__main__":
    target = sys.argv[1] if len(sys.argv) > 1 else FILE
    text = "# SHA-256 digests of optimizers' steps; how they are made: testdata/reference/optimizer_digests.py\n"
    text += "".join(lines())
    if target == "-":
        sys.stdout.write(text)
    else:
        with open(target, "w") as file:
            file.write(text)
