"""A platform, its truth, and what its reviewers may have said: the input of campaign.py.

Verdicts are kept apart from all other events, so that one platform serves every set of
verdicts.  Judged are requests from a day on; known are only verdicts made before it.
"""
import datetime
import gzip
import json
import os
import subprocess
import sys

import numpy as np
import pandas as pd

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "peers"))
import batch_pandas
import reading

BUDGETS = (50, 200, 1000)
VERDICTS = ("0", "50", "200", "all", "1000", "flip20", "abuse", "legitimate")
FLIPPED = .2
DAY = 86400
# More verdicts than were made, as engine/simulate/dispute.c would make them.
REVIEWER_ERR, PREJUDICE, REVIEWERS, VERDICT_DAYS = .05, 1.4, 14, 3
KINDS = ("abuse", "legitimate")


def seconds(event):
    at = event["at"]
    return at / 1000 if isinstance(at, int) else datetime.datetime.fromisoformat(at).timestamp()


def open_events(path):
    return gzip.open(path, "rb") if path.endswith(".gz") else open(path, "rb")


class World:
    """One platform in a folder of its own.

    events    path of all events but verdicts
    verdicts  those made before the day, as objects, in order
    truth     truth.csv as a table; judged says which rows are from the day on
    since     the first moment of the day, RFC 3339
    """

    def __init__(self, folder, events, truth, day, seed):
        self.folder, self.seed = folder, seed
        self.events = os.path.join(folder, "without.ndjson")
        self.verdicts = []
        self._split(events, day)
        self.truth = pd.read_csv(truth, dtype={"ring": str, "request_id": str})
        self.judged = self.truth["day"].to_numpy() >= day
        self._tables = None

    def _split(self, events, day):
        with open_events(events) as lines, open(self.events, "wb") as without:
            for number, line in enumerate(lines):
                if number == 0:
                    first = datetime.datetime.fromisoformat(json.loads(line)["at"])
                    first = first.replace(hour=0, minute=0, second=0, microsecond=0)
                    self.day = first + datetime.timedelta(days=day)
                    self.since = self.day.isoformat()
                event = json.loads(line) if b'"verdict"' in line else {"type": None}
                if event["type"] != "verdict":
                    without.write(line)
                elif seconds(event) < self.day.timestamp():
                    self.verdicts.append(event)

    def tables(self):
        """Events as pandas tables, refund-only requests, and the hand features of each."""
        if self._tables is None:
            events, names = reading.read(self.events, batch_pandas.best_reader())
            claims, features = batch_pandas.features(events, names, lambda part: None)
            ids = names["request"][claims["request"].to_numpy()]
            self._tables = events, claims, features, ids
        return self._tables

    def said(self, name):
        """The verdicts of a set: one of VERDICTS."""
        rng = np.random.default_rng([self.seed, 20])
        if name == "all":
            return self.verdicts
        if name in KINDS:
            return [v for v in self.verdicts if v["verdict"] == name]
        if name == "flip20":
            return [flipped(v) if rng.random() < FLIPPED else v for v in self.verdicts]
        return self._budget(int(name), rng)

    def _budget(self, count, rng):
        """Verdicts on so many requests, each budget within the next larger one."""
        clear = dict.fromkeys(v["request_id"] for v in self.verdicts if v["verdict"] in KINDS)
        order = rng.permutation(list(clear)).tolist()
        chosen = set(order[:count])
        known = [v for v in self.verdicts if v["request_id"] in chosen]
        return known + (self._more(count - len(order), rng) if count > len(order) else [])

    def _more(self, count, rng):
        """Verdicts on further requests of before the day, chosen by looks as in dispute.c
        (without what only the simulator sees), with its reviewers' error."""
        events, claims, _, ids = self.tables()
        asked, looks = suspicion(events, claims, rng)
        truth = self.truth.set_index("request_id").reindex(ids)
        abuse, honest = truth["abuse"].to_numpy() == 1, truth["abuse"].to_numpy() == 0
        at = claims["at"].to_numpy() + VERDICT_DAYS * DAY
        weight = np.where(looks > 3.4, .45, np.where(looks > 2.6, .14, .012))
        turn = rng.exponential(size=len(ids)) / weight
        seen = {v["request_id"] for v in self.verdicts}
        free = (at < self.day.timestamp()) & (abuse | honest) & ~np.isin(ids, list(seen))
        errs = rng.random(len(ids)) < REVIEWER_ERR * np.where(honest & (asked >= 3), PREJUDICE, 1)
        by = rng.integers(1, REVIEWERS + 1, len(ids))
        return [{"type": "verdict", "at": stamp(at[i], self.day.tzinfo), "request_id": ids[i],
                 "verdict": KINDS[int(abuse[i] == errs[i])], "by": "rev%02d" % by[i],
                 "selection": "ranked"}
                for i in np.argsort(turn, kind="stable") if free[i]][:count]

    def write(self, verdicts):
        """A file of verdict events, to be read beside `events`."""
        path = os.path.join(self.folder, "verdicts.ndjson")
        with open(path, "w", encoding="utf-8") as out:
            out.writelines(json.dumps(v, separators=(",", ":")) + "\n" for v in verdicts)
        return path


def stamp(at, zone):
    return datetime.datetime.fromtimestamp(int(at), zone).isoformat()


def flipped(verdict):
    other = {"abuse": "legitimate", "legitimate": "abuse"}
    return {**verdict, "verdict": other.get(verdict["verdict"], verdict["verdict"])}


def suspicion(events, claims, rng):
    """How often each buyer had asked by then, and how that looks to a reviewer."""
    orders = events["order"]
    row = claims["order"].to_numpy()
    at, buyer = claims["at"].to_numpy(), orders["buyer"].to_numpy()[row]
    asked = claims.assign(buyer=buyer).sort_values("at", kind="stable").groupby("buyer")
    asked = asked.cumcount().reindex(claims.index).to_numpy() + 1
    moments = np.sort(orders["buyer"].to_numpy() * (1 << 34) + orders["at"].to_numpy())
    bought = (np.searchsorted(moments, buyer * (1 << 34) + at, side="right") -
              np.searchsorted(moments, buyer * (1 << 34)))
    delivered = batch_pandas.last_of(events["delivery"], len(orders), "at", np.nan)[row]
    most = np.minimum(asked, 8)
    looks = .42 * most - 3 * most / (bought + 4) + 5.5 * most / (bought + 6)
    looks += .6 * (claims["amount"].to_numpy() > 15000)
    looks += .8 * ((at - delivered >= 0) & (at - delivered < 3600))
    return asked, looks + .7 * rng.standard_normal(len(row))


def labels(verdicts, ids):
    """Rows of the requests with a clear verdict, and whether the last one said abuse."""
    last = {v["request_id"]: v["verdict"] == "abuse" for v in verdicts if v["verdict"] in KINDS}
    rows = np.array([i for i, name in enumerate(ids) if name in last], dtype=np.int64)
    return rows, np.array([last[ids[i]] for i in rows], dtype=bool)


def simulated(rebut, folder, setting, seed, orders, day):
    events, truth = (os.path.join(folder, name) for name in ("events.ndjson", "truth.csv"))
    subprocess.run([rebut, "simulate", "--setting", setting, "--orders", str(orders), "--seed",
                    str(seed), "--output", events, "--truth", truth], check=True)
    return World(folder, events, truth, day, seed)
