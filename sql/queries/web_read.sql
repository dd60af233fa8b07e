-- Write down that the caller has read $1.
SELECT rebut.record_read($1)
