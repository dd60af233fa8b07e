-- A night is whole: $1 number, $2 and $3 state's file and digest, $4 and $5 model's, $6 model,
-- $7 as of.
INSERT INTO rebut.nights (night_id, state_file, state_digest, model_file, model_digest, model_id, as_of)
VALUES ($1::bigint, $2, decode($3, 'hex'), $4, decode($5, 'hex'), $6,
        to_timestamp(0) + ($7::bigint / 1000000) * interval '1 second'
            + ($7::bigint % 1000000) * interval '1 microsecond')
