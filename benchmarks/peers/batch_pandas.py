#!/usr/bin/env python3
"""The same job in pandas and scikit-learn: events in, ranked refund-only requests out.

    batch_pandas.py EVENTS.ndjson SCORES.ndjson [--reader polars|orjson|json]

Written to be fast: the fastest reader there is, ids as integers from the start, every
feature by whole columns, text as one array of code points.  The features are those of
`rebut score`, computed once and without its passes; a logistic model then learns from the
verdicts or, without any, from a stated proxy: the upper tenth of requests by buyer's
requests over expected ones.  Same-picture means equal hashes here; rebut also finds
near-equal ones.  CPU seconds of each part go to standard error.
"""
import argparse
import importlib.util
import json
import resource
import sys

import numpy as np
import pandas as pd

import reading

SHRINK = 5.0
WINDOW = 14 * 86400
FAULT_RETURN = ("damaged", "quality", "not_as_described", "counterfeit", "wrong_item",
                "missing_item")
OUTPUT_DIGITS = 6


def cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


class Clock:
    """Prints the CPU seconds since the last call."""

    def __init__(self):
        self.last = 0.0

    def __call__(self, name):
        now = cpu_seconds()
        print(f"{name:<10} {now - self.last:8.2f} s CPU", file=sys.stderr)
        self.last = now


def pair(a, b):
    """Two columns of codes as one, numbered from 0."""
    return pd.factorize(a.astype(np.int64) << 32 | b.astype(np.int64))[0]


def total(codes, weights=None, size=None):
    return np.bincount(codes, weights, minlength=size or 0)


def last_of(table, orders, column, missing):
    """The column of a table keyed by order, as an array over orders."""
    values = np.full(orders, missing, dtype=np.float64)
    known = table["order"].to_numpy() >= 0
    values[table["order"].to_numpy()[known]] = table[column].to_numpy()[known]
    return values


def price_drop(orders, prices):
    """Share by which the lowest price within 15 days undercut what was paid."""
    moment = prices["sku"].to_numpy() * (1 << 34) + prices["at"].to_numpy()
    prices = prices["price"].to_numpy()[np.argsort(moment, kind="stable")]
    moment.sort()
    bought = orders["sku"].to_numpy() * (1 << 34) + orders["at"].to_numpy()
    first = np.searchsorted(moment, bought, side="right")
    end = np.searchsorted(moment, bought + 15 * 86400, side="right")
    paid = np.maximum(orders["amount"].to_numpy(), 1)
    quantity = orders["quantity"].to_numpy()
    lowest = paid.copy()
    rows = np.flatnonzero(first < end)
    while len(rows):  # the first change of each, then the second ...
        lowest[rows] = np.minimum(lowest[rows], prices[first[rows]] * quantity[rows])
        first[rows] += 1
        rows = rows[first[rows] < end[rows]]
    return 1 - lowest / paid


def bins(values, edges):
    return np.searchsorted(edges, values, side="right").astype(np.int64)


def circumstances(events, as_of):
    """Columns of levels, one a factor, over orders; also who was shipped late."""
    orders = events["order"]
    count = len(orders)
    at = orders["at"].to_numpy()
    shipped = last_of(events["shipment"], count, "at", np.nan)
    delivered = last_of(events["delivery"], count, "at", np.nan)
    carrier = last_of(events["shipment"], count, "carrier", -1).astype(np.int64) + 1
    late = (shipped - orders["promised_ship_at"].to_numpy()) / 86400
    cuts = np.quantile(orders["amount"].to_numpy(), [.1, .25, .5, .75, .9])
    factors = {
        "category": orders["category"].to_numpy(),
        "channel": orders["channel"].to_numpy(),
        "campaign": orders["campaign"].to_numpy() + 1,
        "price": bins(orders["amount"].to_numpy(), cuts),
        "shipped": np.where(np.isnan(late), 6, bins(late, [0, 1, 2, 4])),
        "transit": np.where(np.isnan(delivered), 6,
                            bins((delivered - shipped) / 86400, [1.5, 3, 4.5, 6, 9])),
        "drop": bins(price_drop(orders, events["price"]), [.03, .1, .2]),
        "age": bins((as_of - at) / 86400, [1, 2, 3, 4, 5, 6, 8, 10, 14]),
        "carrier": pair(carrier, orders["category"].to_numpy()),
        "account": bins((at - orders["account_created_at"].to_numpy()) / 86400,
                        [30, 90, 180, 365, 730]),
    }
    return factors, late > 0, delivered


def cells_of(factors):
    """Orders in the same circumstances share a cell: its number, and each cell's levels."""
    code = np.zeros(len(factors["category"]), dtype=np.int64)
    for levels in factors.values():
        code = code * (int(levels.max()) + 1) + levels
    cell, _ = pd.factorize(code)
    first = np.full(cell.max() + 1, -1)
    first[cell[::-1]] = np.arange(len(cell))[::-1]
    return cell, {name: levels[first] for name, levels in factors.items()}


def raked(cell_levels, names, events, orders):
    """Expected events an order for each cell: multipliers raked one factor at a time."""
    rate = np.full(len(orders), events.sum() / orders.sum())
    for _ in range(8):
        for name in names:
            levels = cell_levels[name]
            observed, expected = total(levels, events), total(levels, rate * orders)
            rate = rate * ((observed + SHRINK) / (expected + SHRINK))[levels]
    return rate


def ratio_without(group, buyer, observed, expected, rows, asking):
    """Observed over expected of the group of each row, without the buyer's own orders;
    `asking` are the orders of buyers with requests, place[order] where among them."""
    mine, place = asking
    own = pair(buyer[mine], group[mine])
    o = total(group, observed)[group[rows]] - total(own, observed[mine])[own[place[rows]]]
    e = total(group, expected)[group[rows]] - total(own, expected[mine])[own[place[rows]]]
    return np.log((o + SHRINK) / (np.maximum(e, 0) + SHRINK))


def text_fit(texts, category):
    """The least likely pair of characters of each text, for its category."""
    joined = np.frombuffer("\n".join(texts).encode("utf-32-le"), dtype=np.uint32)
    owner = np.cumsum(joined == 10) - (joined == 10)
    keep = (joined[:-1] != 10) & (joined[1:] != 10)
    pairs = joined[:-1].astype(np.int64)[keep] << 32 | joined[1:].astype(np.int64)[keep]
    owner = owner[:-1][keep]
    gram, _ = pd.factorize(pairs)
    once = np.unique(owner.astype(np.int64) << 32 | gram)
    owner, gram = once >> 32, once & 0xffffffff
    about = category[owner]
    cell = pair(gram, about)
    share = total(about) / len(about)
    llr = np.log((total(cell)[cell] + 1) / ((total(gram)[gram] - 1) * share[about] + 2))
    fit = np.zeros(len(texts))
    starts = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])
    fit[owner[starts]] = np.minimum.reduceat(llr, starts)
    return fit


def photo_reuse(photos, order):
    """Does a picture of the request stand on another order?"""
    lengths = np.fromiter((len(p) if p is not None else 0 for p in photos), dtype=np.int64,
                          count=len(photos))
    flat = pd.factorize(np.array([h for p in photos if p is not None for h in p], dtype=object))[0]
    owner = np.repeat(np.arange(len(photos)), lengths)
    used = pd.DataFrame({"photo": flat, "order": order[owner]}).drop_duplicates()
    orders_of = total(used["photo"].to_numpy(), size=flat.max(initial=0) + 1)
    reused = np.zeros(len(photos), dtype=bool)
    reused[owner[orders_of[flat] > 1]] = True
    return reused, lengths > 0


def ring(orders, key, observed, expected, rows):
    """Size of the largest account group by the key, and its others' log ratio."""
    codes = orders[key].to_numpy()
    known = codes >= 0
    links = pd.DataFrame({"key": codes[known], "buyer": orders["buyer"].to_numpy()[known]})
    links = links.drop_duplicates()
    buyers = len(observed)
    size = total(links["key"].to_numpy(), size=codes.max(initial=0) + 1)
    links = links[(size[links["key"]] >= 2) & (size[links["key"]] <= 100)]
    group, member = links["key"].to_numpy(), links["buyer"].to_numpy()
    o = total(group, observed[member])[group] - observed[member]
    e = total(group, expected[member])[group] - expected[member]
    ratio, largest = np.zeros(buyers), np.zeros(buyers)
    np.maximum.at(ratio, member, np.log((o + 1) / (e + 1)))
    np.maximum.at(largest, member, size[group])
    buyer = orders["buyer"].to_numpy()[rows]
    return ratio[buyer], np.log1p(largest[buyer])


def request_features(events, requests, reasons, delivered):
    """What the request itself shows."""
    row = requests["order"].to_numpy()
    delay = (requests["at"].to_numpy() - delivered[row]) / 86400
    unsigned = ~(delay >= 0)
    reused, pictured = photo_reuse(requests["photos"].to_numpy(), row)
    category = events["order"]["category"].to_numpy()[row]
    reason = requests["reason"].to_numpy()
    columns = {"text": text_fit(requests["text"].fillna("").str.replace("\n", " "), category),
               "photo_reused": reused, "pictured": pictured,
               "asked_share": requests["amount"].to_numpy() /
               np.maximum(events["order"]["amount"].to_numpy()[row], 1)}
    for name in ("not_received", "late_delivery", "price_drop", "changed_mind"):
        hit = reason == reasons.get(name, -2)
        columns[name + "_signed"], columns[name + "_unsigned"] = hit & ~unsigned, hit & unsigned
    bin_of = np.where(unsigned, 0, 1 + bins(delay, [1 / 12, .5, 1, 2, 3]))
    for i in range(1, 7):
        columns[f"delay_{i}"] = bin_of == i
    return columns


def features(events, names, clock):
    """One row a refund-only request; the first of each order, as rebut counts them."""
    orders, requests = events["order"], events["request"]
    requests = requests[requests["order"] >= 0]
    as_of = max(float(t["at"].max()) for t in events.values() if len(t))
    refund_only = requests["kind"].to_numpy() == names["kind"]["refund_only"]
    faulty = requests["reason"].isin([names["reason"][r] for r in FAULT_RETURN
                                      if r in names["reason"]]).to_numpy()
    count = len(orders)
    asked = np.minimum(total(requests["order"][refund_only], size=count), 1)
    returned = np.minimum(total(requests["order"][~refund_only & faulty], size=count), 1)
    factors, late, delivered = circumstances(events, as_of)
    cell, levels = cells_of(factors)
    clock("levels")
    n = total(cell)
    fault = raked(levels, [f for f in factors if f != "account"], total(cell, asked), n)[cell]
    back = raked(levels, ["category", "channel", "campaign", "price", "transit", "age"],
                 total(cell, returned), n)[cell]
    tempting = raked(levels, ["category", "price", "account"], total(cell, asked), n)[cell]
    clock("rates")
    claims = requests[refund_only].reset_index(drop=True)
    rows = claims["order"].to_numpy()
    buyer, merchant = orders["buyer"].to_numpy(), orders["merchant"].to_numpy()
    window = (orders["at"].to_numpy() // WINDOW).astype(np.int64)
    groups = {"merchant": merchant, "item": pair(merchant, orders["sku"].to_numpy()),
              "window": pair(merchant, window)}
    groups["item_window"] = pair(groups["item"], window)
    columns = {}
    mine = np.flatnonzero((total(buyer, asked) > 0)[buyer])
    place = np.zeros(count, dtype=np.int64)
    place[mine] = np.arange(len(mine))
    asking = (mine, place)
    merchant_rate = (total(merchant, asked) + SHRINK) / (total(merchant, fault) + SHRINK)
    for name, group in groups.items():
        columns["fault_" + name] = ratio_without(group, buyer, asked, fault, rows, asking)
        columns["returns_" + name] = ratio_without(group, buyer, returned, back, rows, asking)
    shop_late = (total(merchant, late) + 10 * late.mean()) / (total(merchant) + 10)
    columns["late"] = np.log(shop_late + 1e-3)[merchant[rows]]
    clock("merchants")
    expected_order = fault * merchant_rate[merchant]
    observed, expected = total(buyer, asked), total(buyer, expected_order)
    own, temptation = buyer[rows], total(buyer, tempting)
    elsewhere = observed[own] - asked[rows]
    columns["buyer_orders"] = np.log(total(buyer)[own])
    columns["buyer_requests"] = np.log1p(elsewhere)
    columns["buyer_ratio"] = np.log((elsewhere + 1) / (expected[own] - expected_order[rows] + 1))
    columns["buyer_tempted"] = np.log((elsewhere + 1) / (temptation[own] - tempting[rows] + 1))
    columns["fault_rate"], columns["temptation"] = np.log(fault[rows]), np.log(tempting[rows])
    for key in ("device_id", "address_id", "payment_id"):
        columns[key + "_ratio"], columns[key + "_size"] = ring(orders, key, observed, expected, rows)
    clock("buyers")
    columns.update(request_features(events, claims, names["reason"], delivered))
    clock("requests")
    return claims, pd.DataFrame({k: np.asarray(v, dtype=np.float64) for k, v in columns.items()})


def labels(events, names, claims, table):
    """Verdicts of requests (rows, 0 or 1), or the proxy where there are none."""
    verdicts = events["verdict"]
    verdicts = verdicts[verdicts["verdict"].isin(
        [names["verdict"].get("abuse", -2), names["verdict"].get("legitimate", -2)])]
    verdicts = verdicts.drop_duplicates("request", keep="last")
    place = pd.Series(np.arange(len(claims)), index=claims["request"])
    rows = place.reindex(verdicts["request"]).to_numpy()
    found = ~np.isnan(rows)
    abuse = (verdicts["verdict"] == names["verdict"].get("abuse", -2)).to_numpy()[found]
    if 0 < abuse.sum() < len(abuse) and len(abuse) >= 20:
        return rows[found].astype(np.int64), abuse, f"{len(abuse)} verdicts"
    suspicious = table["buyer_ratio"] > table["buyer_ratio"].quantile(.9)
    return np.arange(len(table)), suspicious.to_numpy(), "the proxy"


def rank(events, names, claims, table):
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    rows, abuse, source = labels(events, names, claims, table)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=.1, max_iter=1000))
    values = table.to_numpy()
    model.fit(values[rows], abuse)
    print(f"learned from {source}", file=sys.stderr)
    return model.predict_proba(values)[:, 1]


def write(path, names, probability):
    order = np.argsort(-probability, kind="stable")
    with open(path, "w", encoding="utf-8") as out:
        out.writelines('{"request_id":%s,"probability":%.6g}\n' % row for row in
                       zip(map(json.dumps, names[order]), probability[order].tolist()))


def best_reader():
    for name in ("polars", "orjson"):
        if importlib.util.find_spec(name):
            return name
    return "json"


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("events")
    arguments.add_argument("scores")
    arguments.add_argument("--reader", choices=("polars", "orjson", "json"), default=best_reader())
    options = arguments.parse_args()
    clock = Clock()
    clock("imports")
    events, names = reading.read(options.events, options.reader)
    clock("reading")
    claims, table = features(events, names, clock)
    probability = rank(events, names, claims, table)
    clock("model")
    write(options.scores, names["request"][claims["request"].to_numpy()], probability)
    clock("writing")
    print(f"{'all':<10} {cpu_seconds():8.2f} s CPU, reader {options.reader}", file=sys.stderr)


if __name__ == "__main__":
    main()
