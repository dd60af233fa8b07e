-- What the caller has decided on request $1.
SELECT (extract(epoch FROM at) * 1000000)::bigint, verdict, second, note,
       (extract(epoch FROM undo_until) * 1000000)::bigint, undo_until > now(),
       (extract(epoch FROM undone_at) * 1000000)::bigint, row_to_json(d)
  FROM rebut.my_decisions AS d
 WHERE request_id = $1
 ORDER BY decision_id
