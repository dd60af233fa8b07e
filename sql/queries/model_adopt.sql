-- Model $1 with document $2, fitted as of $3, is in use from now on.
INSERT INTO rebut.models (model_id, document, as_of, role)
VALUES ($1, $2::json, to_timestamp(0) + ($3::bigint / 1000000) * interval '1 second'
           + ($3::bigint % 1000000) * interval '1 microsecond', 'champion')
ON CONFLICT (model_id) DO UPDATE SET role = 'champion'
