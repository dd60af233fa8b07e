-- The audit trail, newest first: of subject $1, of login $2, action $3 (NULL: any); before minus $4 ($5 says nothing more); $6
-- of it.
SELECT json_build_object('audit_id', a.audit_id, 'at', a.at, 'login', a.login, 'role', a.role,
           'action', a.action, 'subject', a.subject, 'token_id', a.token_id,
           'detail', a.detail)::text, -a.audit_id, ''
  FROM rebut.audit AS a
 WHERE ($1::text IS NULL OR a.subject = $1)
   AND ($2::text IS NULL OR a.login = $2)
   AND ($3::text IS NULL OR a.action = $3)
   AND ($4::float8 IS NULL OR a.audit_id < -($4::float8)::bigint)
   AND ($5::text IS NULL OR true)
 ORDER BY a.audit_id DESC
 LIMIT $6::int
