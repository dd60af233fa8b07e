-- Which database is this?  A state file of another one, or of a copy, is not used.
SELECT settings.value || ' ' || system.system_identifier || '/' || base.oid
  FROM rebut.settings, pg_catalog.pg_control_system() AS system, pg_catalog.pg_database AS base
 WHERE settings.key = 'identity' AND base.datname = current_database()
