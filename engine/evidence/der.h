/* DER, as strict as it is defined, one element after another.
 *
 * A reader is a stretch of bytes that belong to somebody else; taking moves it on.
 * Nothing here goes deeper by itself: whoever reads says what he expects, so that nesting
 * is bounded by his code.  Tags are of one byte; lengths are definite, in the shortest
 * form and within the stretch.
 */
#ifndef REBUT_EVIDENCE_DER_H
#define REBUT_EVIDENCE_DER_H

#include <stdbool.h>
#include <stddef.h>

enum {
    DER_BOOLEAN = 0x01,
    DER_INTEGER = 0x02,
    DER_BITS = 0x03,
    DER_BYTES = 0x04,
    DER_NULL = 0x05,
    DER_NAME = 0x06, /* OBJECT IDENTIFIER */
    DER_TIME = 0x18, /* GeneralizedTime */
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31,
    DER_OWN_0 = 0xa0, /* [0] and [1], constructed */
    DER_OWN_1 = 0xa1
};

struct der {
    const unsigned char *at;
    size_t left;
};

/* The content of the next element, which must have the tag. */
bool rebut_der_take(struct der *from, unsigned char tag, struct der *ret_content);

/* The same for one that may not be there: *ret_content is then empty, at NULL. */
bool rebut_der_may_take(struct der *from, unsigned char tag, struct der *ret_content);

/* An INTEGER of 1 to `most` bytes in the shortest form. */
bool rebut_der_integer(struct der *from, size_t most, struct der *ret_content);

/* The content is these bytes, no more and no less. */
bool rebut_der_is(struct der content, const void *bytes, size_t size);

#endif
