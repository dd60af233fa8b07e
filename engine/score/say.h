/* Words with a few figures in them, fast: scores are mostly that. */
#ifndef REBUT_SCORE_SAY_H
#define REBUT_SCORE_SAY_H

#include <stddef.h>
#include <stdint.h>

#include "rebut/error.h"

/* The bytes and the result of snprintf.  %s, %%, %llu, %.Nf up to N = 3 and %.6g are made
 * here, ten times as fast; with anything else in the format snprintf does it all. */
int rebut_say(char *ret_text, size_t size, const char *format, ...) REBUT_PRINTF(3, 4);

/* A single %.6g, a single %llu; they return the length. */
#define REBUT_FIGURE_SIZE 24
size_t rebut_say_figure(char ret_text[REBUT_FIGURE_SIZE], double value);
/* The figure as JSON has it: null where it is not finite. */
size_t rebut_say_json(char ret_text[REBUT_FIGURE_SIZE], double value);
size_t rebut_say_count(char ret_text[REBUT_FIGURE_SIZE], uint64_t value);

#endif
