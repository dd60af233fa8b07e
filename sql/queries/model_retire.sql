-- The model in use no longer is, unless it is $1.
UPDATE rebut.models SET role = 'retired' WHERE role = 'champion' AND model_id <> $1
