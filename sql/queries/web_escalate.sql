-- Hand request $1 to a senior, for reason $2.
SELECT json_build_object('request_id', $1::text, 'state', 'escalated', 'since',
           rebut.escalate($1, $2))::text
