-- A platform's own tables as rebut reads them: an example to copy.
--
-- `mall` is a fictitious shop platform with tables of the usual kind: numeric ids, money
-- in yuan as numeric(12,2), times as local timestamps or Unix milliseconds, states as
-- small integers, soft deletion by is_deleted.  Not one of its tables moves or changes.
--
-- rebut finds its views in the schema `rebut_source`:
--
--     psql -X -v ON_ERROR_STOP=1 -1 -f platform_views.sql
--     psql -X -c "SELECT rebut.map_source('rebut_source')"     -- as the schema's owner
--     rebut nightly --source-schema rebut_source
--
-- Rules: the columns are the keys of the input contract, of the types of rebut's own
-- tables.  An optional one may be missing.  Ids are text; money is bigint, in fen; every
-- time is timestamptz.  A type of event that the platform does not have is a view without
-- rows.  A row that breaks the contract is set aside by the run, with the reason.
--
-- There is no xid here, so every night reads everything.  A table with a column
--     xid bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint
-- that its view passes on is read from where the last night ended.

CREATE SCHEMA rebut_source;
COMMENT ON SCHEMA rebut_source IS 'The mall''s tables as rebut reads them';

CREATE VIEW rebut_source.orders AS
SELECT o.pay_time AT TIME ZONE 'Asia/Shanghai' AS at,
    o.order_sn AS order_id,
    o.user_id::text AS buyer_id,
    o.shop_id::text AS merchant_id,
    g.sku_id::text AS sku_id,
    -- '食品/零食' is a path of names in the mall, a dotted one in rebut.
    replace(g.category_path, '/', '.') AS category,
    CASE o.order_source
        WHEN 2 THEN 'livestream' WHEN 3 THEN 'short_video' WHEN 4 THEN 'social'
        WHEN 5 THEN 'private_domain' ELSE 'shelf' END AS channel,
    (o.pay_amount * 100)::bigint AS amount,
    o.goods_num::bigint AS quantity,
    g.goods_name AS title,
    nullif(o.activity_code, '') AS campaign,
    o.anchor_id::text AS host_id,
    'CN-' || o.province_code AS region,
    -- Opaque: rebut needs to know which are equal and nothing else.
    md5(o.device_fingerprint) AS device_id,
    md5(concat_ws('|', o.receiver_mobile, o.receiver_address)) AS address_id,
    o.promise_ship_time AT TIME ZONE 'Asia/Shanghai' AS promised_ship_at,
    to_timestamp(u.register_ms / 1000.0) AS account_created_at
FROM mall.t_order o
-- Outer joins: an order without its goods is set aside by the run and counted; an inner
-- join would lose it without a word.
LEFT JOIN mall.t_goods g ON g.id = o.goods_id
LEFT JOIN mall.t_user u ON u.id = o.user_id
WHERE o.pay_time IS NOT NULL AND o.is_deleted = 0;

CREATE VIEW rebut_source.shipments AS
SELECT e.ship_time AT TIME ZONE 'Asia/Shanghai' AS at, o.order_sn AS order_id,
    e.company_code AS carrier, e.waybill_no AS tracking_id,
    (e.weight_kg * 1000)::bigint AS weight_g
FROM mall.t_express e LEFT JOIN mall.t_order o ON o.id = e.order_id
WHERE e.ship_time IS NOT NULL;

CREATE VIEW rebut_source.deliveries AS
SELECT e.sign_time AT TIME ZONE 'Asia/Shanghai' AS at, o.order_sn AS order_id,
    CASE e.sign_type WHEN 1 THEN 'self' WHEN 2 THEN 'locker' WHEN 3 THEN 'other' END AS signed_by
FROM mall.t_express e LEFT JOIN mall.t_order o ON o.id = e.order_id
WHERE e.sign_time IS NOT NULL;

CREATE VIEW rebut_source.contacts AS
SELECT to_timestamp(m.send_ms / 1000.0) AS at, o.order_sn AS order_id,
    CASE m.sender WHEN 1 THEN 'buyer' ELSE 'merchant' END AS by,
    CASE m.msg_type WHEN 11 THEN 'offer_replacement' WHEN 12 THEN 'offer_partial_refund'
        WHEN 13 THEN 'offer_return' ELSE CASE m.sender WHEN 1 THEN 'message' ELSE 'reply' END
        END AS kind,
    m.content AS text
FROM mall.t_im_message m LEFT JOIN mall.t_order o ON o.id = m.order_id;

CREATE VIEW rebut_source.requests AS
SELECT r.apply_time AT TIME ZONE 'Asia/Shanghai' AS at, r.refund_sn AS request_id,
    o.order_sn AS order_id,
    CASE r.refund_type WHEN 1 THEN 'refund_only' ELSE 'return_refund' END AS kind,
    CASE r.reason_code
        WHEN 101 THEN 'damaged' WHEN 102 THEN 'quality' WHEN 103 THEN 'not_as_described'
        WHEN 104 THEN 'counterfeit' WHEN 105 THEN 'wrong_item' WHEN 106 THEN 'missing_item'
        WHEN 107 THEN 'late_delivery' WHEN 108 THEN 'not_received' WHEN 109 THEN 'price_drop'
        WHEN 110 THEN 'changed_mind' ELSE 'other' END AS reason,
    (r.refund_amount * 100)::bigint AS amount,
    r.description AS text,
    -- 'a1b2…,c3d4…' as the mall's photo service wrote it.
    string_to_array(nullif(r.photo_hashes, ''), ',') AS photos
FROM mall.t_refund r LEFT JOIN mall.t_order o ON o.id = r.order_id;

CREATE VIEW rebut_source.outcomes AS
SELECT r.finish_time AT TIME ZONE 'Asia/Shanghai' AS at, r.refund_sn AS request_id,
    CASE r.status WHEN 20 THEN 'granted' WHEN 30 THEN 'denied' WHEN 40 THEN 'withdrawn' END AS outcome,
    CASE r.operator WHEN 0 THEN 'platform_auto' WHEN 1 THEN 'platform' WHEN 2 THEN 'merchant' END AS by
FROM mall.t_refund r
WHERE r.status IN (20, 30, 40) AND r.finish_time IS NOT NULL;

-- The mall keeps no history of prices.
CREATE VIEW rebut_source.prices AS
SELECT NULL::timestamptz AS at, NULL::text AS sku_id, NULL::bigint AS price WHERE false;

-- What reviewers decide with rebut comes back as rebut.verdicts: never leave this out.
-- The mall had a customer service before, whose findings are worth having too.
CREATE VIEW rebut_source.verdicts AS
SELECT v.at, v.request_id, v.verdict, v.by, v.note, v.selection, v.propensity
FROM rebut.verdicts v
UNION ALL
SELECT a.audit_time AT TIME ZONE 'Asia/Shanghai', r.refund_sn,
    CASE a.result WHEN 1 THEN 'abuse' WHEN 2 THEN 'legitimate' ELSE 'unclear' END,
    a.auditor, a.remark, 'appeal', NULL
FROM mall.t_refund_audit a LEFT JOIN mall.t_refund r ON r.id = a.refund_id;

-- The engine reads the views; the reviewers' views read them with their owner's rights.
GRANT USAGE ON SCHEMA rebut_source TO rebut_engine;
GRANT SELECT ON ALL TABLES IN SCHEMA rebut_source TO rebut_engine;

-- What reviewers ask for by id is found by index (the mall has the others by its keys).
CREATE INDEX ON mall.t_order ((user_id::text));
CREATE INDEX ON mall.t_order ((shop_id::text));
