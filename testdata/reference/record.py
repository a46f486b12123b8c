"""Records the cases as fixtures.

Usage: record.py [--mode strict|natural] [--output DIR] [--only NAME ...]

strict, the default, runs in an environment where numpy's bits are reproducible (see environment.py) and gives the
same bytes every time; natural leaves numpy as it is and records fewer cases, to be matched within a few ulps.
"""
import argparse
import os
import sys

import environment

FIXTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fixtures")


def main():
    parser = argparse.ArgumentParser(description="Record the cases as fixtures.")
    parser.add_argument("--mode", choices=["strict", "natural"], default="strict")
    parser.add_argument("--output", default=FIXTURES, help="folder for the cases; default: testdata/fixtures")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="record these cases alone")
    arguments = parser.parse_args()
    environment.enter(arguments.mode)

    import cases
    import checks
    import recording
    checks.run()
    catalogue = cases.CASES if arguments.mode == "strict" else cases.NATURAL_CASES
    unknown = sorted(set(arguments.only or ()) - set(catalogue))
    if unknown:
        sys.exit("record.py: --only: expected names among %s but got %s" % (sorted(catalogue), unknown))
    recorded = environment.recorded(arguments.mode, "record.py", cases.SEED)
    for name in arguments.only or catalogue:
        recording.write_case(arguments.output, name, recorded=recorded, **catalogue[name]())
    print("recorded %d cases in %s" % (len(arguments.only or catalogue), os.path.normpath(arguments.output)))


if __name__ == "__main__":
    main()
