-- What a nightly run needs and this login lacks.
SELECT string_agg(needed.words, ', ' ORDER BY needed.words)
  FROM (SELECT 'SELECT on rebut.' || name,
               pg_catalog.has_table_privilege('rebut.' || name, 'SELECT')
          FROM unnest(ARRAY['models', 'runs', 'scores', 'queue_slots', 'settings']) AS name
        UNION ALL
        SELECT 'INSERT on rebut.' || name,
               pg_catalog.has_table_privilege('rebut.' || name, 'INSERT')
          FROM unnest(ARRAY['models', 'runs', 'scores', 'queue_slots']) AS name
        UNION ALL
        SELECT 'UPDATE (' || columns.attname || ') on rebut.runs',
               pg_catalog.has_column_privilege('rebut.runs', columns.attname, 'UPDATE')
          FROM pg_catalog.pg_attribute AS columns
         WHERE columns.attrelid = 'rebut.runs'::regclass
           AND columns.attname IN ('state', 'ended_at', 'message', 'counts')
        UNION ALL
        SELECT 'EXECUTE on ' || name, pg_catalog.has_function_privilege(name, 'EXECUTE')
          FROM unnest(ARRAY['rebut.scores_partition(date)', 'rebut.settle_decisions()'])
               AS name) AS needed (words, there)
 WHERE NOT needed.there
