/* rebut/json.h -- a strict pull parser for one JSON text in memory.
 *
 * The whole grammar of RFC 8259 and nothing beyond it: escapes with surrogate pairs,
 * valid UTF-8 only, no NUL byte or lone surrogate, numbers as the grammar has them,
 * nesting up to a stated limit, nothing but white space after the value.  It holds
 * no memory: it walks the caller's bytes once, and gives strings as pieces of them.
 *
 * It exists because the event path must be fast; documents and configuration are
 * read with jansson, against which a differential fuzz target holds this one.
 */
#ifndef REBUT_JSON_H
#define REBUT_JSON_H

#include "rebut/text.h"

/* The contract is filled in by the implementation. */

#endif
