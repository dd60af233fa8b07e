-- Figures of the last $1 days.
SELECT rebut.summary(coalesce($1::int, 30))::text, NULL
