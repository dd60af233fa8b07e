-- Give out token $1 with hash $2: role $3, login $4, merchants $5, scopes $6, for $7 hours.
SELECT rebut.create_token($1, $2::bytea, $3, $4::name, $5::text[], $6::text[],
           now() + make_interval(hours => $7::integer))
