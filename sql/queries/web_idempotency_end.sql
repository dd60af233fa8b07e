-- Under key $1 status $2, version $3 and body $4 were answered.
SELECT rebut.idempotency_end($1, $2::int, $3, $4)
