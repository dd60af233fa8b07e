#!/usr/bin/env python3
"""Do two scorers of a stream rank alike?  Spearman's correlation of their log-odds.

    agree.py REBUT SCORES        both NDJSON; of a request scored twice the last line counts

Prints it and exits 1 below 0.7.
"""
import json
import sys


def read(path):
    with open(path, encoding="utf-8") as lines:
        scores = (json.loads(line) for line in lines)
        scores = (one.get("score", one) for one in scores)
        return {one["request_id"]: one["log_odds"] for one in scores}


def ranks(values):
    order = sorted(range(len(values)), key=values.__getitem__)
    ret, i = [0.0] * len(values), 0
    while i < len(order):
        j = i
        while j < len(order) and values[order[j]] == values[order[i]]:
            j += 1
        for k in order[i:j]:
            ret[k] = (i + j - 1) / 2
        i = j
    return ret


def correlation(a, b):
    mean_a, mean_b = sum(a) / len(a), sum(b) / len(b)
    ab = sum((x - mean_a) * (y - mean_b) for x, y in zip(a, b))
    return ab / (sum((x - mean_a) ** 2 for x in a) * sum((y - mean_b) ** 2 for y in b)) ** .5


def main():
    ours, theirs = read(sys.argv[1]), read(sys.argv[2])
    both = sorted(ours.keys() & theirs.keys())
    rho = correlation(ranks([ours[i] for i in both]), ranks([theirs[i] for i in both]))
    print(f"rank correlation {rho:.3f} over {len(both)} requests "
          f"(only one has {len(ours.keys() ^ theirs.keys())})")
    sys.exit(0 if rho > .7 else 1)


if __name__ == "__main__":
    main()
