"""Records which headers of safetensors files the official reader accepts.

Usage: python3 record_safetensors.py [--output FILE], with a python3 that has safetensors.
"""
import argparse
import json
import os
import struct
import tempfile

import safetensors

HERE = os.path.dirname(os.path.abspath(__file__))
A = '{"dtype":"F64","shape":[1],"data_offsets":[0,8]}'


def a(**changes):
    return json.dumps({"a": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8], **changes}})


# What is special about it, the header, and how many bytes stand behind it.
HEADERS = [
    ("meta text", '{"__metadata__":{"k":"v"},"a":%s}' % A, 8),
    ("meta number", '{"__metadata__":{"k":"v","n":1},"a":%s}' % A, 8),
    ("meta true", '{"__metadata__":{"k":true},"a":%s}' % A, 8),
    ("meta nested null", '{"__metadata__":{"k":null},"a":%s}' % A, 8),
    ("meta object", '{"__metadata__":{"k":{}},"a":%s}' % A, 8),
    ("meta list", '{"__metadata__":[],"a":%s}' % A, 8),
    ("meta null", '{"__metadata__":null,"a":%s}' % A, 8),
    ("meta text only", '{"__metadata__":"x","a":%s}' % A, 8),
    ("meta empty", '{"__metadata__":{},"a":%s}' % A, 8),
    ("meta twice", '{"__metadata__":{},"__metadata__":{},"a":%s}' % A, 8),
    ("meta key twice", '{"__metadata__":{"k":"v","k":"w"},"a":%s}' % A, 8),
    ("meta alone", '{"__metadata__":{"k":"v"}}', 0),
    ("empty object", '{}', 0),
    ("tensor twice", '{"a":%s,"a":%s}' % (A, A), 8),
    ("extra key", a(extra=1), 8),
    ("dtype twice", '{"a":{"dtype":"F64","dtype":"F64","shape":[1],"data_offsets":[0,8]}}', 8),
    ("dtype unknown", a(dtype="F65"), 8),
    ("dtype lower", a(dtype="f64"), 8),
    ("shape negative", a(shape=[-1]), 8),
    ("shape float", '{"a":{"dtype":"F64","shape":[1.0],"data_offsets":[0,8]}}', 8),
    ("shape exp", '{"a":{"dtype":"F64","shape":[1e0],"data_offsets":[0,8]}}', 8),
    ("shape missing", '{"a":{"dtype":"F64","data_offsets":[0,8]}}', 8),
    ("shape overflow", a(shape=[2**32, 2**32], data_offsets=[0, 0]), 0),
    ("shape zero overflow", a(shape=[2**62, 2**62, 0], data_offsets=[0, 0]), 0),
    ("offsets three", a(data_offsets=[0, 8, 8]), 8),
    ("offsets object", a(data_offsets={"begin": 0, "end": 8}), 8),
    ("offsets hole", a(data_offsets=[8, 16]), 16),
    ("offsets beyond", a(data_offsets=[0, 8]), 7),
    ("data longer", a(), 9),
    ("offsets swapped", a(data_offsets=[8, 0]), 8),
    ("offsets wrong size", a(data_offsets=[0, 16]), 16),
    ("overlap", '{"a":%s,"b":%s}' % (A, A), 8),
    ("zero sized in the middle", '{"a":%s,"b":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}}' % A, 8),
    ("zero sized at the start after", '{"b":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"a":%s}' % A, 8),
    ("zero sized inside", '{"b":{"dtype":"F32","shape":[0],"data_offsets":[4,4]},"a":%s}' % A, 8),
    ("F4 even", a(dtype="F4", shape=[4], data_offsets=[0, 2]), 2),
    ("F4 odd", a(dtype="F4", shape=[3], data_offsets=[0, 2]), 2),
    ("F4 odd floor", a(dtype="F4", shape=[3], data_offsets=[0, 1]), 1),
    ("F6_E2M3", a(dtype="F6_E2M3", shape=[4], data_offsets=[0, 3]), 3),
    ("F6_E3M2", a(dtype="F6_E3M2", shape=[4], data_offsets=[0, 3]), 3),
    ("F6 uneven", a(dtype="F6_E3M2", shape=[3], data_offsets=[0, 3]), 3),
    ("F8_E4M3", a(dtype="F8_E4M3", data_offsets=[0, 1]), 1),
    ("F8_E5M2", a(dtype="F8_E5M2", data_offsets=[0, 1]), 1),
    ("F8_E8M0", a(dtype="F8_E8M0", data_offsets=[0, 1]), 1),
    ("F8_E4M3FNUZ", a(dtype="F8_E4M3FNUZ", data_offsets=[0, 1]), 1),
    ("F8_E5M2FNUZ", a(dtype="F8_E5M2FNUZ", data_offsets=[0, 1]), 1),
    ("C64", a(dtype="C64"), 8),
    ("C128", a(dtype="C128", data_offsets=[0, 16]), 16),
    ("BOOL", a(dtype="BOOL", data_offsets=[0, 1]), 1),
    ("U64", a(dtype="U64"), 8),
    ("spaces behind", a() + "   ", 8),
    ("newline behind", a() + "\n", 8),
    ("space before", " " + a(), 8),
    ("newline before", "\n" + a(), 8),
    ("zeros behind", a() + "\0", 8),
    ("text behind", a() + "x", 8),
    ("comment", "{/**/" + a()[1:], 8),
    ("trailing comma", a()[:-1] + ",}", 8),
    ("array", "[]", 0),
    ("null", "null", 0),
    ("number", "12", 0),
    ("escaped surrogate", '{"\\ud800":%s}' % A, 8),
    ("escaped pair", '{"\\ud83d\\ude00":%s}' % A, 8),
    ("name empty", '{"":%s}' % A, 8),
    ("name zero", '{"\\u0000":%s}' % A, 8),
    ("control in name", '{"\x01":' + A + '}', 8),
    ("leading zero", '{"a":{"dtype":"F64","shape":[01],"data_offsets":[0,8]}}', 8),
    ("plus", '{"a":{"dtype":"F64","shape":[+1],"data_offsets":[0,8]}}', 8),
    ("NaN", '{"a":{"dtype":"F64","shape":[NaN],"data_offsets":[0,8]}}', 8),
    ("2^63", '{"a":{"dtype":"F64","shape":[0,9223372036854775808],"data_offsets":[0,0]}}', 0),
    ("2^64", '{"a":{"dtype":"F64","shape":[0,18446744073709551616],"data_offsets":[0,0]}}', 0),
    ("minus zero", '{"a":{"dtype":"F64","shape":[-0],"data_offsets":[0,0]}}', 0),
    ("BOM", '\ufeff' + a(), 8),
    ("tensor null", '{"a":null}', 0),
    ("tensor list", '{"a":["F64",[1],[0,8]]}', 8),
    ("deep", '{"a":%s,"__metadata__":%s}'% (A, '[' * 200 + ']' * 200), 8),
]


def is_accepted(path, header, size):
    text = header.encode()
    with open(path, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text + bytes(size))
    try:
        with safetensors.safe_open(path, "np") as file:
            list(file.keys())
        return True
    except safetensors.SafetensorError:
        return False


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", default=os.path.join(HERE, "..", "safetensors", "headers.json"))
    output = parser.parse_args().output
    os.makedirs(os.path.dirname(output), exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x.safetensors")
        verdicts = [{"name": name, "header": header, "data": size, "accepted": is_accepted(path, header, size)}
                    for name, header, size in HEADERS]
    rows = ",\n".join("  " + json.dumps(verdict) for verdict in verdicts)
    with open(output, "w") as out:
        out.write('{"safetensors": "%s", "headers": [\n%s\n]}\n' % (safetensors.__version__, rows))


if __name__ == "__main__":
    main()
