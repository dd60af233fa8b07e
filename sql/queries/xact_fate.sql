-- What became of transaction $1 ('committed', 'aborted'); nothing while it is under way.
SELECT nullif(pg_xact_status($1::xid8), 'in progress')
