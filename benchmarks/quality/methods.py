"""Rankings of refund-only requests: rebut's, and those a detection team would try first.

Each takes a world and a set of verdicts and gives {request_id: score object}, a score
object having a probability and, where the method has them, q-values.  The features of a
request leave out the request itself and, in the ratios of merchants and items, all orders
of its buyer, so that a learner cannot learn from its own labels.  Parameters are the best
of those that README.md lists.
"""
import json
import os
import subprocess

import numpy as np

from world import BUDGETS, VERDICTS, labels

SEED = 618
SHRINK_ORDERS = 10
LEAST_LABELS = 10
NOT_TERMS = ("verdict", "calibration")
LEARNED = tuple(map(str, BUDGETS)) + ("all", "flip20")


def scores(rebut, world, verdicts, since=None):
    """What `rebut score` writes, by request; q-values are over the requests listed."""
    out = os.path.join(world.folder, "scores.ndjson")
    subprocess.run([rebut, "score", "--quiet", "--input", world.events, "--input",
                    world.write(verdicts), "--output", out] +
                   (["--since", since] if since else []), check=True)
    with open(out, encoding="utf-8") as lines:
        return {s["request_id"]: s for s in map(json.loads, lines)}


def places(rebut, world, verdicts, even):
    """The order in which `rebut queue --even` goes down the requests, as probabilities."""
    out = os.path.join(world.folder, "queue.ndjson")
    subprocess.run([rebut, "queue", "--quiet", "--input", world.events, "--input",
                    world.write(verdicts), "--output", out, "--even", even, "--fdr", "1",
                    "--budget", "1000000000", "--random", "0", "--since", world.since],
                   check=True)
    with open(out, encoding="utf-8") as lines:
        return {s["request_id"]: {"probability": 1 - s["place"]} for s in map(json.loads, lines)}


class Methods:
    """All methods on one world; features are computed once, when first wanted."""

    def __init__(self, rebut, world):
        self.rebut, self.world = rebut, world
        self._terms = None

    def _plain(self, probability):
        ids = self.world.tables()[3]
        return {i: {"probability": p} for i, p in zip(ids, probability.tolist())}

    def rebut_score(self, verdicts):
        return scores(self.rebut, self.world, verdicts, self.world.since)

    def even_record(self, verdicts):
        return places(self.rebut, self.world, verdicts, "record")

    def even_merchant(self, verdicts):
        return places(self.rebut, self.world, verdicts, "merchant")

    def even_both(self, verdicts):
        return places(self.rebut, self.world, verdicts, "both")

    def rate(self, verdicts):
        """The buyer's share of orders with a refund-only request, shrunk towards all's."""
        del verdicts
        events, claims, _, _ = self.world.tables()
        buyer = events["order"]["buyer"].to_numpy()
        orders = np.bincount(buyer)
        asked = np.bincount(buyer[np.unique(claims["order"])], minlength=len(orders))
        mean = asked.sum() / orders.sum()
        rate = (asked + SHRINK_ORDERS * mean) / (orders + SHRINK_ORDERS)
        return self._plain(rate[buyer[claims["order"]]])

    def hand(self):
        return self.world.tables()[2].to_numpy()

    def terms(self):
        """Log odds of each of rebut's terms, fitted without any verdict."""
        if self._terms is None:
            found = scores(self.rebut, self.world, [])
            names = sorted({t["name"] for s in found.values() for t in s["terms"]} -
                           set(NOT_TERMS))
            values = [{t["name"]: t["log_odds"] for t in found[i]["terms"]}
                      for i in self.world.tables()[3]]
            self._terms = np.array([[v.get(n, 0) for n in names] for v in values])
        return self._terms

    def learned(self, model, values, verdicts):
        """None where there is too little to learn from."""
        rows, abuse = labels(verdicts, self.world.tables()[3])
        if len(abuse) < LEAST_LABELS or not 0 < abuse.sum() < len(abuse):
            return None
        return self._plain(model.fit(values[rows], abuse).predict_proba(values)[:, 1])

    def logistic(self, verdicts):
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler
        model = make_pipeline(StandardScaler(), LogisticRegression(C=.01, max_iter=1000))
        return self.learned(model, self.hand(), verdicts)

    def forest(self, verdicts):
        from sklearn.ensemble import RandomForestClassifier
        model = RandomForestClassifier(500, min_samples_leaf=3, random_state=SEED)
        return self.learned(model, self.hand(), verdicts)

    def boosting(self, verdicts):
        from sklearn.ensemble import GradientBoostingClassifier
        model = GradientBoostingClassifier(n_estimators=200, max_depth=3, subsample=.5,
                                           learning_rate=.05, random_state=SEED)
        return self.learned(model, self.hand(), verdicts)

    def hist_hand(self, verdicts):
        return self.learned(histogram(), self.hand(), verdicts)

    def hist_terms(self, verdicts):
        return self.learned(histogram(), self.terms(), verdicts)


def histogram():
    from sklearn.ensemble import HistGradientBoostingClassifier
    return HistGradientBoostingClassifier(max_iter=100, learning_rate=.05, max_depth=2,
                                          min_samples_leaf=20, random_state=SEED)


# Method, how it is run, and the sets of verdicts it is tried with.
ALL = {
    "rebut": (Methods.rebut_score, VERDICTS),
    "even_record": (Methods.even_record, ("all",)),
    "even_merchant": (Methods.even_merchant, ("all",)),
    "even_both": (Methods.even_both, ("all",)),
    "rate": (Methods.rate, ("0",)),
    "logistic": (Methods.logistic, ("all",)),
    "forest": (Methods.forest, ("all",)),
    "boosting": (Methods.boosting, LEARNED),
    "hist_hand": (Methods.hist_hand, LEARNED),
    "hist_terms": (Methods.hist_terms, LEARNED),
}
