SELECT held, extra FROM rebut.stream_lease($1, $2, 32, make_interval(secs => $3::double precision / 1000))
