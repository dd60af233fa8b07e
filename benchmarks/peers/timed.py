#!/usr/bin/env python3
"""CPU seconds and peak memory of a command, as a JSON line; and a summary of such lines.

    timed.py NAME ORDERS COMMAND...
    timed.py --summary RUNS

The summary has medians, the range, and the ratio to `rebut` of the same rounds.
"""
import json
import os
import statistics
import subprocess
import sys


def run(name, orders, command):
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    said = child.stderr.read()
    _, status, used = os.wait4(child.pid, 0)
    if status != 0:
        sys.exit(f"timed: {name} failed: {said}")
    print(json.dumps({"name": name, "orders": int(orders), "load": round(os.getloadavg()[0], 1),
                      "cpu_s": round(used.ru_utime + used.ru_stime, 3),
                      "peak_mb": round(used.ru_maxrss / 1e3, 1)}))


def summary(path):
    runs = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            one = json.loads(line)
            runs.setdefault(one["name"], []).append(one)
    print(f"{'':<14} {'CPU s':>9} {'least - most':>17} {'peak MB':>9} {'times rebut':>12}")
    for name, those in runs.items():
        seconds = [r["cpu_s"] for r in those]
        ratios = [a["cpu_s"] / b["cpu_s"] for a, b in zip(those, runs["rebut"])]
        print(f"{name:<14} {statistics.median(seconds):9.2f} "
              f"{min(seconds):8.2f}-{max(seconds):8.2f} "
              f"{max(r['peak_mb'] for r in those):9.0f} {statistics.median(ratios):12.2f}")


if __name__ == "__main__":
    if sys.argv[1] == "--summary":
        summary(sys.argv[2])
    else:
        run(sys.argv[1], sys.argv[2], sys.argv[3:])
