COPY pg_temp.letters_stage FROM STDIN (FORMAT BINARY)
