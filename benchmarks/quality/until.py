#!/usr/bin/env python3
"""Copy events without verdicts, or without those after a day: what a method may know.

    until.py EVENTS DAY WITHOUT.ndjson WITH.ndjson

Days count from the midnight before the first event.  WITHOUT gets no verdict at all, WITH
those made before DAY.  Every other event goes into both.
"""
import datetime
import gzip
import json
import sys

VERDICT = b'"verdict"'


def time_of(event):
    at = event["at"]
    return at / 1000 if isinstance(at, int) else datetime.datetime.fromisoformat(at).timestamp()


def open_events(path):
    return gzip.open(path, "rb") if path.endswith(".gz") else open(path, "rb")


def main():
    path, day, without_path, with_path = sys.argv[1:]
    end = None
    with open_events(path) as events, open(without_path, "wb") as without, \
            open(with_path, "wb") as known:
        for line in events:
            if end is None:
                first = datetime.datetime.fromisoformat(json.loads(line)["at"])
                midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
                end = midnight.timestamp() + float(day) * 86400
            event = json.loads(line) if VERDICT in line else None
            if event is None or event["type"] != "verdict":
                without.write(line)
                known.write(line)
            elif time_of(event) < end:
                known.write(line)


if __name__ == "__main__":
    main()
