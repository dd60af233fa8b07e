-- Until the transaction ends, long texts are packed by lz4 where the server has it: half the
-- time of its own way, the same size.  A column that was told how keeps to that.
SELECT pg_catalog.set_config('default_toast_compression', 'lz4', true)
  FROM pg_catalog.pg_settings
 WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)
