"""Records the small models in the folder models, each a program of its own that a recorder could get wrong.

Usage: python3 record_models.py FOLDER, with a python3 that has torch. Prints what each program said, a line each: nothing,
or why it was refused.
"""
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    folder = os.path.abspath(sys.argv[1])
    os.makedirs(folder, exist_ok=True)
    recorder = os.path.join(HERE, "allclose_record.py")
    for name in sorted(os.listdir(os.path.join(HERE, "models"))):
        if not name.endswith(".py"):
            continue
        run = subprocess.run([sys.executable, "-W", "ignore", recorder, os.path.join(HERE, "models", name)], cwd=folder,
                             capture_output=True, text=True)
        errors = [line for line in run.stderr.splitlines() if line.startswith(name)]
        if run.returncode not in (0, 1) or bool(run.returncode) != bool(errors):
            sys.exit(name + ": " + run.stderr)
        print(name + ": " + ("recorded" if run.returncode == 0 else errors[-1].split(": ", 1)[1]))


if __name__ == "__main__":
    main()
