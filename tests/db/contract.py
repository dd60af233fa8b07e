#!/usr/bin/env python3
"""Does a server answer as its OpenAPI document says?  contract.py DOCUMENT ADDRESS TOKEN

Every GET of the document is asked with values that its parameters allow and with some
that they do not: the status is one of those described, the body fits the schema, and
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


def ask(path, query, headers):
    url = address + path + ("?" + urllib.parse.urlencode(query) if query else "")
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def check(pattern, operation, path, query):
    status, headers, body = ask(path, query, {"Authorization": "Bearer " + token})
    where = f"GET {path} {query}: {status}"
    described = operation["responses"].get(str(status), operation["responses"]["default"])
    media = headers["Content-Type"].split(";")[0]
    if status >= 500:
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
        status = check(pattern, operation, path, query)
        asked += 1
        fine += status == 200

print(f"{asked} asked, {fine} answered with 200")
for complaint in complaints[:10]:
    print(complaint)
sys.exit(1 if complaints or fine < asked / 4 else 0)
