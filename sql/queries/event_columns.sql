-- The columns of the relations of schema $1 whose names are in $2 (comma between): of each
-- the type it is at bottom, how people write it, and whether we may read it.  A relation
-- without columns gives one row without a name.
SELECT relation.relname, attribute.attname,
       CASE WHEN base.typtype = 'e' THEN 'enum'
            WHEN base.typnamespace = 'pg_catalog'::regnamespace THEN base.typname END,
       pg_catalog.format_type(attribute.atttypid, attribute.atttypmod),
       pg_catalog.has_column_privilege(relation.oid, attribute.attnum, 'SELECT')
  FROM pg_catalog.pg_class AS relation
  JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = relation.relnamespace
  LEFT JOIN pg_catalog.pg_attribute AS attribute
    ON attribute.attrelid = relation.oid AND attribute.attnum > 0
       AND NOT attribute.attisdropped
  LEFT JOIN pg_catalog.pg_type AS type ON type.oid = attribute.atttypid
  LEFT JOIN pg_catalog.pg_type AS base
    ON base.oid = CASE type.typtype WHEN 'd' THEN type.typbasetype ELSE type.oid END
 WHERE namespace.nspname = $1
   AND relation.relname = ANY (pg_catalog.string_to_array($2, ','))
   AND relation.relkind IN ('r', 'v', 'm', 'p', 'f')
 ORDER BY relation.relname, attribute.attnum
