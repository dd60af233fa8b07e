-- Take request $1 for $2 minutes.
SELECT json_build_object('request_id', $1::text, 'state', 'claimed', 'until',
           rebut.claim_request($1, make_interval(mins => $2::integer)))::text
