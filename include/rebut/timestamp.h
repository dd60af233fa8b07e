/* rebut/timestamp.h -- since when does this signature exist, by another's word?
 *
 * RFC 3161: a time stamping authority (TSA) is sent the hash of something and signs that
 * hash with the time.  Here that something is the file manifest.sig, byte by byte: it
 * cannot be older than the key, and it holds the manifest and every file of it.  The
 * request is manifest.tsq; whoever has a TSA puts its reply beside it, as manifest.tsr.
 *
 * Checked is what needs no library of certificates: that the reply grants, that it is of
 * this hash and this request's nonce, and that it is DER to the end.  NOT checked is the
 * authority's own signature.  For that:
 *
 *     openssl ts -verify -data manifest.sig -in manifest.tsr -CAfile AUTHORITY.pem
 *
 * No I/O, no clock, no allocation.
 */
#ifndef REBUT_TIMESTAMP_H
#define REBUT_TIMESTAMP_H

#include <stdint.h>

#include "rebut/error.h"
#include "rebut/text.h"

#define REBUT_STAMP_REQUEST 101                /* bytes of a request, always */
#define REBUT_STAMP_REPLY_MAX ((size_t)262144) /* bytes of a reply, certificates too */

/* The request for a signature's bytes: TimeStampReq, version 1, SHA-512, certReq true.
 * The nonce comes from the hash, so that the same signature makes the same request; it
 * tells replies apart and does not guard against an old reply to the same request, which
 * says the same and is as good. */
void rebut_stamp_request(struct rebut_text signature,
                         unsigned char ret[REBUT_STAMP_REQUEST]);

struct rebut_stamp {
    int64_t at; /* the authority's time, microseconds UTC */
};

/* Read a reply to `request`, of rebut_stamp_request, into *ret.  EDATA, and *ret left
 * alone, when it is no DER, does not grant, or is of another hash or nonce; ELIMIT when
 * it is larger than REBUT_STAMP_REPLY_MAX. */
REBUT_MUST_CHECK bool rebut_stamp_read(struct rebut_text reply,
                                       const unsigned char request[REBUT_STAMP_REQUEST],
                                       struct rebut_stamp *ret, struct rebut_error *err);

#endif
