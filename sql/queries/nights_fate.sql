-- Is night $1, with the state of digest $2, withdrawn?  No row: its row is gone.
SELECT removed_at IS NOT NULL FROM rebut.nights
 WHERE night_id = $1::bigint AND state_digest = decode($2, 'hex')
