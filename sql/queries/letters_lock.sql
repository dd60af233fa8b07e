SELECT pg_try_advisory_xact_lock(1919247989, 3)
