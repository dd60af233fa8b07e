/* rebut/hidden.h -- which characters does nobody see, or see as something else?
 *
 * Controls (C0 and C1), format characters, among which are those that turn the direction
 * of writing, line and paragraph separators, surrogates, private and unassigned code
 * points, and letters and marks without width (Unicode's general categories Cc, Cf, Zl,
 * Zp, Cs, Co, Cn, by utf8proc, and Default_Ignorable_Code_Point but for the variation
 * selectors U+FE00 to U+FE0F, which emoji need).  Whoever shows a text that came from
 * outside, on paper, a page, a sheet or a terminal, shows something else in their place;
 * where a line end or a tab may stand, ask for those first.
 */
#ifndef REBUT_HIDDEN_H
#define REBUT_HIDDEN_H

#include <stdbool.h>
#include <stdint.h>

bool rebut_is_hidden(uint32_t c);

#endif
