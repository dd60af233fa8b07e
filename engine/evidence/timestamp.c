/* A request for a time stamp, and a reply held against it (RFC 3161, sections 2.4.1 and
 * 2.4.2; the envelope is CMS, RFC 5652, section 5). */
#include "rebut/timestamp.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "der.h"
#include "rebut/time.h"

#define NONCE_BYTES 8
#define SERIAL_BYTES 21 /* RFC 3161: up to 160 bits, and one for the sign */

/* The request but for hash and nonce, whose places are these. */
enum { HASH_AT = 24, NONCE_AT = 90 };
static const unsigned char before_hash[HASH_AT] = {
    0x30, 0x63,       /* TimeStampReq */
    0x02, 0x01, 0x01, /* version 1 */
    0x30, 0x51,       /* messageImprint */
    0x30, 0x0d,       /* its algorithm: SHA-512, 2.16.840.1.101.3.4.2.3 */
    0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65,
    0x03, 0x04, 0x02, 0x03, 0x05, 0x00, /* without parameters */
    0x04, 0x40};                        /* its hash, 64 bytes */
static const unsigned char certificate_too[] = {0x01, 0x01, 0xff}; /* certReq */

static const unsigned char sha512[] = {0x60, 0x86, 0x48, 0x01, 0x65,
                                       0x03, 0x04, 0x02, 0x03};
/* 1.2.840.113549.1.7.2 and 1.2.840.113549.1.9.16.1.4 */
static const unsigned char signed_data[] = {0x2a, 0x86, 0x48, 0x86, 0xf7,
                                            0x0d, 0x01, 0x07, 0x02};
static const unsigned char time_stamp_info[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
                                                0x01, 0x09, 0x10, 0x01, 0x04};

void rebut_stamp_request(struct rebut_text signature,
                         unsigned char ret[REBUT_STAMP_REQUEST])
{
    unsigned char again[crypto_hash_sha512_BYTES];
    memcpy(ret, before_hash, HASH_AT);
    crypto_hash_sha512(ret + HASH_AT, (const unsigned char *)signature.data,
                       signature.size);
    crypto_hash_sha512(again, ret + HASH_AT, crypto_hash_sha512_BYTES);
    ret[NONCE_AT - 2] = DER_INTEGER;
    ret[NONCE_AT - 1] = NONCE_BYTES;
    memcpy(ret + NONCE_AT, again, NONCE_BYTES);
    /* Positive, and never shorter: 01 in front. */
    ret[NONCE_AT] = (unsigned char)((ret[NONCE_AT] & 0x3f) | 0x40);
    memcpy(ret + NONCE_AT + NONCE_BYTES, certificate_too, sizeof certificate_too);
}

/* ---- the reply ---- */

/* PKIStatusInfo: 0 granted, 1 granted with changes. */
static bool check_status(struct der *reply, struct rebut_error *err)
{
    static const char *const words[] = {
        "granted", "granted with changes",    "rejection",
        "waiting", "a warning of revocation", "a notice of revocation"};
    struct der status, number, text, why;
    if (!rebut_der_take(reply, DER_SEQUENCE, &status) ||
        !rebut_der_integer(&status, 1, &number) ||
        !rebut_der_may_take(&status, DER_SEQUENCE, &text) ||
        !rebut_der_may_take(&status, DER_BITS, &why) || status.left > 0)
        return rebut_fail(err, REBUT_EDATA, "no reply of a time stamping authority");
    const unsigned code = number.at[0];
    return code <= 1 ||
           rebut_fail(err, REBUT_EDATA, "not granted: the reply's status is %u (%s)",
                      code,
                      code < sizeof words / sizeof *words ? words[code] : "unknown");
}

/* Down through ContentInfo and SignedData to the octets of TSTInfo. */
static bool open_token(struct der *reply, struct der *ret_info)
{
    struct der token, kind, wrap, data, number, digests, inner, skipped, signers, octets;
    return rebut_der_take(reply, DER_SEQUENCE, &token) && reply->left == 0 &&
           rebut_der_take(&token, DER_NAME, &kind) &&
           rebut_der_is(kind, signed_data, sizeof signed_data) &&
           rebut_der_take(&token, DER_OWN_0, &wrap) && token.left == 0 &&
           rebut_der_take(&wrap, DER_SEQUENCE, &data) && wrap.left == 0 &&
           rebut_der_integer(&data, 1, &number) &&
           rebut_der_take(&data, DER_SET, &digests) &&
           rebut_der_take(&data, DER_SEQUENCE, &inner) &&
           rebut_der_may_take(&data, DER_OWN_0, &skipped) && /* certificates */
           rebut_der_may_take(&data, DER_OWN_1, &skipped) && /* revocations */
           rebut_der_take(&data, DER_SET, &signers) && signers.left > 0 &&
           data.left == 0 && rebut_der_take(&inner, DER_NAME, &kind) &&
           rebut_der_is(kind, time_stamp_info, sizeof time_stamp_info) &&
           rebut_der_take(&inner, DER_OWN_0, &wrap) && inner.left == 0 &&
           rebut_der_take(&wrap, DER_BYTES, &octets) && wrap.left == 0 &&
           rebut_der_take(&octets, DER_SEQUENCE, ret_info) && octets.left == 0;
}

struct info {
    struct der hash, time, nonce; /* a nonce at NULL: none */
    bool is_sha512;
};

static bool read_imprint(struct der *from, struct info *ret)
{
    struct der imprint, algorithm, name, nothing;
    if (!rebut_der_take(from, DER_SEQUENCE, &imprint) ||
        !rebut_der_take(&imprint, DER_SEQUENCE, &algorithm) ||
        !rebut_der_take(&algorithm, DER_NAME, &name) ||
        !rebut_der_may_take(&algorithm, DER_NULL, &nothing) || nothing.left > 0 ||
        algorithm.left > 0 || !rebut_der_take(&imprint, DER_BYTES, &ret->hash))
        return false;
    ret->is_sha512 = rebut_der_is(name, sha512, sizeof sha512);
    return imprint.left == 0;
}

static bool read_info(struct der from, struct info *ret)
{
    static const unsigned char one = 1;
    struct der version, policy, serial, skipped;
    if (!rebut_der_integer(&from, 1, &version) || !rebut_der_is(version, &one, 1) ||
        !rebut_der_take(&from, DER_NAME, &policy) || !read_imprint(&from, ret) ||
        !rebut_der_integer(&from, SERIAL_BYTES, &serial) ||
        !rebut_der_take(&from, DER_TIME, &ret->time) ||
        !rebut_der_may_take(&from, DER_SEQUENCE, &skipped) || /* accuracy */
        !rebut_der_may_take(&from, DER_BOOLEAN, &skipped))    /* ordering */
        return false;
    ret->nonce = (struct der){NULL, 0};
    if (from.left > 0 && *from.at == DER_INTEGER &&
        !rebut_der_integer(&from, SERIAL_BYTES, &ret->nonce))
        return false;
    return rebut_der_may_take(&from, DER_OWN_0, &skipped) && /* who */
           rebut_der_may_take(&from, DER_OWN_1, &skipped) && from.left == 0;
}

/* "YYYYMMDDhhmmss[.digits]Z", UTC; digits after the sixth are cut. */
static bool read_time(struct der from, int64_t *ret)
{
    char text[48];
    char digits[16] = {0}, fraction[8] = {0};
    const char *const at = (const char *)from.at;
    if (from.left < 15 || from.left > 40 || at[from.left - 1] != 'Z')
        return false;
    for (size_t i = 0; i < from.left - 1; i++)
        if (i == 14 ? at[i] != '.' : at[i] < '0' || at[i] > '9')
            return false;
    if (from.left == 16 || (from.left > 16 && at[from.left - 2] == '0'))
        return false; /* DER: no empty fraction, no zero at its end */
    memcpy(digits, at, 14);
    if (from.left > 16)
        memcpy(fraction, at + 14, from.left - 15 < 7 ? from.left - 15 : 7);
    snprintf(text, sizeof text, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s%sZ", digits, digits + 4,
             digits + 6, digits + 8, digits + 10, digits + 12, fraction);
    return rebut_time_parse(rebut_text_of(text), ret);
}

bool rebut_stamp_read(struct rebut_text reply,
                      const unsigned char request[REBUT_STAMP_REQUEST],
                      struct rebut_stamp *ret, struct rebut_error *err)
{
    struct der whole = {(const unsigned char *)reply.data, reply.size};
    struct der parts, token;
    struct info info = {0};
    int64_t at = 0;
    if (reply.size > REBUT_STAMP_REPLY_MAX)
        return rebut_fail(err, REBUT_ELIMIT, "more than %zu bytes",
                          REBUT_STAMP_REPLY_MAX);
    if (!rebut_der_take(&whole, DER_SEQUENCE, &parts) || whole.left > 0)
        return rebut_fail(err, REBUT_EDATA, "no reply of a time stamping authority");
    if (!check_status(&parts, err))
        return false;
    if (!open_token(&parts, &token) || !read_info(token, &info) ||
        !read_time(info.time, &at))
        return rebut_fail(err, REBUT_EDATA, "granted, but without a time stamp in it");
    if (!info.is_sha512 ||
        !rebut_der_is(info.hash, request + HASH_AT, crypto_hash_sha512_BYTES))
        return rebut_fail(err, REBUT_EDATA,
                          "a time stamp of something else: its hash is "
                          "not the SHA-512 of this manifest.sig");
    if (info.nonce.at == NULL ||
        !rebut_der_is(info.nonce, request + NONCE_AT, NONCE_BYTES))
        return rebut_fail(err, REBUT_EDATA,
                          "a reply to another request: the nonce is not ours");
    ret->at = at;
    return true;
}
