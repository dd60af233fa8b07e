#!/usr/bin/env python3
"""Does a server answer as its OpenAPI document says?  contract.py DOCUMENT ADDRESS TOKEN

Every GET and POST of the document is asked with values that its parameters allow and with
some that they do not: the status is one of those described, the body fits the schema, and
nothing is answered with 5xx.
"""
import json
import random
import sys
import urllib.error
import urllib.parse
import urllib.request

import jsonschema

document = json.load(open(sys.argv[1]))
address, token = sys.argv[2], sys.argv[3]
dice = random.Random(7)
complaints = []


def fit(value, schema):
    schema = dict(schema, components=document["components"])
    try:
        jsonschema.Draft202012Validator(schema).validate(value)
    except jsonschema.ValidationError as error:
        return f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
    return None


def good(schema):
    if "enum" in schema:
        return dice.choice(schema["enum"])
    if schema["type"] == "integer":
        return str(dice.randint(schema["minimum"], min(schema["maximum"], 100)))
    if schema["type"] == "number":
        return str(dice.uniform(schema["minimum"], schema["maximum"]))
    if schema.get("format") == "date-time":
        return dice.choice(["2026-11-06T10:00:00Z", "2026-11-06T10:00:00+08:00"])
    return dice.choice(["m1", "r01", "b01", "x", "茶", "a b", "'; --", "%"])


def bad():
    return dice.choice(["", "-1", "1e9", "\x7f", "a" * 5000, "\u202e", "null", "[]", "0x1", "NaN", " 1"])


def event():
    kind = dice.choice(["order", "request", "shipment", "delivery", "outcome", "verdict", "price", "contact", "?"])
    fields = {"type": kind, "at": dice.choice(["2026-05-01T00:00:00Z", "2026-05-02T00:00:00+08:00", 1777593600000, "?"]),
              "order_id": dice.choice(["o1", "o2", "", None]), "request_id": dice.choice(["r1", "r2", 7]),
              "buyer_id": "b1", "merchant_id": dice.choice(["m1", "茶", "x" * 70]), "sku_id": "s",
              "amount": dice.choice([100, -1, 1e99, "1"]), "kind": dice.choice(["refund_only", "return_refund"]),
              "reason": dice.choice(["quality", "nothing"]), "category": "food", "channel": "shelf",
              "outcome": "granted", "by": "platform", "verdict": "abuse", "text": dice.choice(["\u0000", "<script>", "a"])}
    return {name: value for name, value in fields.items() if dice.random() < 0.9}


def member(schema):
    if schema.get("type") == "array":
        return [event() for _ in range(dice.randint(0, 6))]
    value = good(schema)
    return int(value) if schema.get("type") == "integer" else value


def body_of(schema):
    body = {name: member(of) for name, of in schema["properties"].items()
            if name in schema.get("required", []) or dice.random() < 0.5}
    for name in list(body):
        if dice.random() < 0.1:
            body[name] = dice.choice([None, [], {}, 1e300, -1, "", "a" * 20000, [[[]]], {"a": {"b": []}}, True])
    if dice.random() < 0.05:
        body["unknown"] = 1
    text = json.dumps(body).encode()
    if dice.random() < 0.15 and text:
        at = dice.randrange(len(text))
        text = dice.choice([text[:at], text[:at] + bytes([dice.randrange(256)]) + text[at:], b"[" * 5000 + text])
    return text


def ask(path, query, headers, body=None):
    url = address + path + ("?" + urllib.parse.urlencode(query) if query else "")
    request = urllib.request.Request(url, headers=headers, data=body)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def check(operation, path, query, sent=None):
    heads = {"Authorization": "Bearer " + token}
    if sent is not None:
        heads["Content-Type"] = "application/json"
        if dice.random() < 0.2:
            heads["Idempotency-Key"] = f"key-{dice.randrange(10):08}"
        if dice.random() < 0.3:
            heads["If-Match"] = dice.choice(['"x"', "*", "W/\"1\""])
    status, headers, body = ask(path, query, heads, sent)
    where = f"{'GET' if sent is None else 'POST'} {path} {query} {(sent or b'')[:300]}: {status}"
    described = operation["responses"].get(str(status), operation["responses"]["default"])
    media = headers["Content-Type"].split(";")[0]
    if status >= 500 and b"problem:no-night" not in body: # it may have been started without
        complaints.append(where)
    elif media not in described.get("content", {}):
        complaints.append(f"{where}: {media}")
    elif media.endswith("json"):
        wrong = fit(json.loads(body), described["content"][media]["schema"])
        if wrong:
            complaints.append(f"{where}: {wrong}")
    return status


asked = fine = 0
for pattern, item in document["paths"].items():
    operation = item.get("get")
    if operation is None:
        continue
    for round in range(40):
        path, query = pattern, {}
        for parameter in operation["parameters"]:
            value = good(parameter["schema"]) if dice.random() < 0.85 else bad()
            if parameter["in"] == "path":
                path = path.replace("{" + parameter["name"] + "}", urllib.parse.quote(value, safe=""))
            elif parameter["in"] == "query" and parameter["name"] != "cursor" and dice.random() < 0.3:
                query[parameter["name"]] = value
        status = check(operation, path, query)
        asked += 1
        fine += status == 200

posts = did = 0
for pattern, item in document["paths"].items():
    operation = item.get("post", {})
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if schema is None or pattern == "/v1/session": # whose guesses are slowed down
        continue
    for round in range(60):
        path = pattern
        for parameter in operation["parameters"]:
            if parameter["in"] == "path":
                path = path.replace("{" + parameter["name"] + "}", urllib.parse.quote(good(parameter["schema"]), safe=""))
        did += check(operation, path, {}, body_of(schema)) < 300
        posts += 1

print(f"{posts} posted, {did} done")
print(f"{asked} asked, {fine} answered with 200")
for complaint in complaints[:10]:
    print(complaint)
sys.exit(1 if complaints or fine < asked / 4 else 0)
