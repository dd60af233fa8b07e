#!/usr/bin/env python3
"""How near is `rebut report`'s split of losses to the truth?  Prints Markdown rows.

    losses.py build/rebut [--orders 60000] [--seeds 301,302,303,304,305] [--settings base]

The truth of a request that is not abuse: goods defective, wrong, incomplete, misdescribed
or counterfeit are the shop's fault; damaged, lost and stolen are logistics; nothing wrong
and late is the shop's when it was shipped after the promise, else logistics; a change of
mind or a price drop is ordinary.  Rates are of requests from day 60 on, all merchants.
"""

import argparse
import collections
import csv
import json
import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

CAUSES = ("abuse", "shop", "logistics", "ordinary", "undetermined")
SHOP = {"defective", "wrong", "incomplete", "misdescribed", "counterfeit"}
ROAD = {"damaged", "lost", "stolen"}
SINCE, DAY = "2026-04-30T00:00:00+08:00", 60


def late_orders(events):
    """Orders shipped after the promise, or never."""
    promised, shipped = {}, {}
    with open(events) as lines:
        for line in lines:
            if '"type":"order"' in line:
                event = json.loads(line)
                promised[event["order_id"]] = event.get("promised_ship_at")
            elif '"type":"shipment"' in line:
                event = json.loads(line)
                shipped[event["order_id"]] = event["at"]
    return {o for o, at in promised.items() if at and shipped.get(o, "9999") > at}


def cause(row, late):
    if row["abuse"] == "1":
        return "abuse"
    if row["condition"] in SHOP:
        return "shop"
    if row["condition"] in ROAD:
        return "logistics"
    if row["reason"] in ("late_delivery", "not_received"):
        return "shop" if row["order_id"] in late else "logistics"
    if row["reason"] in ("changed_mind", "price_drop"):
        return "ordinary"
    return "undetermined"


def truth_of(folder):
    late = late_orders(folder / "events")
    whole, merchants = collections.Counter(), collections.defaultdict(collections.Counter)
    stated = collections.Counter()
    with open(folder / "truth", newline="") as rows:
        for row in csv.DictReader(rows):
            if float(row["day"]) >= DAY:
                name = cause(row, late)
                whole[name] += int(row["amount"])
                merchants[row["merchant_id"]][name] += int(row["amount"])
                said = stated_cause(row, late)
                if name != "abuse" and said is not None:
                    stated["all"] += int(row["amount"])
                    stated["right"] += int(row["amount"]) * (said == name)
    return whole, merchants, stated


def measure(rebut, setting, seed, orders):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run([rebut, "simulate", "--setting", setting, "--orders", str(orders), "--seed", str(seed),
                        "--output", folder / "events", "--truth", folder / "truth"],
                       check=True, capture_output=True)
        made = subprocess.run([rebut, "report", "--platform", "--since", SINCE, "--format", "json", "--quiet",
                               "--input", folder / "events"], check=True, capture_output=True, text=True)
        return json.loads(made.stdout, parse_float=Decimal), *truth_of(folder)


def stated_cause(row, late):
    """Whose fault the reason says it was, as rebut reads it; None: it says nothing."""
    if row["reason"] in ("quality", "not_as_described", "counterfeit", "wrong_item", "missing_item"):
        return "shop"
    if row["reason"] in ("late_delivery", "not_received"):
        return "shop" if row["order_id"] in late else "logistics"
    return {"damaged": "logistics", "price_drop": "ordinary", "changed_mind": "ordinary"}.get(row["reason"])


class Tally:
    """Sums over platforms and merchants, by cause."""

    def __init__(self):
        self.inside, self.error, self.width = (collections.Counter() for _ in range(3))
        self.fen, self.true = collections.Counter(), collections.Counter()
        self.count = 0

    def add(self, row, true):
        self.count += 1
        for name in CAUSES:
            said, low, high = (float(row[name][k]) for k in ("fen", "low", "high"))
            self.inside[name] += low <= true[name] <= high
            self.error[name] += abs(said - true[name]) / float(row["fen"])
            self.width[name] += (high - low) / float(row["fen"])
            self.fen[name] += said
            self.true[name] += true[name]

    def print(self, title):
        n = max(self.count, 1)
        print(f"\n{title} ({self.count})\n")
        print("| cause | stated, yuan | true, yuan | within the interval | mean error | mean width |")
        print("|---|---:|---:|---:|---:|---:|")
        for name in CAUSES:
            print(f"| {name} | {self.fen[name] / 100:,.0f} | {self.true[name] / 100:,.0f} | "
                  f"{self.inside[name] / n:.2f} | {self.error[name] / n:.3f} | {self.width[name] / n:.2f} |")


def print_platform(setting, seed, report, whole):
    total = report["total"]
    cells = []
    for name in CAUSES:
        said, low, high = (float(total[name][k]) / 100 for k in ("fen", "low", "high"))
        true = whole[name] / 100
        mark = "" if low <= true <= high else " (outside)"
        cells.append(f"{said:,.0f} ({low:,.0f}-{high:,.0f}) / {true:,.0f}{mark}")
    print(f"| {setting} {seed} | " + " | ".join(cells) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rebut")
    parser.add_argument("--orders", type=int, default=60000)
    parser.add_argument("--seeds", default="301,302,303,304,305")
    parser.add_argument("--settings", default="base")
    given = parser.parse_args()
    print("| setting, seed | " + " | ".join(CAUSES) + " |\n|---|" + "---|" * len(CAUSES))
    platforms, shops, reasons, silent = Tally(), Tally(), collections.Counter(), 0.0
    for setting in given.settings.split(","):
        for seed in given.seeds.split(","):
            report, whole, merchants, stated = measure(given.rebut, setting, int(seed), given.orders)
            print_platform(setting, seed, report, whole)
            platforms.add(report["total"], whole)
            reasons += stated
            for row in report["tables"]["reason"]["rows"]:
                if row["key"] in (None, "other", "none"):
                    silent += float(row["undetermined"]["fen"])
            for row in report["tables"]["merchant"]["rows"]:
                if row["requests"] >= 20:
                    shops.add(row, merchants[row["key"]])
    platforms.print("platforms")
    shops.print("merchants with 20 requests or more")
    print(f"\nErrors and widths are shares of the losses.  Of what is called undetermined, "
          f"{silent / max(platforms.fen['undetermined'], 1):.2f} comes of requests with no reason or \"other\"; "
          f"of honest requests with a reason, {reasons['right'] / max(reasons['all'], 1):.2f} "
          f"(by amount) name the true cause.")


if __name__ == "__main__":
    main()
