-- The number of the transaction, which is given one.
SELECT pg_current_xact_id()
