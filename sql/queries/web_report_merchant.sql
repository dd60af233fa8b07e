-- What merchant $1, one of the caller's, was asked for, by month.
SELECT json_build_object('merchant_id', min(x.merchant_id), 'record', NULL,
           'months', json_agg(x.line ORDER BY x.month))::text, NULL
  FROM (SELECT s.merchant_id, to_char(date_trunc('month', s.requested_at), 'YYYY-MM') AS month,
               json_build_object('month', to_char(date_trunc('month', s.requested_at), 'YYYY-MM'),
                   'requests', count(*), 'amount', sum(s.amount),
                   'expected_abuse', sum(s.probability),
                   'expected_recovery', sum(s.expected_recovery),
                   'likely_abuse', count(*) FILTER (WHERE s.answer = 'likely_abuse'),
                   'undetermined', count(*) FILTER (WHERE s.answer = 'undetermined'),
                   'likely_legitimate', count(*) FILTER (WHERE s.answer = 'likely_legitimate'))
                   AS line
          FROM rebut.my_cases AS s WHERE s.merchant_id = $1
         GROUP BY s.merchant_id, date_trunc('month', s.requested_at)) AS x
HAVING count(*) > 0
