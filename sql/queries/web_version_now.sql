-- The version of request $1, as it is now.
SELECT rebut.request_version($1, false)
