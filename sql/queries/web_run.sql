-- The run whose queue people work on.
SELECT run_id FROM rebut.listed_run
