-- Which appeals may the caller read: 'all', 'mine' or, in a database without them or for
-- a login of another group, none?  Asked of the catalog, which anybody may read: naming
-- the table would fail where its schema is closed.
SELECT CASE WHEN bool_or(relation.relname = 'appeals') THEN 'all'
            WHEN bool_or(true) THEN 'mine' END
  FROM pg_catalog.pg_class AS relation
  JOIN pg_catalog.pg_namespace AS schema ON schema.oid = relation.relnamespace
 WHERE schema.nspname = 'rebut' AND relation.relname IN ('appeals', 'my_appeals')
   AND has_schema_privilege(schema.oid, 'USAGE')
   AND has_table_privilege(relation.oid, 'SELECT')
