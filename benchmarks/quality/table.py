#!/usr/bin/env python3
"""Tables, in Markdown, from lines of `rebut evaluate --json` that quality.sh collected.

    table.py FIGURES.ndjson

A line is {"setting":…, "seed":…, "method":…, "figures":{…}}.  Figures are means over the
seeds; after AUC and AP the lowest and highest.
"""
import collections
import json
import sys

METHODS = {"rate": "shrunken refund rate", "logistic": "logistic regression, verdicts",
           "boosting": "gradient boosting, verdicts", "forest": "random forest, verdicts",
           "rebut": "rebut, no verdicts",
           "rebut_verdicts": "rebut, verdicts"}
GROUPS = ("all", "bad_merchant", "good_merchant", "claimant", "dorm", "one_order")
KINDS = ("serial", "ring", "sleeper", "opportunist", "attacker")


def groups_of(figures, name):
    return {g["group"]: g["rate"] for g in figures[name]}


def mean(values):
    values = [v for v in values if v is not None]
    return sum(values) / len(values) if values else None


def shown(value):
    return "-" if value is None else f"{value:.3f}"


def with_range(values):
    if len(values) == 1:
        return shown(values[0])
    return f"{shown(mean(values))} ({shown(min(values))}-{shown(max(values))})"


def row(cells):
    print("| " + " | ".join(cells) + " |")


def table(title, columns, runs, cells_of):
    print(f"\n### {title}\n")
    row(["setting", "method"] + columns)
    row(["---"] * 2 + ["---:"] * len(columns))
    for (setting, method), figures in runs.items():
        row([setting, METHODS.get(method, method)] + cells_of(figures))


def rates(figures, list_name, names):
    found = [groups_of(f, list_name) for f in figures]
    return [shown(mean([f.get(name) for f in found])) for name in names]


def detection(figures):
    def of(key):
        return [f[key] for f in figures]
    # q-values are rebut's alone.
    queue = [f.get("fdp") for f in figures]
    return [with_range(of("auc")), with_range(of("ap")), shown(mean(of("p100"))),
            shown(mean(of("p300"))), shown(mean(of("ece"))), shown(mean(queue))]


def main():
    runs = collections.OrderedDict()
    with open(sys.argv[1], encoding="utf-8") as lines:
        for line in lines:
            run = json.loads(line)
            runs.setdefault((run["setting"], run["method"]), []).append(run["figures"])
    table("Detection", ["AUC", "AP", "P@100", "P@300", "ECE", "false in queue, q <= 0.10"],
          runs, detection)
    table("Honest requests flagged, where as many are flagged as are truly abusive",
          [g.replace("_", " ") for g in GROUPS], runs,
          lambda figures: rates(figures, "false_positives", GROUPS))
    table("Abuse found, by kind, at the same cut", list(KINDS), runs,
          lambda figures: rates(figures, "recall", KINDS))


if __name__ == "__main__":
    main()
