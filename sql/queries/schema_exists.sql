-- Has this database a schema of rebut at all?
SELECT pg_catalog.to_regclass('rebut.migrations') IS NOT NULL
