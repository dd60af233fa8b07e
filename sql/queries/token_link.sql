-- Give out code $1 with hash $2 that opens a session of token $3, for $4 minutes.
SELECT rebut.create_link($1, $2::bytea, $3, make_interval(mins => $4::integer))
