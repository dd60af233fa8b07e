/* Words with a few figures in them, fast: scores are mostly that. */
#ifndef REBUT_SCORE_SAY_H
#define REBUT_SCORE_SAY_H

#include <stddef.h>

#include "rebut/error.h"

/* The bytes and the result of snprintf.  %s, %%, %llu, %.Nf up to N = 3 and %.6g are made
 * here, ten times as fast; with anything else in the format snprintf does it all. */
int rebut_say(char *ret_text, size_t size, const char *format, ...) REBUT_PRINTF(3, 4);

#endif
