INSERT INTO rebut.dead_letters (stream, partition, major, minor, reason, field, expected, came, key,
    line, bytes)
SELECT $1, partition, major, minor, reason, field, expected, came, key, line, bytes
FROM pg_temp.letters_stage
ORDER BY partition, major, minor
ON CONFLICT (stream, partition, major, minor) DO NOTHING
