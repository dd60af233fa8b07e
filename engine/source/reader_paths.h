/* Paths as they were given into the files behind them.  Private to source's reader. */
#ifndef REBUT_SOURCE_READER_PATHS_H
#define REBUT_SOURCE_READER_PATHS_H

#include "rebut/error.h"
#include "rebut/grow.h"

struct paths {
    REBUT_ARRAY(char *) files; /* "-" is standard input */
};

/* Files as they are, folders as the event files in them.  Zeroed before. */
REBUT_MUST_CHECK bool rebut_reader_paths(struct paths *paths, const char *const *given,
                                         size_t count, struct rebut_error *err);
void rebut_reader_paths_release(struct paths *paths);

#endif
