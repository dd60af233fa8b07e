-- Withdraw all but the $1 newest nights; gives the files to remove: theirs, and those of the
-- last hundred numbers that were given out and never announced.
WITH kept AS (
    SELECT night_id FROM rebut.nights WHERE removed_at IS NULL ORDER BY night_id DESC LIMIT $1::int
), gone AS (
    UPDATE rebut.nights SET removed_at = clock_timestamp()
     WHERE removed_at IS NULL AND night_id NOT IN (SELECT night_id FROM kept)
    RETURNING state_file, model_file
), newest AS (
    SELECT coalesce(max(night_id), 0) AS night_id FROM rebut.nights
)
SELECT unnest(ARRAY[state_file, model_file]) FROM gone
UNION ALL
SELECT unnest(ARRAY['night-' || n || '.state', 'night-' || n || '.model.json'])
  FROM newest, generate_series(greatest(newest.night_id - 100, 1), newest.night_id) AS n
 WHERE NOT EXISTS (SELECT FROM rebut.nights x WHERE x.night_id = n)
