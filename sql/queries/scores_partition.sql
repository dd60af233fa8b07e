-- Make the partition of the month of $1, microseconds since 1970, if it is not there.
SELECT rebut.scores_partition((to_timestamp(0) + ($1::bigint / 1000000) * interval '1 second'
           + ($1::bigint % 1000000) * interval '1 microsecond')::date)
