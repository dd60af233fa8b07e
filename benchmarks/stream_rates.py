#!/usr/bin/env python3
"""Events a second of CPU: `rebut stream`, parsing alone, and the per-event peers, in turns.

    stream_rates.py BUILD FOLDER NIGHT ROUNDS STREAM...

FOLDER has model.json, night, history.ndjson and STREAM.ndjson, as stream.sh makes them.
Each run is held to one core.  CPU seconds are user and system; of rebut those of a run
with an empty stream are taken off (the night is read and scored), the peers count from the
first line of the stream.  PEERS=node,python,none; NODE and PYTHON name the programs; FIGURES
gets a JSON line a run.
"""
import json
import os
import shutil
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
CORE = os.environ.get("CORE", str(max(os.sched_getaffinity(0))))


def run(command, stream, output):
    """CPU seconds, peak MB and what was said."""
    with open(stream, "rb") as events, open(output, "wb") as scores:
        child = subprocess.Popen(["taskset", "-c", CORE, *command], stdin=events, stdout=scores,
                                 stderr=subprocess.PIPE, text=True)
        said = child.stderr.read()
        _, status, used = os.wait4(child.pid, 0)
    if status != 0:
        sys.exit(f"stream_rates: {command[0]} failed: {said}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1e3, said


def contenders(build, folder, night):
    model, history = f"{folder}/model.json", f"{folder}/history.ndjson"
    peers = os.environ.get("PEERS", "node,python").split(",")
    those = {"rebut": [f"{build}/rebut", "stream", "--model", model, "--night", f"{folder}/night", "--quiet"],
             "parse": [f"{build}/benchmarks/stream_parse"]}
    node = os.environ.get("NODE", "node")
    if "node" in peers and shutil.which(node) is None:
        print(f"left out: no '{node}'")
    elif "node" in peers:
        those["node"] = [node, "--max-old-space-size=8000",
                         f"{HERE}/peers/stream.mjs", model, night, history]
    if "python" in peers:
        those["python"] = [os.environ.get("PYTHON", "/usr/bin/python3"), f"{HERE}/peers/stream.py",
                           model, night, history]
    return those


def one(name, command, folder, stream):
    cpu, peak, said = run(command, f"{folder}/{stream}.ndjson", f"{folder}/{stream}.{name}")
    if name == "rebut":
        cpu -= run(command, "/dev/null", "/dev/null")[0]
    elif name != "parse":
        cpu = json.loads(said.splitlines()[-1])["stream_cpu_s"]
    return {"name": name, "stream": stream, "cpu_s": round(cpu, 3), "peak_mb": round(peak, 1),
            "load": round(os.getloadavg()[0], 1)}


def lines_of(path, word=b"\n"):
    count = 0
    with open(path, "rb") as file:
        while block := file.read(1 << 24):
            count += block.count(word)
    return count


def summary(stream, folder, runs):
    events = lines_of(f"{folder}/{stream}.ndjson")
    scored = lines_of(f"{folder}/{stream}.rebut")
    print(f"{stream}: {events} events, {scored} scores ({100 * scored / events:.1f} %)")
    print(f"{'':<8} {'CPU s':>8} {'least - most':>15} {'events/s':>11} {'times rebut':>12} {'peak MB':>8}")
    for name, those in runs.items():
        seconds = [r["cpu_s"] for r in those]
        ratios = [a["cpu_s"] / b["cpu_s"] for a, b in zip(those, runs["rebut"])]
        print(f"{name:<8} {statistics.median(seconds):8.2f} {min(seconds):7.2f}-{max(seconds):7.2f} "
              f"{events / statistics.median(seconds):11.0f} {statistics.median(ratios):12.2f} "
              f"{max(r['peak_mb'] for r in those):8.0f}")
    loads = [r["load"] for those in runs.values() for r in those]
    print(f"load {min(loads)} to {max(loads)}", flush=True)
    for name in runs.keys() - {"rebut", "parse"}:
        print(f"{name}: ", end="", flush=True)
        subprocess.run([sys.executable, f"{HERE}/peers/agree.py", f"{folder}/{stream}.rebut",
                        f"{folder}/{stream}.{name}"], check=True)


def main():
    build, folder, night, rounds = sys.argv[1:5]
    those = contenders(build, folder, night)
    for stream in sys.argv[5:]:
        runs = {name: [] for name in those}
        with open(os.environ.get("FIGURES", os.devnull), "a", encoding="utf-8") as figures:
            for _ in range(int(rounds)):
                for name, command in those.items():
                    runs[name].append(one(name, command, folder, stream))
                    figures.write(json.dumps(runs[name][-1]) + "\n")
        summary(stream, folder, runs)


if __name__ == "__main__":
    main()
