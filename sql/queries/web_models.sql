-- The models, newest first.
SELECT json_build_object('items', coalesce(json_agg(json_build_object('model_id', m.model_id,
           'role', m.role, 'as_of', m.as_of, 'created_at', m.created_at)
           ORDER BY m.created_at DESC, m.model_id), '[]'))::text, NULL
  FROM rebut.model_list AS m
