/* rebut/pack_json.h -- a pack as canonical JSON, and back.
 *
 * UTF-8, members in the order of their names' bytes, no white space, a newline at the
 * end; whole numbers as integers, all others as decimal strings (the shortest of 15 to 17
 * digits that reads back), null for what is not known.  Control characters, quotes and
 * backslashes are escaped, nothing else.  One pack has one spelling: what is read writes
 * the same bytes again, or is refused.
 */
#ifndef REBUT_PACK_JSON_H
#define REBUT_PACK_JSON_H

#include "rebut/output.h"
#include "rebut/pack.h"

/* Bytes of a document. */
#define REBUT_PACK_JSON_MAX ((size_t)8 << 20)

/* Write the whole document.  A failure sticks in `out` and is told by its commit. */
void rebut_pack_write(const struct rebut_pack *pack, struct rebut_output *out);

/* Read a document into *ret, which then is to be released; untouched on failure.  EDATA
 * names what is wrong and where ('score.lines[3].raw': expected a decimal …), ELIMIT a
 * list or document that is too long, ENOMEM. */
REBUT_MUST_CHECK bool rebut_pack_read(struct rebut_text document, struct rebut_pack *ret,
                                      struct rebut_error *err);

/* The same from a file; EIO when it cannot be read. */
REBUT_MUST_CHECK bool rebut_pack_load(const char *path, struct rebut_pack *ret,
                                      struct rebut_error *err);

#endif
