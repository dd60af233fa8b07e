-- All entries of appeals, each as a line of the file that include/rebut/appeals.h
-- describes; then the request and, of 'submitted', the log-odds kept with it.
SELECT
       json_strip_nulls(json_build_object(
           'request_id', request_id, 'status', status,
           'at', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           'amount', amount, 'recovered', recovered, 'platform', platform, 'form', form,
           'reason', reason, 'expires_at',
           to_char(expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))),
       request_id, log_odds
  FROM rebut.appeals
 ORDER BY request_id COLLATE "C", at,
       pg_catalog.array_position('{opened,submitted,won,lost,expired}', status)
