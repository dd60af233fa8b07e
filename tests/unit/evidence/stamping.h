/* Replies of a time stamping authority, by hand: no signer in them, all else as theirs.
 */
#ifndef TESTS_STAMPING_H
#define TESTS_STAMPING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "rebut/timestamp.h"

struct bytes {
    unsigned char data[2048];
    size_t size;
};

static inline void add(struct bytes *to, const void *data, size_t size)
{
    assert_true(to->size + size <= sizeof to->data);
    memcpy(to->data + to->size, data, size);
    to->size += size;
}

static inline void add_element(struct bytes *to, unsigned char tag, const void *data,
                               size_t size)
{
    const unsigned char head[] = {tag, 0x82, (unsigned char)(size >> 8),
                                  (unsigned char)size};
    const unsigned char shorter[] = {tag, 0x81, (unsigned char)size};
    const unsigned char shortest[] = {tag, (unsigned char)size};
    if (size < 128)
        add(to, shortest, 2);
    else if (size < 256)
        add(to, shorter, 3);
    else
        add(to, head, 4);
    add(to, data, size);
}

static inline void wrap(struct bytes *ret, unsigned char tag)
{
    const struct bytes content = *ret;
    ret->size = 0;
    add_element(ret, tag, content.data, content.size);
}

struct reply {
    unsigned char status;
    const char *time;
    const unsigned char *imprint; /* [83], a request's */
    const unsigned char *nonce;   /* [10], or NULL */
    const char *after;            /* more in TSTInfo, two bytes, or NULL */
};

static inline void make_reply(const struct reply *reply, struct bytes *ret)
{
    const unsigned char status[] = {0x30, 3, 2, 1, reply->status};
    const unsigned char head[] = {2, 1, 1, 6, 2, 0x2a, 3};
    const unsigned char kind[] = {6,    11, 0x2a, 0x86, 0x48, 0x86, 0xf7,
                                  0x0d, 1,  9,    0x10, 1,    4};
    const unsigned char data[] = {6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2};
    struct bytes info = {.size = 0}, inner = info, token = info;
    add(&info, head, sizeof head);
    add(&info, reply->imprint, 83);
    add(&info, "\x02\x01\x05", 3);
    add_element(&info, 0x18, reply->time, strlen(reply->time));
    if (reply->nonce != NULL)
        add(&info, reply->nonce, 10);
    if (reply->after != NULL)
        add(&info, reply->after, 2);
    wrap(&info, 0x30);
    wrap(&info, 0x04);
    wrap(&info, 0xa0);
    add(&inner, kind, sizeof kind);
    add(&inner, info.data, info.size);
    wrap(&inner, 0x30);
    add(&token, "\x02\x01\x03\x31\x00", 5);
    add(&token, inner.data, inner.size);
    add(&token, "\x31\x02\x30\x00", 4);
    wrap(&token, 0x30);
    wrap(&token, 0xa0);
    inner.size = 0;
    add(&inner, data, sizeof data);
    add(&inner, token.data, token.size);
    wrap(&inner, 0x30);
    ret->size = 0;
    add(ret, status, sizeof status);
    add(ret, inner.data, inner.size);
    wrap(ret, 0x30);
}

#endif
