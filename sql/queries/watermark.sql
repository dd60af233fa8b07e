-- Every transaction below this one has ended; what later ones wrote is read again next time.
SELECT pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot())
