#!/usr/bin/env python3
"""A night without rebut: tables by pandas.read_sql, features and learner, scores back.

    nightly_pandas.py [CONNINFO] [--through psycopg2|sqlalchemy]

The features and the learner are batch_pandas.py's.  What is read is only what they use:
no contacts, no outcomes.  The fastest ordinary way: psycopg2's connection given to
read_sql as it is (--through sqlalchemy measures the other), times as seconds from the
server so that no datetime is made of each, and ids as integers as soon as their table is
there.  The scores go back by COPY, into peer.scores: request and probability alone.
"""
import argparse
import gc
import io
import warnings

import numpy as np
import pandas as pd

import batch_pandas
import reading

TABLES = {"order": "orders", "shipment": "shipments", "delivery": "deliveries",
          "price": "prices", "request": "requests", "verdict": "verdicts"}


def query(kind):
    columns = [f"extract(epoch FROM {name})::float8 AS {name}" if name in reading.TIMES else name
               for name in reading.FIELDS[kind]]
    return f"SELECT {', '.join(columns)} FROM rebut.{TABLES[kind]} ORDER BY rebut.{TABLES[kind]}.at" \
        if kind == "verdict" else f"SELECT {', '.join(columns)} FROM rebut.{TABLES[kind]}"


def connect(conninfo, through):
    """For read_sql, and psycopg2's own beneath it."""
    import psycopg2
    if through == "psycopg2":
        connection = psycopg2.connect(conninfo)
        return connection, connection
    import sqlalchemy
    engine = sqlalchemy.create_engine("postgresql+psycopg2://",
                                      creator=lambda: psycopg2.connect(conninfo))
    connection = engine.connect()
    return connection, connection.connection


class Names:
    """Codes of an id's texts, the same in all tables; -1 where absent."""

    def __init__(self):
        self.known = {}

    def code(self, short, texts):
        codes, found = pd.factorize(texts)
        if short not in self.known:
            self.known[short] = pd.Index(found)
            return codes.astype(np.int64)
        known = self.known[short]
        place = known.get_indexer(found)
        new = place < 0
        place[new] = len(known) + np.arange(new.sum())
        self.known[short] = known.append(pd.Index(found[new]))
        return np.append(place, -1)[codes].astype(np.int64)


def read(connection):
    names, tables = Names(), {}
    for kind, fields in reading.FIELDS.items():
        with warnings.catch_warnings():  # pandas has not tested psycopg2's connection
            warnings.simplefilter("ignore", UserWarning)
            table = pd.read_sql(query(kind), connection)
        made = {}
        for name in fields:
            column = table.pop(name)
            short = reading.IDS.get(name, name)
            if name in reading.IDS:
                made[short] = names.code(short, column.to_numpy())
            elif name in ("text", "photos"):
                made[short] = column
            else:
                made[short] = column.to_numpy(dtype=np.float64, na_value=np.nan)
            del column
        tables[kind] = pd.DataFrame(made)
        del table
        gc.collect()
    known = {short: list(index) for short, index in names.known.items()}
    return reading.finish(reading.in_order(tables, known["order"]), known)


def write(connection, requests, probability):
    order = np.argsort(-probability, kind="stable")
    rows = io.StringIO()
    pd.DataFrame({"request": requests[order], "probability": probability[order]}).to_csv(
        rows, header=False, index=False)
    rows.seek(0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA IF NOT EXISTS peer")
        cursor.execute("CREATE TABLE peer.scores (request_id text PRIMARY KEY,"
                       " probability double precision NOT NULL)")
        cursor.copy_expert("COPY peer.scores FROM STDIN (FORMAT CSV)", rows)
    connection.commit()


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("conninfo", nargs="?", default="")
    arguments.add_argument("--through", choices=("psycopg2", "sqlalchemy"), default="psycopg2")
    options = arguments.parse_args()
    clock = batch_pandas.Clock()
    clock("imports")
    connection, raw = connect(options.conninfo, options.through)
    events, names = read(connection)
    clock("reading")
    claims, table = batch_pandas.features(events, names, clock)
    probability = batch_pandas.rank(events, names, claims, table)
    clock("model")
    write(raw, names["request"][claims["request"].to_numpy()], probability)
    clock("writing")


if __name__ == "__main__":
    main()
