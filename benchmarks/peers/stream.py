#!/usr/bin/env python3
"""A per-event scorer as someone would write it who knows CPython well: stream.mjs in Python.

    stream.py MODEL NIGHT [HISTORY...] <events >scores

Read the head of stream.mjs: the same features, the same arguments, the same things left out.
orjson when it is there, else json; lists with slots by number instead of objects; garbage
collection of cycles is off.
"""
import gc
import json
import math
import re
import resource
import sys
from datetime import datetime
from functools import lru_cache

try:
    from orjson import dumps, loads
except ImportError:
    loads = json.loads

    def dumps(value):
        return json.dumps(value, separators=(",", ":")).encode()

DAY, WINDOW = 86400.0, 14 * 86400
PRICES = "p00_10 p10_25 p25_50 p50_75 p75_90 p90_100".split()
SHIPPED = "no_promise in_time late_1d late_2d late_4d later waiting overdue".split()
TRANSIT = "not_shipped under_1.5d under_3d under_4.5d under_6d under_9d over_9d on_the_way lost".split()
DROPS = "under_3% under_10% under_20% over_20%".split()
AGES = ("under_1d under_2d under_3d under_4d under_5d under_6d under_8d under_10d under_14d "
        "over_14d").split()
ACCOUNTS = "unknown under_30d under_90d under_180d under_1y under_2y over_2y".split()
LATE, TRAVEL, DROP = (0, 1, 2, 4), (1.5, 3, 4.5, 6, 9), (.03, .1, .2)
AGE, ACCOUNT = (1, 2, 3, 4, 5, 6, 8, 10, 14), (30, 90, 180, 365, 730)
WORDS = re.compile(r"[^\s,.!?~…，。！？～、；;：:]+").findall
SKIPPED = (b"ou", b"ve")  # outcomes and verdicts are not needed

# An order: a list, by place.
(AT, BUYER, MU, NU, AMOUNT, QUANTITY, MERCHANT, SKU, CATEGORY, SENT, DELIVERED, CARRIER, SELF,
 ASKED, PROMISED, OFFERED, ANSWERED, KEYS, SUMS, COUNTED) = range(20)
# A buyer, and a sum over a merchant, an item or a window.
ORDERS, CLAIMS, OBSERVED, EXPECTED = range(4)
O, E, ITEMS, WINDOWS = range(4)


def seconds(text):
    return datetime.fromisoformat(text).timestamp()


def bin_of(value, edges):
    i = 0
    for edge in edges:
        if value < edge:
            break
        i += 1
    return i


class Scorer:
    def __init__(self, model, night):
        self.marks, self.n, self.factors = model["marks"], model["numbers"], model["factors"]
        self.cuts, self.night, self.scoring = model["price_cuts"], night, False
        self.orders, self.buyers, self.merchants, self.prices = {}, {}, {}, {}
        self.keys, self.pictures, self.texts, self.words, self.mixes = {}, {}, {}, {}, {}
        self.words_all = self.events = self.scored = 0
        self.output = []
        table = self.table
        self.mu_price, self.nu_price = table("price_band", PRICES, "fault"), table("price_band", PRICES, "temptation")
        self.mu_shipped, self.mu_transit = table("shipped", SHIPPED, "fault"), table("transit", TRANSIT, "fault")
        self.mu_drop, self.mu_age = table("price_drop", DROPS, "fault"), table("order_age", AGES, "fault")
        self.nu_age, self.nu_account = table("order_age", AGES, "temptation"), table("account_age", ACCOUNTS, "temptation")
        self.level = lru_cache(None)(self.level)
        self.doing = {"order": self.on_order, "request": self.on_request, "contact": self.on_contact,
                      "shipment": self.on_shipment, "delivery": self.on_delivery, "price": self.on_price}

    def level(self, factor, name, rate):
        levels = self.factors[factor]
        return (levels.get("=" + name) or levels.get("other") or {}).get(rate, 1)

    def table(self, factor, names, rate):
        return [self.level(factor, name, rate) for name in names]

    # ---- what happened ----

    def on_order(self, e, at):
        get, level, n = e.get, self.level, self.n
        buyer = self.buyers.get(e["buyer_id"])
        if buyer is None:
            buyer = self.buyers[e["buyer_id"]] = [[], [], 0, 0.0]
        price, category, born = bin_of(e["amount"], self.cuts), e["category"], get("account_created_at")
        account = 0 if born is None else 1 + bin_of((at - seconds(born)) / DAY, ACCOUNT)
        mu = (n["base_fault"] * self.mu_price[price] * level("category", category, "fault") *
              level("channel", e["channel"], "fault") * level("campaign", get("campaign", "none"), "fault"))
        nu = (n["base_temptation"] * self.nu_price[price] * level("category", category, "temptation") *
              self.nu_account[account])
        promised = get("promised_ship_at")
        merchant = self.merchants.get(e["merchant_id"])
        if merchant is None:
            merchant = self.merchants[e["merchant_id"]] = [0, 0.0, {}, {}]
        item = merchant[ITEMS].setdefault(e["sku_id"], [0, 0.0])
        window = merchant[WINDOWS].setdefault(at // WINDOW, [0, 0.0])
        keys = (get("device_id"), get("address_id"), get("payment_id"))
        order = [at, buyer, mu, nu, e["amount"], get("quantity", 1), e["merchant_id"], e["sku_id"], category, 0, 0,
                 "none", True, False, 0 if promised is None else seconds(promised), 0, False, keys,
                 (merchant, item, window), False]
        if not self.scoring:
            merchant[E] += mu
            item[E] += mu
            window[E] += mu
        buyer[ORDERS].append(order)
        buyer[EXPECTED] += mu
        self.orders[e["order_id"]] = order
        for key in keys:
            if key is not None:
                those = self.keys.setdefault(key, buyer)
                if type(those) is dict:
                    those[id(buyer)] = buyer
                elif those is not buyer:
                    self.keys[key] = {id(those): those, id(buyer): buyer}

    def on_shipment(self, e, at):
        order = self.orders.get(e["order_id"])
        if order is not None:
            order[SENT], order[CARRIER] = at, e.get("carrier", "none")

    def on_delivery(self, e, at):
        order = self.orders.get(e["order_id"])
        if order is not None:
            order[DELIVERED], order[SELF] = at, e.get("signed_by") == "self"

    def on_price(self, e, at):
        self.prices.setdefault(e["sku_id"], []).append((at, e["price"]))

    def on_contact(self, e, at):
        order = self.orders.get(e["order_id"])
        if order is None:
            return
        if e["by"] == "merchant" and e["kind"].startswith("offer_"):
            order[OFFERED] = order[OFFERED] or at
        elif e["by"] == "buyer" and order[OFFERED]:
            order[ANSWERED] = True

    # ---- a request ----

    def drop(self, order):
        low, those = order[AMOUNT], self.prices.get(order[SKU])
        if those is not None:
            for at, price in those:
                if order[AT] < at <= order[AT] + 15 * DAY:
                    low = min(low, price * order[QUANTITY])
        return 1 - low / order[AMOUNT] if order[AMOUNT] > 0 else 0

    def rates(self, order, at):
        """Fault and temptation as of `at`, without the merchant; then bins for the marks."""
        age, sent, promised = bin_of((at - order[AT]) / DAY, AGE), order[SENT], order[PROMISED]
        shipped = (0 if promised == 0 else (7 if promised < at else 6) if sent == 0
                   else 1 + bin_of((sent - promised) / DAY, LATE))
        start = sent or order[AT]
        transit = (1 + bin_of((order[DELIVERED] - start) / DAY, TRAVEL) if order[DELIVERED]
                   else 0 if sent == 0 else 8 if at - start > 12 * DAY else 7)
        drop = self.drop(order)
        mu = (order[MU] * self.mu_shipped[shipped] * self.mu_transit[transit] * self.mu_age[age] *
              self.mu_drop[bin_of(drop, DROP)] *
              self.level("carrier_category", order[CARRIER] + "|" + order[CATEGORY], "fault"))
        return mu, order[NU] * self.nu_age[age], shipped, transit, drop

    def posterior(self, pi, fault, abuse, claims):
        """E[a] and E[u]: the product of (p u + q a) is a polynomial, each integral Gamma's."""
        n = self.n
        kappa, alpha, beta = n["readiness_shape"], n["abuse_shape"], n["abuse_rate"]
        claims = claims[-32:]
        k, c, u, a = len(claims), [1.0], [1.0], [1.0]
        for p, q in claims:
            c = [x * p + y * q for x, y in zip(c + [0], [0] + c)]
        for i in range(k + 1):
            u.append(u[i] * (kappa + i) / (kappa + fault))
            a.append(a[i] * (alpha + i) / (beta + abuse))
        clean, shut = (1 - pi) * c[0], pi * (beta / (beta + abuse)) ** alpha
        z, mean_a, mean_u = clean * u[k], 0.0, clean * u[k + 1]
        for i in range(k + 1):
            w = shut * c[i]
            z += w * u[k - i] * a[i]
            mean_a += w * u[k - i] * a[i + 1]
            mean_u += w * u[k - i + 1] * a[i]
        return mean_a / z, mean_u / z

    def company(self, order):
        best = 0
        for key in order[KEYS]:
            those = self.keys.get(key)
            if type(those) is dict and len(those) <= 100:
                o = sum(b[OBSERVED] for b in those.values()) - order[BUYER][OBSERVED]
                e = sum(b[EXPECTED] for b in those.values()) - order[BUYER][EXPECTED]
                best = max(best, math.log((o + 1) / (e + 1)))
        return self.n["ring_lo_share"] * best

    def fit(self, words, topic):
        """Of the words the one that fits the topic least."""
        least, get, total = 1, self.words.get, self.words.get(topic, 0)
        for word in words:
            everywhere = get(word, 0)
            if everywhere >= 8:
                least = min(least, (get(topic + word, 0) + .5) / (everywhere * total / self.words_all + .5))
        return least

    def marks_of(self, e, at, order, now):
        _, _, shipped, transit, drop = now
        since, text, reason, kind = (at - order[DELIVERED]) / DAY, e.get("text"), e["reason"], {}
        kind["delay"] = ("not_delivered" if not order[DELIVERED] else
                         ("under_3h", "under_12h", "under_1d", "under_2d", "under_3d",
                          "over_3d")[bin_of(since, (.125, .5, 1, 2, 3))])
        if not text:
            kind["text_category"] = kind["text_reason"] = kind["text_copy"] = "no_text"
        else:
            words, names = WORDS(text), ("foreign", "rare", "unusual", "fits")
            edges = (1 / 20, 1 / 7, 1 / 4)
            kind["text_category"] = names[bin_of(self.fit(words, "c" + order[CATEGORY]), edges)]
            why = names[bin_of(self.fit(words, "r" + reason), edges)]
            kind["text_reason"] = "neutral" if why == "fits" else why
            those = self.texts.get(text)
            kind["text_copy"] = ("alone" if those is None or those == {id(order[BUYER])} else
                                 "usual" if len(text) < 12 else "common" if len(those) > 20 else "copied")
        photo = "no_photo"
        for picture in e.get("photos", ()):
            first = self.pictures.get(picture)
            if first is None:
                photo = "own" if photo == "no_photo" else photo
            elif first[BUYER] is not order[BUYER]:
                photo = "other_buyer"
            elif first is not order and photo != "other_buyer":
                photo = "same_buyer"
        kind["photo_reuse"] = photo
        kind["reason_logistics"] = (
            (("received" if order[SELF] else "received_crowd") if order[DELIVERED] else "not_received")
            if reason == "not_received" else
            ("late" if shipped > 1 or transit > 4 else "in_time") if reason == "late_delivery" else
            ("dropped" if drop > .01 else "no_drop") if reason == "price_drop" else "silent")
        kind["reply"] = ("no_offer" if not order[OFFERED] else "answered" if order[ANSWERED] else
                         "unanswered" if at - order[OFFERED] > 2 * DAY else "no_offer")
        paid, asked = order[AMOUNT], e["amount"]
        kind["amount"] = "unknown" if paid <= 0 else "more" if asked > paid else "whole" if asked == paid else "part"
        goods, get = order[MERCHANT] + "|" + order[SKU], self.mixes.get
        here, category = get(goods, 0), order[CATEGORY]
        times = (get(goods + reason, 0) + 2) / (here * get(category + reason, 0) / max(1, get(category, 0)) + 2)
        kind["reason_goods"] = ("as_usual" if here == 0 else "over_twice" if times > 2 else "more" if times > 1.3
                                else "under_half" if times < .5 else "fewer" if times < .8 else "as_usual")
        weight = self.marks
        return {name: weight[name].get(answer, 0) for name, answer in kind.items()}

    def psi(self, order, own):
        n, psi = self.n, 1.0
        for s, rho in zip(order[SUMS], (n["rho_merchant"], n["rho_listing"], n["rho_merchant_window"])):
            o, e = own.get(id(s), (0, 0.0))
            psi *= (max(0, s[O] - o) + rho) / (max(0, s[E] - e) + rho)
        return psi

    def judge(self, e, at, order):
        buyer, own, n = order[BUYER], {}, self.n
        for one in buyer[ORDERS]:
            if one[AT] < self.night:
                for s in one[SUMS]:
                    o, x = own.get(id(s), (0, 0.0))
                    own[id(s)] = (o + one[COUNTED], x + one[MU])
        fault = abuse = 0.0
        for one in buyer[ORDERS]:
            now = self.rates(one, at)
            psi = self.psi(one, own)
            fault += now[0] * psi
            abuse += now[1]
            if one is order:
                here, here_psi = now, psi
        terms, ring = self.marks_of(e, at, order, here), self.company(order)
        marks = sum(terms.values())
        pi = 1 / (1 + math.exp(-(math.log(n["abusers"] / (1 - n["abusers"])) + ring)))
        mean_a, mean_u = self.posterior(min(pi, n["ring_pi_hi"]), fault, abuse, buyer[CLAIMS])
        p, q = here[0] * here_psi, here[1] * math.exp(marks)
        if self.scoring:
            odds = math.log(q * mean_a / (p * mean_u))
            terms.update(circumstances=math.log(here[1] / here[0]), merchant=-math.log(here_psi),
                         buyer_record=math.log(mean_a), readiness=-math.log(mean_u), ring=ring)
            self.output.append(dumps({"request_id": e["request_id"], "order_id": e["order_id"],
                                      "probability": 1 / (1 + math.exp(-odds)), "log_odds": odds, "terms": terms}))
            self.scored += 1
        return p, q

    def on_request(self, e, at):
        order = self.orders.get(e["order_id"])
        if order is None:
            return
        buyer, reason, learns = order[BUYER], e["reason"], not self.scoring
        if e["kind"] != "refund_only":
            if learns:
                goods = order[MERCHANT] + "|" + order[SKU]
                for key in (goods, goods + reason, order[CATEGORY], order[CATEGORY] + reason):
                    self.mixes[key] = self.mixes.get(key, 0) + 1
        elif not order[ASKED]:
            order[ASKED] = True
            buyer[CLAIMS].append(self.judge(e, at, order))
            buyer[OBSERVED] += 1
            if learns:
                order[COUNTED] = True
                for s in order[SUMS]:
                    s[O] += 1
        for picture in e.get("photos", ()):
            self.pictures.setdefault(picture, order)
        text = e.get("text")
        if not learns or not text:
            return
        self.texts.setdefault(text, set()).add(id(buyer))
        for word in WORDS(text):
            self.words_all += 1
            category = "c" + order[CATEGORY]
            for key in (word, category, "r" + reason, category + word, "r" + reason + word):
                self.words[key] = self.words.get(key, 0) + 1

    # ---- lines ----

    def read(self, file):
        doing, kept = self.doing, b""
        while block := file.read1(1 << 20):
            lines = (kept + block).split(b"\n")
            kept = lines.pop()
            for line in lines:
                if line[9:11] in SKIPPED or not line:
                    continue
                e = loads(line)
                at = e["at"]
                at = seconds(at) if type(at) is str else at / 1e3
                if self.scoring or at <= self.night:
                    doing[e["type"]](e, at)
            self.events += len(lines)
            if self.output:
                sys.stdout.buffer.write(b"\n".join(self.output) + b"\n")
                sys.stdout.buffer.flush()
                self.output.clear()


def cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main():
    gc.disable()
    with open(sys.argv[1], "rb") as file:
        scorer = Scorer(loads(file.read()), seconds(sys.argv[2]))
    for path in sys.argv[3:]:
        with open(path, "rb") as file:
            scorer.read(file)
    scorer.scoring, scorer.events, before = True, 0, cpu_seconds()
    scorer.read(sys.stdin.buffer)
    print(json.dumps({"stream_cpu_s": round(cpu_seconds() - before, 3), "events": scorer.events,
                      "scored": scorer.scored, "json": loads.__module__,
                      "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3}), file=sys.stderr)


if __name__ == "__main__":
    main()
