#!/usr/bin/env python3
"""Rankings that a detection team would start with, to be held against rebut's.

    baselines.py EVENTS.ndjson FOLDER

EVENTS holds what may be known, verdicts among it.  Writes FOLDER/NAME.ndjson with a line
{"request_id":…,"probability":…} for every refund-only request:

    rate      the buyer's share of orders with a refund-only request, shrunk towards
              everybody's as if by ten average orders; uses no verdict
    logistic  logistic regression on the features of ../peers/batch_pandas.py, verdicts
    boosting  gradient boosting on the same, verdicts
    forest    random forest on the same, verdicts

Their parameters are the best of those that benchmarks/quality/README.md lists.
The features of a request leave out the request itself and, in the ratios of merchants and
items, all orders of its buyer, so that a baseline cannot learn from its own labels.
"""
import os
import sys

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "peers"))
import batch_pandas
import reading

SHRINK_ORDERS = 10
SEED = 618


def shrunken_rate(events, claims):
    buyer = events["order"]["buyer"].to_numpy()
    orders = np.bincount(buyer)
    asked = np.bincount(buyer[np.unique(claims["order"])], minlength=len(orders))
    mean = asked.sum() / orders.sum()
    rate = (asked + SHRINK_ORDERS * mean) / (orders + SHRINK_ORDERS)
    return rate[buyer[claims["order"]]]


def learned(values, rows, abuse):
    """Probabilities of all requests from each model that learns from verdicts."""
    from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    models = {
        "logistic": make_pipeline(StandardScaler(), LogisticRegression(C=.01, max_iter=1000)),
        "boosting": GradientBoostingClassifier(n_estimators=200, max_depth=3, subsample=.5,
                                               learning_rate=.05, random_state=SEED),
        "forest": RandomForestClassifier(500, min_samples_leaf=3, random_state=SEED),
    }
    for name, model in models.items():
        yield name, model.fit(values[rows], abuse).predict_proba(values)[:, 1]


def main():
    path, folder = sys.argv[1:]
    events, names = reading.read(path, batch_pandas.best_reader())
    claims, table = batch_pandas.features(events, names, lambda part: None)
    ids = names["request"][claims["request"].to_numpy()]
    rankings = {"rate": shrunken_rate(events, claims)}
    rows, abuse, source = batch_pandas.labels(events, names, claims, table)
    if source.endswith("verdicts"):
        rankings.update(learned(table.to_numpy(), rows, abuse))
    for name, probability in rankings.items():
        batch_pandas.write(os.path.join(folder, name + ".ndjson"), ids, probability)
    print(f"{len(ids)} requests, {table.shape[1]} features, {source}", file=sys.stderr)


if __name__ == "__main__":
    main()
