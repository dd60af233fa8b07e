/* Reading documents strictly: what is not known is a mistake, not silence. */
#ifndef REBUT_SOURCE_IMPORT_JSON_H
#define REBUT_SOURCE_IMPORT_JSON_H

#include <jansson.h>

#include "rebut/error.h"

/* Fails with EDATA on a key that is neither "comment" nor among the words ("a b c"). */
bool import_json_keys(json_t *object, const char *words, struct rebut_error *err);

/* A string of the object; NULL in *ret when it is not there. */
bool import_json_string(json_t *object, const char *key, const char **ret,
                        struct rebut_error *err);

/* true or false; false when it is not there. */
bool import_json_bool(json_t *object, const char *key, bool *ret,
                      struct rebut_error *err);

/* A whole number from 0 to `most`. */
bool import_json_count(json_t *object, const char *key, int most, int otherwise, int *ret,
                       struct rebut_error *err);

/* `array`, found at `key`, must have 1 to `most` items. */
bool import_json_array(json_t *array, const char *key, size_t most,
                       struct rebut_error *err);

#endif
