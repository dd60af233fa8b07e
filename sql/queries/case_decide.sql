-- Decide request $1 as $2 with note $3: until when may it be undone?
SELECT (extract(epoch FROM rebut.decide($1, $2, $3)) * 1000000)::bigint
