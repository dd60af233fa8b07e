-- The newest night that is not withdrawn, or the one $1 places older: times in microseconds.
SELECT night_id, state_file, model_file, encode(state_digest, 'hex'), encode(model_digest, 'hex'),
       model_id, (extract(epoch FROM as_of) * 1000000)::bigint,
       (extract(epoch FROM made_at) * 1000000)::bigint
  FROM rebut.nights WHERE removed_at IS NULL
 ORDER BY night_id DESC OFFSET $1::int LIMIT 1
