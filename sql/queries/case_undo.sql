-- Undo the decision on request $1: until when is it in hand again?
SELECT (extract(epoch FROM rebut.undo($1)) * 1000000)::bigint
