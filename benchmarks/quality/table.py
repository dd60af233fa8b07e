#!/usr/bin/env python3
"""Tables, in Markdown, of the figures that campaign.py collected.

    table.py FIGURES.ndjson [BEFORE.ndjson]

Means over seeds +- standard error; differences are paired by setting and seed.  Rates of
groups and false shares of queues pool the seeds' counts, with a jackknife's error.  BEFORE
are figures of another build: rebut's differences from it are added.
"""
import collections
import json
import math
import sys

NAMES = {"rebut": "rebut", "even_record": "rebut, even by record",
         "even_merchant": "rebut, even by merchant", "even_both": "rebut, even by both",
         "rate": "shrunken refund rate", "logistic": "logistic regression",
         "forest": "random forest", "boosting": "gradient boosting, hand features",
         "hist_hand": "histogram boosting, hand features",
         "hist_terms": "histogram boosting, rebut's terms"}
SETS = ("0", "50", "200", "all", "1000", "flip20", "abuse", "legitimate")
BUDGETS = ("0", "50", "200", "1000")
HELD = ("boosting", "hist_hand", "hist_terms")
GROUPS = ("bad_merchant", "good_merchant", "claimant", "dorm", "one_order", "one_complaint")
SHARES = ("0.25", "0.5", "1.0", "1.5")
KINDS = ("serial", "ring", "sleeper", "opportunist", "attacker")
QUEUES = ("q_value", "conformal_q")
EVERY = "every"


def read(path):
    """{(setting, method, verdicts): {seed: figures}}, what could not be learned left out."""
    runs = collections.defaultdict(dict)
    with open(path, encoding="utf-8") as lines:
        for run in map(json.loads, lines):
            if run["figures"]:
                runs[run["setting"], run["method"], run["verdicts"]][run["seed"]] = run["figures"]
    return runs


def shown(value, error=None, digits=3):
    if value is None:
        return "-"
    return f"{value:.{digits}f}" + ("" if error is None else f" ±{error:.{digits}f}")


def mean(values):
    """Mean and its standard error; no error from a single value."""
    values = [v for v in values if v is not None]
    if not values:
        return None, None
    middle = sum(values) / len(values)
    if len(values) == 1:
        return middle, None
    spread = sum((v - middle) ** 2 for v in values) / (len(values) - 1)
    return middle, math.sqrt(spread / len(values))


def pooled(parts, of):
    """of(sum of all parts), with the jackknife's error; a part is a tuple of counts."""
    sums = [sum(column) for column in zip(*parts)]
    value = of(*sums) if parts else None
    left = [of(*(s - x for s, x in zip(sums, part))) for part in parts]
    if value is None or len(parts) < 2 or None in left:
        return value, None
    middle = sum(left) / len(left)
    return value, math.sqrt(sum((v - middle) ** 2 for v in left) * (len(left) - 1) / len(left))


def share(part, whole):
    return part / whole if whole else None


def ratio(part, whole, all_part, all_whole):
    """The group's rate over everybody's."""
    rate, overall = share(part, whole), share(all_part, all_whole)
    return None if rate is None or not overall else rate / overall


def paired(one, other, key):
    return mean([one[s][key] - other[s][key] for s in one if s in other])


def table(title, columns, rows):
    print(f"\n### {title}\n")
    print("| " + " | ".join(columns) + " |")
    print("|" + " --- |" * len(columns))
    for row in rows:
        print("| " + " | ".join(row) + " |")


def seeds_of(runs, setting, method, verdicts):
    """{seed: figures}; of every setting for the setting EVERY."""
    return {(s, seed): f for (s, m, v), seeds in runs.items()
            if (m, v) == (method, verdicts) and setting in (s, EVERY) for seed, f in seeds.items()}


def settings_of(runs):
    return list(dict.fromkeys(setting for setting, _, _ in runs))


def of_methods(runs, wanted):
    """Rows in the order of settings, methods and sets of verdicts, where there is such a run."""
    return [(s, m, v, list(runs[s, m, v].values())) for s in settings_of(runs) for m in NAMES
            for v in SETS if v in wanted and (s, m, v) in runs]


def detection(runs):
    rows = [[s, NAMES[m], v] + [shown(*mean([f[k] for f in fs]))
                                for k in ("auc", "ap", "p100", "p300", "ece", "brier")]
            for s, m, v, fs in of_methods(runs, ("0", "all"))]
    table("Detection", ["setting", "method", "verdicts", "AUC", "AP", "P@100", "P@300", "ECE",
                        "Brier"], rows)


def differences(runs):
    rows = []
    for setting in settings_of(runs) + [EVERY]:
        for verdicts in ("200", "all", "1000", "flip20"):
            mine = seeds_of(runs, setting, "rebut", verdicts)
            for method in HELD:
                other = seeds_of(runs, setting, method, verdicts)
                rows.append([setting, verdicts, NAMES[method]] +
                            [shown(*paired(mine, other, key)) for key in ("auc", "ap", "ece")])
    table("rebut less a challenger, same verdicts, paired",
          ["setting", "verdicts", "challenger", "AUC", "AP", "ECE"], rows)


def budgets(runs):
    rows = [[s, NAMES[m]] + [shown(*mean([f["ap"] for f in runs[s, m, v].values()]))
                             if (s, m, v) in runs else "-" for v in SETS]
            for s in settings_of(runs) for m in ("rebut",) + HELD]
    table("AP by verdicts", ["setting", "method"] + list(SETS), rows)
    steps = list(zip(BUDGETS, BUDGETS[1:])) + [("0", v) for v in ("all", "flip20", "abuse",
                                                                 "legitimate")]
    rows = [[s] + [shown(*paired(seeds_of(runs, s, "rebut", b), seeds_of(runs, s, "rebut", a),
                                 "ap"), digits=4) for a, b in steps]
            for s in settings_of(runs) + [EVERY]]
    table("AP of rebut, steps between sets of verdicts, paired",
          ["setting"] + [f"{a} to {b}" for a, b in steps], rows)


def queues(runs):
    rows = []
    for s, m, v, fs in of_methods(runs, SETS):
        for name in QUEUES:
            found = [f["queues"][name] for f in fs]
            if None in found:
                continue
            parts = [(q["false"], q["of"]) for q in found]
            rows.append([s, v, name, shown(*mean([q["of"] for q in found]), digits=0),
                         shown(*mean([share(*p) or 0 for p in parts])),
                         shown(*pooled(parts, share)),
                         shown(*pooled([(q["stated"], q["of"]) for q in found], share)),
                         shown(*pooled([(q["of"] - q["false"], f["abuse"])
                                        for q, f in zip(found, fs)], share))])
    table("The queue at q <= 0.10: false-discovery proportion, realised and stated",
          ["setting", "verdicts", "q", "size", "FDP, mean (empty: 0)", "FDP, pooled", "stated",
           "abuse found"], rows)


def accusations(runs):
    """By setting, and of every setting together."""
    rows = []
    present = [(s, m, v) for s, m, v, _ in of_methods(runs, ("0", "all", "1000"))]
    every = dict.fromkeys((EVERY, m, v) for m in NAMES for _, n, v in present if n == m)
    for s, m, v in present + list(every):
        found = seeds_of(runs, s, m, v).values()
        for size in SHARES:
            groups = [f["false_positives"][size] for f in found]
            rows.append([s, NAMES[m], v, f"{float(size):.0%}",
                         shown(*mean([f["ap"] for f in found])),
                         shown(*pooled([g["all"] for g in groups], share))] +
                        [shown(*pooled([g[name] + g["all"] for g in groups], ratio), digits=2)
                         for name in GROUPS])
    table("Wrong accusations: all honest requests flagged, and each group's rate as a ratio to it",
          ["setting", "method", "verdicts", "flagged, of abuse", "AP", "all"] +
          [g.replace("_", " ") for g in GROUPS], rows)


def kinds(runs):
    rows = [[s, NAMES[m], v] + [shown(*pooled([f["recall"][k] for f in fs], share)) for k in KINDS]
            for s, m, v, fs in of_methods(runs, ("0", "all", "1000"))]
    table("Abuse found, by kind, as many flagged as are abusive",
          ["setting", "method", "verdicts"] + list(KINDS), rows)


def calibration(runs):
    """Tenths of the requests, the likeliest first: abuse expected / found, seeds together."""
    rows = []
    for s, m, v, fs in of_methods(runs, ("0", "all", "1000")):
        if m in ("rebut",) + HELD:
            tenths = [[sum(column) for column in zip(*bins)]
                      for bins in zip(*(f["bins"] for f in fs))]
            rows.append([s, NAMES[m], v, "%.0f / %d" % (sum(t[1] for t in tenths),
                                                        sum(t[2] for t in tenths))] +
                        ["%.0f / %d" % (t[1], t[2]) for t in tenths])
    table("Abuse expected / found in tenths of the requests, likeliest first, seeds summed",
          ["setting", "method", "verdicts", "all"] + [str(i) for i in range(1, 11)], rows)


def against(runs, before):
    rows = [[s, v] + [shown(*paired(seeds_of(runs, s, "rebut", v),
                                    seeds_of(before, s, "rebut", v), key), digits=4)
                      for key in ("auc", "ap", "ece", "brier")]
            for s in settings_of(runs) + [EVERY] for v in SETS if seeds_of(runs, s, "rebut", v)]
    table("rebut less rebut before, paired", ["setting", "verdicts", "AUC", "AP", "ECE", "Brier"],
          rows)


def main():
    runs = read(sys.argv[1])
    for print_table in (detection, differences, budgets, queues, accusations, kinds, calibration):
        print_table(runs)
    if len(sys.argv) > 2:
        against(runs, read(sys.argv[2]))


if __name__ == "__main__":
    main()
