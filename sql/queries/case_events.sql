-- What happened around the order of request $1, for whom the view shows it to.
SELECT (extract(epoch FROM at) * 1000000)::bigint, type, detail ->> 'request_id',
       detail ->> 'category', detail ->> 'channel', detail ->> 'amount', detail ->> 'title',
       (extract(epoch FROM (detail ->> 'promised_ship_at')::timestamptz) * 1000000)::bigint,
       detail ->> 'carrier', detail ->> 'signed_by', detail ->> 'by', detail ->> 'kind',
       detail ->> 'reason', detail ->> 'text', json_array_length(detail -> 'photos'),
       detail ->> 'outcome', detail
  FROM rebut.case_events
 WHERE request_id = $1
 ORDER BY at, type, detail::text
