-- The score of request $5, for the $1 ('token', 'session') with id $2 and hash $3 if it has
-- scope $4; the trail is on disk before the answer: $6.
SELECT token_id, role, may, answer
  FROM rebut.web_score($1, $2, $3::bytea, $4, $5, $6::boolean)
