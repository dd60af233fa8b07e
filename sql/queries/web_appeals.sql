-- Appeals that wait for a person, the first to be answered first: in state $1, at merchant $2 (NULL: any); after key $3,
-- id $4; $5 of them.
SELECT json_build_object('request_id', x.request_id, 'merchant_id', x.merchant_id,
           'state', 'waiting', 'amount', x.amount, 'asked_at', x.at, 'answer_by', x.answer_by,
           'reason', x.reason, 'platform', x.platform, 'form', x.form)::text,
       x.key, x.request_id
  FROM (SELECT w.*, extract(epoch FROM coalesce(w.answer_by, w.at))::float8 AS key
          FROM rebut.appeals_waiting AS w) AS x
 WHERE ($1::text IS NULL OR $1 = 'waiting')
   AND ($2::text IS NULL OR x.merchant_id = $2)
   AND ($3::float8 IS NULL OR (x.key, x.request_id) > ($3::float8, $4::text))
 ORDER BY x.key, x.request_id
 LIMIT $5::int
