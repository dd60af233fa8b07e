/* rebut/table.h -- columns that line up on a terminal, in any script. */
#ifndef REBUT_TABLE_H
#define REBUT_TABLE_H

#include "rebut/output.h"

/* Columns that `text` (UTF-8) takes: two for a Chinese character, none for a combining
 * mark or control character. */
size_t rebut_text_width(struct rebut_text text);

/* Write `text` and blanks up to `width` columns: blanks after it when width > 0, before
 * it when width < 0.  Text that is wider is written whole. */
bool rebut_output_padded(struct rebut_output *out, const char *text, int width);

#endif
