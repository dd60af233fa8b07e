#!/usr/bin/env python3
"""Can the packs of two shops about one buyer be joined by their figures?

    evidence_join.py EVENTS FOLDER...

EVENTS are those (plain NDJSON) that the packs of each FOLDER were made from.  Of every
buyer with packs at two shops one pack of each is taken, one to the left and one to the
right, and for each left one is asked which right one is the same buyer's:

- has the pair a figure that no third pack has?  (and how often do pairs of two buyers?)
- which right one has most figures in common, rare ones counting more;
- which is nearest, over all numbers, each in units of its spread;
- which is nearest when each number is weighted by how much less it differs within a
  buyer than between buyers, learned on the other half of the buyers.

Header and times of the order itself are left out of the first two.  Ties count as
their share.  No library is needed; a thousand packs take ten seconds."""
import collections, glob, json, math, os, random, sys

BUYER = ("buyer.", "inputs.record", "inputs.prior", "inputs.ring_others",
         "inputs.fault_exposure", "inputs.abuse_exposure", "elsewhere.", "shop.category",
         "score.")
OWN = ("header.", "intervals", "timeline")  # of the order alone

def flatten(value, path, ret):
    if isinstance(value, dict):
        for key, inner in value.items():
            flatten(inner, path + "." + key if path else key, ret)
    elif isinstance(value, list):
        named = value and isinstance(value[0], dict) and "name" in value[0]
        for at, inner in enumerate(value):
            flatten(inner, "%s[%s]" % (path, inner["name"] if named else at), ret)
        ret[path + "#"] = len(value)
    elif isinstance(value, bool):
        ret[path] = int(value)
    elif isinstance(value, int):
        ret[path] = value
    elif isinstance(value, str):
        try:
            number = float(value)
            if math.isfinite(number):
                ret[path] = number
        except ValueError:
            pass

def read(events, folder):
    buyer_of_order, buyer = {}, {}
    for line in open(events, encoding="utf-8"):
        event = json.loads(line)
        if event["type"] == "order":
            buyer_of_order[event["order_id"]] = event["buyer_id"]
        elif event["type"] == "request":
            buyer[event["request_id"]] = buyer_of_order[event["order_id"]]
    by_buyer = collections.defaultdict(list)
    for name in glob.glob(os.path.join(folder, "pack-*.json")):
        pack = json.load(open(name, encoding="utf-8"))
        header = pack["header"]
        figures = {}
        for word in ("exact", "config", "model", "schema_hash", "blind"):
            header.pop(word, None)
        flatten(pack, "", figures)
        by_buyer[buyer[header["request_id"]]].append(
            (header["merchant_id"], header["request_id"], figures))
    pairs = []
    for one in sorted(by_buyer):
        packs = sorted(by_buyer[one], key=lambda pack: pack[:2])
        other = [pack for pack in packs if pack[0] != packs[0][0]]
        if other:
            pairs.append((packs[0][2], other[0][2]))
    return pairs

def identical(pairs, sections):
    """Buyers with a figure that their two packs share and no other pack has, the same of
    pairs of two buyers (what chance does), and right ones among those that share most."""
    count = collections.Counter()
    def keys(pack):
        return {(path.split("[")[0], value) for path, value in pack.items()
                if path.startswith(sections) and not path.startswith(OWN)}
    left = [keys(pair[0]) for pair in pairs]
    right = [keys(pair[1]) for pair in pairs]
    for pack in left + right:
        count.update(pack)
    sole = hits = wrong = 0
    for i, pack in enumerate(left):
        scores = []
        for j, other in enumerate(right):
            shared = pack & other
            scores.append(sum(math.log(2.0 * len(pairs) / count[key]) for key in shared))
            if any(count[key] == 2 for key in shared):
                if i == j:
                    sole += 1
                else:
                    wrong += 1
        hits += expected_hit(scores, i, 1)
    return sole, wrong / (len(pairs) - 1.0), hits

def expected_hit(scores, own, sign):
    best = max(sign * score for score in scores)
    ties = [i for i, score in enumerate(scores) if sign * score >= best - 1e-12]
    return 1.0 / len(ties) if own in ties else 0.0

def table(pairs, sections):
    paths = sorted({path for pair in pairs for pack in pair for path in pack
                    if path.startswith(sections)})
    def row(pack):
        return [math.copysign(math.log1p(abs(pack[path])), pack[path])
                if path in pack else 0.0 for path in paths]
    rows = [(row(left), row(right)) for left, right in pairs]
    keep = []
    for j in range(len(paths)):
        values = [row[j] for pair in rows for row in pair]
        mean = sum(values) / len(values)
        spread = math.sqrt(sum((v - mean) ** 2 for v in values) / len(values))
        if spread > 1e-9:
            keep.append((j, spread))
    return [tuple([row[j] / spread for j, spread in keep] for row in pair)
            for pair in rows]

def nearest(rows, weights=None):
    hits = 0.0
    width = len(rows[0][0])
    weights = weights or [1.0] * width
    used = [j for j in range(width) if weights[j] > 0]
    right = [[pair[1][j] for j in used] for pair in rows]
    scale = [weights[j] for j in used]
    for i, pair in enumerate(rows):
        left = [pair[0][j] for j in used]
        hits += expected_hit([sum(w * (a - b) ** 2 for w, a, b in zip(scale, left, other))
                              for other in right], i, -1)
    return hits

def learned(rows):
    """Both halves, weights from the other one."""
    order = list(range(len(rows)))
    random.Random(1).shuffle(order)
    halves = [[rows[i] for i in order[k::2]] for k in (0, 1)]
    hits = 0.0
    for own, other in (halves, halves[::-1]):
        weights = []
        for j in range(len(rows[0][0])):
            within = sum((a[j] - b[j]) ** 2 for a, b in other) / len(other)
            between = sum((a[j] - other[i - 1][1][j]) ** 2
                          for i, (a, b) in enumerate(other)) / len(other)
            gain = between / (within + .02) if between > 1e-9 else 0
            weights.append(max(0.0, gain - 1))
        hits += nearest(own, weights)
    return hits

def main():
    random.seed(1)
    for folder in sys.argv[2:]:
        pairs = read(sys.argv[1], folder)
        count = len(pairs)
        print("%s: %d buyers with packs at two shops" % (folder, count))
        for name, sections in (("all numbers", ("",)), ("the buyer's", BUYER)):
            sole, chance, hits = identical(pairs, sections)
            rows = table(pairs, sections)
            near = nearest(rows)
            told = learned(rows)
            print("  %s:" % name)
            print("    a figure that no third pack has: %d (%.1f by chance)" % (sole, chance))
            print("    most identical figures:          %.1f %% (chance %.1f %%)" %
                  (100 * hits / count, 100.0 / count))
            print("    nearest neighbour:               %.1f %% (chance %.1f %%)" %
                  (100 * near / count, 100.0 / count))
            print("    nearest, learned weights:        %.1f %% (chance %.1f %%)" %
                  (100 * told / count, 200.0 / count))
main()
