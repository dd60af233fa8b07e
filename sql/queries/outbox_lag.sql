SELECT count(*)
FROM unnest($1::int[], $2::xid8[], $3::bigint[]) AS p (partition, xid, seq)
CROSS JOIN LATERAL (
    SELECT FROM rebut.outbox x
    WHERE x.partition = p.partition AND (x.xid, x.seq) > (p.xid, p.seq)
    LIMIT 10000) o
