-- The number of a night to be made.
SELECT nextval('rebut.nights_night_id_seq')
