SELECT o.partition, o.xid, o.seq, o.buyer_id, o.payload
FROM unnest($1::int[], $2::xid8[], $3::bigint[]) AS p (partition, xid, seq)
CROSS JOIN LATERAL (
    SELECT x.partition, x.xid, x.seq, x.buyer_id, x.payload
    FROM rebut.outbox x
    WHERE x.partition = p.partition AND (x.xid, x.seq) > (p.xid, p.seq) AND
          x.xid < pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot())
    ORDER BY x.xid, x.seq
    LIMIT $4::int) o
