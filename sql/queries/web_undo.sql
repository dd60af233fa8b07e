-- Undo the decision on request $1.
SELECT json_build_object('request_id', $1::text, 'state', 'claimed', 'until', rebut.undo($1))::text
