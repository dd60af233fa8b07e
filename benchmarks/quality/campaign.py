#!/usr/bin/env python3
"""How well does each method find abuse, with how many verdicts, and whom does it wrong?

    campaign.py REBUT FIGURES.ndjson [--settings S...] [--seeds N | A-B] [--methods M...]
    campaign.py REBUT FIGURES.ndjson --events EVENTS --truth TRUTH.csv

Makes each platform once (`rebut simulate`, or yours), runs the methods of methods.py with
the sets of verdicts of world.py, and appends one JSON line for each to FIGURES.  What
stands there already is not done again, so an interrupted campaign goes on where it
stopped; another build needs another file.  table.py prints the tables.
"""
import argparse
import hashlib
import json
import os
import sys
import tempfile

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"):
    os.environ.setdefault(threads, "1")
sys.dont_write_bytecode = True

import measure
import methods
import world

SETTINGS = ("base", "rare", "weak", "rings", "counterfeit", "multiply")
KEY = ("setting", "seed", "orders", "method", "verdicts")


def build_of(path):
    with open(path, "rb") as program:
        return hashlib.sha256(program.read()).hexdigest()[:12]


def present(path, build, day):
    """Keys of the lines that FIGURES has; they must be of this build and day."""
    keys = set()
    if os.path.exists(path):
        with open(path, encoding="utf-8") as lines:
            for run in map(json.loads, lines):
                if (run["build"], run["from_day"]) != (build, day):
                    sys.exit(f"campaign: '{path}' is of build {run['build']}, day "
                             f"{run['from_day']}, not {build}, {day}; name another file")
                keys.add(tuple(run[k] for k in KEY))
    return keys


def run(make, about, wanted, options):
    """Every wanted pair of method and set of verdicts on one world."""
    with tempfile.TemporaryDirectory() as folder:
        place = make(folder)
        tried = methods.Methods(options.rebut, place)
        for method, verdicts in wanted:
            said = place.said(verdicts)
            found = methods.ALL[method][0](tried, said)
            line = {**about, "method": method, "verdicts": verdicts,
                    "judged": len({v["request_id"] for v in said}),
                    "figures": found and measure.figures(found, place)}
            with open(options.figures, "a", encoding="utf-8") as out:
                out.write(json.dumps(line, separators=(",", ":")) + "\n")


def worlds(options):
    """(setting, seed, how to make it in a folder)"""
    day = options.from_day
    if options.events:
        yield "given", 0, lambda folder: world.World(folder, options.events, options.truth, day, 0)
        return
    first, _, last = options.seeds.rpartition("-")
    for seed in range(int(first or 1), int(last) + 1):
        for setting in options.settings:
            yield setting, seed, lambda folder, setting=setting, seed=seed: world.simulated(
                options.rebut, folder, setting, seed, options.orders, day)


def command_line():
    line = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    line.add_argument("rebut")
    line.add_argument("figures")
    line.add_argument("--settings", nargs="+", default=SETTINGS)
    line.add_argument("--seeds", default="20", help="N is 1-N")
    line.add_argument("--orders", type=int, default=100000)
    line.add_argument("--from-day", type=float, default=92)
    line.add_argument("--methods", nargs="+", default=list(methods.ALL), choices=list(methods.ALL))
    line.add_argument("--verdicts", nargs="+", default=list(world.VERDICTS),
                      choices=list(world.VERDICTS))
    line.add_argument("--events")
    line.add_argument("--truth")
    options = line.parse_args()
    if bool(options.events) != bool(options.truth):
        line.error("--events and --truth need each other")
    return options


def main():
    options = command_line()
    options.rebut = os.path.abspath(options.rebut)
    build = build_of(options.rebut)
    done = present(options.figures, build, options.from_day)
    for setting, seed, make in worlds(options):
        about = {"setting": setting, "seed": seed, "orders": options.orders, "build": build,
                 "from_day": options.from_day}
        wanted = [(m, v) for m in options.methods for v in methods.ALL[m][1]
                  if v in options.verdicts and
                  (setting, seed, options.orders, m, v) not in done]
        if wanted:
            print(f"campaign: {setting}, seed {seed}, {len(wanted)} runs", file=sys.stderr)
            run(make, about, wanted, options)


if __name__ == "__main__":
    main()
