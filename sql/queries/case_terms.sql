-- The reasons of request $1, the strongest first.
SELECT t.name, t.log_odds, t.sentence
  FROM rebut.request_score AS s
 CROSS JOIN LATERAL ROWS FROM (json_to_recordset(s.terms)
                AS (name text, log_odds double precision, sentence text))
       WITH ORDINALITY AS t (name, log_odds, sentence, place)
 WHERE s.request_id = $1
 ORDER BY abs(t.log_odds) DESC, t.place
