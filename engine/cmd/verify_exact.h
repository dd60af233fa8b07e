/* 'rebut verify --exact': shops' packs beside the platform's edition of them. */
#ifndef REBUT_CMD_VERIFY_EXACT_H
#define REBUT_CMD_VERIFY_EXACT_H

#include "rebut/language.h"
#include "rebut/pack_edition.h"

struct exact_account {
    bool asked;
    unsigned checked, wrong; /* packs */
};

/* Hold each pack-….json of the folder, or `only` that one, against the one of its name in
 * `exact`, a folder, or against `exact`, a file.  What does not fit, and the sum, are
 * lines in *language; NULL for none.  EIO when a folder cannot be read, ENOMEM; a pack
 * that cannot be read is wrong. */
bool verify_exact(const char *folder, const char *only, const char *exact,
                  const enum rebut_language *language, struct exact_account *ret,
                  struct rebut_error *err);

#endif
