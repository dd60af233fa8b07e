-- Who holds request $1, and is it decided or kept out of the queue?
SELECT holder, (extract(epoch FROM until) * 1000000)::bigint, mine, second, until > now(), decided,
       (extract(epoch FROM suppressed_until) * 1000000)::bigint, row_to_json(s)
  FROM rebut.case_state AS s
 WHERE request_id = $1
