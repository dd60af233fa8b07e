-- The caller, a merchant, asks for a person to look at its request $1, for reason $2, at platform $3 with form $4.
SELECT json_build_object('request_id', $1::text, 'asked_at', a.submitted_at,
           'answer_by', a.answer_by, 'again', a.again)::text, a.again
  FROM rebut.appeal($1, $2, $3, $4) AS a
