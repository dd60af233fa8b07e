UPDATE rebut.stream_positions p
SET major = n.major, minor = n.minor, at = clock_timestamp()
FROM unnest($2::int[], $3::bigint[], $4::bigint[], $5::bigint[]) AS n (partition, epoch, major, minor)
WHERE p.stream = $1 AND p.partition = n.partition AND p.epoch = n.epoch
RETURNING p.partition
