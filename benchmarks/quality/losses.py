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
    with open(folder / "truth", newline="") as rows:
        for row in csv.DictReader(rows):
            if float(row["day"]) >= DAY:
                name = cause(row, late)
                whole[name] += int(row["amount"])
                merchants[row["merchant_id"]][name] += int(row["amount"])
    return whole, merchants


def measure(rebut, setting, seed, orders):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run([rebut, "simulate", "--setting", setting, "--orders", str(orders), "--seed", str(seed),
                        "--output", folder / "events", "--truth", folder / "truth"],
                       check=True, capture_output=True)
        made = subprocess.run([rebut, "report", "--platform", "--since", SINCE, "--format", "json", "--quiet",
                               "--input", folder / "events"], check=True, capture_output=True, text=True)
        return json.loads(made.stdout, parse_float=Decimal), *truth_of(folder)


def print_platform(setting, seed, report, whole):
    total = report["total"]
    cells = []
    for name in CAUSES:
        said, low, high = (float(total[name][k]) / 100 for k in ("fen", "low", "high"))
        true = whole[name] / 100
        mark = "" if low <= true <= high else " (outside)"
        cells.append(f"{said:,.0f} / {true:,.0f}{mark}")
    print(f"| {setting} {seed} | " + " | ".join(cells) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rebut")
    parser.add_argument("--orders", type=int, default=60000)
    parser.add_argument("--seeds", default="301,302,303,304,305")
    parser.add_argument("--settings", default="base")
    given = parser.parse_args()
    print("| setting, seed | " + " | ".join(CAUSES) + " |\n|---|" + "---|" * len(CAUSES))
    inside, count, error = collections.Counter(), 0, collections.Counter()
    for setting in given.settings.split(","):
        for seed in given.seeds.split(","):
            report, whole, merchants = measure(given.rebut, setting, int(seed), given.orders)
            print_platform(setting, seed, report, whole)
            for row in report["tables"]["merchant"]["rows"]:
                if row["requests"] < 20:
                    continue
                count += 1
                for name in CAUSES:
                    true = merchants[row["key"]][name]
                    inside[name] += row[name]["low"] <= true <= row[name]["high"]
                    error[name] += abs(float(row[name]["fen"]) - true) / float(row["fen"])
    print(f"\nmerchants with 20 requests or more: {count}", file=sys.stdout)
    for name in CAUSES:
        print(f"{name}: within the interval {inside[name] / max(count, 1):.2f}, "
              f"mean error {error[name] / max(count, 1):.3f} of the merchant's losses")


if __name__ == "__main__":
    main()
