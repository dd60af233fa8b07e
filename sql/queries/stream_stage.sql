SELECT pg_catalog.set_config('synchronous_commit', 'on', false)
WHERE pg_catalog.current_setting('synchronous_commit') = 'off';
-- As scores_pack.sql, for the session: records are packed once, when they are staged.
SELECT pg_catalog.set_config('default_toast_compression', 'lz4', false)
  FROM pg_catalog.pg_settings
 WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals);
CREATE TEMPORARY TABLE stream_stage (partition int, major bigint, minor bigint, revision int,
    request_id text, order_id text, buyer_id text, merchant_id text, model_id text, answer text,
    requested_at timestamptz, as_of timestamptz, amount bigint, probability double precision,
    low double precision, high double precision, expected_recovery double precision,
    log_odds double precision, record json) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE letters_stage (partition int, major bigint, minor bigint, reason text,
    field text, expected text, came text, key bytea, line bytea, bytes bigint) ON COMMIT DELETE ROWS
