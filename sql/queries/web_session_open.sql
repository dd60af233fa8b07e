-- Open a session by the $1 ('token', 'code') with id $2 and hash $3: session $4 with hash $5.
SELECT token_id FROM rebut.open_session($1, $2, $3::bytea, $4, $5::bytea, interval '12 hours')
