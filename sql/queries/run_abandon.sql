-- Whoever holds the lock knows that no other run is alive.
UPDATE rebut.runs
   SET state = 'abandoned', ended_at = clock_timestamp(),
       message = 'it ended without a word (killed, or its connection was lost)'
 WHERE kind = 'nightly' AND state = 'running'
