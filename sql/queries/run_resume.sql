-- The last run, if it did not end well: its times in microseconds.
SELECT (extract(epoch FROM as_of) * 1000000)::bigint,
       (extract(epoch FROM since) * 1000000)::bigint
  FROM (SELECT * FROM rebut.runs WHERE kind = 'nightly' ORDER BY run_id DESC LIMIT 1) AS last
 WHERE last.state <> 'done'
