-- Where the schema remembers which migrations it has.
CREATE SCHEMA IF NOT EXISTS rebut;
CREATE TABLE IF NOT EXISTS rebut.migrations (
    number     integer PRIMARY KEY CHECK (number > 0),
    name       text NOT NULL,
    checksum   text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    applied_by name NOT NULL DEFAULT session_user
);
COMMENT ON SCHEMA rebut IS 'rebut: events, models, scores, reviews';
COMMENT ON TABLE rebut.migrations IS 'Which migrations this database has, with a BLAKE2b checksum of each file'
