-- The last nightly run, and how long ago the last good one ended, in hours.
SELECT last.run_id, last.state, coalesce(last.message, ''),
       to_char(last.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'),
       (SELECT extract(epoch FROM clock_timestamp() - max(ended_at)) / 3600
          FROM rebut.runs WHERE kind = 'nightly' AND state = 'done'),
       (SELECT count(*) FROM pg_catalog.pg_locks
         WHERE locktype = 'advisory' AND granted AND classid = $1::integer::oid
           AND objid = $2::integer::oid) > 0
  FROM rebut.runs AS last
 WHERE last.kind = 'nightly'
 ORDER BY last.run_id DESC LIMIT 1
