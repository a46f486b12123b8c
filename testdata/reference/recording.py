"""Writes cases: a folder with case.json beside its .npy files."""
import json
import os
import re
import shutil
import tempfile

import numpy as np


def write_case(folder, name, arrays, recorded, function=None, network=None, parameters=None, run=None):
    """Writes one case; it replaces the folder of that name as a whole.

    arrays: dict with 'inputs' (name -> array), 'expected' (name -> (array, expectation)) and, for networks, 'outputs'
    (layer -> (array, expectation)) and 'inputGradients' likewise. An expectation is a dict of 'match', which is 'exact', {'ulps': k} or
    {'rtol': r, 'atol': a}, and the 'reason' where it is not exact. run: the 'mode' of a network and the 'seed' of the
    RandomState that its layers draw from.
    """
    target = os.path.join(folder, name)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    temporary = tempfile.mkdtemp(prefix=".recording-", dir=folder)
    try:
        os.chmod(temporary, 0o755)
        case = {"format": "allclose-case/1", "name": name}
        if network is None:
            case["function"] = function
        else:
            case["network"] = "network.json"
            write_json(os.path.join(temporary, "network.json"), network)
            case["weights"] = "weights.npz"
            np.savez(os.path.join(temporary, "weights.npz"), **parameters)
            case.update(run or {})
        case["inputs"] = {key: save(temporary, "inputs", key, value) for key, value in arrays["inputs"].items()}
        for kind in ("expected", "outputs", "inputGradients"):
            if kind in arrays:
                case[kind] = {key: {"file": save(temporary, kind, key, value), **expectation}
                              for key, (value, expectation) in arrays[kind].items()}
        case["recorded"] = recorded
        write_json(os.path.join(temporary, "case.json"), case)
        if os.path.isdir(target):
            shutil.rmtree(target)
        os.rename(temporary, target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def save(folder, kind, key, value):
    """Saves an array in C order; returns the file's name relative to the folder, another than others have."""
    os.makedirs(os.path.join(folder, kind), exist_ok=True)
    plain = re.sub(r"[^A-Za-z0-9_.-]", "_", key)
    name, number = "%s/%s.npy" % (kind, plain), 1
    while os.path.exists(os.path.join(folder, name)):
        number += 1
        name = "%s/%s_%d.npy" % (kind, plain, number)
    np.save(os.path.join(folder, name), np.array(value, order="C"))
    return name


def write_json(path, value):
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        json.dump(value, out, indent=1)
        out.write("\n")
