SELECT rebut.stream_release($1, $2, $3::int[], $4::boolean)
