"""Writes small files of kinds that are no numpy files, or are refused, for the messages that name them.

Usage: python3 record_foreign.py [--output DIR], once with a python3 that has torch, once with one that has keras, h5py
and ml_dtypes: each writes what it can.
"""
import argparse
import gzip
import importlib.util
import io
import os
import pickle
import tarfile

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
X = np.arange(3.0)


def has(module):
    return importlib.util.find_spec(module) is not None


def plain(folder):
    """What Python writes without help."""
    def write(name, content):
        with open(os.path.join(folder, name), "wb") as out:
            out.write(content)
    saved = io.BytesIO()
    np.save(saved, X)
    np.savez(os.path.join(folder, "object.npz"), a=np.zeros(1), b=np.array([None]))
    write("array.pkl", pickle.dumps(X, protocol=4))
    write("array.npy.gz", gzip.compress(saved.getvalue(), mtime=0))
    write("table.csv", b"x,y\n1.5,2\n-3,4e-5\n")
    write("page.html", b"<!DOCTYPE html>\n<html><head><title>404</title></head></html>\n")
    write("pointer.npz", b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12345\n")
    # By onnx.proto: ModelProto.ir_version = 1 is 10, producer_name = 2 is 'pytorch'.
    write("model.onnx", b"\x08\x0a\x12\x07pytorch\x1a\x032.9")
    with tarfile.open(os.path.join(folder, "arrays.tar"), "w", format=tarfile.USTAR_FORMAT) as out:
        entry = tarfile.TarInfo("x.npy")
        entry.size = len(saved.getvalue())
        out.addfile(entry, io.BytesIO(saved.getvalue()))


def with_torch(folder):
    import torch
    state = {"fc.weight": torch.arange(2.0)}
    torch.save(state, os.path.join(folder, "model.pt"))
    torch.save(state, os.path.join(folder, "old.pth"), _use_new_zipfile_serialization=False)


def with_keras(folder):
    import keras
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.save(os.path.join(folder, "model.keras"))


def with_h5py(folder):
    import h5py
    with h5py.File(os.path.join(folder, "weights.h5"), "w", libver="latest") as out:
        out["x"] = X


def with_ml_dtypes(folder):
    import ml_dtypes
    np.save(os.path.join(folder, "bfloat16.npy"), np.array([1, -2.5, 1 / 3], ml_dtypes.bfloat16))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", default=os.path.join(HERE, "..", "foreign"))
    folder = parser.parse_args().output
    os.makedirs(folder, exist_ok=True)
    plain(folder)
    for module, write in (("torch", with_torch), ("keras", with_keras), ("h5py", with_h5py),
                          ("ml_dtypes", with_ml_dtypes)):
        if has(module):
            write(folder)


if __name__ == "__main__":
    main()
