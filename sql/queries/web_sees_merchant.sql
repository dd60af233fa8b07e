-- Is request $1 one of the caller's own?
SELECT 1 FROM rebut.my_cases WHERE request_id = $1
