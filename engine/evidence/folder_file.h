/* Small files of a folder: read whole within a limit, written whole or not at all. */
#ifndef REBUT_EVIDENCE_FOLDER_FILE_H
#define REBUT_EVIDENCE_FOLDER_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "rebut/error.h"

#define REBUT_PATH_SIZE 4096

/* "FOLDER/NAME"; ELIMIT when that is too long. */
REBUT_MUST_CHECK bool rebut_path_join(const char *folder, const char *name,
                                      char ret[REBUT_PATH_SIZE], struct rebut_error *err);

/* A regular file that is no link, as malloc'ed bytes and a NUL.  `secret`: refused when
 * others than its owner may read it.  EIO, EDATA, ELIMIT, ENOMEM. */
REBUT_MUST_CHECK bool rebut_file_read(const char *path, size_t most, bool secret,
                                      char **ret, size_t *ret_size,
                                      struct rebut_error *err);

/* Write and rename into place; `secret`: mode 0600. */
REBUT_MUST_CHECK bool rebut_file_write(const char *path, const char *bytes, size_t size,
                                       bool secret, struct rebut_error *err);

#endif
