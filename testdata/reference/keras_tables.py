"""Records keras.applications as cases, has Java check them, and writes a table of what came of it:

    python3 keras_tables.py [--check COMMAND] [--table FILE] [--samples N] [--results] [--output DIR] [NAME ...]

Two images of the least size that a model takes, ten classes without softmax, inference mode, float64, weights and statistics
drawn from a seed; of larger tensors some elements are kept, with sum and norm. Good is a model whose network file, computed
anew, gives its scores and all gradients. COMMAND is one like 'java -jar allclose.jar check': it gets the folder of a case and
--json=FILE, and has to find the case good. Models that the table has already are left out, so that a run can be resumed.

One process records one model, the smallest first. Without --output a case is deleted after its check. The table in
keras_tables.md was written with --check and --table; testdata/models/MobileNet by

    python3 keras_tables.py --samples 16 --results --output ../models MobileNet
"""
import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

SIDES = {"InceptionV3": 75, "InceptionResNetV2": 75, "Xception": 71}
MODELS = [
    "MobileNetV3Small", "MobileNetV2", "MobileNet", "MobileNetV3Large", "NASNetMobile", "EfficientNetB0", "EfficientNetV2B0",
    "EfficientNetB1", "EfficientNetV2B1", "EfficientNetB2", "DenseNet121", "EfficientNetV2B2", "EfficientNetB3",
    "EfficientNetV2B3", "DenseNet169", "EfficientNetB4", "DenseNet201", "EfficientNetV2S", "Xception", "InceptionV3",
    "ResNet50", "ResNet50V2", "ConvNeXtTiny", "EfficientNetB5", "VGG16", "VGG19", "EfficientNetB6", "ResNet101",
    "ResNet101V2", "ConvNeXtSmall", "EfficientNetV2M", "InceptionResNetV2", "ResNet152", "ResNet152V2", "EfficientNetB7",
    "ConvNeXtBase", "NASNetLarge", "EfficientNetV2L", "ConvNeXtLarge", "ConvNeXtXLarge"]
COLUMNS = ["model", "side", "parameters", "nodes", "tensors", "seconds to record", "seconds to check", "worst roundings", "at",
           "result"]
SEED = 5


def record(name, folder, samples):
    """Records a model; returns the first columns of its line."""
    import keras
    import numpy as np
    from allclose_record import from_keras
    side = SIDES.get(name, 32)
    keras.backend.set_floatx("float64")
    keras.utils.set_random_seed(SEED)
    model = getattr(keras.applications, name)(weights=None, input_shape=(side, side, 3), classes=10,
                                              classifier_activation=None)
    x = np.random.RandomState(SEED).randn(2, side, side, 3)
    from_keras(model, name, folder, x, labels=np.array([1, 3]), samples=samples, weights={"seed": SEED})
    with open(os.path.join(folder, name, "network.json")) as file:
        nodes = len(json.load(file)["layers"])
    return [name, side, model.count_params(), nodes]


def leave_results(folder):
    """Takes out of a case what is between inputs and results: outputs of layers, and gradients of their inputs."""
    path = os.path.join(folder, "case.json")
    with open(path) as file:
        case = json.load(file)
    for kind in ("outputs", "inputGradients"):
        if case.pop(kind, None):
            shutil.rmtree(os.path.join(folder, kind))
    with open(path, "w") as file:
        json.dump(case, file, indent=1)
        file.write("\n")


def check(command, folder):
    """What Java finds: tensors, seconds, the most roundings, where, and a verdict."""
    report, began = folder + ".json", time.time()
    run = subprocess.run(shlex.split(command) + [folder, "--json=" + report], capture_output=True, text=True)
    seconds = "%.1f" % (time.time() - began)
    if not os.path.exists(report):
        return ["", seconds, "", "", "not checked: %s" % _last(run.stdout + run.stderr)]
    with open(report) as file:
        tensors = [tensor for case in json.load(file)["cases"] for tensor in case.get("tensors", [])]
    worst, place = max(((tensor.get("worst", {}).get("roundings", 0), tensor["name"]) for tensor in tensors), default=(0, ""))
    bad = [tensor["name"] for tensor in tensors if not tensor["matches"]]
    return [len(tensors), seconds, "%.3g" % worst, place,
            "good" if run.returncode == 0 else "%d differ: %s" % (len(bad), " ".join(bad[:3])) if bad else _last(run.stdout)]


def _last(text):
    return (text.strip().splitlines() or ["nothing was said"])[-1].replace("\t", " ")[-300:]


def line(name, arguments, folder):
    """The columns of a model's line."""
    began = time.time()
    run = subprocess.run([sys.executable, os.path.abspath(__file__), "--samples", str(arguments.samples), "--output", folder,
                          "--one", name], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    seconds = "%.1f" % (time.time() - began)
    if arguments.results and run.returncode == 0:
        leave_results(os.path.join(folder, name))
    if run.returncode != 0:
        return [name, SIDES.get(name, 32), "", "", "", seconds, "", "", "", "not recorded: %s" % _last(run.stderr)]
    found = _last(run.stdout).split(" ")
    if arguments.check is None:
        return found + ["", seconds, "", "", "", "recorded"]
    tensors, *rest = check(arguments.check, os.path.join(folder, name))
    return found + [tensors, seconds] + rest


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", help="the command that checks a case; default: none is checked")
    parser.add_argument("--table", default=os.devnull, help="a file of columns between tabs, to which lines are added")
    parser.add_argument("--samples", type=int, default=200, help="the most elements that are kept of a tensor")
    parser.add_argument("--results", action="store_true", help="keep no outputs and input gradients of layers")
    parser.add_argument("--output", help="a folder for the cases; default: none are kept")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    if arguments.one:
        print(*record(arguments.names[0], arguments.output, arguments.samples))
        return
    known = set()
    if os.path.exists(arguments.table):
        with open(arguments.table) as file:
            known = {row.split("\t")[0] for row in file}
    with open(arguments.table, "a") as table:
        if COLUMNS[0] not in known:
            print(*COLUMNS, sep="\t", file=table, flush=True)
        for name in arguments.names or MODELS:
            if name in known:
                continue
            with tempfile.TemporaryDirectory() as scratch:
                found = line(name, arguments, arguments.output or scratch)
            print(*found, sep="\t", file=table, flush=True)
            print(*found, flush=True)


if __name__ == "__main__":
    main()
