-- Withdraw all but the $1 newest nights; gives the files to remove: theirs, and among the last
-- hundred numbers those of older nights that others withdrew, or that were never announced.
WITH kept AS (
    SELECT night_id FROM rebut.nights WHERE removed_at IS NULL ORDER BY night_id DESC LIMIT $1::int
), gone AS (
    UPDATE rebut.nights SET removed_at = clock_timestamp()
     WHERE removed_at IS NULL AND night_id NOT IN (SELECT night_id FROM kept)
    RETURNING state_file, model_file
), bounds AS (
    SELECT min(night_id) AS oldest, max(night_id) AS newest FROM kept
)
SELECT unnest(ARRAY[state_file, model_file]) FROM gone
UNION
SELECT unnest(ARRAY[x.state_file, x.model_file])
  FROM bounds, rebut.nights x
 WHERE x.removed_at IS NOT NULL AND x.night_id < oldest AND x.night_id >= newest - 100
UNION
SELECT unnest(ARRAY['night-' || n || '.state', 'night-' || n || '.model.json'])
  FROM bounds, generate_series(greatest(newest - 100, 1), newest) AS n
 WHERE NOT EXISTS (SELECT FROM rebut.nights x WHERE x.night_id = n)
