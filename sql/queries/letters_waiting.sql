SELECT letter_id, reason, encode(key, 'hex'), encode(line, 'hex'), bytes > octet_length(line)
FROM rebut.dead_letters
WHERE stream = $1 AND replayed_at IS NULL AND ($2::text IS NULL OR reason = $2) AND letter_id > $3::bigint
ORDER BY letter_id
LIMIT 1000
