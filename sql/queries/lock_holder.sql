-- Who holds the advisory lock $1, $2?
SELECT held.pid, coalesce(activity.usename, '?'),
       coalesce(host(activity.client_addr), 'this machine'),
       coalesce(to_char(activity.backend_start, 'YYYY-MM-DD HH24:MI:SS "UTC"'), '?')
  FROM pg_catalog.pg_locks AS held
  LEFT JOIN pg_catalog.pg_stat_activity AS activity USING (pid)
 WHERE held.locktype = 'advisory' AND held.granted
   AND held.classid = $1::integer::oid AND held.objid = $2::integer::oid
   AND held.database = (SELECT oid FROM pg_catalog.pg_database
                         WHERE datname = current_database())
