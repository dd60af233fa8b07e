-- All that a page shows is of one moment.
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY
