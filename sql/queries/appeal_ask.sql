-- A merchant asks for a person about request $1; with $2 as the form's reason.
SELECT (extract(epoch FROM submitted_at) * 1000000)::bigint,
       (extract(epoch FROM answer_by) * 1000000)::bigint, again
  FROM rebut.appeal($1, $2)
