-- Work in the name of the $1 ('token', 'session') with id $2 and hash $3; no row: it is none.
SELECT token_id, login, role, array_to_string(scopes, ' '), array_to_json(merchant_ids)::text,
       to_char(expires_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
  FROM rebut.enter($1, $2, $3::bytea)
