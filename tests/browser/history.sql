-- Three weeks of made-up decisions by two reviewers, for the dashboard and the pictures:
-- verdicts follow the probability loosely, and one in six has a second review.
INSERT INTO rebut.decisions (request_id, verdict, note, reviewer, at, undo_until, run_id,
    selection, propensity, second)
SELECT s.request_id,
       CASE WHEN x.dice % 17 = 0 THEN 'unclear'
            WHEN (x.dice % 100) / 100.0 < s.probability THEN 'abuse' ELSE 'legitimate' END,
       NULL, CASE WHEN x.dice % 2 = 0 THEN 'cai' ELSE 'dong' END, x.at, x.at + interval '1 hour',
       NULL, 'ranked', 1, second
  FROM rebut.request_score AS s
 CROSS JOIN (VALUES (false), (true)) AS r (second)
 CROSS JOIN LATERAL (SELECT ('x' || substr(md5(s.request_id || (r.second AND s.rank % 5 = 0)::text), 1, 7))::bit(28)::int AS dice) AS y
 CROSS JOIN LATERAL (SELECT y.dice, now() - make_interval(days => 1 + y.dice % 21, hours => y.dice % 9) AS at) AS x
 WHERE s.rank BETWEEN 100 AND 700 AND s.rank % 3 = 0 AND NOT (r.second AND s.rank % 18 <> 0)
   AND NOT EXISTS (SELECT FROM rebut.queue_open AS q WHERE q.request_id = s.request_id);

-- As after a second night, and three appeals that have ended.
UPDATE rebut.runs SET counts = (counts::jsonb || '{"psi_term": "delay", "psi_most": 0.081, "bounded": 42}')::json
 WHERE kind = 'nightly';
INSERT INTO rebut.appeals (at, request_id, merchant_id, status, amount, recovered, by)
SELECT now() - make_interval(days => CASE e.status WHEN 'opened' THEN 6 WHEN 'submitted' THEN 5 ELSE 2 END),
       s.request_id, s.merchant_id, e.status, s.amount, CASE WHEN e.status = 'won' THEN s.amount END, 'shop'
  FROM rebut.request_score AS s
 CROSS JOIN (VALUES ('opened'), ('submitted'), ('won'), ('lost')) AS e (status)
 WHERE s.rank IN (101, 102, 104) AND e.status <> CASE s.rank WHEN 104 THEN 'won' ELSE 'lost' END;
