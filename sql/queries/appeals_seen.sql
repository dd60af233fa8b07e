-- Which appeals may the caller read: 'all', 'mine' or, in a database without them or for
-- a login of another group, none?
SELECT CASE WHEN has_table_privilege(to_regclass('rebut.appeals'), 'SELECT') THEN 'all'
            WHEN has_table_privilege(to_regclass('rebut.my_appeals'), 'SELECT') THEN 'mine' END
