-- The migrations that this database has.
SELECT number, name, checksum FROM rebut.migrations ORDER BY number
