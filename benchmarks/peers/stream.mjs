// A per-event scorer as someone would write it who knows node.js well: the same features at
// the time of a request as `rebut stream`, from plain Maps.  Node 20, no packages.
//
//     node stream.mjs MODEL NIGHT [HISTORY...] <events >scores
//
// MODEL is rebut's JSON (rates by factor, weights of the marks, the population).  Events of
// HISTORY are taken first, those before NIGHT's time only: they fill the tables, and are
// not timed.  Then each refund-only request of standard input gives a line.  CPU seconds of
// the stream alone, and what was done, go to standard error as JSON.
//
// It is treated well.  Left out are: checking the input (lines of types that it does not need
// are not even parsed), duplicates, disorder and revisions, orphans, late events; trust (all
// buyers count alike for a merchant) and the agreement of merchants, buyers and readiness by
// iteration; professional claimants; intervals, rank, q-values, verdicts and the layer learned
// from them, sentences; witnesses in the same days; near-equal pictures and texts (equal ones
// are found); words are those between punctuation.
import { openSync, readFileSync, readSync, writeSync } from "node:fs";

const DAY = 864e5, WINDOW = 14 * DAY;
const model = JSON.parse(readFileSync(process.argv[2], "utf8"));
const night = Date.parse(process.argv[3]);
const n = model.numbers, F = model.factors;

// ---- rates by factor ----

const level = (factor, name, rate) => {
  const l = F[factor]["=" + name] ?? F[factor][name] ?? F[factor].other;
  return l?.[rate] ?? 1;
};
const table = (factor, names, rate) => names.map((x) => level(factor, x, rate));
const PRICES = ["p00_10", "p10_25", "p25_50", "p50_75", "p75_90", "p90_100"];
const SHIPPED = ["no_promise", "in_time", "late_1d", "late_2d", "late_4d", "later", "waiting", "overdue"];
const TRANSIT = ["not_shipped", "under_1.5d", "under_3d", "under_4.5d", "under_6d", "under_9d",
  "over_9d", "on_the_way", "lost"];
const DROPS = ["under_3%", "under_10%", "under_20%", "over_20%"];
const AGES = ["under_1d", "under_2d", "under_3d", "under_4d", "under_5d", "under_6d", "under_8d",
  "under_10d", "under_14d", "over_14d"];
const ACCOUNTS = ["unknown", "under_30d", "under_90d", "under_180d", "under_1y", "under_2y", "over_2y"];
const muPrice = table("price_band", PRICES, "fault"), nuPrice = table("price_band", PRICES, "temptation");
const muShipped = table("shipped", SHIPPED, "fault"), muTransit = table("transit", TRANSIT, "fault");
const muDrop = table("price_drop", DROPS, "fault");
const muAge = table("order_age", AGES, "fault"), nuAge = table("order_age", AGES, "temptation");
const nuAccount = table("account_age", ACCOUNTS, "temptation");
// By name, looked up once.
const named = (factor, rate) => {
  const memo = new Map();
  return (name) => {
    let value = memo.get(name);
    if (value === undefined) memo.set(name, (value = level(factor, name, rate)));
    return value;
  };
};
const muCategory = named("category", "fault"), nuCategory = named("category", "temptation");
const muChannel = named("channel", "fault"), muCampaign = named("campaign", "fault");
const muCarrier = named("carrier_category", "fault");
const bin = (value, edges) => {
  let i = 0;
  while (i < edges.length && value >= edges[i]) i++;
  return i;
};
const LATE = [0, 1, 2, 4], TRAVEL = [1.5, 3, 4.5, 6, 9], DROP = [0.03, 0.1, 0.2];
const AGE = [1, 2, 3, 4, 5, 6, 8, 10, 14], ACCOUNT = [30, 90, 180, 365, 730];

// ---- what is known ----

const orders = new Map(), requests = new Map(), buyers = new Map(), merchants = new Map();
const prices = new Map(), keys = new Map();
const pictures = new Map(), texts = new Map(), words = new Map(), mixes = new Map();
let scoring = false, output = [], events = 0, scored = 0, wordsAll = 0;
const sum = (map, key) => {
  let s = map.get(key);
  if (s === undefined) map.set(key, (s = { o: 0, e: 0, items: null, windows: null }));
  return s;
};
const add = (map, key, by) => map.set(key, (map.get(key) ?? 0) + by);
const get = (map, key) => map.get(key) ?? 0;

function onOrder(e, at) {
  let buyer = buyers.get(e.buyer_id);
  if (buyer === undefined) buyers.set(e.buyer_id, (buyer = { orders: [], claims: [], o: 0, e: 0 }));
  const price = bin(e.amount, model.price_cuts);
  const account = e.account_created_at === undefined ? 0
    : 1 + bin((at - Date.parse(e.account_created_at)) / DAY, ACCOUNT);
  const mu = n.base_fault * muPrice[price] * muCategory(e.category) * muChannel(e.channel) *
    muCampaign(e.campaign ?? "none");
  const nu = n.base_temptation * nuPrice[price] * nuCategory(e.category) * nuAccount[account];
  const order = { at, id: e.order_id, buyer, mu, nu, amount: e.amount, quantity: e.quantity ?? 1, merchant: e.merchant_id,
    sku: e.sku_id, category: e.category, shipped: 0, delivered: 0, carrier: "none", self: true, asked: false,
    promised: e.promised_ship_at === undefined ? 0 : Date.parse(e.promised_ship_at), offered: 0, answered: false,
    keys: [e.device_id, e.address_id, e.payment_id], sums: null };
  const merchant = sum(merchants, e.merchant_id);
  order.sums = [merchant, sum((merchant.items ??= new Map()), e.sku_id),
    sum((merchant.windows ??= new Map()), Math.floor(at / WINDOW))];
  if (!scoring) for (const s of order.sums) s.e += mu;
  buyer.orders.push(order);
  buyer.e += mu;
  orders.set(e.order_id, order);
  for (const key of order.keys) {
    if (key === undefined) continue;
    const those = keys.get(key);
    if (those === undefined) keys.set(key, buyer);
    else if (those instanceof Set) those.add(buyer);
    else if (those !== buyer) keys.set(key, new Set([those, buyer]));
  }
}

function onContact(e, at) {
  const order = orders.get(e.order_id);
  if (order === undefined) return;
  if (e.by === "merchant" && e.kind.startsWith("offer_")) order.offered ||= at;
  else if (e.by === "buyer" && order.offered > 0) order.answered = true;
}

// ---- a request ----

const rateOf = (s, rho, o, e) => (Math.max(0, s.o - o) + rho) / (Math.max(0, s.e - e) + rho);

function lowest(order, at) {
  let low = order.amount;
  const list = prices.get(order.sku);
  if (list !== undefined)
    for (const [when, price] of list)
      if (when > order.at && when <= order.at + 15 * DAY) low = Math.min(low, price * order.quantity);
  return order.amount > 0 ? 1 - low / order.amount : 0;
}

// Fault and temptation of an order as of `at`, without the merchant.
function rates(order, at, ret) {
  const age = bin((at - order.at) / DAY, AGE);
  const shipped = order.promised === 0 ? 0 : order.shipped === 0 ? (order.promised < at ? 7 : 6)
    : 1 + bin((order.shipped - order.promised) / DAY, LATE);
  const start = order.shipped || order.at;
  const transit = order.delivered !== 0 ? 1 + bin((order.delivered - start) / DAY, TRAVEL)
    : order.shipped === 0 ? 0 : at - start > 12 * DAY ? 8 : 7;
  ret.shipped = shipped;
  ret.transit = transit;
  ret.drop = lowest(order, at);
  ret.mu = order.mu * muShipped[shipped] * muTransit[transit] * muAge[age] * muDrop[bin(ret.drop, DROP)] *
    muCarrier(order.carrier + "|" + order.category);
  ret.nu = order.nu * nuAge[age];
}

// E[a] and E[u] from exposures and the other claims: the product of (p u + q a) is a
// polynomial, each integral a Gamma integral.
function posterior(pi, fault, abuse, claims) {
  const { readiness_shape: kappa, abuse_shape: alpha, abuse_rate: beta } = n;
  const k = Math.min(claims.length, 32), from = claims.length - k;
  let c = [1];
  for (let j = 0; j < k; j++) {
    const { p, q } = claims[from + j], next = new Array(c.length + 1).fill(0);
    for (let i = 0; i < c.length; i++) {
      next[i] += c[i] * p;
      next[i + 1] += c[i] * q;
    }
    c = next;
  }
  const u = [1], a = [1];
  for (let i = 0; i <= k; i++) {
    u.push(u[i] * (kappa + i) / (kappa + fault));
    a.push(a[i] * (alpha + i) / (beta + abuse));
  }
  const open = (1 - pi) * c[0], shut = pi * Math.pow(beta / (beta + abuse), alpha);
  let z = open * u[k], meanA = 0, meanU = open * u[k + 1];
  for (let i = 0; i <= k; i++) {
    z += shut * c[i] * u[k - i] * a[i];
    meanA += shut * c[i] * u[k - i] * a[i + 1];
    meanU += shut * c[i] * u[k - i + 1] * a[i];
  }
  return [meanA / z, meanU / z];
}

function company(order) {
  const buyer = order.buyer;
  let best = 0;
  for (const key of order.keys) {
    const those = keys.get(key);
    if (!(those instanceof Set) || those.size > 100) continue;
    let o = 0, e = 0;
    for (const other of those) if (other !== buyer) ((o += other.o), (e += other.e));
    best = Math.max(best, Math.log((o + 1) / (e + 1)));
  }
  return n.ring_lo_share * best;
}

const WORDS = /[^\s,.!?~…，。！？～、；;：:]+/gu;

// Of the request's words the one that fits its topic least.
function fit(list, topic, total) {
  let least = 1;
  for (const word of list) {
    const all = get(words, word), here = get(words, topic + word);
    if (all >= 8) least = Math.min(least, (here + 0.5) / (all * total / wordsAll + 0.5));
  }
  return least;
}

function marksOf(e, at, order, now) {
  const weight = model.marks, kind = {};
  const since = (at - order.delivered) / DAY;
  kind.delay = order.delivered === 0 ? "not_delivered" : since < 0.125 ? "under_3h" : since < 0.5 ? "under_12h"
    : since < 1 ? "under_1d" : since < 2 ? "under_2d" : since < 3 ? "under_3d" : "over_3d";
  const text = e.text;
  if (!text) kind.text_category = kind.text_reason = kind.text_copy = "no_text";
  else {
    const list = text.match(WORDS) ?? [], category = "c" + order.category, reason = "r" + e.reason;
    const on = fit(list, category, get(words, category)), why = fit(list, reason, get(words, reason));
    kind.text_category = on < 1 / 20 ? "foreign" : on < 1 / 7 ? "rare" : on < 1 / 4 ? "unusual" : "fits";
    kind.text_reason = why < 1 / 20 ? "foreign" : why < 1 / 7 ? "rare" : why < 1 / 4 ? "unusual" : "neutral";
    const those = texts.get(text);
    kind.text_copy = those === undefined || (those.size === 1 && those.has(order.buyer)) ? "alone"
      : text.length < 12 ? "usual" : those.size > 20 ? "common" : "copied";
  }
  kind.photo_reuse = "no_photo";
  for (const picture of e.photos ?? []) {
    const first = pictures.get(picture);
    if (first === undefined) kind.photo_reuse = kind.photo_reuse === "no_photo" ? "own" : kind.photo_reuse;
    else if (first.buyer !== order.buyer) kind.photo_reuse = "other_buyer";
    else if (first !== order && kind.photo_reuse !== "other_buyer") kind.photo_reuse = "same_buyer";
  }
  kind.reason_logistics = e.reason === "not_received" ? (order.delivered ? (order.self ? "received" : "received_crowd") : "not_received")
    : e.reason === "late_delivery" ? (now.shipped > 1 || now.transit > 4 ? "late" : "in_time")
      : e.reason === "price_drop" ? (now.drop > 0.01 ? "dropped" : "no_drop") : "silent";
  kind.reply = order.offered === 0 ? "no_offer" : order.answered ? "answered" : at - order.offered > 2 * DAY ? "unanswered" : "no_offer";
  kind.amount = order.amount <= 0 ? "unknown" : e.amount > order.amount ? "more" : e.amount === order.amount ? "whole" : "part";
  const goods = order.merchant + "|" + order.sku, here = get(mixes, goods), of = get(mixes, goods + e.reason);
  const usual = get(mixes, order.category + e.reason) / Math.max(1, get(mixes, order.category));
  const times = (of + 2) / (here * usual + 2);
  kind.reason_goods = here === 0 ? "as_usual" : times > 2 ? "over_twice" : times > 1.3 ? "more"
    : times < 0.5 ? "under_half" : times < 0.8 ? "fewer" : "as_usual";
  let sumOf = 0;
  const terms = {};
  for (const name in kind) sumOf += terms[name] = weight[name][kind[name]] ?? 0;
  return [sumOf, terms];
}

const rate = { mu: 0, nu: 0, shipped: 0, transit: 0, drop: 0 };

function judge(e, at, order) {
  const buyer = order.buyer, ownO = new Map(), ownE = new Map();
  for (const one of buyer.orders)
    for (const s of one.sums) {
      if (one.at < night) ownE.set(s, (ownE.get(s) ?? 0) + one.mu);
      if (one.counted) ownO.set(s, (ownO.get(s) ?? 0) + 1);
    }
  let fault = 0, abuse = 0, here = null;
  for (const one of buyer.orders) {
    rates(one, at, rate);
    const [m, i, w] = one.sums;
    const psi = rateOf(m, n.rho_merchant, get(ownO, m), get(ownE, m)) * rateOf(i, n.rho_listing, get(ownO, i), get(ownE, i)) *
      rateOf(w, n.rho_merchant_window, get(ownO, w), get(ownE, w));
    fault += rate.mu * psi;
    abuse += rate.nu;
    if (one === order) here = { ...rate, psi };
  }
  const [marks, terms] = marksOf(e, at, order, here);
  const ring = company(order);
  const pi = 1 / (1 + Math.exp(-(Math.log(n.abusers / (1 - n.abusers)) + ring)));
  const [meanA, meanU] = posterior(Math.min(pi, n.ring_pi_hi), fault, abuse, buyer.claims);
  const p = here.mu * here.psi, q = here.nu * Math.exp(marks);
  const odds = Math.log(q * meanA / (p * meanU));
  if (scoring) {
    terms.circumstances = Math.log(here.nu / here.mu);
    terms.merchant = -Math.log(here.psi);
    terms.buyer_record = Math.log(meanA);
    terms.readiness = -Math.log(meanU);
    terms.ring = ring;
    output.push(JSON.stringify({ request_id: e.request_id, order_id: e.order_id, probability: 1 / (1 + Math.exp(-odds)),
      log_odds: odds, terms }));
    scored++;
  }
  return { p, q };
}

function onRequest(e, at) {
  const order = orders.get(e.order_id);
  if (order === undefined) return;
  if (e.kind === "refund_only" && !order.asked) {
    order.asked = true;
    order.buyer.claims.push(judge(e, at, order));
    order.buyer.o++;
    if (!scoring) {
      order.counted = true;
      for (const s of order.sums) s.o++;
    }
  }
  if (e.kind !== "refund_only" && !scoring)
    for (const key of [order.merchant + "|" + order.sku, order.merchant + "|" + order.sku + e.reason, order.category, order.category + e.reason])
      add(mixes, key, 1);
  for (const picture of e.photos ?? []) if (!pictures.has(picture)) pictures.set(picture, order);
  if (scoring || !e.text) return;
  let those = texts.get(e.text);
  if (those === undefined) texts.set(e.text, (those = new Set()));
  those.add(order.buyer);
  for (const word of e.text.match(WORDS) ?? []) {
    wordsAll++;
    for (const key of [word, "c" + order.category, "r" + e.reason, "c" + order.category + word, "r" + e.reason + word]) add(words, key, 1);
  }
}

// ---- lines ----

const NEEDED = new Set([0x6f72, 0x7368, 0x6465, 0x7072, 0x636f, 0x7265]); // or sh de pr co re

function take(buffer, start, end) {
  events++;
  if (buffer[start + 8] === 0x22 && !NEEDED.has((buffer[start + 9] << 8) | buffer[start + 10])) return;
  if (end === start) return;
  const e = JSON.parse(buffer.utf8Slice(start, end)), at = typeof e.at === "number" ? e.at : Date.parse(e.at);
  if (!scoring && at > night) return;
  switch (e.type) {
    case "order": return onOrder(e, at);
    case "request": return onRequest(e, at);
    case "contact": return onContact(e, at);
    case "shipment": {
      const order = orders.get(e.order_id);
      if (order !== undefined) ((order.shipped = at), (order.carrier = e.carrier ?? "none"));
      return;
    }
    case "delivery": {
      const order = orders.get(e.order_id);
      if (order !== undefined) ((order.delivered = at), (order.self = e.signed_by === "self"));
      return;
    }
    case "price": {
      const list = prices.get(e.sku_id);
      if (list === undefined) prices.set(e.sku_id, [[at, e.price]]);
      else list.push([at, e.price]);
    }
  }
}

function flush() {
  if (output.length === 0) return;
  const bytes = Buffer.from(output.join("\n") + "\n");
  for (let at = 0; at < bytes.length;) at += writeSync(1, bytes, at);
  output = [];
}

// Large blocks, read in place: a stream of objects and promises takes longer.
function readAll(fd) {
  let buffer = Buffer.allocUnsafe(4 << 20), kept = 0;
  for (;;) {
    let size = 0;
    try {
      size = readSync(fd, buffer, kept, buffer.length - kept);
    } catch (error) {
      if (error.code === "EAGAIN") continue;
      if (error.code !== "EOF") throw error;
    }
    if (size === 0) break;
    const end = kept + size;
    let start = 0;
    for (let at = buffer.indexOf(10, kept); at !== -1 && at < end; at = buffer.indexOf(10, start)) {
      take(buffer, start, at);
      start = at + 1;
    }
    kept = end - start;
    buffer.copy(buffer, 0, start, end);
    flush();
  }
}

for (const path of process.argv.slice(4)) readAll(openSync(path));
scoring = true;
events = 0;
const before = process.cpuUsage();
readAll(0);
const used = process.cpuUsage(before);
process.stderr.write(JSON.stringify({ stream_cpu_s: (used.user + used.system) / 1e6, events, scored,
  peak_mb: process.resourceUsage().maxRSS / 1000 }) + "\n");
