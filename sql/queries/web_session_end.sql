-- End session $1 of the token that acts.
SELECT rebut.end_session($1)
