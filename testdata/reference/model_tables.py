"""Records each of torchvision's classification models as a case, has Java replay it, and writes a table.

Usage: python3 model_tables.py [--table FILE] [--output DIR] [--check "java -jar allclose.jar check"] [NAME ...]

Evaluation mode, float64, two images of 64 by 64 or the least that a model takes, weights drawn from a seed, gradients from
a random one of the scores; of large tensors 500 elements are kept. One model after another, the smallest first, each in a
process of its own, in seconds of a processor; a table that is there already goes on with the models that it does not have. Without --output a case is
deleted after its check.
"""
import argparse
import json
import os
import resource
import shlex
import subprocess
import sys
import tempfile

import numpy as np
import torch

from allclose_record import RecordingError, from_torch

SIDES = {"inception_v3": 96}
SEED = 231
SAMPLES = 500
COLUMNS = ("model", "parameters", "nodes", "seconds to record", "seconds to check", "tensors", "gradients of 0",
           "worst in roundings", "of 16", "verdict")


def models():
    """torchvision.models; its own operators may be missing where it was not built for this torch."""
    library = torch.library.Library("torchvision", "FRAGMENT")
    for operator in ("nms", "qnms"):
        try:
            library.define(operator + "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        except RuntimeError:
            pass
    import torchvision
    return torchvision.models, library


def size(name):
    """How many numbers the weights are that torchvision offers for a model."""
    import torchvision
    return list(torchvision.models.get_model_weights(name))[0].meta["num_params"]


def make(module, name, side):
    torch.manual_seed(SEED)
    arguments = {}
    if name.startswith("vit_"):
        arguments["image_size"] = side
    if name == "maxvit_t":
        return module.MaxVit(input_size=(side, side), stem_channels=64, partition_size=2,
                             block_channels=[64, 128, 256, 512], block_layers=[2, 2, 5, 2], head_dim=32,
                             stochastic_depth_prob=0.2)
    if name in ("googlenet", "inception_v3"):
        arguments.update(init_weights=False)
    torch.set_default_dtype(torch.float64)
    model = module.get_model(name, weights=None, **arguments)
    return model


def record(name, folder):
    module, _library = models()
    side = SIDES.get(name, 64)
    model = make(module, name, side).double().eval()
    random = np.random.RandomState(SEED)
    x, upstream = random.randn(2, 3, side, side), random.randn(2, 1000)
    from_torch(model, name, folder, x, upstream=upstream, samples=SAMPLES, weights={"seed": SEED})


def processor():
    """The seconds that processors have spent on finished commands; a clock would count those spent on others, too."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(command, log):
    """Runs a command; returns its status, its last line and the seconds that it took."""
    began = processor()
    with open(log, "w+") as out:
        status = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT).returncode
        out.seek(0)
        lines = [line.strip() for line in out if line.strip()]
    return status, lines[-1] if lines else "", "%.0f" % (processor() - began)


def gradients_of_zero(case, description):
    """How many parameters have a recorded gradient of nothing but 0: no mistake would be seen in them."""
    count = 0
    for name, entry in description["expected"].items():
        values = np.load(os.path.join(case, entry["file"]))
        count += "/" in name and not values.any() and not entry.get("sampled", {}).get("norm")
    return count


def row(name, folder, check):
    """A line of the table."""
    cells = dict.fromkeys(COLUMNS, "")
    cells.update({"model": name, "parameters": size(name)})
    status, said, cells["seconds to record"] = run([sys.executable, __file__, "--record", folder, name],
                                                   os.path.join(folder, "record.txt"))
    if status != 0:
        return dict(cells, verdict="not recorded: " + (said or "status %d" % status))
    case, report = os.path.join(folder, name), os.path.join(folder, "report.json")
    with open(os.path.join(case, "case.json")) as source:
        description = json.load(source)
    with open(os.path.join(case, "network.json")) as source:
        cells["nodes"] = len(json.load(source)["layers"])
    cells["gradients of 0"] = gradients_of_zero(case, description)
    if not check:
        return dict(cells, verdict="recorded")
    status, said, cells["seconds to check"] = run(shlex.split(check) + [case, "--json", report],
                                                  os.path.join(folder, "check.txt"))
    if status not in (0, 1):
        return dict(cells, verdict="not checked: " + (said or "status %d" % status))
    with open(report) as source:
        found = json.load(source)["cases"][0]
    tensors = [tensor for key in ("tensors", "layers", "inputGradients") for tensor in found.get(key, [])]
    worst = max(tensors, key=lambda tensor: tensor.get("worst", {}).get("roundings", 0))
    cells["tensors"] = len(tensors)
    cells["worst in roundings"] = "%.2f" % worst.get("worst", {}).get("roundings", 0)
    cells["of 16"] = worst["name"]
    bad = [tensor["name"] for tensor in tensors if not tensor["matches"]]
    return dict(cells, verdict="good" if found["matches"] else "BAD: %d tensors, %s first" % (len(bad), bad[0]))


def table(names, path, output, check):
    """Adds a line for each model that a table does not have."""
    known = set()
    if path and os.path.exists(path):
        with open(path) as lines:
            known = {line.split("\t")[0] for line in lines}
    for name in names:
        if name in known:
            continue
        with tempfile.TemporaryDirectory() as scratch:
            cells = row(name, output or scratch, check)
        line = "\t".join(str(cells[column]) for column in COLUMNS)
        print(line, flush=True)
        if path:
            with open(path, "a") as out:
                if not known:
                    out.write("\t".join(COLUMNS) + "\n")
                out.write(line + "\n")
            known.add(name)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--table", help="the file, which is added to")
    parser.add_argument("--output", help="a folder for the cases; default: none are kept")
    parser.add_argument("--check", help="a command that replays the case whose folder follows")
    parser.add_argument("--record", metavar="DIR", help="record one model, no table")
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    module, _library = models()
    if arguments.record:
        try:
            record(arguments.names[0], arguments.record)
        except RecordingError as refusal:
            sys.exit(str(refusal))
        return
    names = arguments.names or sorted(module.list_models(module=module), key=size)
    table(names, arguments.table, arguments.output, arguments.check)


if __name__ == "__main__":
    main()
