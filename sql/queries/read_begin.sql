-- All tables are read as of one moment, and nothing can be written by mistake.
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY
