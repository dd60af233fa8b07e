-- The key for purpose $1, in hex.
SELECT encode(rebut.server_derived($1), 'hex')
