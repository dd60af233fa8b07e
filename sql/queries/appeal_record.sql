-- Write entry $1 to $9 of an appeal; times are microseconds.  False: it was known.
SELECT rebut.appeal_record($1, $2,
    to_timestamp(0) + ($3::bigint / 1000000) * interval '1 second'
        + ($3::bigint % 1000000) * interval '1 microsecond',
    $4::bigint, $5::bigint, $6, $7, $8,
    to_timestamp(0) + ($9::bigint / 1000000) * interval '1 second'
        + ($9::bigint % 1000000) * interval '1 microsecond')
