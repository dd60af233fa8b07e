/* rebut/token.h -- secrets that are shown once and known again by their hash.
 *
 * "rebut_<id>_<secret>": twelve lower-case letters and digits that are no secret, and 32
 * random bytes as base64url that are.  Only BLAKE2b-256 of the secret's text is kept, so
 * nobody who reads the database can use it.  256 random bits need no slow hash.
 */
#ifndef REBUT_TOKEN_H
#define REBUT_TOKEN_H

#include "rebut/error.h"
#include "rebut/text.h"

#define REBUT_TOKEN_PREFIX "rebut"     /* a token */
#define REBUT_LINK_PREFIX "rebutlink"  /* opens a session, once */
#define REBUT_COOKIE_PREFIX "rebutses" /* a session */

struct rebut_token {
    char id[13];
    char hash[68]; /* as PostgreSQL reads bytea: "\x…" */
    char mark[44]; /* of a session: what its scripts must send along */
    char text[80]; /* whole, to be shown once */
};

/* A new one.  EIO when the system gives no random bytes. */
REBUT_MUST_CHECK bool rebut_token_make(const char *prefix, struct rebut_token *ret,
                                       struct rebut_error *err);

/* Read one; false when it does not have the form.  `text` is left empty. */
bool rebut_token_read(const char *prefix, struct rebut_text text,
                      struct rebut_token *ret);

/* What a role may be given, with blanks between; NULL: there is no such role. */
const char *rebut_token_scopes(const char *role);

/* Is `scope` one of the words? */
bool rebut_token_has_scope(const char *scopes, const char *scope);

#endif
