-- Remember a migration.
INSERT INTO rebut.migrations (number, name, checksum) VALUES ($1::integer, $2, $3)
