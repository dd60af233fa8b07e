-- The queue that a run drew.
COPY rebut.queue_slots (run_id, slot, request_id, selection, propensity, place)
FROM STDIN (FORMAT BINARY)
