-- A model's document by its id.
SELECT document FROM rebut.models WHERE model_id = $1
