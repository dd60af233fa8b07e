-- Reviewers' decisions whose grace time has passed become verdicts.
SELECT rebut.settle_decisions()
