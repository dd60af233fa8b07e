-- The features of batch_pandas.py in PostgreSQL alone, as of each request: window functions
-- over buyer, merchant and item, no row of the future.  psql -f nightly.sql; the result is
-- peer.features, a row a refund-only request.
--
-- Less is asked of it than of the others: SQL has no learner, so there are no scores; rates
-- are the product of single factors' ratios where rebut and pandas rake them to agreement;
-- words and pairs of characters are left out; and equal pictures are found, not near ones.
SET work_mem = '256MB';
SET hash_mem_multiplier = 2;
SET max_parallel_workers_per_gather = 2;
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS peer;

-- ---- orders with what became of them ----

-- The first request of each kind counts, as elsewhere.
CREATE UNLOGGED TABLE peer.asked AS
SELECT order_id, min(at) FILTER (WHERE kind = 'refund_only') AS asked_at,
       min(at) FILTER (WHERE kind = 'return_refund' AND reason IN ('damaged', 'quality',
           'not_as_described', 'counterfeit', 'wrong_item', 'missing_item')) AS returned_at
  FROM rebut.requests GROUP BY order_id;
ANALYZE peer.asked;

CREATE UNLOGGED TABLE peer.facts AS
WITH cuts AS (
    SELECT percentile_disc(ARRAY[0.1, 0.25, 0.5, 0.75, 0.9]) WITHIN GROUP (ORDER BY amount) AS at
      FROM rebut.orders
), last AS (
    SELECT max(at) AS at FROM rebut.orders
)
SELECT o.order_id, o.buyer_id, o.merchant_id, o.sku_id, o.at, o.amount, o.quantity, o.category,
       o.channel, coalesce(o.campaign, '') AS campaign, coalesce(s.carrier, '') AS carrier,
       o.device_id, o.address_id, o.payment_id,
       floor(extract(epoch FROM o.at) / 1209600)::int AS fortnight,
       width_bucket(o.amount, cuts.at) AS price,
       coalesce(width_bucket(extract(epoch FROM s.at - o.promised_ship_at)::float8 / 86400,
                             ARRAY[0, 1, 2, 4]::float8[]), 6) AS shipped,
       coalesce(width_bucket(extract(epoch FROM d.at - s.at)::float8 / 86400,
                             ARRAY[1.5, 3, 4.5, 6, 9]::float8[]), 6) AS transit,
       width_bucket(extract(epoch FROM last.at - o.at)::float8 / 86400,
                    ARRAY[1, 2, 3, 4, 5, 6, 8, 10, 14]::float8[]) AS age,
       coalesce(width_bucket(extract(epoch FROM o.at - o.account_created_at)::float8 / 86400,
                    ARRAY[30, 90, 180, 365, 730]::float8[]), 0) AS account,
       (s.at > o.promised_ship_at)::int AS late, d.at AS delivered_at,
       a.asked_at, a.returned_at,
       (a.asked_at IS NOT NULL)::int AS asked, (a.returned_at IS NOT NULL)::int AS returned
  FROM rebut.orders o
 CROSS JOIN cuts CROSS JOIN last
  LEFT JOIN rebut.shipments s USING (order_id)
  LEFT JOIN rebut.deliveries d USING (order_id)
  LEFT JOIN peer.asked a USING (order_id);
ANALYZE peer.facts;

-- ---- what was to be expected: each factor's observed over expected, multiplied ----

-- A row a level of each factor; the columns of the other factors are NULL.  (Windows would
-- sort all orders nine times for it.)
CREATE UNLOGGED TABLE peer.ratios AS
WITH base AS (
    SELECT avg(asked)::float8 AS asked, avg(returned)::float8 AS returned FROM peer.facts
)
SELECT category, channel, campaign, price, transit, shipped, age, carrier, account,
       (sum(f.asked) + 5) / (count(*) * base.asked + 5) AS asked,
       (sum(f.returned) + 5) / (count(*) * base.returned + 5) AS returned,
       base.asked AS base, base.returned AS base_returned
  FROM peer.facts f CROSS JOIN base
 GROUP BY base.asked, base.returned,
       GROUPING SETS ((category), (channel), (campaign), (price), (transit), (shipped), (age),
                      (carrier, category), (account));
ANALYZE peer.ratios;

CREATE UNLOGGED TABLE peer.expected AS
SELECT f.order_id, c.base * c.asked * ch.asked * cm.asked * p.asked * t.asked * s.asked
           * a.asked * ca.asked AS fault,
       c.base_returned * c.returned * ch.returned * cm.returned * p.returned * t.returned
           * a.returned AS back,
       c.base * c.asked * p.asked * ac.asked AS tempting
  FROM peer.facts f
  JOIN peer.ratios c ON c.category = f.category AND c.carrier IS NULL
  JOIN peer.ratios ch ON ch.channel = f.channel
  JOIN peer.ratios cm ON cm.campaign = f.campaign
  JOIN peer.ratios p ON p.price = f.price
  JOIN peer.ratios t ON t.transit = f.transit
  JOIN peer.ratios s ON s.shipped = f.shipped
  JOIN peer.ratios a ON a.age = f.age
  JOIN peer.ratios ca ON ca.carrier = f.carrier AND ca.category = f.category
  JOIN peer.ratios ac ON ac.account = f.account;
ANALYZE peer.expected;

-- ---- records as of each request: orders and what was asked, in the order of time ----

-- An order is a step when it is made, and again when something is asked.
CREATE UNLOGGED TABLE peer.steps AS
SELECT f.order_id, f.buyer_id, f.merchant_id, f.sku_id, f.fortnight, f.at, 1 AS made, 0 AS asked,
       0 AS returned, f.late, e.fault, e.back, e.tempting
  FROM peer.facts f JOIN peer.expected e USING (order_id)
 UNION ALL
SELECT order_id, buyer_id, merchant_id, sku_id, fortnight, asked_at, 0, 1, 0, 0, 0, 0, 0
  FROM peer.facts WHERE asked_at IS NOT NULL
 UNION ALL
SELECT order_id, buyer_id, merchant_id, sku_id, fortnight, returned_at, 0, 0, 1, 0, 0, 0, 0
  FROM peer.facts WHERE returned_at IS NOT NULL;
ANALYZE peer.steps;

CREATE UNLOGGED TABLE peer.records AS
SELECT * FROM (
    SELECT order_id, at, asked,
           sum(made) OVER buyer AS buyer_orders, sum(asked) OVER buyer AS buyer_requests,
           sum(fault) OVER buyer AS buyer_expected, sum(tempting) OVER buyer AS buyer_tempting,
           sum(made) OVER shop AS shop_orders, sum(late) OVER shop AS shop_late,
           sum(asked) OVER shop - sum(asked) OVER pair AS shop_requests,
           sum(fault) OVER shop - sum(fault) OVER pair AS shop_expected,
           sum(returned) OVER shop - sum(returned) OVER pair AS shop_returns,
           sum(back) OVER shop - sum(back) OVER pair AS shop_back,
           sum(asked) OVER item AS item_requests, sum(fault) OVER item AS item_expected,
           sum(returned) OVER item AS item_returns, sum(back) OVER item AS item_back,
           sum(asked) OVER span AS span_requests, sum(fault) OVER span AS span_expected,
           sum(returned) OVER span AS span_returns, sum(back) OVER span AS span_back,
           sum(asked) OVER item_span AS item_span_requests,
           sum(fault) OVER item_span AS item_span_expected
      FROM peer.steps
    WINDOW buyer AS (PARTITION BY buyer_id ORDER BY at),
           shop AS (PARTITION BY merchant_id ORDER BY at),
           pair AS (PARTITION BY merchant_id, buyer_id ORDER BY at),
           item AS (PARTITION BY merchant_id, sku_id ORDER BY at),
           span AS (PARTITION BY merchant_id, fortnight ORDER BY at),
           item_span AS (PARTITION BY merchant_id, sku_id, fortnight ORDER BY at)) AS steps
 WHERE asked = 1;
ANALYZE peer.records;

-- ---- company: accounts by device, address and means of payment ----

CREATE UNLOGGED TABLE peer.buyers AS
SELECT f.buyer_id, sum(f.asked) AS asked, sum(e.fault) AS fault
  FROM peer.facts f JOIN peer.expected e USING (order_id) GROUP BY f.buyer_id;

CREATE UNLOGGED TABLE peer.company AS
WITH links AS (
    SELECT DISTINCT kind, key, buyer_id
      FROM peer.facts,
           LATERAL (VALUES (1, device_id), (2, address_id), (3, payment_id)) AS keys (kind, key)
     WHERE key IS NOT NULL
), groups AS (
    SELECT links.kind, links.buyer_id, count(*) OVER key AS size,
           sum(b.asked) OVER key - b.asked AS asked, sum(b.fault) OVER key - b.fault AS fault
      FROM links JOIN peer.buyers b USING (buyer_id)
    WINDOW key AS (PARTITION BY links.kind, links.key)
)
SELECT buyer_id,
       max(size) FILTER (WHERE kind = 1) AS devices,
       max(ln((asked + 1) / (fault + 1))) FILTER (WHERE kind = 1) AS device_ratio,
       max(size) FILTER (WHERE kind = 2) AS addresses,
       max(ln((asked + 1) / (fault + 1))) FILTER (WHERE kind = 2) AS address_ratio,
       max(size) FILTER (WHERE kind = 3) AS payments,
       max(ln((asked + 1) / (fault + 1))) FILTER (WHERE kind = 3) AS payment_ratio
  FROM groups WHERE size BETWEEN 2 AND 100 GROUP BY buyer_id;
ALTER TABLE peer.company ADD PRIMARY KEY (buyer_id);
ANALYZE peer.company;

-- ---- what the request itself shows ----

CREATE UNLOGGED TABLE peer.photos AS
SELECT request_id, max(orders) > 1 AS reused
  FROM (SELECT request_id, dense_rank() OVER (PARTITION BY photo ORDER BY order_id)
                   + dense_rank() OVER (PARTITION BY photo ORDER BY order_id DESC) - 1 AS orders
          FROM rebut.requests, unnest(photos) AS photo) AS used
 GROUP BY request_id;
ALTER TABLE peer.photos ADD PRIMARY KEY (request_id);
ANALYZE peer.photos;

-- The planner takes an order's id and the time of its request for independent, expects one
-- row and would go through whole tables for each: the keys above keep that from hurting.
CREATE TABLE peer.features AS
SELECT r.request_id, ln(c.buyer_orders) AS buyer_orders, ln(c.buyer_requests) AS buyer_requests,
       ln(c.buyer_requests / (c.buyer_expected - e.fault + 1)) AS buyer_ratio,
       ln(c.buyer_requests / (c.buyer_tempting - e.tempting + 1)) AS buyer_tempted,
       ln(e.fault) AS fault_rate, ln(e.tempting) AS temptation,
       ln((c.shop_requests + 5) / (c.shop_expected + 5)) AS fault_merchant,
       ln((c.shop_returns + 5) / (c.shop_back + 5)) AS returns_merchant,
       ln((c.item_requests + 4) / (c.item_expected + 5)) AS fault_item,
       ln((c.item_returns + 5) / (c.item_back + 5)) AS returns_item,
       ln((c.span_requests + 4) / (c.span_expected + 5)) AS fault_window,
       ln((c.span_returns + 5) / (c.span_back + 5)) AS returns_window,
       ln((c.item_span_requests + 4) / (c.item_span_expected + 5)) AS fault_item_window,
       ln((c.shop_late + 1.0) / (c.shop_orders + 10)) AS late,
       y.devices, y.device_ratio, y.addresses, y.address_ratio, y.payments, y.payment_ratio,
       coalesce(p.reused, false) AS photo_reused, p.request_id IS NOT NULL AS pictured,
       r.amount / greatest(f.amount, 1)::float8 AS asked_share,
       width_bucket(extract(epoch FROM r.at - f.delivered_at)::float8 / 86400,
                    ARRAY[0, 1 / 12.0, 0.5, 1, 2, 3]::float8[]) AS delay,
       r.reason, f.delivered_at <= r.at AS signed,
       1 - least(f.amount, lowest.price * coalesce(f.quantity, 1)) / greatest(f.amount, 1)::float8 AS price_drop
  FROM rebut.requests r
  JOIN peer.facts f USING (order_id)
  JOIN peer.expected e USING (order_id)
  JOIN peer.records c ON c.order_id = r.order_id AND c.at = r.at
  LEFT JOIN peer.company y USING (buyer_id)
  LEFT JOIN peer.photos p USING (request_id)
  LEFT JOIN LATERAL (SELECT min(price) AS price FROM rebut.prices
                      WHERE sku_id = f.sku_id AND at > f.at AND at <= f.at + interval '15 days')
            AS lowest ON true
 WHERE r.kind = 'refund_only';
ALTER TABLE peer.features ADD PRIMARY KEY (request_id);
