-- What happened on the platform: one table a type of event, one column a key of the
-- input contract.  Who reads what: 0005.  A platform that keeps its own tables leaves
-- these empty and maps its own by views (sql/README.md).
--
-- Every table has `xid`, the transaction that wrote the row: a run reads what committed
-- since the last one by it, because a reading by sequence or time loses late commits.
-- It means nothing in another cluster: after a restore from a dump the next run must
-- read everything.
--
-- An event is never changed or deleted.  What was wrong is corrected by a later event.

DO $$
BEGIN
    IF current_setting('server_version_num')::int < 150000 THEN
        RAISE EXCEPTION 'expected PostgreSQL 15 or later, found %',
            current_setting('server_version');
    END IF;
    IF current_setting('server_encoding') <> 'UTF8' THEN
        RAISE EXCEPTION 'expected a database in UTF8, found %',
            current_setting('server_encoding')
            USING HINT = 'CREATE DATABASE … ENCODING ''UTF8'' TEMPLATE template0';
    END IF;
END
$$;

-- 'rebut migrate' has made these two when it comes here; psql has not.
CREATE SCHEMA IF NOT EXISTS rebut;
COMMENT ON SCHEMA rebut IS 'Refund-only requests: events, scores and their review';

CREATE TABLE IF NOT EXISTS rebut.migrations (
    number     integer PRIMARY KEY CHECK (number > 0),
    name       text NOT NULL,
    checksum   text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    applied_by name NOT NULL DEFAULT session_user
);
COMMENT ON TABLE rebut.migrations IS 'Which files of sql/migrations this schema has seen';
COMMENT ON COLUMN rebut.migrations.number IS 'The number that the file''s name begins with';
COMMENT ON COLUMN rebut.migrations.name IS 'The rest of the file''s name';
COMMENT ON COLUMN rebut.migrations.checksum IS 'BLAKE2b-256 of the file, in hex';
COMMENT ON COLUMN rebut.migrations.applied_at IS 'When it was applied';
COMMENT ON COLUMN rebut.migrations.applied_by IS 'The login that applied it';

CREATE TABLE rebut.orders (
    at                 timestamptz NOT NULL CHECK (at >= '1970-01-01Z' AND at < '10000-01-01Z'),
    order_id           text PRIMARY KEY CHECK (octet_length(order_id) BETWEEN 1 AND 64),
    buyer_id           text NOT NULL CHECK (octet_length(buyer_id) BETWEEN 1 AND 64),
    merchant_id        text NOT NULL CHECK (octet_length(merchant_id) BETWEEN 1 AND 64),
    sku_id             text NOT NULL CHECK (octet_length(sku_id) BETWEEN 1 AND 64),
    category           text NOT NULL CHECK (octet_length(category) BETWEEN 1 AND 128),
    channel            text NOT NULL CHECK (channel IN ('shelf', 'livestream', 'short_video', 'social', 'private_domain')),
    amount             bigint NOT NULL CHECK (amount BETWEEN 0 AND 1000000000000),
    quantity           bigint CHECK (quantity BETWEEN 1 AND 1000000000),
    title              text CHECK (octet_length(title) <= 16384),
    campaign           text CHECK (octet_length(campaign) BETWEEN 1 AND 128),
    host_id            text CHECK (octet_length(host_id) BETWEEN 1 AND 64),
    distributor        text CHECK (octet_length(distributor) BETWEEN 1 AND 128),
    region             text CHECK (octet_length(region) BETWEEN 1 AND 128),
    device_id          text CHECK (octet_length(device_id) BETWEEN 1 AND 64),
    address_id         text CHECK (octet_length(address_id) BETWEEN 1 AND 64),
    payment_id         text CHECK (octet_length(payment_id) BETWEEN 1 AND 64),
    promised_ship_at   timestamptz CHECK (promised_ship_at >= '1970-01-01Z' AND promised_ship_at < '10000-01-01Z'),
    account_created_at timestamptz CHECK (account_created_at >= '1900-01-01Z' AND account_created_at < '10000-01-01Z'),
    xid                bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint
);
CREATE INDEX ON rebut.orders (buyer_id, at);
CREATE INDEX ON rebut.orders (merchant_id, at);
COMMENT ON TABLE rebut.orders IS 'Orders: who bought what from whom. The same order_id twice is one order';
COMMENT ON COLUMN rebut.orders.order_id IS 'The order';
COMMENT ON COLUMN rebut.orders.buyer_id IS 'The account that bought';
COMMENT ON COLUMN rebut.orders.merchant_id IS 'The shop that sold';
COMMENT ON COLUMN rebut.orders.sku_id IS 'The item';
COMMENT ON COLUMN rebut.orders.category IS 'Dotted path: food.snack';
COMMENT ON COLUMN rebut.orders.channel IS 'How it was sold: shelf, livestream, short_video, social, private_domain';
COMMENT ON COLUMN rebut.orders.amount IS 'Paid, in minor units (fen)';
COMMENT ON COLUMN rebut.orders.quantity IS 'Pieces; NULL means 1';
COMMENT ON COLUMN rebut.orders.title IS 'What the buyer was shown as the item''s name';
COMMENT ON COLUMN rebut.orders.campaign IS 'Short name of a campaign: 618';
COMMENT ON COLUMN rebut.orders.host_id IS 'Who sold it live';
COMMENT ON COLUMN rebut.orders.distributor IS 'Slash path from head office to dealer: hq/east/zhang';
COMMENT ON COLUMN rebut.orders.region IS 'Where it went, as ISO 3166-2 code';
COMMENT ON COLUMN rebut.orders.device_id IS 'The device, as the platform''s opaque id';
COMMENT ON COLUMN rebut.orders.address_id IS 'The address, as the platform''s opaque id';
COMMENT ON COLUMN rebut.orders.payment_id IS 'The means of payment, as the platform''s opaque id';
COMMENT ON COLUMN rebut.orders.promised_ship_at IS 'Until when the merchant promised to ship';
COMMENT ON COLUMN rebut.orders.account_created_at IS 'When the buyer''s account was made';

CREATE TABLE rebut.shipments (
    at          timestamptz NOT NULL CHECK (at >= '1970-01-01Z' AND at < '10000-01-01Z'),
    order_id    text PRIMARY KEY CHECK (octet_length(order_id) BETWEEN 1 AND 64),
    carrier     text CHECK (octet_length(carrier) BETWEEN 1 AND 128),
    tracking_id text CHECK (octet_length(tracking_id) BETWEEN 1 AND 64),
    weight_g    bigint CHECK (weight_g BETWEEN 0 AND 1000000000),
    xid         bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint
);
COMMENT ON TABLE rebut.shipments IS 'Orders handed to a carrier';
COMMENT ON COLUMN rebut.shipments.order_id IS 'The order that was shipped';
COMMENT ON COLUMN rebut.shipments.carrier IS 'Who carries it';
COMMENT ON COLUMN rebut.shipments.tracking_id IS 'The carrier''s number';
COMMENT ON COLUMN rebut.shipments.weight_g IS 'What the carrier weighed, in grams';

CREATE TABLE rebut.deliveries (
    at        timestamptz NOT NULL CHECK (at >= '1970-01-01Z' AND at < '10000-01-01Z'),
    order_id  text PRIMARY KEY CHECK (octet_length(order_id) BETWEEN 1 AND 64),
    signed_by text CHECK (signed_by IN ('self', 'locker', 'other')),
    xid       bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint
);
COMMENT ON TABLE rebut.deliveries IS 'Orders delivered';
COMMENT ON COLUMN rebut.deliveries.order_id IS 'The order that was delivered';
COMMENT ON COLUMN rebut.deliveries.signed_by IS 'Who took it: self, locker, other';

CREATE TABLE rebut.prices (
    at     timestamptz NOT NULL CHECK (at >= '1970-01-01Z' AND at < '10000-01-01Z'),
    sku_id text NOT NULL CHECK (octet_length(sku_id) BETWEEN 1 AND 64),
    price  bigint NOT NULL CHECK (price BETWEEN 0 AND 1000000000000),
    digest bigint NOT NULL,
    xid    bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
    UNIQUE (sku_id, digest)
);
COMMENT ON TABLE rebut.prices IS 'An item''s price from this time on';
COMMENT ON COLUMN rebut.prices.sku_id IS 'The item';
COMMENT ON COLUMN rebut.prices.price IS 'The new price, in minor units (fen)';

CREATE TABLE rebut.contacts (
    at       timestamptz NOT NULL CHECK (at >= '1970-01-01Z' AND at < '10000-01-01Z'),
    order_id text NOT NULL CHECK (octet_length(order_id) BETWEEN 1 AND 64),
    by       text NOT NULL CHECK (by IN ('buyer', 'merchant')),
    kind     text NOT NULL CHECK (kind IN ('message', 'reply', 'offer_replacement', 'offer_partial_refund', 'offer_return')),
    text     text CHECK (octet_length(text) <= 16384),
    digest   bigint NOT NULL,
    xid      bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
    UNIQUE (order_id, digest)
);
COMMENT ON TABLE rebut.contacts IS 'What buyer and merchant said and offered to each other about an order';
COMMENT ON COLUMN rebut.contacts.order_id IS 'The order it is about';
COMMENT ON COLUMN rebut.contacts.by IS 'Who spoke: buyer, merchant';
COMMENT ON COLUMN rebut.contacts.kind IS 'message, reply, offer_replacement, offer_partial_refund, offer_return';
COMMENT ON COLUMN rebut.contacts.text IS 'The words';

CREATE TABLE rebut.requests (
    at         timestamptz NOT NULL CHECK (at >= '1970-01-01Z' AND at < '10000-01-01Z'),
    request_id text PRIMARY KEY CHECK (octet_length(request_id) BETWEEN 1 AND 64),
    order_id   text NOT NULL CHECK (octet_length(order_id) BETWEEN 1 AND 64),
    kind       text NOT NULL CHECK (kind IN ('refund_only', 'return_refund')),
    reason     text NOT NULL CHECK (reason IN ('damaged', 'quality', 'not_as_described', 'counterfeit', 'wrong_item',
                   'missing_item', 'late_delivery', 'not_received', 'price_drop', 'changed_mind', 'other')),
    amount     bigint NOT NULL CHECK (amount BETWEEN 0 AND 1000000000000),
    text       text CHECK (octet_length(text) <= 16384),
    photos     text[] CHECK (cardinality(photos) <= 32 AND
                   array_to_string(photos, ',', '-') ~ '^([0-9a-fA-F]{16}(,[0-9a-fA-F]{16})*)?$'),
    xid        bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint
);
CREATE INDEX ON rebut.requests (order_id);
COMMENT ON TABLE rebut.requests IS 'Requests for a refund, with the goods kept or sent back';
COMMENT ON COLUMN rebut.requests.request_id IS 'The request';
COMMENT ON COLUMN rebut.requests.order_id IS 'The order it is about';
COMMENT ON COLUMN rebut.requests.kind IS 'refund_only (what is judged) or return_refund';
COMMENT ON COLUMN rebut.requests.reason IS 'What the buyer says is wrong, as one of eleven words';
COMMENT ON COLUMN rebut.requests.amount IS 'Asked for, in minor units (fen)';
COMMENT ON COLUMN rebut.requests.text IS 'The buyer''s words';
COMMENT ON COLUMN rebut.requests.photos IS '64-bit perceptual hashes of the photos, 16 hex digits each, 32 at most';

CREATE TABLE rebut.outcomes (
    at         timestamptz NOT NULL CHECK (at >= '1970-01-01Z' AND at < '10000-01-01Z'),
    request_id text NOT NULL CHECK (octet_length(request_id) BETWEEN 1 AND 64),
    outcome    text NOT NULL CHECK (outcome IN ('granted', 'denied', 'withdrawn')),
    by         text CHECK (by IN ('platform_auto', 'platform', 'merchant')),
    digest     bigint NOT NULL,
    xid        bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
    UNIQUE (request_id, digest)
);
COMMENT ON TABLE rebut.outcomes IS 'What was done about a request. Never evidence of abuse';
COMMENT ON COLUMN rebut.outcomes.request_id IS 'The request';
COMMENT ON COLUMN rebut.outcomes.outcome IS 'granted, denied, withdrawn';
COMMENT ON COLUMN rebut.outcomes.by IS 'Who did it: platform_auto, platform, merchant';

CREATE TABLE rebut.verdicts (
    at         timestamptz NOT NULL CHECK (at >= '1970-01-01Z' AND at < '10000-01-01Z'),
    request_id text NOT NULL CHECK (octet_length(request_id) BETWEEN 1 AND 64),
    verdict    text NOT NULL CHECK (verdict IN ('abuse', 'legitimate', 'unclear')),
    by         text CHECK (octet_length(by) BETWEEN 1 AND 64),
    note       text CHECK (octet_length(note) <= 16384),
    selection  text CHECK (selection IN ('ranked', 'random', 'appeal')),
    propensity double precision CHECK (propensity > 0 AND propensity <= 1),
    digest     bigint NOT NULL,
    xid        bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
    UNIQUE (request_id, digest)
);
COMMENT ON TABLE rebut.verdicts IS 'What reviewers found: the labels that the next fit learns from';
COMMENT ON COLUMN rebut.verdicts.request_id IS 'The request';
COMMENT ON COLUMN rebut.verdicts.verdict IS 'abuse, legitimate, unclear';
COMMENT ON COLUMN rebut.verdicts.by IS 'The reviewer';
COMMENT ON COLUMN rebut.verdicts.note IS 'Why, in the reviewer''s words';
COMMENT ON COLUMN rebut.verdicts.selection IS 'Why it was looked at: ranked (also NULL), random, appeal';
COMMENT ON COLUMN rebut.verdicts.propensity IS 'The chance that it had to be looked at in this way';

CREATE FUNCTION rebut.refuse_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, rebut, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'table ''%'' only grows: % is refused', tg_relid::regclass, lower(tg_op)
        USING ERRCODE = 'RB008', HINT = 'An event is corrected by a later one; see sql/README.md.';
END
$$;
REVOKE EXECUTE ON FUNCTION rebut.refuse_change() FROM PUBLIC;
COMMENT ON FUNCTION rebut.refuse_change() IS 'Trigger that keeps a table append-only';

-- What all event tables have in common.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['orders', 'shipments', 'deliveries', 'prices', 'contacts',
                                'requests', 'outcomes', 'verdicts'] LOOP
        EXECUTE format('CREATE INDEX ON rebut.%I USING brin (xid)
            WITH (pages_per_range = 32, autosummarize = on)', name);
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE
            ON rebut.%I EXECUTE FUNCTION rebut.refuse_change()', name);
        EXECUTE format('COMMENT ON COLUMN rebut.%I.at IS ''When it happened''', name);
        EXECUTE format('COMMENT ON COLUMN rebut.%I.xid IS
            ''The transaction that wrote the row: the watermark of reading''', name);
        IF name IN ('prices', 'contacts', 'outcomes', 'verdicts') THEN
            EXECUTE format('COMMENT ON COLUMN rebut.%I.digest IS ''Hash of the whole event:
                loading it twice leaves one row''', name);
        END IF;
    END LOOP;
END
$$;
