-- The model in use.
SELECT model_id, document FROM rebut.models WHERE role = 'champion'
