#!/usr/bin/env python3
"""Seconds and peak memory of a command, as a JSON line; and a summary of such lines.

    timed.py NAME ORDERS COMMAND...
    timed.py --summary RUNS [AGAINST [clock]]

With PGDATA in the environment also the CPU seconds of the server whose data lie there, of
the processes that have ended.  The summary has medians, the range, and the median of the
ratios to AGAINST (rebut) of the same rounds: of CPU seconds, or of time gone.
"""
import json
import os
import statistics
import subprocess
import sys
import time


def server_seconds():
    """CPU of the server's children that have ended, by the postmaster's account."""
    if "PGDATA" not in os.environ:
        return 0.0
    with open(os.environ["PGDATA"] + "/postmaster.pid", encoding="ascii") as file:
        pid = int(file.readline())
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


def run(name, orders, command):
    server, start = server_seconds(), time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    said = child.stderr.read()
    _, status, used = os.wait4(child.pid, 0)
    gone = time.monotonic() - start
    if status != 0:
        sys.exit(f"timed: {name} failed: {said}")
    line = {"name": name, "orders": int(orders), "load": round(os.getloadavg()[0], 1),
            "cpu_s": round(used.ru_utime + used.ru_stime, 3), "wall_s": round(gone, 3),
            "peak_mb": round(used.ru_maxrss / 1e3, 1)}
    if "PGDATA" in os.environ:
        time.sleep(0.3)  # until the server's process is gone
        line["server_s"] = round(server_seconds() - server, 2)
    print(json.dumps(line))


def read(path):
    runs = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            one = json.loads(line)
            runs.setdefault(one["name"], []).append(one)
    return runs


def summary(path, against="rebut"):
    runs = read(path)
    print(f"{'':<14} {'CPU s':>9} {'least - most':>17} {'peak MB':>9} {'times ' + against:>12}")
    for name, those in runs.items():
        seconds = [r["cpu_s"] for r in those]
        ratios = [a["cpu_s"] / b["cpu_s"] for a, b in zip(those, runs[against])]
        print(f"{name:<14} {statistics.median(seconds):9.2f} "
              f"{min(seconds):8.2f}-{max(seconds):8.2f} "
              f"{max(r['peak_mb'] for r in those):9.0f} {statistics.median(ratios):12.2f}")


def summary_of_clocks(path, against):
    """Time gone first: client and server work at the same time."""
    runs = read(path)
    print(f"{'':<18} {'gone s':>8} {'least - most':>17} {'CPU here':>9} {'server':>7} "
          f"{'peak MB':>8} {'load':>5} {'times ' + against + ': gone':>16} {'CPU':>6}")
    for name, those in runs.items():
        gone = [r["wall_s"] for r in those]
        cpu = [r["cpu_s"] + r["server_s"] for r in those]
        pairs = list(zip(those, runs[against]))
        print(f"{name:<18} {statistics.median(gone):8.2f} {min(gone):8.2f}-{max(gone):8.2f} "
              f"{statistics.median(r['cpu_s'] for r in those):9.2f} "
              f"{statistics.median(r['server_s'] for r in those):7.2f} "
              f"{max(r['peak_mb'] for r in those):8.0f} {max(r['load'] for r in those):5.1f} "
              f"{statistics.median(a['wall_s'] / b['wall_s'] for a, b in pairs):16.2f} "
              f"{statistics.median((a['cpu_s'] + a['server_s']) / (b['cpu_s'] + b['server_s']) for a, b in pairs):6.2f}")


if __name__ == "__main__":
    if sys.argv[1] != "--summary":
        run(sys.argv[1], sys.argv[2], sys.argv[3:])
    elif len(sys.argv) > 4:
        summary_of_clocks(sys.argv[2], sys.argv[3])
    else:
        summary(*sys.argv[2:])
