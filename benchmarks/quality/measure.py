"""Figures of one ranking against the truth; counts wherever a table may want to pool."""
import numpy as np

SHARES = (.25, .5, 1.0, 1.5)  # of the number of truly abusive requests: sizes of a queue
BINS = 10
QUEUE_Q = .10
QUEUES = ("q_value", "conformal_q")
KINDS = ("serial", "ring", "sleeper", "opportunist", "attacker")


def groups(truth):
    """Whom a wrong accusation may hit: a mask over the truth's rows for each group.
    one_complaint: honest, at one of the best merchants, the buyer's only request."""
    def has(column, value):
        if column not in truth:
            return np.zeros(len(truth), dtype=bool)
        return (truth[column] == value).to_numpy()
    only = (truth.groupby("buyer_id")["request_id"].transform("count") == 1).to_numpy()
    return {"all": np.ones(len(truth), dtype=bool), "bad_merchant": has("merchant_kind", "bad"),
            "good_merchant": has("merchant_kind", "good"),
            "claimant": has("buyer_kind", "claimant"), "dorm": has("dorm", 1),
            "one_order": has("orders_of_buyer", 1),
            "one_complaint": has("merchant_kind", "good") & has("buyer_kind", "honest") & only}


def auc_ap(p, y):
    """Area under ROC and average precision, ties grouped; y sorted by p, falling."""
    last = np.flatnonzero(np.r_[p[1:] != p[:-1], True])
    hits = np.cumsum(y)[last]
    false = last + 1 - hits
    gained, passed = np.diff(hits, prepend=0), np.diff(false, prepend=0)
    if not hits[-1] or not false[-1]:
        return None, None
    auc = (passed * (hits - gained / 2)).sum() / hits[-1] / false[-1]
    return auc, (gained * hits / (last + 1)).sum() / hits[-1]


def queue(found, ids, y, field):
    """Size of the queue at QUEUE_Q, how many in it are honest, and how many were expected
    to be by the probabilities; None where the method has no such q-value."""
    if not any(field in s for s in found.values()):
        return None
    inside = np.array([(found.get(i, {}).get(field) or 0) <= QUEUE_Q and
                       found.get(i, {}).get(field) is not None for i in ids])
    stated = sum(1 - found[i]["probability"] for i in ids[inside])
    return {"of": int(inside.sum()), "false": int((1 - y[inside]).sum()), "stated": stated}


def figures(found, world):
    truth, judged = world.truth, world.judged
    ids = truth["request_id"].to_numpy()[judged]
    y = truth["abuse"].to_numpy()[judged]
    p = np.array([found.get(i, {}).get("probability", 0) for i in ids])
    order = np.argsort(-p, kind="stable")
    p_sorted, y_sorted = p[order], y[order]
    n, abuse = len(y), int(y.sum())
    auc, ap = auc_ap(p_sorted, y_sorted)
    edges = np.arange(BINS + 1) * n // BINS
    bins = [[int(b - a), float(p_sorted[a:b].sum()), int(y_sorted[a:b].sum())]
            for a, b in zip(edges, edges[1:])]
    rank = np.empty(n, dtype=np.int64)
    rank[order] = np.arange(n)
    masks = {name: mask[judged] & (y == 0) for name, mask in groups(truth).items()}
    kind = truth["buyer_kind"].to_numpy()[judged]
    return {
        "requests": n, "abuse": abuse, "auc": auc, "ap": ap,
        "p100": float(y_sorted[:100].mean()), "p300": float(y_sorted[:300].mean()),
        "ece": sum(abs(e - a) for _, e, a in bins) / n,
        "brier": float(((p - y) ** 2).mean()), "expected": float(p.sum()), "bins": bins,
        "queues": {field: queue(found, ids, y, field) for field in QUEUES},
        "false_positives": {
            str(share): {name: [int((rank[m] < round(share * abuse)).sum()), int(m.sum())]
                         for name, m in masks.items()} for share in SHARES},
        "recall": {k: [int((rank[(kind == k) & (y == 1)] < abuse).sum()),
                       int(((kind == k) & (y == 1)).sum())] for k in KINDS},
    }
