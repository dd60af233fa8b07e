-- End token $1.
SELECT rebut.revoke_token($1)
