-- How long were the queues of the last seven runs that ended well?
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY length)
  FROM (SELECT (counts ->> 'bounded')::double precision AS length FROM rebut.runs
         WHERE kind = 'nightly' AND state = 'done' AND counts ->> 'bounded' IS NOT NULL
         ORDER BY run_id DESC LIMIT 7) AS last
