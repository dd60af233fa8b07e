#!/usr/bin/env python3
"""How good are the leads of `rebut groups`?  Prints a row a setting and variant.

    groups.py build/rebut [--orders 80000] [--seeds 201,202] [--settings base,rings]
    groups.py build/rebut --events EVENTS --truth TRUTH

Each platform is measured as it is, with the rings' shared keys made each account's own
(`keyless`: otherwise nothing in the events changes), and without its rings (`none`: what
is listed then is chance, or one person's two accounts).
"""

import argparse
import collections
import csv
import gzip
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

KEY = re.compile(r'"(device|address|payment)_id":"[^"]*"')
COLUMNS = ("platforms", "listing any", "groups", "accounts", "abusive", "of one ring", "ring accounts",
           "found", "honest", "claimants", "new")


def open_text(path):
    return gzip.open(path, "rt") if str(path).endswith(".gz") else open(path)


def variants(events, truth, folder):
    """The platform's events as they are, keyless, and without rings."""
    rings = {row["buyer_id"] for row in truth if row["ring"].strip()}
    gone = set()
    keyless, none = folder / "keyless.ndjson", folder / "none.ndjson"
    with open_text(events) as lines, keyless.open("w") as own, none.open("w") as rest:
        for line in lines:
            event = json.loads(line)
            if event.get("buyer_id") in rings:
                gone.add(event["order_id"])
                buyer = event["buyer_id"]
                own.write(KEY.sub(lambda m: f'"{m[1]}_id":"{m[1][0]}{buyer}"', line))
                continue
            own.write(line)
            if event.get("order_id") in gone:
                gone.add(event.get("request_id"))
            elif event.get("request_id") not in gone or event.get("request_id") is None:
                rest.write(line)
    return {"as it is": events, "keyless": keyless, "none": none}


def measure(rebut, events, truth):
    kind = {row["buyer_id"]: row["buyer_kind"] for row in truth}
    ring = {row["buyer_id"]: row["ring"].strip() for row in truth}
    abusive = {row["buyer_id"] for row in truth if row["abuse"] == "1"}
    found = collections.Counter(platforms=1)
    found["ring accounts"] = sum(1 for buyer in ring if ring[buyer])
    done = subprocess.run([rebut, "groups", "--quiet", "--input", events],
                          check=True, capture_output=True, text=True)
    found["listing any"] += bool(done.stdout)
    for line in done.stdout.splitlines():
        lead = json.loads(line)
        members = [member["buyer_id"] for member in lead["members"]]
        rings = collections.Counter(ring[b] for b in members if ring[b])
        found["groups"] += 1
        found["accounts"] += len(members)
        found["abusive"] += sum(b in abusive for b in members)
        found["of one ring"] += max(rings.values(), default=0) if len(members) > 1 else 0
        found["found"] += sum(rings.values())
        found["honest"] += sum(kind[b] == "honest" for b in members)
        found["claimants"] += sum(kind[b] == "claimant" for b in members)
        found["new"] += sum(not m["shares_key"] for m in lead["members"])
    return found


def read_truth(path):
    with open(path, newline="") as rows:
        return list(csv.DictReader(rows))


def run(rebut, events, truth, folder, totals, name):
    for variant, path in variants(events, truth, folder).items():
        totals[name, variant] += measure(rebut, path, truth)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rebut")
    parser.add_argument("--orders", default="80000")
    parser.add_argument("--seeds", default="201,202,203,204,205")
    parser.add_argument("--settings", default="base,rings,counterfeit,attack")
    parser.add_argument("--events")
    parser.add_argument("--truth")
    given = parser.parse_args()
    totals = collections.defaultdict(collections.Counter)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if given.events:
            run(given.rebut, given.events, read_truth(given.truth), folder, totals, "given")
        else:
            for setting in given.settings.split(","):
                for seed in given.seeds.split(","):
                    events, truth = folder / "events.ndjson", folder / "truth.csv"
                    subprocess.run([given.rebut, "simulate", "--setting", setting, "--seed",
                                    seed, "--orders", given.orders, "--output", events,
                                    "--truth", truth], check=True, stderr=subprocess.DEVNULL)
                    run(given.rebut, events, read_truth(truth), folder, totals, setting)
    print("| setting | rings | " + " | ".join(COLUMNS) + " |")
    print("|---" * (len(COLUMNS) + 2) + "|")
    for (setting, variant), found in totals.items():
        print(f"| {setting} | {variant} | "
              + " | ".join(str(found[column]) for column in COLUMNS) + " |")


if __name__ == "__main__":
    sys.exit(main())
