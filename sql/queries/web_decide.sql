-- Decide request $1 as $2 with note $3.
SELECT json_build_object('request_id', $1::text, 'state', 'decided', 'verdict', $2::text,
           'undo_until', rebut.decide($1, $2, $3))::text
