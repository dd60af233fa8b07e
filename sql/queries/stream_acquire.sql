INSERT INTO rebut.stream_positions AS p (stream, partition, epoch) VALUES ($1, $2::int, 1)
ON CONFLICT (stream, partition) DO UPDATE SET epoch = p.epoch + 1, at = clock_timestamp()
RETURNING epoch, major, minor
