COPY pg_temp.stream_stage FROM STDIN (FORMAT BINARY)
