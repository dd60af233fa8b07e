"""Events from NDJSON into one pandas table a type, ids as integer codes.

Three readers with the same result: polars (its own parser, columns throughout), orjson and
the standard library's json (a line at a time, blocks of columns).  Used by the peer of the
speed comparison and by the learners of benchmarks/quality.
"""
import gzip
import io
import itertools

import numpy as np
import pandas as pd

IDS = {"order_id": "order", "request_id": "request", "buyer_id": "buyer",
       "merchant_id": "merchant", "sku_id": "sku", "device_id": "device_id",
       "address_id": "address_id", "payment_id": "payment_id", "category": "category",
       "channel": "channel", "campaign": "campaign", "carrier": "carrier", "kind": "kind",
       "reason": "reason", "verdict": "verdict"}
TIMES = ("at", "promised_ship_at", "account_created_at")
NUMBERS = ("amount", "quantity", "price")
FIELDS = {
    "order": ("at", "order_id", "buyer_id", "merchant_id", "sku_id", "category", "channel",
              "campaign", "amount", "quantity", "device_id", "address_id", "payment_id",
              "promised_ship_at", "account_created_at"),
    "shipment": ("at", "order_id", "carrier"),
    "delivery": ("at", "order_id"),
    "price": ("at", "sku_id", "price"),
    "request": ("at", "request_id", "order_id", "kind", "reason", "amount", "text", "photos"),
    "verdict": ("at", "request_id", "verdict"),
}
ABSENT = 0
WORDS = {"kind": ["refund_only", "return_refund"],
         "reason": ["damaged", "quality", "not_as_described", "counterfeit", "wrong_item",
                    "missing_item", "late_delivery", "not_received", "price_drop",
                    "changed_mind", "other"],
         "verdict": ["abuse", "legitimate", "unclear"]}
BLOCK_BYTES = 1 << 27
BLOCK_LINES = 1 << 18


def open_events(path):
    return gzip.open(path, "rb") if path.endswith(".gz") else open(path, "rb")


def seconds_of(texts):
    """RFC 3339 texts as seconds since 1970; NaN where absent."""
    column = pd.Series(texts, dtype=object)
    known = column.notna().to_numpy()
    values = np.full(len(column), np.nan)
    if known.any():
        # All of one shape (as a platform writes them): as one array of bytes.
        rows = np.array(column[known].tolist(), dtype="S25").view(np.uint8).reshape(-1, 25)
        local = rows[:, :19].copy().view("S19").ravel().astype("datetime64[s]").astype(np.int64)
        digit = rows.astype(np.int64) - 48
        offset = (digit[:, 20] * 10 + digit[:, 21]) * 3600 + (digit[:, 23] * 10 + digit[:, 24]) * 60
        values[known] = local - np.where(rows[:, 19] == ord("-"), -offset, offset)
    return values


class Coder:
    """Ids to integers, -1 where absent, the same for all types and blocks."""

    def __init__(self):
        self.codes = {}

    def __call__(self, texts):
        codes, put = self.codes, self.codes.setdefault
        return np.fromiter((-1 if t is None else put(t, len(codes)) for t in texts),
                           dtype=np.int64, count=len(texts))


def finish(tables, names):
    """What all readers do last: defaults, and names as arrays or dictionaries."""
    tables["order"]["quantity"] = tables["order"]["quantity"].fillna(1)
    known = {"request": np.array(names["request"], dtype=object)}
    for vocabulary in ("kind", "reason", "verdict"):
        known[vocabulary] = {name: code for code, name in enumerate(names[vocabulary])}
    return tables, known


def column_of(name, texts, coders):
    if name in IDS:
        return coders[IDS[name]](texts)
    if name in TIMES:
        return seconds_of(texts)
    if name in NUMBERS:
        return np.array(texts, dtype=np.float64)
    return np.array(texts + [None], dtype=object)[:-1]


def read_lines(path, loads):
    coders = {name: Coder() for name in IDS.values()}
    blocks = {kind: [] for kind in FIELDS}
    with open_events(path) as lines:
        while True:
            rows = {kind: [] for kind in FIELDS}
            more = False
            for line in itertools.islice(lines, BLOCK_LINES):
                event = loads(line)
                more = True
                if event["type"] in rows:
                    rows[event["type"]].append(tuple(map(event.get, FIELDS[event["type"]])))
            if not more:
                break
            for kind, fields in FIELDS.items():
                columns = list(zip(*rows[kind])) or [()] * len(fields)
                blocks[kind].append(pd.DataFrame(
                    {IDS.get(name, name): column_of(name, list(texts), coders)
                     for name, texts in zip(fields, columns)}))
    tables = {kind: pd.concat(parts, ignore_index=True) for kind, parts in blocks.items()}
    # Orders and requests number themselves by their table.
    return finish(in_order(tables, coders["order"].codes),
                  {name: list(coder.codes) for name, coder in coders.items()})


def in_order(tables, codes):
    """Number orders by their row; -1 where the order was never seen; the first of an id."""
    tables["order"] = tables["order"].drop_duplicates("order", ignore_index=True)
    row = np.full(len(codes) + 1, -1, dtype=np.int64)
    row[tables["order"]["order"].to_numpy()] = np.arange(len(tables["order"]))
    for kind in ("order", "shipment", "delivery", "request"):
        tables[kind]["order"] = row[tables[kind]["order"].to_numpy()]
    return tables


def polars_blocks(path, schema):
    import polars as pl
    with open_events(path) as file:
        rest = b""
        while block := file.read(BLOCK_BYTES):
            end = block.rfind(b"\n") + 1
            yield pl.read_ndjson(io.BytesIO(rest + block[:end]), schema=schema)
            rest = block[end:]
        if rest:
            yield pl.read_ndjson(io.BytesIO(rest), schema=schema)


def polars_seconds(texts):
    """As seconds_of; offsets are few, so each is worked out once."""
    zones = texts.str.slice(19)
    local = texts.str.slice(0, 19).str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="ms") \
        .dt.timestamp("ms") / 1000
    known = zones.unique().drop_nulls().to_list()
    shift = {zone: int(seconds_of(["1970-01-01T00:00:00" + zone])[0]) for zone in known}
    if len(known) == 1:
        return local + shift[known[0]]
    return local + zones.replace_strict(shift, default=None)


def polars_columns(rows, kind):
    """A block's rows of one type: ids as 64-bit hashes (no two ids in 10^8 are likely to
    share one), times as seconds; of requests the ids' texts too, for the output."""
    import polars as pl
    fields = FIELDS[kind]
    made = [rows[name].hash().alias(IDS[name]).set(rows[name].is_null(), ABSENT)
            for name in fields if name in IDS]
    made += [polars_seconds(rows[name]) for name in TIMES if name in fields]
    made += [rows[name] for name in NUMBERS + ("text", "photos") if name in fields]
    if kind == "request":
        made.append(rows["request_id"])
    return pl.DataFrame(made)


def read_polars(path):
    import polars as pl
    wanted = sorted({"type"}.union(*FIELDS.values()))
    schema = {name: pl.Int64 if name in NUMBERS else
              pl.List(pl.String) if name == "photos" else pl.String for name in wanted}
    parts = {kind: [] for kind in FIELDS}
    for block in polars_blocks(path, schema):
        for kind, fields in FIELDS.items():
            rows = block.select("type", *fields).filter(pl.col("type") == kind)
            parts[kind].append(polars_columns(rows, kind))
    tables = {}
    for kind in FIELDS:
        frame = pl.concat(parts.pop(kind))
        tables[kind] = pd.DataFrame({
            name: pd.Series(frame[name].to_list(), dtype=object)
            if frame[name].dtype in (pl.String, pl.List(pl.String)) else frame[name].to_numpy()
            for name in frame.columns})
    return finish(*coded(tables))


def coded(tables):
    """Hashes to codes, -1 where absent, the same for all types."""
    import polars as pl
    names, codes = {}, {}
    for short in dict.fromkeys(IDS.values()):
        kinds = [kind for kind in FIELDS if short in tables[kind]]
        hashes = np.concatenate([tables[kind][short].to_numpy() for kind in kinds])
        code, unique = pd.factorize(hashes)
        lookup = np.arange(len(unique))
        lookup[unique == ABSENT] = -1
        start = 0
        for kind in kinds:
            end = start + len(tables[kind])
            tables[kind][short] = lookup[code[start:end]]
            start = end
        codes[short] = unique
    for short, words in WORDS.items():
        word_of = dict(zip(pl.Series(words).hash().to_list(), words))
        names[short] = [word_of.get(int(h), "") for h in codes[short]]
    requests = tables["request"]
    texts = np.full(len(codes["request"]), "", dtype=object)
    texts[requests["request"].to_numpy()] = requests.pop("request_id").to_numpy()
    names["request"] = texts
    return in_order(tables, codes["order"]), names


def read(path, reader):
    if reader == "polars":
        return read_polars(path)
    if reader == "orjson":
        import orjson
        return read_lines(path, orjson.loads)
    import json
    return read_lines(path, json.loads)
