-- Give request $1 back undecided.
SELECT rebut.release($1)
