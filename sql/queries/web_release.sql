-- Give request $1 back.
SELECT json_build_object('request_id', $1::text, 'state', 'released')::text FROM rebut.release($1)
