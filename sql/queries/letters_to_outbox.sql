WITH sound AS MATERIALIZED (
    SELECT letter_id, rebut.text_of(key) AS buyer_id, rebut.text_of(line) AS payload
    FROM rebut.dead_letters
    WHERE stream = $1 AND replayed_at IS NULL AND ($2::text IS NULL OR reason = $2) AND
          bytes = octet_length(line) AND octet_length(key) BETWEEN 1 AND 64 AND
          octet_length(line) > 0
), sent AS (
    UPDATE rebut.dead_letters l SET replayed_at = clock_timestamp()
    FROM sound s WHERE l.letter_id = s.letter_id AND l.replayed_at IS NULL AND
        s.buyer_id IS NOT NULL AND s.payload IS NOT NULL
    RETURNING l.letter_id, s.buyer_id, s.payload
), put AS (
    INSERT INTO rebut.outbox (buyer_id, payload)
    SELECT buyer_id, payload FROM sent ORDER BY letter_id
)
SELECT (SELECT count(*) FROM sent),
    count(*) FILTER (WHERE bytes > octet_length(line)),
    count(*) FILTER (WHERE bytes = octet_length(line)) - (SELECT count(*) FROM sent)
FROM rebut.dead_letters
WHERE stream = $1 AND replayed_at IS NULL AND ($2::text IS NULL OR reason = $2)
