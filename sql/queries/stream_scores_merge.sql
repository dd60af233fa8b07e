INSERT INTO rebut.stream_scores AS s (request_id, model_id, revision, order_id, buyer_id, merchant_id,
    requested_at, as_of, amount, probability, low, high, answer, expected_recovery, log_odds, record,
    stream, partition, major, minor)
SELECT DISTINCT ON (request_id, model_id) request_id, model_id, revision, order_id, buyer_id, merchant_id,
    requested_at, as_of, amount, probability, low, high, answer, expected_recovery, log_odds, record,
    $1, partition, major, minor
FROM pg_temp.stream_stage
ORDER BY request_id, model_id, major DESC, minor DESC, revision DESC
ON CONFLICT (request_id, model_id, stream) DO UPDATE SET revision = greatest(excluded.revision, s.revision + 1),
    order_id = excluded.order_id, buyer_id = excluded.buyer_id, merchant_id = excluded.merchant_id,
    requested_at = excluded.requested_at, as_of = excluded.as_of, amount = excluded.amount,
    probability = excluded.probability, low = excluded.low, high = excluded.high,
    answer = excluded.answer, expected_recovery = excluded.expected_recovery,
    log_odds = excluded.log_odds, record = excluded.record,
    partition = excluded.partition, major = excluded.major, minor = excluded.minor,
    written_at = excluded.written_at
-- A buyer lives in one partition, so there positions tell what is newer: a worker that began
-- from an older snapshot, or over another night, may have counted fewer revisions.
WHERE CASE WHEN s.partition = excluded.partition
    THEN (excluded.major, excluded.minor, excluded.revision) > (s.major, s.minor, s.revision)
    ELSE excluded.revision > s.revision END
