/* rebut/pack_pdf.h -- an evidence pack on paper, for whoever files or judges it.
 *
 * A4, in one language, in the order of a pack: the warning that the shop's own record
 * explains such requests, if it does, before all else; then facts, timeline, claims
 * beside records, the buyer's record, the shop's own, the same evidence elsewhere, the
 * sum line by line, the notice.  Of two sides the buyer's stands first.  The text can be
 * searched, headings and tables are tagged, heads of tables stand again on the next page,
 * and nothing depends on colour.
 *
 * A pure function of the pack: the same pack gives the same bytes with the same fonts and
 * versions of cairo and pango; its date is the pack's as-of time.  Texts from outside
 * cannot turn the direction of what is around them or hide: controls are shown as
 * [U+202E].  Of a text over REBUT_TEXT_MAX bytes the end is counted, not shown.
 */
#ifndef REBUT_PACK_PDF_H
#define REBUT_PACK_PDF_H

#include "rebut/language.h"
#include "rebut/output.h"
#include "rebut/pack.h"

/* Draw into `out` (not committed).  EIO when it cannot be written, ENOMEM.  About 60 ms;
 * the memory is given back but for the fonts, which libraries keep. */
REBUT_MUST_CHECK bool rebut_pack_pdf(const struct rebut_pack *pack,
                                     enum rebut_language language,
                                     struct rebut_output *out, struct rebut_error *err);

#endif
