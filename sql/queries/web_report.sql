-- What merchant $1 was asked for, as the run in force judges it, by month.
SELECT json_build_object('merchant_id', m.merchant_id, 'record', row_to_json(m),
           'months', (SELECT coalesce(json_agg(x ORDER BY x.month), '[]')
               FROM (SELECT to_char(date_trunc('month', s.requested_at), 'YYYY-MM') AS month,
                            count(*) AS requests, sum(s.amount) AS amount,
                            sum(s.probability) AS expected_abuse,
                            sum(s.expected_recovery) AS expected_recovery,
                            count(*) FILTER (WHERE s.answer = 'likely_abuse') AS likely_abuse,
                            count(*) FILTER (WHERE s.answer = 'undetermined') AS undetermined,
                            count(*) FILTER (WHERE s.answer = 'likely_legitimate') AS likely_legitimate
                       FROM rebut.case_list AS s, rebut.listed_run AS r
                      WHERE s.merchant_id = $1 AND s.run_id = r.run_id GROUP BY 1) AS x))::text, NULL
  FROM rebut.merchant_record AS m
 WHERE m.merchant_id = $1
