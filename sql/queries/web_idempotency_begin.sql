-- Take key $1 for what has digest $2; a row: what was answered before.
SELECT same, status, etag, body FROM rebut.idempotency_begin($1, $2::bytea)
