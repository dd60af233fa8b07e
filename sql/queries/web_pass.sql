-- May the $1 ('token', 'session') with id $2 and hash $3 do what has scope $4? Then it has
-- read $5; the trail is on disk before the answer: $6.
SELECT token_id, role, may
  FROM rebut.web_pass($1, $2, $3::bytea, $4, $5, $6::boolean)
