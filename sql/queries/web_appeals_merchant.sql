-- Appeals of the caller, the newest first: in state $1, at merchant $2 (NULL: any); after key $3, id $4; $5 of them.
SELECT json_build_object('request_id', x.request_id, 'merchant_id', x.merchant_id,
           'state', x.state, 'amount', x.amount, 'opened_at', x.opened_at,
           'expires_at', x.expires_at, 'asked_at', x.asked_at, 'answer_by', x.answer_by,
           'ended_at', x.ended_at, 'recovered', x.recovered, 'reason', x.reason,
           'platform', x.platform, 'form', x.form)::text,
       x.key, x.request_id
  FROM (SELECT a.request_id, min(a.merchant_id) AS merchant_id,
               coalesce(min(a.status) FILTER (WHERE a.status IN ('won', 'lost', 'expired')),
                   CASE WHEN bool_or(a.status = 'submitted') THEN 'waiting' ELSE 'opened' END) AS state,
               max(a.amount) FILTER (WHERE a.status IN ('opened', 'submitted')) AS amount,
               max(a.at) FILTER (WHERE a.status = 'opened') AS opened_at,
               max(a.expires_at) AS expires_at,
               max(a.at) FILTER (WHERE a.status = 'submitted') AS asked_at,
               max(a.answer_by) AS answer_by,
               max(a.at) FILTER (WHERE a.status IN ('won', 'lost', 'expired')) AS ended_at,
               max(a.recovered) AS recovered,
               max(a.reason) FILTER (WHERE a.status = 'submitted') AS reason,
               max(a.platform) AS platform,
               max(a.form) FILTER (WHERE a.status = 'submitted') AS form,
               -extract(epoch FROM max(a.at))::float8 AS key
          FROM rebut.my_appeals AS a GROUP BY a.request_id) AS x
 WHERE ($1::text IS NULL OR x.state = $1)
   AND ($2::text IS NULL OR x.merchant_id = $2)
   AND ($3::float8 IS NULL OR (x.key, x.request_id) > ($3::float8, $4::text))
 ORDER BY x.key, x.request_id
 LIMIT $5::int
