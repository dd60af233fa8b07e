-- The tokens, oldest first.
SELECT row_to_json(t)::text FROM rebut.token_list AS t ORDER BY created_at, token_id
