-- Accounts that a run found to act together.
COPY rebut.groups (run_id, group_no, kind, members, detail) FROM STDIN (FORMAT BINARY)
