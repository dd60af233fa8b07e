#include "der.h"

#include <string.h>

#define LENGTH_BYTES 4 /* nothing here is larger than 4 GiB */

/* The length in front of a content, moving on; false unless it is the shortest form. */
static bool take_length(struct der *from, size_t *ret)
{
    if (from->left == 0)
        return false;
    const unsigned first = *from->at++;
    from->left--;
    if (first < 0x80) {
        *ret = first;
        return true;
    }
    const size_t bytes = first & 0x7f;
    if (bytes == 0 || bytes > LENGTH_BYTES || bytes > from->left || from->at[0] == 0)
        return false;
    size_t length = 0;
    for (size_t i = 0; i < bytes; i++)
        length = length << 8 | from->at[i];
    from->at += bytes;
    from->left -= bytes;
    *ret = length;
    return length >= 0x80;
}

bool rebut_der_take(struct der *from, unsigned char tag, struct der *ret_content)
{
    struct der rest = *from;
    size_t length = 0;
    if (rest.left == 0 || *rest.at != tag)
        return false;
    rest.at++;
    rest.left--;
    if (!take_length(&rest, &length) || length > rest.left)
        return false;
    *ret_content = (struct der){rest.at, length};
    *from = (struct der){rest.at + length, rest.left - length};
    return true;
}

bool rebut_der_may_take(struct der *from, unsigned char tag, struct der *ret_content)
{
    *ret_content = (struct der){NULL, 0};
    return from->left == 0 || *from->at != tag || rebut_der_take(from, tag, ret_content);
}

bool rebut_der_integer(struct der *from, size_t most, struct der *ret_content)
{
    struct der value;
    if (!rebut_der_take(from, DER_INTEGER, &value) || value.left == 0 ||
        value.left > most)
        return false;
    /* Nine bits alike in front: it could be shorter. */
    if (value.left > 1 && ((value.at[0] == 0x00 && value.at[1] < 0x80) ||
                           (value.at[0] == 0xff && value.at[1] >= 0x80)))
        return false;
    *ret_content = value;
    return true;
}

bool rebut_der_is(struct der content, const void *bytes, size_t size)
{
    return content.left == size && memcmp(content.at, bytes, size) == 0;
}
