/* rebut/appeals_print.h -- the account of a merchant's appeals.
 *
 * Counts and money by status, the share that succeeds with its Jeffreys interval (90 %),
 * the same by platform and by reason, deadlines of the next 48 hours and those that have
 * passed, how P(appeal) was learned, from P(abuse) of which time, and how far off it was.
 * With `scored` false the words say that no events were given.
 *
 * Texts of the file stand in the table without control characters, money in yuan; in the
 * JSON, one object of schema "rebut-appeals-1", texts are as they came, money in fen.
 */
#ifndef REBUT_APPEALS_PRINT_H
#define REBUT_APPEALS_PRINT_H

#include "rebut/appeals.h"
#include "rebut/language.h"
#include "rebut/output.h"

#define REBUT_APPEALS_SOON (48 * REBUT_HOUR)

/* ENOMEM; a failure to write sticks in `out`. */
REBUT_MUST_CHECK bool rebut_appeals_print(const struct rebut_appeals *appeals,
                                          bool scored, enum rebut_language language,
                                          struct rebut_output *out,
                                          struct rebut_error *err);
REBUT_MUST_CHECK bool rebut_appeals_write_json(const struct rebut_appeals *appeals,
                                               bool scored, struct rebut_output *out,
                                               struct rebut_error *err);

#endif
