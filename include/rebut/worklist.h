/* rebut/worklist.h -- which request should the merchant take up first?
 *
 * A row a pack, the one worth most at the top, as CSV for programs and XLSX for people.
 * The order is by
 *
 *     value = amount asked x P x weight of the time left
 *
 * where P is the probability that an appeal succeeds, or the pack's probability of abuse
 * where that is not known, and for a deadline `left` hours after the as-of time
 *
 *     weight = 0.5 + 72 / (72 + left)     1.5 when due now, 1 in three days, 0.5 far off
 *     weight = 1                          the deadline is not known: as if in three days
 *     weight = 0                          it has passed
 *
 * so money decides, and haste moves a row by a factor of three at most.  Both formulas
 * stand in the heads of the columns.  Equal values are in the order of the bytes of the
 * request's id, then of the file's name.  Nothing is left out: a row of no value stands
 * at the end.
 *
 *     rebut_worklist_open(&list, as_of);
 *     for each pack:
 *         rebut_worklist_add(&list, &pack, "pack-….pdf", NAN, err)
 *     rebut_worklist_csv(&list, language, &out, err)
 *     rebut_worklist_release(&list);
 *
 * The columns that one works by come first, and they alone are on paper; order, item,
 * file, the interval, q and how the place came about are beside them on the screen.
 *
 * The same packs in any order give the same bytes.  A row keeps what is printed of it
 * and no more, at most two kilobytes or so; packs may be released at once.
 *
 * Texts from outside: what cannot be seen (controls, changes of direction) is spelled
 * "[U+202E]", bytes that are no UTF-8 are U+FFFD, and from REBUT_WORKLIST_TEXT bytes on
 * " [… +N]" says how many bytes were left out.  They are never formulas: string cells in
 * XLSX; in CSV an apostrophe is put before = + - @ (and their full-width forms).
 * A spreadsheet that opens the CSV rounds ids of more than 15 digits; the XLSX keeps
 * them.
 */
#ifndef REBUT_WORKLIST_H
#define REBUT_WORKLIST_H

#include "rebut/grow.h"
#include "rebut/language.h"
#include "rebut/output.h"
#include "rebut/pack.h"

#define REBUT_WORKLIST_ROWS_MAX 1000000 /* a sheet has 1,048,576 */
#define REBUT_WORKLIST_TEXT 256         /* bytes shown of an id */

struct rebut_worklist_row; /* engine/evidence/worklist_parts.h */
struct rebut_worklist {
    int64_t as_of;
    bool ordered;
    REBUT_ARRAY(struct rebut_worklist_row) rows;
};

/* An empty list; time left is counted from as_of (microseconds UTC). */
void rebut_worklist_open(struct rebut_worklist *list, int64_t as_of);

/* A row of a pack that lies in `file`.  `appeal`: P(appeal succeeds) in [0, 1], NaN when
 * it is not known.  EINPUT for another, ENOMEM, ELIMIT; a row that failed is not there.
 */
REBUT_MUST_CHECK bool rebut_worklist_add(struct rebut_worklist *list,
                                         const struct rebut_pack *pack, const char *file,
                                         double appeal, struct rebut_error *err);

/* UTF-8 with a byte order mark, RFC 4180.  A failed write sticks in `out`. */
void rebut_worklist_csv(struct rebut_worklist *list, enum rebut_language language,
                        struct rebut_output *out);

/* A workbook of one sheet: numbers are numbers, the head stays in sight.  `folder` is
 * where temporary files may lie for a moment, without a name.  The sheet is read back
 * before a byte goes to `out`.  EIO when it could not be made whole, ENOMEM; a failed
 * write sticks in `out`. */
REBUT_MUST_CHECK bool rebut_worklist_xlsx(struct rebut_worklist *list,
                                          enum rebut_language language,
                                          const char *folder, struct rebut_output *out,
                                          struct rebut_error *err);

void rebut_worklist_release(struct rebut_worklist *list);

#endif
