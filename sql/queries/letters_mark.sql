UPDATE rebut.dead_letters SET replayed_at = clock_timestamp()
WHERE stream = $1 AND replayed_at IS NULL AND ($2::text IS NULL OR reason = $2) AND
      letter_id <= $3::bigint AND bytes = octet_length(line)
