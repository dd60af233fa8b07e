-- The version of request $1; nobody changes it before the transaction ends.
SELECT rebut.request_version($1, true)
