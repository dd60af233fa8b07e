-- The scores of requests $5, for the $1 ('token', 'session') with id $2 and hash $3 if it has
-- scope $4; the trail is on disk before the answer: $6.  A row a request, in their order.
SELECT w.token_id, w.role, w.may, a.answer
  FROM rebut.web_scores($1, $2, $3::bytea, $4, $5::text[], $6::boolean) AS w
  LEFT JOIN LATERAL unnest(w.answers) WITH ORDINALITY AS a(answer, n) ON true
 ORDER BY a.n
