-- Drift and queue of the last good run, and the usual length of the queue before it.
WITH good AS (
    SELECT run_id, counts FROM rebut.runs
     WHERE kind = 'nightly' AND state = 'done' ORDER BY run_id DESC LIMIT 8
), latest AS (
    SELECT * FROM good ORDER BY run_id DESC LIMIT 1
)
SELECT latest.counts ->> 'psi_term', latest.counts ->> 'psi_most',
       latest.counts ->> 'bounded',
       (SELECT percentile_cont(0.5) WITHIN GROUP
                   (ORDER BY (good.counts ->> 'bounded')::double precision)
          FROM good WHERE good.run_id < latest.run_id),
       latest.counts -> 'refused', latest.counts -> 'orphans', latest.counts -> 'conflicts'
  FROM latest
